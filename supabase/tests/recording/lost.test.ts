import { databaseKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer, LedgerDatabase } from '../ledger-database.ts';
import {
  insertDirect,
  insertExecution,
  open,
  openLedger,
  outcome,
  readExecution,
  recordOpen,
  recordOutcomes,
  report,
  transitionsOf,
} from '../ledger-database.ts';

describe.each(databaseKinds)('what Temporal does not know, on %s', (kind) => {
  let ledger: LedgerDatabase;
  beforeAll(async () => {
    ledger = await openLedger(kind);
  });
  afterAll(() => ledger.db.close());

  const sql = <Row extends object>(text: string, values: unknown[] = []) => ledger.db.query<Row>(text, values);
  const checksOf = (id: string) =>
    sql<{ health: string }>('select health from runledger.execution_checks where execution_id = $1', [id]);
  const lose = (id: string) =>
    sql('select runledger.save_checks($1::jsonb)', [
      JSON.stringify([{ execution: id, health: 'lost', nextCheckInMs: 1_000 }]),
    ]);
  const end = (id: string, more: object = {}) =>
    sql<Answer>('select * from runledger.end_lost_executions($1::jsonb)', [
      JSON.stringify([{ execution: id, status: 'failed', reason: 'gone with the old cluster', actor: 'ops', ...more }]),
    ]).then(([answer]) => answer);
  async function lost(columns: Record<string, unknown> = {}): Promise<string> {
    const id = await insertExecution(ledger, columns);
    await lose(id);
    return id;
  }

  test('a lost execution is ended by a person, with who and why beside the sentence, and is settled', async () => {
    const id = await lost();
    expect(await end(id)).toMatchObject({ result: 'applied', status: 'failed', authority: 'reported' });
    expect(await readExecution(ledger.db, id)).toMatchObject({
      error_message: 'gone with the old cluster',
      ended_by: 'ops',
      end_reason: 'gone with the old cluster',
      lost_at: expect.anything(),
      duration_ms: null,
    });
    expect(await checksOf(id)).toEqual([]);
    expect((await transitionsOf(ledger.db, id)).at(-1)).toMatchObject({
      to_status: 'failed',
      source: 'user',
      actor: 'ops',
    });
    expect(await end(id)).toMatchObject({ result: 'already_terminal' });
  });

  test.each(['completed', 'failed', 'cancelled', 'timed_out', 'terminated'])(
    'it may be ended as %s',
    async (status) => {
      const id = await lost();
      expect(await end(id, { status })).toMatchObject({ result: 'applied', status });
    },
  );

  test('a report settles it, through the function and through a plain update', async () => {
    const reported = await lost();
    await recordOutcomes(ledger.db, [report(reported, 'failed', { durationMs: 5 })]);
    const updated = await lost();
    await sql(`update runledger.workflow_executions set status = 'completed' where id = $1`, [updated]);
    for (const id of [reported, updated]) {
      expect(await readExecution(ledger.db, id)).toMatchObject({ lost_at: expect.anything(), duration_ms: null });
      expect(await checksOf(id)).toEqual([]);
    }
  });

  test('a report about what Temporal knows is still to be confirmed', async () => {
    const id = await insertExecution(ledger);
    await recordOutcomes(ledger.db, [report(id, 'failed')]);
    expect(await readExecution(ledger.db, id)).toMatchObject({ lost_at: null, duration_ms: expect.anything() });
    expect(await checksOf(id)).toHaveLength(1);
  });

  test('what a report ended before it was lost keeps its end and its run time, and is settled', async () => {
    const id = await insertExecution(ledger);
    await recordOutcomes(ledger.db, [report(id, 'completed', { durationMs: 70 })]);
    await lose(id);
    expect(await end(id)).toMatchObject({ result: 'applied', status: 'completed' });
    const row = await readExecution(ledger.db, id);
    expect([row.status, Number(row.duration_ms), row.error_message]).toEqual(['completed', 70, null]);
    expect((await transitionsOf(ledger.db, id)).at(-1)).toMatchObject({
      from_status: 'completed',
      to_status: 'completed',
      reason: 'gone with the old cluster',
    });
    expect(await checksOf(id)).toEqual([]);
  });

  test('nothing else is ended: not what may run, what the ledger may still start, or what has changed since Temporal was asked', async () => {
    const running = await insertExecution(ledger);
    const pending = { temporal_run_id: null, status: 'pending' };
    const startable = await insertExecution(ledger, {
      ...pending,
      start_by: new Date(Date.now() + 60_000).toISOString(),
    });
    const changed = await insertExecution(ledger);
    await sql(`update runledger.workflow_executions set verdict = 'odd' where id = $1`, [changed]);
    const direct = await insertDirect(ledger);
    expect((await end(running))?.result).toBe('conflict');
    expect((await end(startable, { unknownAtRevision: 1 }))?.result).toBe('conflict');
    expect((await end(changed, { unknownAtRevision: 1 }))?.result).toBe('conflict');
    expect((await end(direct, { unknownAtRevision: 1 }))?.result).toBe('conflict');
    expect((await end(ledger.ada.workflowId))?.result).toBe('not_found');
  });

  test('what was not started in time, and what Temporal was asked about just now, has the same way out', async () => {
    const pending = { temporal_run_id: null, status: 'pending' };
    const late = await insertExecution(ledger, { ...pending, start_by: new Date(Date.now() - 60_000).toISOString() });
    const registered = await insertExecution(ledger, pending);
    expect((await end(late))?.result).toBe('applied');
    expect((await end(registered, { unknownAtRevision: 1 }))?.result).toBe('applied');
  });

  test('it can be lost again after the engine took an end back, and be ended again', async () => {
    const id = await lost();
    for (let round = 0; round < 2; round += 1) {
      expect((await end(id))?.result).toBe('applied');
      const { revision } = await readExecution(ledger.db, id);
      const [answer] = await recordOpen(ledger.db, [open(id, { takeBackRevision: revision })]);
      expect(answer).toMatchObject({ result: 'applied', status: 'running' });
      expect(await readExecution(ledger.db, id)).toMatchObject({ lost_at: null, ended_by: null, end_reason: null });
      expect(await checksOf(id)).toHaveLength(1);
      await lose(id);
    }
    await recordOutcomes(ledger.db, [report(id, 'failed')]);
    expect(await readExecution(ledger.db, id)).toMatchObject({ status: 'failed', lost_at: expect.anything() });
  });

  test('the engine knows better when it knows it again', async () => {
    const id = await lost();
    await end(id);
    const [answer] = await recordOutcomes(ledger.db, [outcome(id, 'completed')]);
    expect(answer).toMatchObject({ result: 'applied', authority: 'engine' });
    expect(await readExecution(ledger.db, id)).toMatchObject({
      status: 'completed',
      lost_at: null,
      duration_ms: expect.anything(),
    });
  });

  test('its run time is in no statistics, and the counters equal a recount', async () => {
    await lost({ started_at: '2020-01-01T00:00:00Z' }).then((id) => end(id));
    const again = await lost({ started_at: '2020-01-01T00:00:00Z' });
    await end(again);
    await recordOutcomes(ledger.db, [outcome(again, 'completed')]);
    await sql('select runledger.fold_execution_stats()');
    expect(await sql('select * from runledger.verify_execution_stats()')).toEqual([]);
    const [stats] = await sql<{ n: string; failed: string }>(
      `select duration_count as n, counts[runledger_private.status_number('failed')] as failed
         from runledger.execution_stats where created_by = $1 and grain = 'day'
          and starts_at = '2020-01-01T00:00:00Z' and workflow_id = $2`,
      [ledger.ada.id, ledger.ada.workflowId],
    );
    expect([Number(stats?.failed), Number(stats?.n)]).toEqual([1, 1]);
  });

  test('it can be pruned', async () => {
    const id = await lost();
    await end(id);
    await sql(`select runledger.prune_executions('{"rows": "1 minute"}', null, 5000, true)`);
    const [due] = await sql<{ is_settled: boolean }>(
      `select is_settled from runledger_private.prunable(null, 5000, null, null, now() + interval '1 day') where id = $1`,
      [id],
    );
    expect(due).toEqual({ is_settled: true });
  });

  test('neither it nor what was not started in time takes a place of those that may run at once', async () => {
    await sql(`select runledger.set_quota($1::jsonb)`, [
      JSON.stringify({ user_id: ledger.bob.id, concurrent_executions: 1 }),
    ]);
    const bobs = { workflow_id: ledger.bob.workflowId, created_by: ledger.bob.id };
    await lost(bobs);
    const past = new Date(Date.now() - 1_000).toISOString();
    await insertExecution(ledger, { ...bobs, temporal_run_id: null, status: 'pending', start_by: past });
    const used = () =>
      sql<{ used: number }>(`select (runledger.quotas_of($1) -> 0 ->> 'used')::int as used`, [ledger.bob.id]).then(
        ([row]) => row?.used,
      );
    expect(await used()).toBe(0);
    await insertExecution(ledger, bobs);
    expect(await used()).toBe(1);
  });

  test('a list of what is lost has it and nothing that runs', async () => {
    const [mine, running] = [await lost(), await insertExecution(ledger)];
    const [row] = await sql<{ rows: { execution_id: string }[] }>(
      `select runledger.lost_executions('default', 1000) as rows`,
    );
    const ids = row?.rows.map(({ execution_id }) => execution_id);
    expect(ids).toContain(mine);
    expect(ids).not.toContain(running);
  });
});
