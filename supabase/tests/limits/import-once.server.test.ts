import { databaseKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { openLedger, readExecution } from '../ledger-database.ts';
import { importAll, importBatch } from './import-calls.ts';
import { insertOld, reasonsOf, resetOldTable } from './old-table.ts';

describe.each(databaseKinds)('nothing is imported twice on %s', (kind) => {
  let ledger: LedgerDatabase;
  beforeAll(async () => {
    ledger = await openLedger(kind);
  });
  beforeEach(() => resetOldTable(ledger));
  afterAll(() => ledger.db.close());

  test('a second run imports nothing twice, not even what was deleted or pruned meanwhile, and tries again what was refused', async () => {
    const ids = [await insertOld(ledger), await insertOld(ledger), await insertOld(ledger, { created_by: 'late' })];
    await importAll(ledger.db, { limit: 2 });
    await ledger.db.query('delete from runledger.workflow_executions where id = $1', [ids[0]]);
    expect(await importAll(ledger.db, { limit: 2 })).toMatchObject({
      pass: 2,
      rows: 3,
      taken: 0,
      known: 2,
      refused: 1,
    });
    await ledger.db.query(`insert into runledger.users (id) values ('late')`);
    expect(await importAll(ledger.db, { limit: 2 })).toMatchObject({
      pass: 3,
      rows: 3,
      taken: 1,
      known: 2,
      refused: 0,
    });
    expect(await reasonsOf(ledger)).toEqual({});
    expect(await ledger.db.query('select id from runledger.workflow_executions order by id')).toEqual(
      ids
        .slice(1)
        .toSorted()
        .map((id) => ({ id })),
    );
    await ledger.db.query(`delete from runledger.users where id = 'late'`);
  });

  test('an interrupted import goes on where it stopped', async () => {
    for (let n = 0; n < 7; n++) await insertOld(ledger);
    const first = await importBatch(ledger.db, { limit: 3 });
    expect(first).toMatchObject({ pass: 1, done: false, total: 7, rows: 3, taken: 3 });
    const stopped = ledger.db.transaction(async (db) => {
      await importBatch(db, { limit: 3 });
      throw new Error('killed');
    });
    await expect(stopped).rejects.toThrow('killed');
    expect(await importBatch(ledger.db, { limit: 3 })).toMatchObject({ pass: 1, done: false, rows: 6 });
    const last = await importBatch(ledger.db, { limit: 3, pass: 1 });
    expect(last).toMatchObject({ pass: 1, done: true, rows: 7, taken: 7, known: 0 });
    // Whoever asks for the pass that has ended learns so, and begins no other.
    expect(await importBatch(ledger.db, { limit: 3, pass: 1 })).toMatchObject({
      pass: 1,
      done: true,
      rows: 7,
      taken: 7,
    });
    expect(await ledger.db.query('select count(*)::int as n from runledger.workflow_executions')).toEqual([{ n: 7 }]);
  });

  test('what is still open is followed where it has a Temporal id, else it is listed; age ends neither', async () => {
    const open = { status: 'running', completed_at: null, started_at: '2024-01-01T00:00:00Z' };
    const followed = await insertOld(ledger, { ...open, temporal_workflow_id: 'old-1', temporal_run_id: 'run-1' });
    const byId = await insertOld(ledger, { ...open, temporal_workflow_id: 'old-2' });
    const direct = await insertOld(ledger, open);
    const contradictory = await insertOld(ledger, { ...open, completed_at: '2024-01-02T00:00:00Z' });
    const { groups } = await importAll(ledger.db);
    expect(groups.map(({ reason, rows }) => [reason, rows]).toSorted()).toEqual([
      ['it is still open, and no engine knows how it ends', 2],
      ['it is still open; the monitor asks Temporal', 2],
    ]);
    const checks = await ledger.db.query<{ execution_id: string }>(
      'select execution_id from runledger.execution_checks',
    );
    expect(checks.map((check) => check.execution_id).toSorted()).toEqual([followed, byId].toSorted());
    for (const id of [followed, byId, direct, contradictory])
      expect(await readExecution(ledger.db, id)).toMatchObject({ status: 'running', completed_at: null });
    expect((await readExecution(ledger.db, direct)).engine).toBe('none');
    expect((await readExecution(ledger.db, contradictory)).metadata).toEqual({
      imported: { completedAt: '2024-01-02T00:00:00+00:00' },
    });
  });

  test('ends since a given time are confirmed by the monitor, older ones stand as they were reported', async () => {
    const run = (n: number, day: string) =>
      insertOld(ledger, {
        temporal_workflow_id: `w${n}`,
        temporal_run_id: `r${n}`,
        completed_at: `2025-03-${day}T00:00:00Z`,
      });
    const [older, newer] = [await run(1, '02'), await run(2, '09')];
    await importAll(ledger.db, { options: { confirm_since: '2025-03-05T00:00:00Z' } });
    expect(await ledger.db.query('select execution_id from runledger.execution_checks')).toEqual([
      { execution_id: newer },
    ]);
    expect((await readExecution(ledger.db, older)).outcome_authority).toBe('reported');
  });

  test('one Temporal run is one execution: a second row of it is refused with the one that has it', async () => {
    const run = { temporal_workflow_id: 'w', temporal_run_id: 'r' };
    const ids = [await insertOld(ledger, run), await insertOld(ledger, run)].toSorted();
    await importAll(ledger.db);
    expect(await reasonsOf(ledger)).toEqual({
      [ids[1] as string]: ['its Temporal run is recorded already, as another execution', ids[0]],
    });
  });

  test('an ended row with a workflow id but no run id never stands in the way of the next run under that id', async () => {
    const ids = [
      await insertOld(ledger, { temporal_workflow_id: 'daily' }),
      await insertOld(ledger, { temporal_workflow_id: 'daily' }),
    ];
    await importAll(ledger.db);
    for (const id of ids)
      expect(await readExecution(ledger.db, id)).toMatchObject({
        engine: 'none',
        temporal_workflow_id: null,
        metadata: { imported: { temporalWorkflowId: 'daily' } },
      });
    const [next] = await ledger.db.query<{ created: boolean }>(
      `select (runledger.create_execution($1::jsonb) ->> 'created')::boolean as created`,
      [
        JSON.stringify({
          workflow_id: ledger.ada.workflowId,
          created_by: ledger.ada.id,
          temporal_workflow_id: 'daily',
          temporal_run_id: 'new',
        }),
      ],
    );
    expect(next).toEqual({ created: true });
  });

  test('counters count what was imported, once', async () => {
    for (let n = 0; n < 5; n++) await insertOld(ledger, { status: n < 3 ? 'success' : 'failed' });
    await importAll(ledger.db, { limit: 2 });
    await importAll(ledger.db, { limit: 2 });
    const counted = await ledger.db.query('select runledger.get_user_workflow_run_count($1) as n', [ledger.ada.id]);
    expect(counted).toEqual([{ n: 5 }]);
    expect(await ledger.db.query('select * from runledger.verify_execution_stats()')).toEqual([]);
  });
});
