import { randomUUID } from 'node:crypto';
import { databaseKinds, testedKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
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

describe.each(databaseKinds)('on %s', (kind) => {
  let ledger: LedgerDatabase;
  beforeAll(async () => {
    ledger = await openLedger(kind);
  });
  afterAll(() => ledger.db.close());

  test('among reports the first wins', async () => {
    const id = await insertDirect(ledger);
    const answers = await recordOutcomes(ledger.db, [report(id, 'failed'), report(id, 'completed')]);
    expect(answers.map(({ result }) => result)).toEqual(['applied', 'already_terminal']);
    expect(await readExecution(ledger.db, id)).toMatchObject({
      status: 'failed',
      outcome_authority: 'reported',
      closing_run_id: null,
    });
  });

  test('a repeat of a report id gets the answer of the first, whatever happened since', async () => {
    const id = await insertExecution(ledger);
    const won = report(id, 'completed');
    const lost = report(id, 'failed');
    await recordOutcomes(ledger.db, [won]);
    await recordOutcomes(ledger.db, [lost]);
    const { revision } = await readExecution(ledger.db, id);
    await recordOpen(ledger.db, [open(id, { takeBackRevision: revision })]);
    const answers = await recordOutcomes(ledger.db, [won, lost]);
    expect(answers.map(({ result }) => result)).toEqual(['applied', 'already_terminal']);
    expect(await readExecution(ledger.db, id)).toMatchObject({ status: 'running' });
  });

  test('a report that comes before the start is recorded stands, and the start adds its run', async () => {
    const id = await insertExecution(ledger, { temporal_run_id: null });
    await recordOutcomes(ledger.db, [report(id, 'completed')]);
    const before = await transitionsOf(ledger.db, id);
    const started = open(id, { engineStartedAt: new Date().toISOString() });
    const [answer] = await recordOpen(ledger.db, [started]);
    expect(answer).toMatchObject({ result: 'applied', status: 'completed', authority: 'reported' });
    expect(await readExecution(ledger.db, id)).toMatchObject({
      status: 'completed',
      outcome_authority: 'reported',
      temporal_run_id: started.runId,
      current_run_id: started.runId,
    });
    expect(await transitionsOf(ledger.db, id)).toEqual(before);
    // The same start, heard of again, changes nothing; Temporal, asked about the report, still may.
    const [again] = await recordOpen(ledger.db, [started]);
    expect(again).toMatchObject({ result: 'already_terminal', status: 'completed' });
    const { revision } = await readExecution(ledger.db, id);
    await recordOpen(ledger.db, [{ ...started, takeBackRevision: revision }]);
    expect(await readExecution(ledger.db, id)).toMatchObject({ status: 'running' });
  });

  test('a report id that another execution has used is a conflict, and changes nothing', async () => {
    const [used, other] = [await insertDirect(ledger), await insertDirect(ledger)];
    const reportId = randomUUID();
    await recordOutcomes(ledger.db, [report(used, 'completed', { reportId })]);
    const [answer] = await recordOutcomes(ledger.db, [report(other, 'failed', { reportId })]);
    expect(answer).toMatchObject({ result: 'conflict', status: 'running' });
    expect(await readExecution(ledger.db, other)).toMatchObject({ status: 'running', revision: 1 });
  });

  test('an execution is found by its row id, else as the newest with that workflow id', async () => {
    const workflowId = randomUUID();
    const older = await insertExecution(ledger, {
      temporal_workflow_id: workflowId,
      started_at: '2026-01-01T00:00:00Z',
    });
    const newer = await insertExecution(ledger, { temporal_workflow_id: workflowId, temporal_run_id: 'later' });
    const [byWorkflowId] = await recordOutcomes(ledger.db, [report(workflowId, 'completed')]);
    const [byId] = await recordOutcomes(ledger.db, [report(older, 'failed')]);
    const [nothing] = await recordOutcomes(ledger.db, [report('no such workflow', 'failed')]);
    expect([byWorkflowId?.execution_id, byId?.execution_id, nothing?.result]).toEqual([newer, older, 'not_found']);
  });

  test('the report that completes also gets the new count', async () => {
    const counting = { ...ledger, ada: ledger.bob };
    const before = await recordOutcomes(ledger.db, [report(await insertDirect(counting), 'completed')], true);
    const after = await recordOutcomes(ledger.db, [report(await insertDirect(counting), 'failed')], true);
    expect([before[0]?.run_count, after[0]?.run_count]).toEqual([1, 2]);
  });

  test('a report that the engine contradicts is taken back, and a later one about the same run does not flap', async () => {
    const id = await insertExecution(ledger);
    await recordOutcomes(ledger.db, [report(id, 'completed', { output: { early: true } })]);
    const { revision } = await readExecution(ledger.db, id);
    const [early] = await recordOpen(ledger.db, [open(id)]);
    const [old] = await recordOpen(ledger.db, [open(id, { takeBackRevision: revision - 1 })]);
    const [now] = await recordOpen(ledger.db, [open(id, { takeBackRevision: revision })]);
    expect([early?.result, old?.result, now?.result]).toEqual(['already_terminal', 'already_terminal', 'applied']);
    expect(await readExecution(ledger.db, id)).toMatchObject({
      status: 'running',
      output: null,
      completed_at: null,
      error_message: null,
    });
    expect((await transitionsOf(ledger.db, id)).at(-1)).toMatchObject({
      from_status: 'completed',
      to_status: 'running',
      authority: 'engine',
      reason: 'The engine says that it is still running.',
    });
    const [again] = await recordOutcomes(ledger.db, [report(id, 'completed')]);
    expect(again?.result).toBe('conflict');
    const [settled] = await recordOutcomes(ledger.db, [outcome(id, 'completed')]);
    expect(settled).toMatchObject({ result: 'applied', authority: 'engine' });
  });

  test('a plain update that contradicts a report is refused, and leaves no trace', async () => {
    const id = await insertDirect(ledger);
    await recordOutcomes(ledger.db, [report(id, 'failed')]);
    const before = await readExecution(ledger.db, id);
    await expect(
      ledger.db.query(`update runledger.workflow_executions set status = 'completed' where id = $1`, [id]),
    ).rejects.toMatchObject({ code: 'PT409' });
    expect(await readExecution(ledger.db, id)).toEqual(before);
    expect(await transitionsOf(ledger.db, id)).toHaveLength(2);
  });

  test('a transition never changes', async () => {
    const id = await insertDirect(ledger);
    await expect(
      ledger.db.query(`update runledger.execution_transitions set reason = 'other' where execution_id = $1`, [id]),
    ).rejects.toThrow('A transition never changes');
  });

  test('a jsonb parameter that was encoded twice is taken as it was meant', async () => {
    const id = await insertDirect(ledger);
    const [answer] = await ledger.db.query<{ result: string }>(
      'select result from runledger.record_outcomes(to_jsonb($1::text))',
      [JSON.stringify([report(id, 'completed')])],
    );
    expect(answer?.result).toBe('applied');
  });
});

// PGlite has one connection.
describe.each(testedKinds('postgres-15', 'postgres-17'))('on %s, from two connections', (kind) => {
  test('a report on an execution that is deleted meanwhile finds none', async () => {
    const ledger = await openLedger(kind);
    await using db = ledger.db;
    const id = await insertDirect(ledger);
    let reporting: ReturnType<typeof recordOutcomes> = Promise.resolve([]);
    await db.transaction(async (deleting) => {
      await deleting.query('delete from runledger.workflow_executions where id = $1', [id]);
      reporting = recordOutcomes(db, [report(id, 'completed')]);
      const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      while ((await db.query(waiting)).length === 0);
    });
    expect(await reporting).toEqual([expect.objectContaining({ result: 'not_found', status: null })]);
  });
});
