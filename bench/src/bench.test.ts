import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Result } from './run-benchmark.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

/** Runs the command to its end; figures may be missed on a busy machine, so its exit code says nothing here. */
async function bench(...args: string[]): Promise<{ results: Result[]; table: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'runledger-bench-test-'));
  const json = join(folder, 'results.json');
  try {
    const table = await new Promise<string>((resolve) => {
      execFile(process.execPath, [MAIN, ...args, '--json', json], (_, stdout, stderr) => resolve(stdout + stderr));
    });
    const file = await readFile(json, 'utf8').catch(() => {
      throw new Error(`the benchmark wrote nothing:\n${table}`);
    });
    return { ...(JSON.parse(file) as { results: Result[] }), table };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('both followers record every closure of a benchmark once, and each call is counted', async () => {
  const { results, table } = await bench('lag', '--few', '20', '--seconds', '1', '--runs', '1');
  const [lag] = results;
  expect(lag?.summary.faults).toEqual({ missed: 0, twice: 0, naiveMissed: 0 });
  const items = lag?.summary.items ?? {};
  expect(items['ledger calls per closure, naive']?.record_outcomes).toBe(1);
  expect(items['ledger calls per closure, monitor']?.record_outcomes).toBeLessThanOrEqual(1);
  expect(items['Temporal calls per closure, monitor']?.DescribeWorkflowExecution).toBeGreaterThanOrEqual(1);
  expect(table).toContain('missed, recorded twice: 20 open');
});
