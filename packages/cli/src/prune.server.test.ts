import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Stack } from './fixtures/stack.ts';
import { startStack } from './fixtures/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
});

const counts = async () => {
  const { database } = stack.supabase;
  const [row] = await database.query<{ rows: number; payloads: number }>(
    'select count(*)::int as rows, count(input)::int as payloads from runledger.workflow_executions',
  );
  return { ...row, runCount: await stack.service.getRunCount('anna') };
};

describe('runledger prune', () => {
  test('counts what would go, then removes it in more batches than one; counters stay', async () => {
    await stack.supabase.database.query(
      `insert into runledger.workflow_executions (workflow_id, created_by, status, input, started_at, completed_at)
       select (select id from runledger.workflows limit 1), 'anna', 'completed', '{}', now() - d * interval '1 day', now() - d * interval '1 day'
         from generate_series(1, 12000) n, lateral (select case n % 3 when 0 then 1 when 1 then 60 else 500 end as d) x`,
    );
    await stack.service.markCompleted(await stack.recordDirect());
    const before = await counts();
    expect(before).toEqual({ rows: 12_001, payloads: 12_000, runCount: 12_001 });

    const policy = '--payloads 30d --timelines 90d --rows 365d';
    const dry = await stack.run(`prune ${policy} --dry-run`);
    expect(dry.code).toBe(0);
    expect(dry.stdout).toContain('✓ 12,001 executions looked at (dry run).\n');
    expect(dry.stdout).toMatch(/ {2}payloads +12,000 +8,000 +4,000 /);
    expect(dry.stdout).toMatch(/ {2}timelines +0 +0 +0 /);
    expect(dry.stdout).toMatch(/ {2}rows +12,001 +4,000 +8,001 /);
    expect(await counts()).toEqual(before);

    const real = await stack.run(`prune ${policy} --json`);
    expect([real.code, JSON.parse(real.stdout)]).toEqual([
      0,
      {
        dryRun: false,
        examined: 12_001,
        unsettled: 0,
        payloads: { before: 12_000, due: 8_000 },
        timelines: { before: 0, due: 0 },
        rows: { before: 12_001, due: 4_000 },
      },
    ]);
    expect(await counts()).toEqual({ rows: 8_001, payloads: 4_000, runCount: 12_001 });
    expect((await stack.run(`prune ${policy}`)).stdout).toMatch(/ {2}rows +8,001 +0 +8,001 /);
  });

  test('a second one says that another is under way, and changes nothing', async () => {
    await stack.supabase.database.query(`insert into runledger.execution_prunes (id, policy) values ($1, '{}')`, [
      randomUUID(),
    ]);
    const { code, stdout, stderr } = await stack.run('prune --rows 1d');
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringContaining('Another prune is under way, since')]);
    expect((await counts()).rows).toBe(8_001);
    await stack.supabase.database.exec('delete from runledger.execution_prunes');
  });

  test('says what is missing or wrong', async () => {
    for (const [line, message] of [
      ['prune', 'Say what goes after how long'],
      ['prune --rows 0d', 'nothing like 12h or 30d'],
      ['prune --rows soon', 'nothing like 12h or 30d'],
    ] as const) {
      const { code, stderr } = await stack.run(line);
      expect([line, code, stderr]).toEqual([line, 2, expect.stringContaining(message)]);
    }
  });
});
