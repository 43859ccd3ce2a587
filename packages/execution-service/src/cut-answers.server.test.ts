import type { Execution, ExecutionPage, UnsettledExecution } from '@runledger/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completedOutcome } from './fixtures/engine-words.ts';
import type { LedgerApi } from './fixtures/open-ledger-api.ts';
import { openLedgerApi } from './fixtures/open-ledger-api.ts';
import { createQuotaService } from './quota-service.ts';

/** Pages of a list, each cursor used, until there is none. */
async function pages(read: (cursor: string | null) => Promise<ExecutionPage>): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await read(cursor);
    ids.push(...page.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return ids;
}

describe.each([
  [100, 1_100],
  [7, 40],
])('an API that answers at most %i rows, of %i', (maxRows, count) => {
  const many = Math.min(count - 10, 150);
  let api: LedgerApi;
  beforeAll(async () => {
    api = await openLedgerApi('pglite', { maxRows });
    const { database } = api.supabase;
    await database.query(
      `insert into runledger.workflows (user_id, name, workflow_type, task_queue)
       select $1, 'w' || lpad(g::text, 5, '0'), 'order', 'orders' from generate_series(1, $2::int) g`,
      [api.bob.id, count],
    );
    await database.query(
      `insert into runledger.workflow_executions (workflow_id, created_by, engine, status, temporal_workflow_id, temporal_run_id, started_at)
       select id, user_id, 'temporal', 'running', name, 'run-' || name, now() - row_number() over () * interval '1 minute'
         from runledger.workflows where user_id = $1`,
      [api.bob.id],
    );
  });
  afterAll(async () => api?.close());

  const everything = async () =>
    (
      await api.supabase.database.query<Execution>(
        `select id from runledger.workflow_executions where created_by = $1 order by started_at desc, id desc`,
        [api.bob.id],
      )
    ).map(({ id }) => id);

  test('lists every workflow that a user may start, once', async () => {
    const names: string[] = [];
    for (let cursor: string | null = null; ; ) {
      const page = await api.workflows.listWorkflows(api.bob.id, { limit: 150, cursor });
      names.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor;
      if (cursor === null) break;
      expect(page.items).toHaveLength(150);
    }
    expect(names).toHaveLength(count + 1); // and the published one
    expect(new Set(names).size).toBe(count + 1);
  });

  test('tells operators of every namespace', async () => {
    await api.supabase.database.query(
      `insert into runledger.monitor_state (temporal_namespace) select 'n' || lpad(g::text, 5, '0') from generate_series(1, $1::int) g`,
      [count],
    );
    const found = await api.ledger.namespaceProofs();
    expect(new Set(found.map(({ namespace }) => namespace)).size).toBe(count);
  });

  test('pages through every execution, whatever page is asked for', async () => {
    const ids = await everything();
    const reader = api.readerOf(api.bob);
    const scope = { userId: api.bob.id };
    expect(await pages((cursor) => reader.list(scope, {}, { limit: 200, cursor }))).toEqual(ids);
    expect(await pages((cursor) => reader.list(scope, { status: ['running'] }, { limit: 200, cursor }))).toEqual(ids);
    expect(await pages((cursor) => api.service.listExecutionsByUser(api.bob.id, { limit: 50, cursor }))).toEqual(ids);
  });

  test('counts every workflow, ranks as many as were asked for, and draws every day of two years', async () => {
    const reader = api.readerOf(api.bob);
    const scope = { userId: api.bob.id };
    const counters = await reader.workflowCounters(scope, { owned: false });
    expect(counters).toHaveLength(count);
    expect(counters.reduce((sum, { total }) => sum + total, 0)).toBe((await reader.stats(scope, {})).total);
    const top = await reader.topWorkflows(scope, {}, 200);
    expect(top).toHaveLength(Math.min(count, 200));
    expect(top.every(({ name }) => name?.startsWith('w'))).toBe(true);
    const window = { from: '2024-03-03T12:00:00Z', to: '2026-02-28T12:00:00Z' };
    const { points } = await reader.series(scope, { ...window, step: 'day' });
    expect(points).toHaveLength(728);
    expect(points.at(-1)?.endsAt).toMatch(/^2026-03-01T00:00:00/);
  });

  test('the monitor finds every open execution, and those that it asks for by id', async () => {
    const rows: UnsettledExecution[] = [];
    for (;;) {
      const page = await api.ledger.unsettled('default', 500, rows.at(-1));
      if (page.length === 0) break;
      rows.push(...page);
    }
    expect(rows.map(({ executionId }) => executionId)).toEqual(await everything());
    const ids = rows.slice(0, 1_000).map(({ executionId }) => executionId);
    expect(await api.ledger.unsettledByIds('default', ids)).toHaveLength(ids.length);
    expect(await api.ledger.dueChecks('default', 1_000)).toHaveLength(ids.length);
  });

  test('what is written in one call is answered item by item', async () => {
    const [first, ...more] = (await api.ledger.unsettled('default', many)) as [UnsettledExecution];
    const items = [first, ...more].map(({ executionId, firstRunId }) => ({
      executionId,
      source: 'feed' as const,
      outcome: completedOutcome(firstRunId as string),
    }));
    const answers = await api.ledger.recordOutcomes(items);
    expect(answers.map(({ executionId }) => executionId)).toEqual(items.map(({ executionId }) => executionId));
    expect(answers.every(({ result }) => result === 'applied')).toBe(true);
    expect(await api.ledger.pendingTimelines('default', 1_000)).toHaveLength(many);
    const definitions = [first, ...more].map(({ workflowId }) => workflowId);
    expect(await api.ledger.usualDurations(definitions)).toHaveLength(many);

    const runs = Array.from({ length: many }, (_, n) => ({
      namespace: 'default',
      temporalWorkflowId: `adopted-${n}`,
      firstRunId: `adopted-run-${n}`,
      userId: api.bob.id,
      workflowId: first.workflowId,
      workflowType: 'order',
      taskQueue: 'orders',
      startedAt: '2026-11-20T10:00:00.000000Z',
    }));
    const adopted = await api.ledger.adopt(runs as never);
    expect(adopted.map(({ result }) => result)).toEqual(runs.map(() => 'adopted'));
  });

  test('lists every quota', async () => {
    const quotas = createQuotaService(api.admin);
    const workflows = (await api.workflows.listWorkflows(api.bob.id, { limit: many })).items;
    for (const { id } of workflows) await quotas.setQuota({ userId: null, workflowId: id, executionsPerHour: 1 });
    expect(await quotas.listQuotas()).toHaveLength(workflows.length);
  });
});
