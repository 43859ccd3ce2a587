import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { openLedger } from '../ledger-database.ts';
import { importBatch } from './import-calls.ts';
import { resetOldTable } from './old-table.ts';

const PART = 200;

let ledger: LedgerDatabase;
beforeAll(async () => {
  ledger = await openLedger('postgres-17');
});
beforeEach(async () => {
  const { db, ada } = ledger;
  await resetOldTable(ledger);
  await db.query(
    `insert into public.workflow_executions (workflow_id, created_by, status, started_at, completed_at)
     select $1, $2, 'success', now() - n * interval '1 minute', now() - n * interval '1 minute' + interval '1 second'
       from generate_series(1, 1200) n`,
    [ada.workflowId, ada.id],
  );
});
afterAll(() => ledger?.db.close());

test('a part of an import reads nothing of the parts before it, in a database without statistics', async () => {
  const { db } = ledger;
  const read: number[] = [];
  for (let part = 0; part < 5; part += 1) {
    await db.exec('begin');
    await importBatch(db, { limit: PART });
    const [row] = await db.query<{ read: number }>(
      `select (seq_tup_read + coalesce(idx_tup_fetch, 0))::float8 as read
         from pg_stat_xact_user_tables where relname = 'execution_import_rows'`,
    );
    read.push(row?.read ?? Number.NaN);
    await db.exec('commit');
  }
  expect(read.length).toBe(5);
  for (const rows of read) expect(rows).toBeLessThanOrEqual(PART);
});

test('what follows from new executions is written once a part, not once a row', async () => {
  const { db } = ledger;
  await db.exec("begin; set local track_functions = 'all'");
  const { taken } = await importBatch(db, { limit: PART });
  const calls = await db.query<{ name: string; calls: number }>(
    `select funcname as name, calls::float8 as calls from pg_stat_xact_user_functions
      where schemaname = 'runledger_private' and funcname in ('follow_new_executions', 'guard_execution')`,
  );
  await db.exec('rollback');
  expect(taken).toBe(PART);
  expect(Object.fromEntries(calls.map(({ name, calls }) => [name, calls]))).toEqual({
    follow_new_executions: 1,
    guard_execution: PART,
  });
});
