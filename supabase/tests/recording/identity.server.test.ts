import { randomUUID } from 'node:crypto';
import type { SqlSession } from '@runledger/local-stack';
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
  report,
  transitionsOf,
} from '../ledger-database.ts';

const createExecution = async (db: SqlSession, execution: object) => {
  const [row] = await db.query<{ e: { execution: { id: string }; created: boolean } }>(
    'select runledger.create_execution($1::jsonb) as e',
    [JSON.stringify(execution)],
  );
  return row?.e as { execution: { id: string }; created: boolean };
};

const correctFirstRun = async (db: SqlSession, id: string, firstRun = 'first') => {
  const [row] = await db.query<{ a: { result: string; executionId: string } }>(
    `select runledger.correct_first_run($1, $2, 'watch') as a`,
    [id, firstRun],
  );
  return row?.a;
};

const countOf = async ({ db, ada }: LedgerDatabase) => {
  const [row] = await db.query<{ n: number }>('select runledger.get_user_workflow_run_count($1) as n', [ada.id]);
  return Number(row?.n);
};

const differences = ({ db, ada }: LedgerDatabase) =>
  db.query('select * from runledger.verify_execution_stats(p_user_id => $1)', [ada.id]);

describe.each(databaseKinds)('on %s', (kind) => {
  let ledger: LedgerDatabase;
  let temporalWorkflowId: string;
  const register = (runId: string | null, more: object = {}) =>
    createExecution(ledger.db, {
      workflow_id: ledger.ada.workflowId,
      created_by: ledger.ada.id,
      temporal_workflow_id: temporalWorkflowId,
      ...(runId ? { temporal_run_id: runId } : {}),
      ...more,
    });
  /** A chain of three runs, the third open, as the monitor records it. */
  const chainOfThree = (id: string) => [
    open(id, {
      runId: 'third',
      runs: [chainRun('first', 1, 'continued_as_new'), chainRun('second', 2, 'continued_as_new'), chainRun('third', 3)],
    }),
  ];

  beforeAll(async () => {
    ledger = await openLedger(kind);
  });
  afterAll(() => ledger.db.close());

  describe('a later run that is registered as if it were the first', () => {
    test('gives the row of its chain where the ledger knows the run', async () => {
      temporalWorkflowId = randomUUID();
      const { execution } = await register('first');
      await recordOpen(ledger.db, chainOfThree(execution.id));
      for (const run of ['second', 'third']) {
        expect(await register(run)).toMatchObject({ created: false, execution: { id: execution.id } });
      }
    });

    test('is one with the chain once the engine says so: counted once, and found under both ids', async () => {
      temporalWorkflowId = randomUUID();
      const before = await countOf(ledger);
      const { execution: kept } = await register('first', { tags: [], metadata: { a: 1 } });
      const { execution: gone } = await register('third', {
        input: { order: 7 },
        tags: ['late'],
        metadata: { a: 2, b: 3 },
      });
      await recordOutcomes(ledger.db, [report(gone.id, 'completed', { reportId: REPORT })]);
      expect(await countOf(ledger)).toBe(before + 1);

      expect(await correctFirstRun(ledger.db, gone.id)).toEqual({ result: 'merged', executionId: kept.id });
      expect(await countOf(ledger)).toBe(before);
      expect(await differences(ledger)).toEqual([]);
      expect(await readExecution(ledger.db, gone.id)).toBeUndefined();
      expect(await readExecution(ledger.db, kept.id)).toMatchObject({
        input: { order: 7 },
        tags: ['late'],
        metadata: { a: 1, b: 3 },
      });
      const told = (await transitionsOf(ledger.db, kept.id)).at(-1);
      expect(told).toMatchObject({ to_status: 'running', authority: 'engine', run_id: 'third' });
      expect(told?.reason).toContain('both are one execution');
      // Whoever holds the other id still reports, and a repeated report gets the answer it got.
      const [repeated] = await recordOutcomes(ledger.db, [report(gone.id, 'completed', { reportId: REPORT })]);
      expect(repeated).toMatchObject({ execution_id: kept.id, result: 'applied' });
      const [another] = await recordOutcomes(ledger.db, [report(gone.id, 'failed')]);
      expect(another).toMatchObject({ execution_id: kept.id, result: 'applied', status: 'failed' });
    });

    test('is merged into a chain that has ended, by that very run too, and twice', async () => {
      temporalWorkflowId = randomUUID();
      const { execution: kept } = await register('first');
      const late = await Promise.all(['third', 'second'].map(async (run) => (await register(run)).execution.id));
      const [ended] = await recordOutcomes(ledger.db, [outcome(kept.id, 'completed', { runId: 'third', runs: [] })]);
      expect(ended?.result).toBe('applied');
      for (const id of late) expect(await correctFirstRun(ledger.db, id)).toMatchObject({ result: 'merged' });
      expect(await readExecution(ledger.db, kept.id)).toMatchObject({ status: 'completed', closing_run_id: 'third' });
    });

    test('is recorded under the first run where no other execution has the chain, and its history says so', async () => {
      temporalWorkflowId = randomUUID();
      const { execution } = await register('third');
      expect(await correctFirstRun(ledger.db, execution.id)).toEqual({
        result: 'corrected',
        executionId: execution.id,
      });
      const [opened] = await recordOpen(ledger.db, chainOfThree(execution.id));
      expect(opened?.result).toBe('applied');
      expect(await readExecution(ledger.db, execution.id)).toMatchObject({ temporal_run_id: 'first', run_count: 3 });
      expect((await transitionsOf(ledger.db, execution.id)).at(-1)?.reason).toContain('registered by a later run');
      expect(await correctFirstRun(ledger.db, execution.id)).toMatchObject({ result: 'unchanged' });
    });

    test('stays apart where the two belong to different users', async () => {
      temporalWorkflowId = randomUUID();
      const { execution: kept } = await register('first');
      const theirs = await register('third', { workflow_id: ledger.bob.workflowId, created_by: ledger.bob.id });
      expect(await correctFirstRun(ledger.db, theirs.execution.id)).toEqual({
        result: 'conflict',
        executionId: kept.id,
      });
      expect(await readExecution(ledger.db, theirs.execution.id)).toMatchObject({ temporal_run_id: 'third' });
    });
  });

  test('nobody else changes the first run of an execution', async () => {
    const id = await insertExecution(ledger);
    await expect(
      ledger.db.query(`update runledger.workflow_executions set temporal_run_id = 'other' where id = $1`, [id]),
    ).rejects.toThrow(/never change/);
  });

  test('an execution that waits for its run takes neither the end nor the run of another one', async () => {
    temporalWorkflowId = randomUUID();
    const { execution: earlier } = await register('first');
    await recordOutcomes(ledger.db, [outcome(earlier.id, 'completed')]);
    const { execution: waiting } = await register(null);
    expect(waiting.id).not.toBe(earlier.id);
    const [ended] = await recordOutcomes(ledger.db, [outcome(waiting.id, 'completed', { output: 'of somebody else' })]);
    const [reopened] = await recordOpen(ledger.db, [open(waiting.id, { runId: 'reset' })]);
    expect([ended?.result, reopened?.result]).toEqual(['other_execution', 'other_execution']);
    expect(await readExecution(ledger.db, waiting.id)).toMatchObject({ status: 'pending', output: null });
    const [own] = await recordOpen(ledger.db, [open(waiting.id, { runId: 'own', firstRunId: 'own', runs: [] })]);
    expect(own).toMatchObject({ result: 'applied', status: 'running' });
  });

  test.each(['engine', 'reported'])(
    'a late word (%s) about an older run is dropped, also when both runs began together',
    async (authority) => {
      const id = await insertExecution(ledger);
      const startedAt = '2026-01-01T00:00:01Z';
      await recordOpen(ledger.db, [
        open(id, {
          runId: 'second',
          runs: [
            { ...chainRun('first', 1, 'terminated'), startedAt },
            { ...chainRun('second', 2, 'running', 'reset'), startedAt, previousRunId: 'first' },
          ],
        }),
      ]);
      const late = { ...outcome(id, 'terminated', { runs: [] }), authority, reportId: randomUUID() };
      expect((await recordOutcomes(ledger.db, [late]))[0]?.result).toBe('already_terminal');
      expect((await recordOpen(ledger.db, [open(id, { runs: [] })]))[0]?.result).toBe('already_terminal');
      expect(await readExecution(ledger.db, id)).toMatchObject({ status: 'running', current_run_id: 'second' });
    },
  );

  test('a late word about a run whose end was recorded is dropped although nothing says when it began', async () => {
    const id = await insertExecution(ledger);
    await recordOutcomes(ledger.db, [outcome(id, 'failed', { runs: [] })]);
    await recordOutcomes(ledger.db, [outcome(id, 'completed', { runId: 'second', runs: [] })]);
    const [late] = await recordOutcomes(ledger.db, [outcome(id, 'failed', { runs: [] })]);
    expect(late).toMatchObject({ result: 'already_terminal', status: 'completed' });
    expect((await recordOpen(ledger.db, [open(id, { runs: [] })]))[0]?.result).toBe('already_terminal');
  });

  test('a workflow id is as long as Temporal takes it', async () => {
    const long = 'ä'.repeat(500);
    const id = await insertExecution(ledger, { temporal_workflow_id: long });
    expect(await readExecution(ledger.db, id)).toMatchObject({ temporal_workflow_id: long });
  });
});

const REPORT = randomUUID();
