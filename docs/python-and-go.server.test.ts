import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { recordForeign, writeBlocks } from './foreign-workers.ts';

const cache = fileURLToPath(new URL('../node_modules/.cache/runledger/', import.meta.url));
/** With what it needs, to the version. */
const PACKAGES = [
  'temporalio==1.35.0',
  'nexus-rpc==1.4.0',
  'protobuf==7.36.2',
  'types-protobuf==7.35.1.20260906',
  'typing-extensions==4.16.0',
];

/** Temporal's SDK for Python in a folder of its own, installed once. */
async function installed(): Promise<string> {
  const folder = join(cache, `python-${PACKAGES[0]}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const half = await mkdtemp(join(cache, 'python-'));
  const quietly = ['--quiet', '--disable-pip-version-check', '--no-input'];
  await promisify(execFile)('python3', ['-m', 'pip', 'install', ...quietly, '--target', half, ...PACKAGES]);
  // Whoever was faster has the same.
  await rename(half, folder).catch(() => rm(half, { recursive: true }));
  return folder;
}

test('the worker in Python is recorded, with and without a word of its own', async () => {
  const packages = await installed();
  const folder = await mkdtemp(join(cache, 'worker-'));
  try {
    writeBlocks('python', folder);
    const recorded = await recordForeign((variables) =>
      spawn('python3', ['worker.py'], {
        cwd: folder,
        env: { PATH: process.env.PATH, PYTHONPATH: packages, ...variables },
        stdio: ['ignore', 'ignore', 'inherit'],
      }),
    );
    const completed = { status: 'completed', output: { packed: 'tea' } };
    expect(recorded).toEqual({
      silent: { ...completed, progress: null },
      reporting: { ...completed, progress: 'packing' },
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}, 600_000);
