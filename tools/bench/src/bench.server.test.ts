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

test('every end is recorded beside an activity that records none of those from outside', async () => {
  const { results } = await bench('recording-activity', '--executions', '30', '--runs', '1');
  const { faults, items, values } = results[0]?.summary ?? { faults: {}, items: {}, values: {} };
  expect(faults).toMatchObject({ 'monitor missed': 0, 'monitor twice': 0, 'activity missed': 3, 'activity twice': 0 });
  expect(items['not recorded, monitor']).toEqual({});
  expect(items['not recorded, activity']).toEqual({
    'terminated, in the row running': 1,
    'timed_out, in the row running': 1,
    'cancelled, in the row running': 1,
  });
  // 27 of 30 have that last step: six events and a call each.
  expect((values['activity events'] ?? 0) - (values['nobody events'] ?? 0)).toBeGreaterThan(5);
  expect(
    items['Temporal calls an execution, worker, activity records']?.RespondActivityTaskCompleted,
  ).toBeGreaterThanOrEqual(0.9);
  expect(items['ledger calls an execution, activity']?.record_outcomes).toBeGreaterThanOrEqual(0.9);
});

test('a monitor of many open executions says what its questions read', async () => {
  const { results, table } = await bench('many-open', '--many-open', '500', '--idle', '1', '--runs', '1');
  expect(results[0]?.summary.values.dueBuffers).toBeGreaterThan(0);
  expect(results[0]?.summary.values.dueBuffers).toBeLessThanOrEqual(400);
  expect(table).toContain('buffers of 50 due checks, 500 open');
});

test('what an execution costs is measured for every way of writing it down', async () => {
  const { results, table } = await bench('write-cost', '--open', '60', '--runs', '1');
  const { values = {}, items = {} } = results[0]?.summary ?? {};
  for (const path of ['created hand', 'created statements', 'created functions', 'whole hand', 'whole functions']) {
    expect(values[`${path} us`], path).toBeGreaterThan(0);
    expect(values[`${path} WAL`], path).toBeGreaterThan(500);
  }
  // Its history and what is counted of it are more than its row.
  expect(values['runledger bytes']).toBeGreaterThan(values['bench bytes'] ?? Number.NaN);
  expect(items['bytes an execution, runledger']?.execution_transitions).toBeGreaterThan(0);
  expect(table).toContain('updates of executions that enter no index (HOT)');
});

test('who calls is told beside supabase-js, of both kinds of tokens', async () => {
  const { results, table } = await bench('auth', '--runs', '1');
  const { values = {} } = results[0]?.summary ?? {};
  for (const name of ['ours', 'local', 'asked']) expect(values[`${name} ms`], name).toBeGreaterThan(0);
  expect(table).toContain('a token seen before, of a project with a shared secret (HS256)');
});

test('a user leaves in batches while others write, and nothing of them or of the batches is in anybody’s way', async () => {
  const { results } = await bench('leaving', '--leaving', '1200');
  const { values = {}, faults, items = {} } = results[0]?.summary ?? {};
  expect(faults).toEqual({ left: 0, deadlocks: 0, failed: 0, wrongCounts: 0, stoodStill: 0 });
  // 1,200 of the leaver and 60 of others, 500 at a time at most, and the user at last.
  expect(values.executions).toBe(1_260);
  expect(values.batches).toBeGreaterThanOrEqual(4);
  for (const [what, { statements }] of Object.entries(items)) expect(statements, what).toBeGreaterThan(1);
});

test('every row of a table is taken or refused with a reason, beside a statement by hand', async () => {
  const { results, table } = await bench('import', '--old-rows', '600');
  const { values = {}, faults } = results[0]?.summary ?? {};
  expect(faults).toEqual({ lost: 0 });
  expect(values['import taken']).toBeGreaterThan(values['hand taken'] ?? Number.NaN);
  expect((values['import taken'] ?? 0) + (values.refused ?? 0)).toBe(600);
  expect(table).toContain('import of 600 rows');
});

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
