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
    temporalWorkflowId: randomUUID(),
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

describe.concurrent('what a workflow returned', () => {
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
    expect(bytes).toMatchObject({ status: 'completed', output: null, outputNote: 'not_json: binary/plain' });
    expect(long).toMatchObject({ status: 'completed', output: null, outputNote: 'too_large' });
    expect(nul).toMatchObject({
      status: 'completed',
      output: { note: 'a\uFFFDb' },
      outputNote: 'characters_replaced',
    });
  });
});

describe.concurrent('starting', () => {
  test('a start is given the ledger id, the input and the user', async () => {
    const start = request({ input: { hello: 'world' }, retryPolicy: { maximumAttempts: 2 }, runTimeout: '2h' });
    const result = await fixture.engine.start(start);
    expect(result).toMatchObject({ kind: 'started', alreadyStarted: false });
    const target = { namespace: 'default', temporalWorkflowId: start.temporalWorkflowId, firstRunId: null };
    expect(await fixture.ended(target)).toMatchObject({ status: 'completed', output: { hello: 'world' } });
    const description = await fixture.client.workflow.getHandle(start.temporalWorkflowId).describe();
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
    const unknown = { namespace: 'default', temporalWorkflowId: 'nobody', firstRunId: null };
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
      firstRunId: target.firstRunId,
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
    const target = { namespace: 'default', temporalWorkflowId: 'any', firstRunId: null };
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
    const target = { namespace: 'nowhere', temporalWorkflowId: 'any', firstRunId: null };
    const refusal = { code: 'engine_refused', message: expect.stringContaining('nowhere') };
    await expect(fixture.engine.resolve(target)).rejects.toMatchObject(refusal);
    await expect(fixture.engine.cancel(target, ANNA)).rejects.toMatchObject(refusal);
  });
});
