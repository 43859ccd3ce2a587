import { existsSync, mkdirSync, readdirSync, statfsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { removeAbandonedFolders, temporaryFolder } from './temporary-folder.ts';

/** No system has that many processes. */
const NOBODY = 99_999_999;

test('a database that is thrown away is kept in memory where there is room, and among temporary files elsewhere', async () => {
  const folders = [await temporaryFolder('here'), await temporaryFolder('here', '/no/such/folder')];
  for (const folder of folders) {
    expect(readdirSync(folder)).toEqual([]);
    await rm(folder, { recursive: true });
  }
  const { bavail = 0, bsize = 0 } = existsSync('/dev/shm') ? statfsSync('/dev/shm') : {};
  const [here, elsewhere] = folders.map(dirname);
  expect(here).toBe(bavail * bsize >= 4 * 1_024 ** 3 ? '/dev/shm' : tmpdir());
  expect(elsewhere).toBe(tmpdir());
});

test('what a process that was killed has left is removed, and nothing of one that runs', async () => {
  const left = join(tmpdir(), `runledger-here-${NOBODY}-abc123`);
  mkdirSync(join(left, 'data'), { recursive: true });
  const own = await temporaryFolder('here');
  await removeAbandonedFolders();
  expect([left, own].map(existsSync)).toEqual([false, true]);
  await rm(own, { recursive: true });
});
