import { randomUUID } from 'node:crypto';
import type { SqlSession } from '@runledger/local-stack';
import { testedKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { chainRun, openLedger, outcome, report } from '../ledger-database.ts';

const EXECUTIONS = 3_000;

/** What one call writes, of a few executions that are given. */
const WRITES: Record<string, (db: SqlSession, ids: string[], ledger: LedgerDatabase) => Promise<unknown>> = {
  'a start is admitted': async (db, _, { ada }) =>
    db.query('select runledger.admit_execution($1::jsonb)', [
      JSON.stringify({
        ...(await request(db, ada.workflowId)),
        created_by: ada.id,
        idempotency_key: randomUUID(),
        input_hash: 'a',
      }),
    ]),
  'starts are admitted': async (db, _, { ada }) => {
    const one = await request(db, ada.workflowId);
    await db.query('select runledger.admit_executions($1, $2::jsonb)', [
      ada.id,
      JSON.stringify([one, { ...one, id: randomUUID() }]),
    ]);
  },
  'starts are recorded': (db, ids) =>
    db.query('select runledger.record_starts($1::jsonb)', [JSON.stringify({ open: ids.map(opened) })]),
  'what is open is recorded': (db, ids) =>
    db.query('select * from runledger.record_open($1::jsonb)', [JSON.stringify(ids.map(opened))]),
  'ends are recorded': (db, ids) =>
    db.query('select * from runledger.record_outcomes($1::jsonb)', [
      JSON.stringify(ids.map((id) => outcome(id, 'completed', { runs: [chainRun('first', 1, 'completed')] }))),
    ]),
  'ends are reported': (db, ids) =>
    db.query('select * from runledger.record_outcomes($1::jsonb)', [
      JSON.stringify(ids.map((id) => report(id, 'failed'))),
    ]),
  'checks are saved': (db, ids) =>
    db.query('select runledger.save_checks($1::jsonb)', [
      JSON.stringify(ids.map((execution) => ({ execution, health: 'live', nextCheckInMs: 1_000 }))),
    ]),
  'timelines are saved': (db, ids) =>
    db.query('select runledger.save_timelines($1::jsonb)', [
      JSON.stringify(ids.map((execution) => ({ execution, retryInMs: 1_000 }))),
    ]),
  'a run is adopted': (db, _, { ada }) =>
    db.query('select * from runledger.adopt_executions($1::jsonb)', [
      JSON.stringify([
        {
          ...{ namespace: 'default', temporalWorkflowId: randomUUID(), firstRunId: 'first', userId: ada.id },
          ...{ workflowType: 'order', taskQueue: 'demo', startedAt: '2026-01-01T00:00:00Z' },
        },
      ]),
    ]),
  'requests are noted': (db, ids, { ada }) =>
    db.query('select runledger.note_requests($1, $2::jsonb)', [
      ada.id,
      JSON.stringify(ids.map((execution) => ({ id: randomUUID(), execution, kind: 'cancel', reason: 'enough' }))),
    ]),
  'progress is reported': (db, [execution]) =>
    db.query('select runledger.report_progress($1::jsonb)', [JSON.stringify({ execution, message: 'going on' })]),
};

/** Rows that were read by going through a whole table, by its name: what a connection has not yet told the server. */
const read = async (db: SqlSession) => {
  const tables = await db.query<{ name: string; rows: number }>(
    `select relname as name, seq_tup_read::int as rows from pg_catalog.pg_stat_xact_user_tables where schemaname = 'runledger'`,
  );
  return new Map(tables.map(({ name, rows }) => [name, rows]));
};

const opened = (id: string) => ({
  ...{ execution: id, source: 'service', firstRunId: 'first', runId: 'first' },
  runs: [chainRun('first', 1)],
});

async function request(db: SqlSession, workflowId: string) {
  const [workflow] = await db.query<{ at: string }>(
    'select updated_at::text as at from runledger.workflows where id = $1',
    [workflowId],
  );
  return { id: randomUUID(), workflow_id: workflowId, workflow_updated_at: workflow?.at, start_within_ms: 60_000 };
}

describe.each(testedKinds('postgres-15', 'postgres-17'))('on %s', (kind) => {
  let ledger: LedgerDatabase;
  let ids: string[];

  beforeAll(async () => {
    ledger = await openLedger(kind);
    const { db, ada, bob } = ledger;
    await db.query(
      `insert into runledger.workflows (user_id, name, workflow_type, task_queue)
         select $1, 'Other ' || n, 'other-' || n, 'demo' from generate_series(1, $2::int) n`,
      [bob.id, EXECUTIONS],
    );
    await db.query(
      `insert into runledger.workflow_executions (workflow_id, created_by, temporal_workflow_id, temporal_run_id)
         select $1, $2, 'order-' || n, 'first' from generate_series(1, $3::int) n`,
      [ada.workflowId, ada.id, EXECUTIONS],
    );
    await db.exec('vacuum (analyze)');
    const open = await db.query<{ id: string }>('select id from runledger.workflow_executions order by id');
    ids = open.map(({ id }) => id);
  });
  afterAll(() => ledger?.db.close());

  test.each(Object.entries(WRITES))('%s: whatever else there is, is not read', async (_, write) => {
    const whole = await ledger.db.as('service_role', null, async (db) => {
      // As often as it takes for a plan that stays.
      const before = await read(db);
      for (let times = 0; times < 7; times += 1) await write(db, ids.splice(0, 2), ledger);
      const after = await read(db);
      return [...after].filter(([name, rows]) => rows - (before.get(name) ?? 0) >= EXECUTIONS);
    });
    expect(whole).toEqual([]);
  });
});
