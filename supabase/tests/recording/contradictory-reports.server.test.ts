import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Answer } from '../ledger-database.ts';
import { insertDirect, insertExecution, openLedger, outcome, recordOutcomes, report } from '../ledger-database.ts';
import { withCounts } from '../status-counts.ts';

const STATUSES = ['completed', 'failed', 'cancelled', 'timed_out', 'terminated'];
const ROUNDS = 1_000;

test(`ten contradictory reports at once, ${ROUNDS} times: one is applied each time, its repeat gets the same answer, counts are right`, async () => {
  const ledger = await openLedger('postgres-17');
  const { db, ada } = ledger;
  const winners: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const id = await insertDirect(ledger);
    const reports = Array.from({ length: 10 }, (_, i) => report(id, STATUSES[i % 5] as string));
    const first = (await Promise.all(reports.map((item) => recordOutcomes(db, [item])))).flat() as Answer[];
    const applied = first.map(({ result }, i) => (result === 'applied' ? i : -1)).filter((i) => i >= 0);
    expect(applied).toHaveLength(1);
    const winner = reports[applied[0] as number] as { status: string };
    expect(new Set(first.map(({ status }) => status))).toEqual(new Set([winner.status]));
    winners.push(winner.status);
    if (round % 50 === 0) {
      const repeated = await recordOutcomes(db, reports);
      expect(repeated.map(({ result }) => result)).toEqual(first.map(({ result }) => result));
    }
  }
  const counted = (...statuses: string[]) => winners.filter((status) => statuses.includes(status)).length;
  const [stats] = await db.query<Record<string, number>>('select * from runledger.get_execution_stats($1, $2)', [
    ada.workflowId,
    ada.id,
  ]);
  expect(withCounts(stats ?? {})).toMatchObject({
    total: ROUNDS,
    running: 0,
    completed: counted('completed'),
    failed: counted('failed'),
    cancelled: counted('cancelled'),
    timed_out: counted('timed_out'),
    terminated: counted('terminated'),
  });
  const [{ runs } = { runs: 0 }] = await db.query<{ runs: number }>(
    'select runledger.get_user_workflow_run_count($1) as runs',
    [ada.id],
  );
  expect(runs).toBe(counted('completed', 'failed'));
  const [{ ends } = { ends: 0 }] = await db.query<{ ends: number }>(
    `select count(*)::int as ends from runledger.execution_transitions where to_status not in ('pending', 'running')`,
  );
  expect(ends).toBe(ROUNDS);
  await db.close();
});

test('the same report from ten callers at once is applied once and answered alike', async () => {
  const ledger = await openLedger('postgres-17');
  for (let round = 0; round < 50; round++) {
    const item = report(await insertDirect(ledger), 'completed', { reportId: randomUUID() });
    const answers = (await Promise.all(Array.from({ length: 10 }, () => recordOutcomes(ledger.db, [item])))).flat();
    expect(new Set(answers.map(({ result }) => result))).toEqual(new Set(['applied']));
  }
  const [{ n } = { n: 0 }] = await ledger.db.query<{ n: number }>(
    'select count(*)::int as n from runledger.execution_reports',
  );
  expect(n).toBe(50);
  await ledger.db.close();
});

test('batches of the same executions in any order, from reports and the engine, never deadlock', async () => {
  const ledger = await openLedger('postgres-17');
  const ids = await Promise.all(Array.from({ length: 30 }, () => insertExecution(ledger)));
  const batches = Array.from({ length: 12 }, (_, i) => {
    const order = i % 2 ? ids : ids.toReversed();
    return order.map((id) => (i % 3 ? outcome(id, 'completed') : report(id, 'failed')));
  });
  await Promise.all(batches.map((items) => recordOutcomes(ledger.db, items)));
  const rows = await ledger.db.query<{ status: string; outcome_authority: string }>(
    'select distinct status, outcome_authority from runledger.workflow_executions',
  );
  expect(rows).toEqual([{ status: 'completed', outcome_authority: 'engine' }]);
  const [{ n } = { n: 0 }] = await ledger.db.query<{ n: number }>(
    `select count(*)::int as n from runledger.execution_transitions where authority = 'engine' and to_status = 'completed'`,
  );
  expect(n).toBe(30);
  await ledger.db.close();
});
