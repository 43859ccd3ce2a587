/**
 * The worker in Go of docs/python-and-go.md, built and run. Needs Go, and its module proxy for the first time.
 *   node docs/try-go.ts
 */
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { recordForeign, writeBlocks } from './foreign-workers.ts';

const folder = await mkdtemp(join(tmpdir(), 'runledger-go-'));
try {
  writeBlocks('go', folder);
  const go = (...args: string[]) => promisify(execFile)('go', args, { cwd: folder });
  await go('mod', 'init', 'example.com/orders');
  await go('get', 'go.temporal.io/sdk@v1.51.0');
  await go('mod', 'tidy');
  await go('build', '-o', 'orders', '.');
  const recorded = await recordForeign((variables) =>
    spawn(join(folder, 'orders'), { env: variables, stdio: ['ignore', 'ignore', 'ignore'] }),
  );
  console.log(JSON.stringify(recorded, null, 2));
  const { silent, reporting } = recorded;
  const isWell = [silent, reporting].every(({ status }) => status === 'completed') && reporting.progress === 'packing';
  process.exitCode = isWell ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
