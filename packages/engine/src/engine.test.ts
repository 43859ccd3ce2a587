import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import type { ControlRequest, EngineTarget, OpenRun, StartRequest } from '@runledger/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectEngine } from './connect-engine.ts';
import { createEngine } from './engine.ts';
import type { EngineFixture } from './fixtures/engine-fixture.ts';
import { startEngineFixture } from './fixtures/engine-fixture.ts';
import { until } from './fixtures/until.ts';

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await startEngineFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const ANNA: ControlRequest = { actor: 'anna@example.com', reason: 'ordered twice' };

function request(overrides: Partial<StartRequest> = {}): StartRequest {
  return {
    namespace: 'default',
    workflowId: randomUUID(),
    workflowType: 'returns',
    taskQueue: fixture.taskQueue,
    input: null,
    executionTimeout: null,
    runTimeout: null,
    retryPolicy: null,
    userId: 'anna',
    ...overrides,
  };
}

async function untilOpen(target: EngineTarget, satisfies: (open: OpenRun) => boolean): Promise<OpenRun> {
  const resolution = await until(
    () => fixture.engine.resolve(target),
    (found) => found.kind === 'open' && satisfies(found.open),
  );
  if (resolution.kind !== 'open') throw new TypeError('not open');
  return resolution.open;
}

describe.concurrent('how an execution ended', () => {
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

  test('a workflow that returns nothing is completed without output', async () => {
    const outcome = await fixture.ended(await fixture.start('returnsNothing'));
    expect(outcome).toMatchObject({ status: 'completed', output: null, outputNote: null });
  });

  test('a result that is not JSON, too large or not storable is still completed, and says why', async () => {
    const [bytes, long, nul] = await Promise.all([
      fixture.start('returnsBytes').then(fixture.ended),
      fixture.start('returnsLong', [1_200_000]).then(fixture.ended),
      fixture.start('returns', [{ note: 'a\u0000b' }]).then(fixture.ended),
    ]);
    expect(bytes).toMatchObject({ status: 'completed', output: null, outputNote: 'not_json' });
    expect(long).toMatchObject({ status: 'completed', output: null, outputNote: 'too_large' });
    expect(nul).toMatchObject({
      status: 'completed',
      output: { note: 'a\uFFFDb' },
      outputNote: 'characters_replaced',
    });
  });

  test('a failed workflow says what failed, with type, stack and cause', async () => {
    const outcome = await fixture.ended(await fixture.start('failsWith', ['no stock', 'StockError']));
    expect(outcome).toMatchObject({ status: 'failed', errorMessage: 'no stock (StockError)', output: null });
    expect(outcome.failure).toMatchObject({
      type: 'StockError',
      message: 'no stock',
      nonRetryable: true,
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

  test('a cancelled workflow says who asked for it, and why', async () => {
    const target = await fixture.start('waits');
    expect(await fixture.engine.cancel(target, ANNA)).toBe('requested');
    expect(await fixture.ended(target)).toMatchObject({
      status: 'cancelled',
      actor: 'anna@example.com',
      reason: 'ordered twice',
      errorMessage: 'Cancelled by anna@example.com: ordered twice',
    });
  });

  test('a terminated workflow says who did it, and why', async () => {
    const target = await fixture.start('waits');
    expect(await fixture.engine.terminate(target, ANNA)).toBe('requested');
    expect(await fixture.ended(target)).toMatchObject({
      status: 'terminated',
      actor: 'anna@example.com',
      reason: 'ordered twice',
      errorMessage: 'Terminated by anna@example.com: ordered twice',
      failure: { type: 'TerminatedFailure' },
    });
  });

  test('a timeout says whether it was that of the run or of the whole execution', async () => {
    const [run, execution] = await Promise.all([
      fixture.start('waits', [], { workflowRunTimeout: '1s' }).then(fixture.ended),
      fixture.start('waits', [], { workflowExecutionTimeout: '1s' }).then(fixture.ended),
    ]);
    expect(run).toMatchObject({ status: 'timed_out', errorMessage: 'Timed out: the run timeout of 1s passed' });
    expect(execution).toMatchObject({
      status: 'timed_out',
      errorMessage: 'Timed out: the execution timeout of 1s passed',
    });
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

  test('a workflow that waits for its retry is open', async () => {
    const retry = { maximumAttempts: 3, initialInterval: '1h' } as const;
    const target = await fixture.start('alwaysFails', [], { retry });
    const open = await untilOpen(target, ({ runs }) => runs.length === 2);
    expect(open).toMatchObject({ runs: [{ status: 'failed' }, { status: 'running', cause: 'retry' }] });
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
});

describe.concurrent('executions that are not over', () => {
  test('an open workflow is open in its first run', async () => {
    const target = await fixture.start('waits');
    await untilOpen(target, ({ firstTaskAt }) => firstTaskAt !== null);
    const resolution = await fixture.engine.resolve({ ...target, firstRunId: null });
    expect(resolution).toMatchObject({
      kind: 'open',
      open: { firstRunId: target.firstRunId, runId: target.firstRunId, cancelRequested: false },
    });
  });

  test('a workflow without a worker is open, and has had no first task', async () => {
    const target = await fixture.start('waits', [], { taskQueue: 'nobody' });
    await fixture.engine.cancel(target, ANNA);
    expect(await fixture.engine.resolve(target)).toMatchObject({
      kind: 'open',
      open: { firstTaskAt: null, cancelRequested: true },
    });
  });

  test('a reset workflow goes on in the run that the reset began', async () => {
    const target = await fixture.start('waits');
    const handle = fixture.client.workflow.getHandle(target.workflowId);
    await until(
      async () => (await handle.describe()).historyLength,
      (length) => length >= 4,
    );
    const { runId } = await fixture.client.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: target.workflowId, runId: target.firstRunId },
      reason: 'once more',
      requestId: randomUUID(),
      workflowTaskFinishEventId: 4 as never,
    });
    const resolution = await fixture.engine.resolve(target);
    expect(resolution).toMatchObject({
      kind: 'open',
      open: {
        firstRunId: target.firstRunId,
        runId,
        runs: [
          { runId: target.firstRunId, runNumber: 1, status: 'terminated' },
          { runId, runNumber: 2, cause: 'reset', status: 'running' },
        ],
      },
    });
    await handle.signal('finish', 'after the reset');
    expect(await fixture.ended(target)).toMatchObject({ status: 'completed', runId, output: 'after the reset' });
  });

  test('an unknown workflow is not found, which is not an end', async () => {
    const resolution = await fixture.engine.resolve({ namespace: 'default', workflowId: 'nobody', firstRunId: null });
    expect(resolution).toMatchObject({ kind: 'not_found', reason: expect.stringContaining('nobody') });
  });

  test('a workflow id that was used again is not mistaken for the execution before', async () => {
    const first = await fixture.start('continues', [1]);
    await fixture.ended(first);
    const again = await fixture.client.workflow.start('waits', {
      workflowId: first.workflowId,
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
});

describe.concurrent('starting', () => {
  test('a start is given the ledger id, the input and the user', async () => {
    const start = request({ input: { hello: 'world' }, retryPolicy: { maximumAttempts: 2 }, runTimeout: '2h' });
    const result = await fixture.engine.start(start);
    expect(result).toMatchObject({ kind: 'started', alreadyStarted: false });
    const target = { namespace: 'default', workflowId: start.workflowId, firstRunId: null };
    expect(await fixture.ended(target)).toMatchObject({ status: 'completed', output: { hello: 'world' } });
    const description = await fixture.client.workflow.getHandle(start.workflowId).describe();
    expect(await description.staticSummary()).toBe('For user anna');
    expect(description.memo).toEqual({ runledgerUser: 'anna' });
  });

  test('a repeated start finds the first one, even after it closed or continued as new', async () => {
    const start = request({ workflowType: 'continues', input: 2 });
    const first = await fixture.engine.start(start);
    const running = await fixture.engine.start(start);
    const outcome = await fixture.ended({ ...start, firstRunId: null });
    const closed = await fixture.engine.start(start);
    const firstRunId = first.kind === 'started' ? first.firstRunId : null;
    expect(outcome.runs).toHaveLength(3);
    expect(running).toMatchObject({ kind: 'started', alreadyStarted: true, firstRunId });
    expect(closed).toMatchObject({ kind: 'started', alreadyStarted: true, firstRunId });
  });

  test('ten starts at once start one workflow', async () => {
    const start = request({ workflowType: 'waits' });
    const results = await Promise.all(Array.from({ length: 10 }, () => fixture.engine.start(start)));
    expect(new Set(results.map((result) => (result.kind === 'started' ? result.firstRunId : 'refused'))).size).toBe(1);
    expect(results.filter((result) => result.kind === 'started' && !result.alreadyStarted)).toHaveLength(1);
  });

  test.each([
    ['an unknown namespace', { namespace: 'nowhere' }, /namespace/i],
    ['an input of 3 MB', { input: 'x'.repeat(3_000_000) }, /blob data size/i],
    ['an input of 5 MB', { input: 'x'.repeat(5_000_000) }, /larger than max/i],
    [
      'a retry policy that contradicts itself',
      { retryPolicy: { maximumInterval: '1s', initialInterval: '2s' } },
      /interval/i,
    ],
    ['an empty task queue', { taskQueue: '' }, /task ?queue/i],
  ])('%s is refused for good, and says why', async (_, overrides, why) => {
    const result = await fixture.engine.start(request(overrides));
    expect(result).toMatchObject({ kind: 'refused', failure: { type: 'StartRefused', nonRetryable: true } });
    expect(result.kind === 'refused' && result.failure.message).toMatch(why);
  });
});

describe.concurrent('cancel and terminate', () => {
  test('a closed execution is already closed, an unknown one is not found', async () => {
    const closed = await fixture.start('returns', [1]);
    await fixture.ended(closed);
    const unknown = { namespace: 'default', workflowId: 'nobody', firstRunId: null };
    expect(
      await Promise.all([
        fixture.engine.cancel(closed, ANNA),
        fixture.engine.terminate(closed, ANNA),
        fixture.engine.cancel(unknown, ANNA),
        fixture.engine.terminate(unknown, ANNA),
      ]),
    ).toEqual(['already_closed', 'already_closed', 'not_found', 'not_found']);
  });

  test('an execution that was recorded with a later run of its chain is cancelled all the same', async () => {
    const target = await fixture.start('continuesThenWaits');
    const { runId } = await untilOpen(target, (open) => open.runId !== target.firstRunId);
    expect(await fixture.engine.cancel({ ...target, firstRunId: runId }, ANNA)).toBe('requested');
    expect(await fixture.ended({ ...target, firstRunId: runId })).toMatchObject({
      status: 'cancelled',
      firstRunId: runId,
      actor: ANNA.actor,
    });
  });

  test('a repeated cancel is taken again', async () => {
    const target = await fixture.start('waits', [], { taskQueue: 'nobody' });
    expect(await fixture.engine.cancel(target, ANNA)).toBe('requested');
    expect(await fixture.engine.cancel(target, ANNA)).toBe('requested');
  });
});

describe.concurrent('when Temporal cannot be reached', () => {
  test('every call says so, within its deadline', async () => {
    const connection = connectEngine({ address: '127.0.0.1:9' });
    const engine = createEngine({ connection, callTimeoutMs: 500 });
    const target = { namespace: 'default', workflowId: 'any', firstRunId: null };
    const calls = [
      engine.ping(),
      engine.start(request()),
      engine.resolve(target),
      engine.cancel(target, ANNA),
      engine.terminate(target, ANNA),
    ];
    for (const call of await Promise.allSettled(calls)) {
      expect(call).toMatchObject({ status: 'rejected', reason: { code: 'engine_unavailable' } });
    }
    await connection.close();
  });

  test('a server that never answers is unavailable once the deadline is over', async () => {
    const server = createServer(() => {}).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const connection = connectEngine({ address: `127.0.0.1:${(server.address() as AddressInfo).port}` });
    const engine = createEngine({ connection, callTimeoutMs: 500 });
    await expect(engine.ping()).rejects.toMatchObject({ code: 'engine_unavailable' });
    await connection.close();
    server.close();
  });

  test('a namespace that does not exist is refused: it says nothing about its workflows', async () => {
    const target = { namespace: 'nowhere', workflowId: 'any', firstRunId: null };
    const refusal = { code: 'engine_refused', message: expect.stringContaining('nowhere') };
    await expect(fixture.engine.resolve(target)).rejects.toMatchObject(refusal);
    await expect(fixture.engine.cancel(target, ANNA)).rejects.toMatchObject(refusal);
  });
});
