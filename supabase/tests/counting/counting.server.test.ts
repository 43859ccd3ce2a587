import { databaseKinds, testedKinds } from '@runledger/local-stack';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import {
  insertDirect,
  insertExecution,
  openLedger,
  outcome,
  recordOpen,
  recordOutcomes,
  report,
} from '../ledger-database.ts';
import { addToCount, withCounts } from '../status-counts.ts';

describe.each(databaseKinds)('on %s', (kind) => {
  let ledger: LedgerDatabase;
  beforeEach(async () => {
    ledger = await openLedger(kind);
  });
  afterEach(() => ledger?.db.close());

  const fold = async () => {
    const [row] = await ledger.db.query<{ n: number }>('select runledger.fold_execution_stats() as n');
    return row?.n;
  };
  const drift = () => ledger.db.query('select * from runledger.verify_execution_stats()');
  const stats = async (user: string | null, workflow: string | null = null) => {
    const [row] = await ledger.db.query<Record<string, unknown>>(
      'select * from runledger.get_execution_stats(p_user_id => $1, p_workflow_id => $2)',
      [user, workflow],
    );
    return withCounts(row ?? {});
  };

  /** What a test says of a state, it says of the tail, of the cells, and of the recount. */
  async function everyWay(expected: object, read: () => Promise<unknown>) {
    expect(await read()).toMatchObject(expected);
    expect(await drift()).toEqual([]);
    await fold();
    expect(await read()).toMatchObject(expected);
    expect(await drift()).toEqual([]);
  }

  test('an execution counts from its request to its end, once, whatever is reported again', async () => {
    const { db, ada } = ledger;
    const id = await insertExecution(ledger, { temporal_run_id: null, started_at: '2026-11-20T10:20:00Z' });
    await everyWay({ total: 1, pending: 1, success_rate: null, p50_queue_ms: null }, () => stats(ada.id));
    await recordOpen(db, [
      {
        execution: id,
        source: 'watch',
        firstRunId: 'first',
        runId: 'first',
        firstTaskAt: '2026-11-20T10:20:02Z',
        runs: [],
      },
    ]);
    await everyWay({ total: 1, pending: 0, running: 1, avg_queue_ms: 2000, min_queue_ms: 2000 }, () => stats(ada.id));
    await recordOutcomes(db, [report(id, 'failed', { durationMs: 700 }), report(id, 'completed')]);
    await everyWay({ total: 1, running: 0, failed: 1, success_rate: 0, min_duration_ms: 700 }, () => stats(ada.id));
    await recordOutcomes(db, [
      outcome(id, 'completed', { durationMs: 900 }),
      outcome(id, 'completed', { durationMs: 900 }),
    ]);
    // What the correction took away may have been the smallest, until a fold has looked.
    expect(await stats(ada.id)).toMatchObject({ min_duration_ms: 700, extremes_are_exact: false });
    const expected = {
      total: 1,
      failed: 0,
      completed: 1,
      success_rate: 100,
      max_duration_ms: 900,
      p99_duration_ms: 900,
    };
    await everyWay(expected, () => stats(ada.id));
    const folded = { ...expected, min_duration_ms: 900, extremes_are_exact: true };
    expect(await stats(ada.id)).toMatchObject(folded);
    expect(await stats(null, ada.workflowId)).toMatchObject(folded);
    await db.query('delete from runledger.workflow_executions where id = $1', [id]);
    await everyWay({ total: 0, min_duration_ms: null, p50_duration_ms: null }, () => stats(ada.id));
    expect(await db.query('select count(*)::int as n from runledger.execution_stats')).toEqual([{ n: 0 }]);
  });

  test('an execution that changes hands is counted with its new owner', async () => {
    const { db, ada, bob } = ledger;
    const id = await insertDirect(ledger, { status: 'completed', verdict: 'good', duration_ms: 5 });
    await fold();
    await db.query('update runledger.workflow_executions set created_by = $2 where id = $1', [id, bob.id]);
    await everyWay({ total: 1, completed: 1, verdicts: { good: 1 } }, () => stats(bob.id));
    expect(await stats(ada.id)).toMatchObject({ total: 0, verdicts: {} });
    expect(await stats(null, ada.workflowId)).toMatchObject({ total: 1 });
    await db.query('delete from runledger.workflow_executions where id = $1', [id]);
  });

  test('what is pruned still counts, until its user goes', async () => {
    const { db, ada } = ledger;
    const [user] = await db.query<{ id: string }>(
      `insert into runledger.users (id) values ('leaver ' || gen_random_uuid()) returning id`,
    );
    const columns = {
      created_by: user?.id,
      verdict: 'fine',
      status: 'failed',
      error_message: 'no stock of 17',
      duration_ms: 40,
    };
    const ids = [await insertDirect(ledger, columns), await insertDirect(ledger, { ...columns, duration_ms: 80 })];
    const old = await insertDirect(ledger, { ...columns, started_at: '2025-01-01T00:00:00Z', duration_ms: 120 });
    await fold();
    expect(await db.query('select runledger_private.prune_counted($1) as n', [[ids[0], old]])).toEqual([{ n: 2 }]);
    const expected = {
      total: 3,
      failed: 3,
      min_duration_ms: 40,
      max_duration_ms: 120,
      verdicts: { fine: 3 },
      extremes_are_exact: true,
    };
    await everyWay(expected, () => stats(user?.id ?? ''));
    expect(await stats(null, ada.workflowId)).toMatchObject(expected);
    expect(
      await db.query('select executions, failure_type, message from runledger.get_top_failures(p_user_id => $1)', [
        user?.id,
      ]),
    ).toEqual([{ executions: 3, failure_type: null, message: 'no stock of #' }]);
    await db.query('delete from runledger.users where id = $1', [user?.id]);
    await everyWay({ total: 0 }, () => stats(user?.id ?? ''));
    expect(await stats(null, ada.workflowId)).toMatchObject({ total: 0, min_duration_ms: null, verdicts: {} });
    expect(await db.query('select * from runledger.execution_stats where created_by = $1', [user?.id])).toEqual([]);
  });

  test('what is pruned before it was folded, and then goes, leaves no smallest and largest time behind', async () => {
    const { db, ada } = ledger;
    const id = await insertDirect(ledger, { status: 'completed', duration_ms: 55 });
    expect(await db.query('select runledger_private.prune_counted($1) as n', [[id]])).toEqual([{ n: 1 }]);
    await db.query(`update runledger.users set id = 'renamed' where id = $1`, [ada.id]);
    await everyWay({ total: 1, min_duration_ms: 55 }, () => stats('renamed'));
    expect(await db.query('select grain from runledger.execution_stats where created_by = $1', [ada.id])).toEqual([]);
  });

  test('counters that were copied from a cluster a little ahead count what is recorded before the first fold', async () => {
    const { db, ada } = ledger;
    await insertDirect(ledger);
    await fold();
    await db.query(`update runledger.fold_state set cluster = 17,
      folded_below = ((pg_snapshot_xmax(pg_current_snapshot())::text)::bigint + 8)::text::xid8`);
    for (let i = 0; i < 16; i++) await insertDirect(ledger);
    await everyWay({ total: 17, running: 17 }, () => stats(ada.id));
    await insertDirect(ledger);
    await everyWay({ total: 18, running: 18 }, () => stats(ada.id));
  });

  test('drift is found, number by number, and repaired', async () => {
    const { db, ada } = ledger;
    await insertDirect(ledger, { status: 'completed', duration_ms: 12, verdict: 'good' });
    await fold();
    await db.query(
      `update runledger.execution_stats set ${addToCount('completed', 1)} where created_by = $1 and grain = 'day'`,
      [ada.id],
    );
    await db.query('delete from runledger.execution_label_stats');
    const found = await db.query<{ field: string; counted: number; recounted: number }>(
      'select field, counted::int, recounted::int from runledger.verify_execution_stats()',
    );
    expect(found.filter(({ field }) => field === 'completed')).toEqual([
      { field: 'completed', counted: 2, recounted: 1 },
      { field: 'completed', counted: 2, recounted: 1 },
    ]);
    expect(found.filter(({ field }) => field === 'verdict good')).toHaveLength(9);
    expect(await db.query('select runledger.rebuild_execution_stats() as n')).toEqual([{ n: found.length }]);
    expect(await drift()).toEqual([]);
    expect(await stats(ada.id)).toMatchObject({ completed: 1, verdicts: { good: 1 } });
  });
});

// PGlite has one connection.
describe.each(testedKinds('postgres-15', 'postgres-17'))('on %s, from two connections', (kind) => {
  test('a time that is folded away before it was folded in is neither smallest nor largest afterwards', async () => {
    const ledger = await openLedger(kind);
    await using db = ledger.db;
    await insertDirect(ledger, { status: 'completed', duration_ms: 40 });
    await db.query('select runledger.fold_execution_stats()');
    await db.transaction(async (early) => {
      // Its transaction id is the smaller one, though what it deletes was recorded by the other.
      await insertDirect({ ...ledger, db: { ...db, ...early } }, { status: 'completed', duration_ms: 50 });
      const id = await insertDirect(ledger, { status: 'completed', duration_ms: 7 });
      await early.query('delete from runledger.workflow_executions where id = $1', [id]);
    });
    const found: unknown[] = [];
    for (const limit of [2, 1, 20]) {
      await db.query('select runledger.fold_execution_stats($1)', [limit]);
      const [stats] = await db.query('select * from runledger.get_execution_stats(p_user_id => $1)', [ledger.ada.id]);
      found.push([stats?.total, stats?.extremes_are_exact]);
      expect(await db.query('select * from runledger.verify_execution_stats()')).toEqual([]);
    }
    expect(found).toEqual([
      [2, false],
      [2, false],
      [2, true],
    ]);
    expect(
      await db.query('select distinct duration_min, duration_max, is_stale from runledger.execution_stats'),
    ).toEqual([{ duration_min: 40, duration_max: 50, is_stale: false }]);
  });
});
