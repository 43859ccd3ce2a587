import { existsSync, readdirSync, statfsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

test('a database that is thrown away is kept in memory where there is room, and among temporary files elsewhere', async () => {
  const folders = [
    await temporaryFolder('runledger-here-'),
    await temporaryFolder('runledger-here-', '/no/such/folder'),
  ];
  for (const folder of folders) {
    expect(readdirSync(folder)).toEqual([]);
    await rm(folder, { recursive: true });
  }
  const { bavail = 0, bsize = 0 } = existsSync('/dev/shm') ? statfsSync('/dev/shm') : {};
  const [here, elsewhere] = folders.map(dirname);
  expect(here).toBe(bavail * bsize > 4 * 1_024 ** 3 ? '/dev/shm' : tmpdir());
  expect(elsewhere).toBe(tmpdir());
});
