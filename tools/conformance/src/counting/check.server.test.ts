import { EXECUTION_STATUSES } from '@runledger/contracts';
import type { TestDatabase } from '@runledger/local-stack';
import { createTestDatabase } from '@runledger/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkCounting } from './check.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase('postgres-17');
  await db.exec(`
    insert into runledger.users (id) values ('ada');
    insert into runledger.workflows (user_id, name, workflow_type, task_queue) values ('ada', 'Order', 'order', 'demo');
    insert into runledger.workflow_executions (workflow_id, created_by, status, duration_ms, error_message, first_task_at, started_at, verdict)
      select w.id, 'ada', s.status, case when s.status not in ('running', 'pending') then 500 end, case when s.status <> 'completed' then 'out of stock' end, now(), now() - interval '3 s', 'good'
        from runledger.workflows w, unnest(array['completed', 'failed', 'running', 'pending', 'cancelled', 'timed_out', 'terminated']) s (status);
    select runledger_private.prune_counted(array(select id from runledger.workflow_executions where status = 'failed'));
    select runledger.fold_execution_stats();
    insert into runledger.workflow_executions (workflow_id, created_by) select id, 'ada' from runledger.workflows`);
});
afterAll(() => db.close());

test('counters that are right differ in nothing', async () => {
  expect(await checkCounting(db)).toMatchObject({ differences: [], verifyDifferences: 0, rows: 7, pruned: 1, tail: 1 });
});

const CELL = `update runledger.execution_stats set`;
const PLANTED: [string, string][] = [
  ...EXECUTION_STATUSES.map((status, at): [string, string] => [
    status,
    `${CELL} counts[${at + 1}] = coalesce(counts[${at + 1}], 0) + 1 where grain = 'life'`,
  ]),
  ['duration count', `${CELL} duration_count = duration_count - 1 where grain = 'day'`],
  ['duration sum', `${CELL} duration_sum = duration_sum + 1 where created_by = ''`],
  ['queue sum', `${CELL} queue_sum = queue_sum + 1 where grain = 'hour'`],
  ['queue count', `${CELL} queue_count = 0 where grain = 'hour'`],
  ['duration min', `${CELL} duration_min = 499 where grain = 'hour'`],
  ['queue max', `${CELL} queue_max = 3001 where grain = 'day'`],
  ['duration in 156', `${CELL} duration_counts[1] = 9 where grain = 'day'`],
  ['queue in 100', `${CELL} queue_buckets[1] = 100 where grain = 'day'`],
  [
    'verdict good',
    `update runledger.execution_label_stats set executions = executions + 1 where kind = 'verdict' and grain = 'life'`,
  ],
  ['verdict good', `update runledger.execution_stats_pruned set verdicts = '{}'`],
  ['running', 'delete from runledger.execution_deltas'],
  [
    'completed',
    `delete from runledger.execution_stats where workflow_id <> '00000000-0000-0000-0000-000000000000' and grain = 'hour'`,
  ],
];

test.each(PLANTED)('a wrong %s is found: %s', async (field, sql) => {
  const undo = new Error('undone on purpose');
  let found: string[] = [];
  await db
    .transaction(async (session) => {
      await session.exec(`set local session_replication_role = replica; ${sql}`);
      // Within this transaction, so that it can be undone.
      const { differences } = await checkCounting({
        ...db,
        ...session,
        transaction: (read) => read({ ...session, exec: async () => {} }),
      });
      found = differences.map((difference) => difference.field);
      throw undo;
    })
    .catch((error) => {
      if (error !== undo) throw error;
    });
  expect(found).toContain(field);
});
