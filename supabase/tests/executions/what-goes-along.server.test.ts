import { randomUUID } from 'node:crypto';
import { databaseKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { insertExecution, open, openLedger, outcome, recordOpen, recordOutcomes, report } from '../ledger-database.ts';
import { orphansIn } from '../orphans.ts';

const WRITTEN = [
  'execution_checks',
  'execution_progress',
  'execution_reports',
  'execution_requests',
  'execution_runs',
  'execution_start_options',
  'execution_timelines',
  'execution_transitions',
  'idempotency_keys',
];

describe.each(databaseKinds)('on %s', (kind) => {
  let ledger: LedgerDatabase;
  beforeAll(async () => {
    ledger = await openLedger(kind);
  });
  afterAll(() => ledger.db.close());

  /** Three of Bob: one with everything that is written beside an ended one, one that is open, one that waits for its start. */
  async function fill(): Promise<void> {
    const { db, bob } = ledger;
    // The test before may have deleted both.
    await db.query('insert into runledger.users (id) values ($1) on conflict do nothing', [bob.id]);
    await db.query(
      `insert into runledger.workflows (id, user_id, name, workflow_type, task_queue) values ($1, $2, 'Order', 'order', 'demo')
         on conflict do nothing`,
      [bob.workflowId, bob.id],
    );
    const of = { created_by: bob.id, workflow_id: bob.workflowId };
    const [ended, running] = [await insertExecution(ledger, of), await insertExecution(ledger, of)];
    await recordOpen(db, [open(ended), open(running)]);
    for (const execution of [ended, running])
      await db.query('select runledger.report_progress($1::jsonb)', [JSON.stringify({ execution, step: 1 })]);
    await recordOutcomes(db, [report(ended, 'completed')]);
    await recordOutcomes(db, [outcome(ended, 'completed', { completedAt: '2020-01-01T00:00:00Z' })]);
    await db.query('select runledger.note_requests($1, $2::jsonb)', [
      bob.id,
      JSON.stringify([{ id: randomUUID(), execution: ended, kind: 'reset', reason: 'wrong data' }]),
    ]);
    await db.query('select runledger.admit_execution($1::jsonb)', [
      JSON.stringify({
        ...{ ...of, start_within_ms: 60_000, idempotency_key: randomUUID(), input_hash: 'hash' },
        start_options: { startDelayMs: 60_000 },
      }),
    ]);
  }

  /** Tables that have a row of an execution. */
  async function written(): Promise<string[]> {
    const found: string[] = [];
    for (const table of WRITTEN)
      if ((await ledger.db.query(`select from runledger.${table} limit 1`)).length > 0) found.push(table);
    return found;
  }

  const ways = {
    'row by row': () => ledger.db.query('delete from runledger.workflow_executions'),
    'by a workflow’s batches': ({ bob }: LedgerDatabase) =>
      ledger.db.query('select runledger.delete_workflow_executions($1, $2, 100)', [bob.workflowId, bob.id]),
    'with a workflow': ({ bob }: LedgerDatabase) =>
      ledger.db.query('delete from runledger.workflows where id = $1', [bob.workflowId]),
    'with a user': ({ bob }: LedgerDatabase) => ledger.db.query('delete from runledger.users where id = $1', [bob.id]),
  };

  test.each(Object.entries(ways))('what is written beside an execution goes with it, %s', async (_, remove) => {
    const { db } = ledger;
    await fill();
    expect(await written()).toEqual(WRITTEN);
    await remove(ledger);
    expect(await db.query('select from runledger.workflow_executions')).toEqual([]);
    expect(await orphansIn(db)).toEqual([]);
    expect(await written()).toEqual([]);
  });

  test('a prune takes along what is written beside what it removes, and nothing else', async () => {
    const { db } = ledger;
    await fill();
    await db.query(`select runledger.prune_executions('{"rows": "1 day"}', $1)`, [randomUUID()]);
    expect(await db.query('select status from runledger.workflow_executions order by 1')).toEqual([
      { status: 'pending' },
      { status: 'running' },
    ]);
    expect(await orphansIn(db)).toEqual([]);
    expect(await written()).toEqual(WRITTEN.filter((table) => !/reports|requests|timelines/.test(table)));
  });
});
