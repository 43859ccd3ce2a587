import { databaseKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import {
  chainRun,
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

  test('an outcome is recorded with its time to the microsecond, its run and who ended it', async () => {
    const id = await insertExecution(ledger);
    const [answer] = await recordOutcomes(ledger.db, [
      outcome(id, 'terminated', {
        actor: 'ops@host',
        reason: 'wrong order',
        errorMessage: 'Terminated: wrong order',
      }),
    ]);
    expect(answer).toMatchObject({ result: 'applied', status: 'terminated', authority: 'engine', revision: 2 });
    expect(await readExecution(ledger.db, id)).toMatchObject({
      completed_at:
        kind === 'pglite' ? expect.stringMatching(/^2030-01-01 00:00:00\.123/) : '2030-01-01 00:00:00.123456+00',
      closing_run_id: 'first',
      error_message: 'Terminated: wrong order',
    });
    expect((await transitionsOf(ledger.db, id)).at(-1)).toEqual({
      from_status: 'running',
      to_status: 'terminated',
      source: 'watch',
      authority: 'engine',
      run_id: 'first',
      actor: 'ops@host',
      reason: 'wrong order',
    });
  });

  test('the same outcome again, and another one for the same run, change nothing', async () => {
    const id = await insertExecution(ledger);
    await recordOutcomes(ledger.db, [outcome(id, 'completed')]);
    const before = await readExecution(ledger.db, id);
    const [again] = await recordOutcomes(ledger.db, [outcome(id, 'completed', { source: 'reconciler' })]);
    const [other] = await recordOutcomes(ledger.db, [outcome(id, 'failed')]);
    expect([again?.result, other?.result]).toEqual(['already_terminal', 'already_terminal']);
    expect(await readExecution(ledger.db, id)).toEqual(before);
    expect(await transitionsOf(ledger.db, id)).toHaveLength(2);
  });

  test('a report is confirmed once, with the same status and the higher authority', async () => {
    const id = await insertExecution(ledger);
    await recordOutcomes(ledger.db, [report(id, 'completed', { output: { from: 'report' } })]);
    await recordOutcomes(ledger.db, [outcome(id, 'completed', { output: null, outputNote: 'undecodable' })]);
    expect(await readExecution(ledger.db, id)).toMatchObject({
      status: 'completed',
      outcome_authority: 'engine',
      output: { from: 'report' },
      output_note: null,
    });
    expect((await transitionsOf(ledger.db, id)).map((t) => [t.from_status, t.to_status, t.authority])).toEqual([
      [null, 'running', 'reported'],
      ['running', 'completed', 'reported'],
      ['completed', 'completed', 'engine'],
    ]);
  });

  test('a report that the engine contradicts is corrected once, and recorded', async () => {
    const id = await insertExecution(ledger);
    await recordOutcomes(ledger.db, [report(id, 'completed', { output: { ok: true } })]);
    const answers = await recordOutcomes(ledger.db, [outcome(id, 'terminated'), outcome(id, 'terminated')]);
    expect(answers.map(({ result }) => result)).toEqual(['applied', 'already_terminal']);
    expect(await readExecution(ledger.db, id)).toMatchObject({
      status: 'terminated',
      outcome_authority: 'engine',
      output: null,
    });
    expect((await transitionsOf(ledger.db, id)).at(-1)).toMatchObject({
      from_status: 'completed',
      to_status: 'terminated',
    });
  });

  test('continue-as-new keeps it running in the next run and counts the runs', async () => {
    const id = await insertExecution(ledger);
    const runs = [chainRun('first', 1, 'continued_as_new'), chainRun('second', 2)];
    const [answer] = await recordOpen(ledger.db, [open(id, { runId: 'second', runs })]);
    expect(answer?.result).toBe('applied');
    expect(await readExecution(ledger.db, id)).toMatchObject({
      status: 'running',
      current_run_id: 'second',
      temporal_run_id: 'first',
      run_count: 2,
    });
    const [same] = await recordOpen(ledger.db, [open(id, { runId: 'second', runs })]);
    expect(same?.result).toBe('unchanged');
    expect(
      await ledger.db.query(
        'select run_id, status from runledger.execution_runs where execution_id = $1 order by started_at',
        [id],
      ),
    ).toEqual([
      { run_id: 'first', status: 'continued_as_new' },
      { run_id: 'second', status: 'running' },
    ]);
  });

  test('a late word about a run that the chain has left behind is dropped', async () => {
    const id = await insertExecution(ledger);
    await recordOpen(ledger.db, [
      open(id, {
        runId: 'second',
        runs: [chainRun('first', 1, 'terminated'), chainRun('second', 2, 'running', 'reset')],
      }),
    ]);
    const [late] = await recordOutcomes(ledger.db, [outcome(id, 'terminated')]);
    const [lateOpen] = await recordOpen(ledger.db, [open(id)]);
    expect([late?.result, lateOpen?.result]).toEqual(['already_terminal', 'already_terminal']);
    expect(await readExecution(ledger.db, id)).toMatchObject({ status: 'running', current_run_id: 'second' });
  });

  test('a reset reopens an ended execution, recorded, and it ends again', async () => {
    const id = await insertExecution(ledger);
    await recordOutcomes(ledger.db, [outcome(id, 'completed', { output: { n: 1 } })]);
    const reset = [chainRun('first', 1, 'completed'), chainRun('second', 2, 'running', 'reset')];
    const [stale] = await recordOpen(ledger.db, [open(id)]);
    expect(stale?.result).toBe('already_terminal');
    const [reopened] = await recordOpen(ledger.db, [open(id, { runId: 'second', runs: reset })]);
    expect(reopened).toMatchObject({ result: 'applied', status: 'running', authority: null });
    expect(await readExecution(ledger.db, id)).toMatchObject({
      completed_at: null,
      output: null,
      closing_run_id: null,
    });
    await recordOutcomes(ledger.db, [
      outcome(id, 'failed', { runId: 'second', runs: [chainRun('second', 2, 'failed', 'reset')] }),
    ]);
    expect((await transitionsOf(ledger.db, id)).map((t) => [t.to_status, t.run_id])).toEqual([
      ['running', 'first'],
      ['completed', 'first'],
      ['running', 'second'],
      ['failed', 'second'],
    ]);
  });

  test('a reset run that nobody saw open is reopened and ended in one call', async () => {
    const id = await insertExecution(ledger);
    await recordOutcomes(ledger.db, [outcome(id, 'completed')]);
    const [answer] = await recordOutcomes(ledger.db, [
      outcome(id, 'failed', {
        runId: 'second',
        runs: [chainRun('first', 1, 'completed'), chainRun('second', 2, 'failed', 'reset')],
      }),
    ]);
    expect(answer).toMatchObject({ result: 'applied', status: 'failed' });
    expect((await transitionsOf(ledger.db, id)).map((t) => t.to_status)).toEqual([
      'running',
      'completed',
      'running',
      'failed',
    ]);
  });

  test('a workflow id that was used again is another execution', async () => {
    const id = await insertExecution(ledger);
    const [ended] = await recordOutcomes(ledger.db, [
      outcome(id, 'completed', { firstRunId: 'other', runId: 'other' }),
    ]);
    const [opened] = await recordOpen(ledger.db, [open(id, { firstRunId: 'other', runId: 'other' })]);
    expect([ended?.result, opened?.result]).toEqual(['conflict', 'conflict']);
    expect(await readExecution(ledger.db, id)).toMatchObject({ status: 'running', revision: 1 });
  });

  test('the engine has no say about a direct execution', async () => {
    const id = await insertDirect(ledger);
    const [ended] = await recordOutcomes(ledger.db, [outcome(id, 'completed')]);
    const [opened] = await recordOpen(ledger.db, [open(id)]);
    expect([ended?.result, opened?.result]).toEqual(['conflict', 'conflict']);
  });

  test('answers come in the order of the items, and a missing execution spoils no other', async () => {
    const ids = await Promise.all([insertExecution(ledger), insertExecution(ledger), insertExecution(ledger)]);
    const mixed = [ids[2], '00000000-0000-7000-8000-000000000000', ids[0], ids[1]] as string[];
    const answers = await recordOutcomes(
      ledger.db,
      mixed.map((id) => outcome(id, 'completed')),
    );
    expect(answers.map(({ result }) => result)).toEqual(['applied', 'not_found', 'applied', 'applied']);
    expect(answers.map(({ execution_id }) => execution_id)).toEqual([ids[2], null, ids[0], ids[1]]);
  });

  test('a settled execution needs no check, an unsettled one has one, a reopened one gets it back', async () => {
    const id = await insertExecution(ledger);
    const checks = () =>
      ledger.db.query('select execution_id from runledger.execution_checks where execution_id = $1', [id]);
    expect(await checks()).toHaveLength(1);
    await recordOutcomes(ledger.db, [report(id, 'completed')]);
    expect(await checks()).toHaveLength(1);
    await recordOutcomes(ledger.db, [outcome(id, 'completed')]);
    expect(await checks()).toHaveLength(0);
    await recordOpen(ledger.db, [open(id, { runId: 'second', runs: [chainRun('second', 2, 'running', 'reset')] })]);
    expect(await checks()).toHaveLength(1);
  });
});
