import type { SqlSession } from '@runledger/local-stack';
import { databaseKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer, LedgerDatabase } from '../ledger-database.ts';
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

const requestCancel = (db: SqlSession, id: string) =>
  db.query<Answer>(`select * from runledger.request_cancel($1, 'anna', 'wrong order')`, [id]);

const NOBODY = { cancel_requested_at: null, cancel_requested_by: null, cancel_reason: null };
const ANNA = { cancel_requested_by: 'anna', cancel_reason: 'wrong order' };

describe.each(databaseKinds)('on %s', (kind) => {
  let ledger: LedgerDatabase;
  const next = (id: string, cause: string, more: object = {}) => {
    const after = { ...chainRun('second', 2, 'running', cause), startedAt: '2100-01-01T00:00:00Z' };
    return open(id, { runId: 'second', runs: [chainRun('first', 1, 'completed'), after], ...more });
  };
  beforeAll(async () => {
    ledger = await openLedger(kind);
  });
  afterAll(() => ledger.db.close());

  test('a request is over when what it cancelled is reset: the next run has none, and the history keeps who and why', async () => {
    const id = await insertExecution(ledger);
    await requestCancel(ledger.db, id);
    await recordOutcomes(ledger.db, [outcome(id, 'cancelled')]);
    expect(await readExecution(ledger.db, id)).toMatchObject({ status: 'cancelled', ...ANNA });
    const [answer] = await recordOpen(ledger.db, [next(id, 'reset')]);
    expect(answer).toMatchObject({ result: 'applied', ...NOBODY });
    expect(await readExecution(ledger.db, id)).toMatchObject({ status: 'running', ...NOBODY });
    const end = (await transitionsOf(ledger.db, id)).find(({ to_status }) => to_status === 'cancelled');
    expect(end).toMatchObject({ actor: 'anna', reason: 'wrong order' });
  });

  test.each(['continue_as_new', 'retry', 'cron', 'reset'])(
    'a request is over when the run that it was about goes on in another (%s), and the history says so',
    async (cause) => {
      const id = await insertExecution(ledger);
      await requestCancel(ledger.db, id);
      expect((await recordOpen(ledger.db, [next(id, cause)]))[0]).toMatchObject({ result: 'applied', ...NOBODY });
      expect((await transitionsOf(ledger.db, id)).at(-1)).toMatchObject({
        to_status: 'running',
        actor: 'anna',
        reason: expect.stringContaining('wrong order'),
      });
    },
  );

  test('a request is over when the run that it was about went on in another, which ended before anybody looked', async () => {
    const id = await insertExecution(ledger);
    await requestCancel(ledger.db, id);
    const { runs } = next(id, 'continue_as_new') as unknown as { runs: object[] };
    const ended = outcome(id, 'completed', { runId: 'second', runs, cancelRequested: false });
    expect((await recordOutcomes(ledger.db, [ended]))[0]).toMatchObject({ status: 'completed', ...NOBODY });
    expect(await readExecution(ledger.db, id)).toMatchObject({ current_run_id: 'second', ...NOBODY });
  });

  test('a request stays when the run that the ledger hears of had begun before it, or has it too', async () => {
    const stale = await insertExecution(ledger);
    await requestCancel(ledger.db, stale);
    const before = { ...chainRun('second', 2), startedAt: '2020-01-01T00:00:00Z' };
    const [answer] = await recordOpen(ledger.db, [open(stale, { runId: 'second', runs: [before] })]);
    expect(answer).toMatchObject({ result: 'applied', ...ANNA });

    const reapplied = await insertExecution(ledger);
    await requestCancel(ledger.db, reapplied);
    const [same] = await recordOpen(ledger.db, [next(reapplied, 'reset', { cancelRequested: true })]);
    expect(same).toMatchObject({ result: 'applied', ...ANNA });
  });

  test('a request that came before the start follows it', async () => {
    const columns = { temporal_run_id: null, start_by: '2100-01-01T00:00:00Z' };
    const id = await insertExecution(ledger, columns);
    expect((await requestCancel(ledger.db, id))[0]).toMatchObject({ status: 'cancelled' });
    expect((await recordOpen(ledger.db, [open(id)]))[0]).toMatchObject({ status: 'running', ...ANNA });
  });

  test('a request that had not reached what ended is no request of the row: the history keeps who and why', async () => {
    const id = await insertExecution(ledger);
    await recordOpen(ledger.db, [open(id)]);
    await requestCancel(ledger.db, id);
    await recordOutcomes(ledger.db, [outcome(id, 'completed', { cancelRequested: false })]);
    expect(await readExecution(ledger.db, id)).toMatchObject({ status: 'completed', ...NOBODY });
    const [, request, end] = (await transitionsOf(ledger.db, id)).slice(-3);
    expect(request).toMatchObject({
      actor: 'anna',
      reason: 'The execution ended before the request to cancel reached it. The request said: wrong order',
    });
    expect(end).toMatchObject({ to_status: 'completed', actor: null, reason: null });
  });

  test.each([true, undefined])(
    'a request that reached it, or that the server says nothing of, stays (%s)',
    async (said) => {
      const id = await insertExecution(ledger);
      await recordOpen(ledger.db, [open(id)]);
      await requestCancel(ledger.db, id);
      await recordOutcomes(ledger.db, [outcome(id, 'completed', { cancelRequested: said })]);
      expect(await readExecution(ledger.db, id)).toMatchObject({ status: 'completed', ...ANNA });
    },
  );

  test('a request that was made elsewhere is on the row, while it is open and once it has ended', async () => {
    const cancelRequest = { at: '2026-01-01T00:00:01Z', by: 'cli@host', reason: 'tired' };
    const elsewhere = { cancel_requested_by: 'cli@host', cancel_reason: 'tired' };
    const id = await insertExecution(ledger);
    await recordOpen(ledger.db, [open(id, { cancelRequested: true, cancelRequest })]);
    expect(await readExecution(ledger.db, id)).toMatchObject(elsewhere);
    const other = await insertExecution(ledger);
    await recordOutcomes(ledger.db, [outcome(other, 'completed', { cancelRequest })]);
    expect(await readExecution(ledger.db, other)).toMatchObject({ status: 'completed', ...elsewhere });
  });
});
