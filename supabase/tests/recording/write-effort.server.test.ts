import { randomUUID } from 'node:crypto';
import type { SqlSession } from '@runledger/local-stack';
import { databaseKinds, testedKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { insertExecution, open, openLedger, outcome, recordOpen, recordOutcomes, report } from '../ledger-database.ts';

/** More than Postgres keeps a generic plan back for. */
const CALLS = 8;
const MANY = 2_000;

/** Rows that this transaction has read by going through a whole table. */
async function rowsScanned(db: SqlSession): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    `select coalesce(sum(seq_tup_read), 0)::int as n from pg_stat_xact_user_tables
      where relname in ('workflow_executions', 'execution_runs', 'execution_transitions', 'execution_checks')`,
  );
  return row?.n ?? Number.NaN;
}

/** Everything that is written of an execution while it lives. */
async function live(db: SqlSession, { ada }: LedgerDatabase): Promise<void> {
  const of = { created_by: ada.id, workflow_id: ada.workflowId, input: { a: 1 }, tags: ['a'] };
  await db.query('select runledger.admit_execution($1::jsonb)', [JSON.stringify({ ...of, start_within_ms: 60_000 })]);
  const [created] = await db.query<{ id: string }>(
    `select runledger.create_execution($1::jsonb) #>> '{execution,id}' as id`,
    [JSON.stringify({ ...of, temporal_workflow_id: `order ${randomUUID()}`, temporal_run_id: 'first' })],
  );
  const { id } = created as { id: string };
  await recordOpen(db, [open(id, { engineStartedAt: '2026-01-01T00:00:00Z' })]);
  await db.query('select * from runledger.request_cancel($1, $2, $3)', [id, 'ada', 'too late']);
  await recordOutcomes(db, [report(id, 'completed')]);
  await recordOutcomes(db, [outcome(id, 'completed')]);
}

describe.each(testedKinds('postgres-15', 'postgres-17'))('on %s', (kind) => {
  let ledger: LedgerDatabase;
  beforeAll(async () => {
    ledger = await openLedger(kind);
  });
  afterAll(() => ledger.db.close());

  test('what was planned while there were no executions scans no table once there are many', async () => {
    await ledger.db.transaction(async (db) => {
      for (let n = 0; n < CALLS; n += 1) await live(db, ledger);
      await db.query(
        `insert into runledger.workflow_executions (workflow_id, created_by, temporal_workflow_id, temporal_run_id)
           select $1, $2, 'many-' || g, 'first' from generate_series(1, $3::int) g`,
        [ledger.ada.workflowId, ledger.ada.id, MANY],
      );
      const before = await rowsScanned(db);
      await live(db, ledger);
      expect(await rowsScanned(db)).toBe(before);
    });
  });
});

/** Changes while an execution lives, or after its end, of what no list is ordered or filtered by through an index. */
const UNLISTED = {
  first_task_at: `'2026-01-01T00:00:00Z'`,
  engine_started_at: `'2026-01-01T00:00:00Z'`,
  cancel_requested_at: `now(), cancel_requested_by = 'ada', cancel_reason = 'too late'`,
  run_count: '2',
  current_run_id: `'second'`,
  input: `'{"a": 1}'`,
  state_snapshot: `'{"a": 1}'`,
  activities_executed: '3',
  tags: `'{a}'`,
  metadata: `'{"a": 1}'`,
} as const;

describe.each(databaseKinds)('on %s', (kind) => {
  let ledger: LedgerDatabase;
  beforeAll(async () => {
    ledger = await openLedger(kind);
  });
  afterAll(() => ledger.db.close());

  test.each(Object.entries(UNLISTED))('a change of %s enters no index', async (column, value) => {
    const id = await insertExecution(ledger);
    await ledger.db.transaction(async (db) => {
      const hot = async () => {
        const [row] = await db.query<{ n: number }>(
          `select n_tup_hot_upd::int as n from pg_stat_xact_user_tables where relid = 'runledger.workflow_executions'::regclass`,
        );
        return row?.n ?? Number.NaN;
      };
      const before = await hot();
      await db.query(`update runledger.workflow_executions set ${column} = ${value} where id = $1`, [id]);
      expect((await hot()) - before).toBe(1);
    });
  });
});
