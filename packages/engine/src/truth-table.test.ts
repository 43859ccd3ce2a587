import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine } from './engine.ts';
import type { EngineFixture } from './fixtures/engine-fixture.ts';
import { startEngineFixture } from './fixtures/engine-fixture.ts';
import { resetRun } from './fixtures/reset-run.ts';
import { reversingConverter } from './fixtures/reversing-converter.ts';
import { until } from './fixtures/until.ts';

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await startEngineFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const ANNA = { actor: 'anna@example.com', reason: 'ordered twice' };

// With truth-table-open.test.ts: what Temporal may say of an execution, and what that means. One test a row.
describe.concurrent('an execution is over', () => {
  test('a completed workflow gives its output, its times and its one run', async () => {
    const target = await fixture.start('returns', [{ total: 3, items: ['a'] }]);
    const outcome = await fixture.ended(target);
    expect(outcome).toMatchObject({
      status: 'completed',
      runId: target.firstRunId,
      firstRunId: target.firstRunId,
      output: { total: 3, items: ['a'] },
      outputNote: null,
      failure: null,
      errorMessage: null,
    });
    expect(outcome.runs).toEqual([
      expect.objectContaining({
        runId: target.firstRunId,
        runNumber: 1,
        cause: 'start',
        status: 'completed',
        startedAt: outcome.engineStartedAt,
        closedAt: outcome.closedAt,
      }),
    ]);
    expect([outcome.engineStartedAt, outcome.firstTaskAt, outcome.closedAt].toSorted()).toEqual([
      outcome.engineStartedAt,
      outcome.firstTaskAt,
      outcome.closedAt,
    ]);
  });

  test('a failed workflow says what failed, with type, details, stack and cause', async () => {
    const outcome = await fixture.ended(await fixture.start('failsWith', ['no stock', 'StockError']));
    expect(outcome).toMatchObject({
      status: 'failed',
      errorMessage: 'no stock (StockError): the bank said no (BankError)',
      output: null,
    });
    expect(outcome.failure).toMatchObject({
      type: 'StockError',
      message: 'no stock',
      nonRetryable: true,
      details: [{ code: 42 }],
      cause: { type: 'BankError', message: 'the bank said no' },
    });
    expect(outcome.failure?.stack).toContain('workflows.ts');
  });

  test('a failed activity is named, with how often it was tried', async () => {
    const outcome = await fixture.ended(await fixture.start('failsInActivity'));
    expect(outcome.errorMessage).toBe('chargeCard activity failed 3 times: card declined (CardError)');
    expect(outcome.failure).toMatchObject({
      activityType: 'chargeCard',
      attempts: 3,
      retryState: 'MAXIMUM_ATTEMPTS_REACHED',
      cause: { type: 'CardError', message: 'card declined' },
    });
  });

  test('an activity that timed out says which timeout', async () => {
    const outcome = await fixture.ended(await fixture.start('timesOutInActivity'));
    expect(outcome).toMatchObject({
      status: 'failed',
      errorMessage: 'hang activity failed: start-to-close timeout',
    });
  });

  test('a failed child workflow is named, with what failed in it', async () => {
    const outcome = await fixture.ended(await fixture.start('failsInChild'));
    expect(outcome.errorMessage).toBe(
      'failsInActivity child workflow failed: chargeCard activity failed: card declined (CardError)',
    );
    expect(outcome.failure?.childWorkflowType).toBe('failsInActivity');
  });

  test('a failure that must not be retried is the end, whatever the retry policy', async () => {
    const retry = { maximumAttempts: 5, initialInterval: '50ms' } as const;
    const outcome = await fixture.ended(await fixture.start('failsWith', ['no stock', 'StockError'], { retry }));
    expect(outcome).toMatchObject({
      status: 'failed',
      failure: { nonRetryable: true, retryState: 'NON_RETRYABLE_FAILURE' },
    });
    expect(outcome.runs).toHaveLength(1);
  });

  test('a cancelled workflow says who asked for it, and why', async () => {
    const target = await fixture.start('waits');
    expect(await fixture.engine.cancel(target, ANNA)).toBe('requested');
    expect(await fixture.ended(target)).toMatchObject({
      status: 'cancelled',
      actor: 'anna@example.com',
      reason: 'ordered twice',
      errorMessage: 'Cancelled: ordered twice',
    });
  });

  test('a terminated workflow says who did it, and why', async () => {
    const target = await fixture.start('waits');
    expect(await fixture.engine.terminate(target, ANNA)).toBe('requested');
    expect(await fixture.ended(target)).toMatchObject({
      status: 'terminated',
      actor: 'anna@example.com',
      reason: 'ordered twice',
      errorMessage: 'Terminated: ordered twice',
      failure: { type: 'TerminatedFailure' },
    });
  });

  test('a run timeout is one, and says what it was set to', async () => {
    const outcome = await fixture.ended(await fixture.start('waits', [], { workflowRunTimeout: '1s' }));
    expect(outcome).toMatchObject({ status: 'timed_out', errorMessage: 'Timed out: the run timeout of 1s passed' });
  });

  test('an execution timeout is told from a run timeout', async () => {
    const outcome = await fixture.ended(await fixture.start('waits', [], { workflowExecutionTimeout: '1s' }));
    const errorMessage = 'Timed out: the execution timeout of 1s passed';
    expect(outcome).toMatchObject({ status: 'timed_out', errorMessage });
  });

  test('a retried workflow ends once, after its last run', async () => {
    const retry = { maximumAttempts: 3, initialInterval: '50ms', backoffCoefficient: 1 } as const;
    const target = await fixture.start('alwaysFails', [], { retry });
    const outcome = await fixture.ended(target);
    expect(outcome).toMatchObject({
      status: 'failed',
      firstRunId: target.firstRunId,
      errorMessage: 'Failed 3 times: not today (Weather)',
      failure: { attempts: 3, retryState: 'MAXIMUM_ATTEMPTS_REACHED' },
    });
    expect(outcome.runs.map((run) => [run.runNumber, run.cause, run.status])).toEqual([
      [1, 'start', 'failed'],
      [2, 'retry', 'failed'],
      [3, 'retry', 'failed'],
    ]);
    expect(outcome.engineStartedAt).toBe(outcome.runs[0]?.startedAt);
  });

  test('a workflow that continued as new three times ends once, with all its runs', async () => {
    const target = await fixture.start('continues', [3]);
    const outcome = await fixture.ended(target);
    expect(outcome).toMatchObject({ status: 'completed', output: 'done', firstRunId: target.firstRunId });
    expect(outcome.runs.map((run) => [run.runNumber, run.cause, run.status])).toEqual([
      [1, 'start', 'continued_as_new'],
      [2, 'continue_as_new', 'continued_as_new'],
      [3, 'continue_as_new', 'continued_as_new'],
      [4, 'continue_as_new', 'completed'],
    ]);
    expect(outcome.runs[0]?.runId).toBe(target.firstRunId);
    expect(outcome.runs[3]?.runId).toBe(outcome.runId);
  });

  test('an execution that a schedule started ends like any other', async () => {
    const scheduleId = randomUUID();
    const schedule = await fixture.client.schedule.create({
      scheduleId,
      spec: {},
      action: { type: 'startWorkflow', workflowType: 'returns', args: ['by schedule'], taskQueue: fixture.taskQueue },
    });
    await schedule.trigger();
    const [action] = await until(
      async () => (await schedule.describe()).info.recentActions,
      (actions) => actions.length > 0,
    );
    const started = action?.action.workflow;
    const target = { namespace: 'default', temporalWorkflowId: started?.workflowId ?? '', firstRunId: null };
    const outcome = await fixture.ended(target);
    expect(outcome).toMatchObject({
      status: 'completed',
      output: 'by schedule',
      firstRunId: started?.firstExecutionRunId,
    });
    expect(outcome.runs).toMatchObject([{ cause: 'start', status: 'completed' }]);
  });

  test('a closed execution that is reset with its signals ends again, in the new run', async () => {
    const target = await fixture.start('waits');
    await fixture.client.workflow.getHandle(target.temporalWorkflowId).signal('finish', 'word');
    await fixture.ended(target);
    const runId = await resetRun(fixture.client, target);
    expect(
      await until(
        () => fixture.ended(target),
        (outcome) => outcome.runId === runId,
      ),
    ).toMatchObject({
      status: 'completed',
      output: 'word',
      firstRunId: target.firstRunId,
      runs: [
        { runId: target.firstRunId, status: 'completed' },
        { runId, cause: 'reset', status: 'completed' },
      ],
    });
  });

  test('a workflow id that was used again is not mistaken for the execution before', async () => {
    const first = await fixture.start('continues', [1]);
    await fixture.ended(first);
    const again = await fixture.client.workflow.start('waits', {
      workflowId: first.temporalWorkflowId,
      taskQueue: fixture.taskQueue,
    });
    expect(await fixture.engine.resolve(first)).toMatchObject({
      kind: 'closed',
      outcome: { status: 'completed', output: 'done', firstRunId: first.firstRunId },
    });
    expect(await fixture.engine.resolve({ ...first, firstRunId: again.firstExecutionRunId })).toMatchObject({
      kind: 'open',
    });
    expect(await fixture.engine.cancel(first, ANNA)).toBe('already_closed');
    expect(await fixture.engine.resolve({ ...first, firstRunId: randomUUID() })).toMatchObject({ kind: 'not_found' });
  });

  test('an encrypted result does not hide that it completed', async () => {
    await using _worker = await fixture.serve('encrypted', reversingConverter);
    const client = new Client({ connection: fixture.connection, dataConverter: reversingConverter });
    const workflowId = randomUUID();
    await client.workflow.start('returns', { workflowId, taskQueue: 'encrypted', args: [{ secret: true }] });
    const target = { namespace: 'default', temporalWorkflowId: workflowId, firstRunId: null };
    expect(await fixture.ended(target)).toMatchObject({
      status: 'completed',
      output: null,
      outputNote: 'undecodable: binary/encrypted',
    });
    const able = createEngine({ connection: fixture.connection, dataConverter: reversingConverter });
    expect(await able.resolve(target)).toMatchObject({ outcome: { output: { secret: true }, outputNote: null } });
  });

  test('a result of 1.9 MB, more than the ledger keeps, is completed', async () => {
    const outcome = await fixture.ended(await fixture.start('returnsLong', [1_900_000]));
    expect(outcome).toMatchObject({ status: 'completed', output: null, outputNote: 'too_large' });
  });
});
