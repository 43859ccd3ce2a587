import { databaseKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import {
  chainRun,
  insertExecution,
  open,
  openLedger,
  outcome,
  readExecution,
  recordOpen,
  recordOutcomes,
  transitionsOf,
} from '../ledger-database.ts';

const wasEnd = { wasEnd: true, errorMessage: 'no' };

describe.each(databaseKinds)('on %s', (kind) => {
  let ledger: LedgerDatabase;
  const statuses = async (id: string) =>
    (await transitionsOf(ledger.db, id)).map(({ to_status, run_id }) => `${to_status} ${run_id}`);
  const runsOf = (id: string) =>
    ledger.db.query<{ run_id: string; status: string }>(
      'select run_id, status from runledger.execution_runs where execution_id = $1 order by started_at',
      [id],
    );
  const differences = () =>
    ledger.db.query('select * from runledger.verify_execution_stats(p_user_id => $1)', [ledger.ada.id]);

  beforeAll(async () => {
    ledger = await openLedger(kind);
  });
  afterAll(() => ledger.db.close());

  test('ends that a reset undid before anybody looked are in the history, and counted as if they had been seen', async () => {
    const id = await insertExecution(ledger);
    const runs = [
      { ...chainRun('first', 1, 'failed'), ...wasEnd },
      { ...chainRun('second', 2, 'completed', 'reset'), ...wasEnd, errorMessage: null },
      chainRun('third', 3, 'running', 'reset'),
    ];
    expect((await recordOpen(ledger.db, [open(id, { runId: 'third', runs })]))[0]?.result).toBe('applied');
    expect(await statuses(id)).toEqual([
      'running first',
      'failed first',
      'running second',
      'completed second',
      'running third',
    ]);
    expect(await readExecution(ledger.db, id)).toMatchObject({ status: 'running', run_count: 3, output: null });
    expect(await differences()).toEqual([]);
    // Told again, nothing is added.
    expect((await recordOpen(ledger.db, [open(id, { runId: 'third', runs })]))[0]?.result).toBe('unchanged');
    expect(await statuses(id)).toHaveLength(5);
  });

  test('the same where the chain had ended when it was looked at, and its first end was seen', async () => {
    const id = await insertExecution(ledger);
    await recordOutcomes(ledger.db, [outcome(id, 'failed')]);
    const runs = [
      { ...chainRun('first', 1, 'failed'), ...wasEnd },
      { ...chainRun('second', 2, 'timed_out', 'reset'), ...wasEnd },
      chainRun('third', 3, 'completed', 'reset'),
    ];
    const [ended] = await recordOutcomes(ledger.db, [outcome(id, 'completed', { runId: 'third', runs })]);
    expect(ended).toMatchObject({ result: 'applied', status: 'completed' });
    expect(await statuses(id)).toEqual([
      'running first',
      'failed first',
      'running second',
      'timed_out second',
      'running third',
      'completed third',
    ]);
    expect(await differences()).toEqual([]);
  });

  test('no run of an ended execution is running: one whose end Temporal no longer tells is unknown', async () => {
    const id = await insertExecution(ledger);
    await recordOpen(ledger.db, [open(id)]);
    await recordOutcomes(ledger.db, [
      outcome(id, 'completed', { runId: 'third', runs: [chainRun('third', 3, 'completed', 'reset')] }),
    ]);
    expect(await runsOf(id)).toEqual([
      { run_id: 'first', status: 'unknown' },
      { run_id: 'third', status: 'completed' },
    ]);
    // Found after all, it says how it ended.
    await recordOutcomes(ledger.db, [
      outcome(id, 'completed', { runId: 'third', runs: [chainRun('first', 1, 'failed')] }),
    ]);
    expect((await runsOf(id))[0]).toEqual({ run_id: 'first', status: 'failed' });
  });

  test('an input that the caller did not give comes from the engine, and one that was given stays', async () => {
    const [adopted, registered, unread] = [
      await insertExecution(ledger),
      await insertExecution(ledger, { input: '{"own": true}' }),
      await insertExecution(ledger),
    ];
    const input = { value: { amount: 7 }, note: null };
    await recordOpen(ledger.db, [open(adopted, { input }), open(registered, { input })]);
    await recordOutcomes(ledger.db, [outcome(unread, 'completed', { input: { value: null, note: 'too_large' } })]);
    expect(await readExecution(ledger.db, adopted)).toMatchObject({ input: { amount: 7 }, input_note: null });
    expect(await readExecution(ledger.db, registered)).toMatchObject({ input: { own: true } });
    expect(await readExecution(ledger.db, unread)).toMatchObject({ input: null, input_note: 'too_large' });
  });

  test('a settled execution takes the runs and times that it lacked, and keeps its outcome', async () => {
    const id = await insertExecution(ledger);
    await recordOutcomes(ledger.db, [outcome(id, 'completed', { output: 'kept', runs: [] })]);
    const runs = [{ ...chainRun('zero', 1, 'continued_as_new') }, chainRun('first', 2, 'completed')];
    const times = { engineStartedAt: '2026-01-01T00:00:01Z', firstTaskAt: '2026-01-01T00:00:02Z' };
    const cancelRequest = { at: '2026-01-01T00:00:01Z', by: 'cli@host', reason: 'tired' };
    const more = { output: 'other', runs, cancelRequest, ...times };
    const [again] = await recordOutcomes(ledger.db, [outcome(id, 'completed', more)]);
    expect(again?.result).toBe('already_terminal');
    const row = await readExecution(ledger.db, id);
    expect(row).toMatchObject({ output: 'kept', run_count: 2, status: 'completed', cancel_requested_by: 'cli@host' });
    expect(row).not.toMatchObject({ engine_started_at: null });
    expect(row).not.toMatchObject({ first_task_at: null });
    expect(await differences()).toEqual([]);
  });
});
