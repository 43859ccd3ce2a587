import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { apiKeyFile } from './api-key.ts';

function keyFile() {
  const folder = mkdtempSync(join(tmpdir(), 'runledger-key-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'key');
}

test('a key that is replaced in its file is used from then on, and read at most once a second', () => {
  const path = keyFile();
  writeFileSync(path, 'first\n');
  let now = 0;
  const key = apiKeyFile(path, () => now);
  expect(key()).toBe('first');
  writeFileSync(`${path}.new`, 'second key\n');
  renameSync(`${path}.new`, path);
  now = 999;
  expect(key()).toBe('first');
  now = 1_000;
  expect(key()).toBe('second key');
});

test('while the file is missing or empty the last key stays; without one at the beginning nothing starts', () => {
  const path = keyFile();
  expect(() => apiKeyFile(path)).toThrow('ENOENT');
  writeFileSync(path, ' \n');
  expect(() => apiKeyFile(path)).toThrow('is empty');
  writeFileSync(path, 'first');
  let now = 0;
  const key = apiKeyFile(path, () => now);
  for (const change of [() => rmSync(path), () => writeFileSync(path, '')]) {
    change();
    now += 1_000;
    expect(key()).toBe('first');
  }
  writeFileSync(path, 'third key');
  now += 1_000;
  expect(key()).toBe('third key');
});
