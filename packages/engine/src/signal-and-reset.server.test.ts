import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EngineFixture } from './fixtures/engine-fixture.ts';
import { startEngineFixture } from './fixtures/engine-fixture.ts';
import { firstTaskOf } from './fixtures/reset-run.ts';

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await startEngineFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const unknown = { namespace: 'default', temporalWorkflowId: 'nobody', firstRunId: null };
const signal = (input?: string) => ({
  actor: 'anna',
  name: 'finish',
  requestId: randomUUID(),
  ...(input === undefined ? {} : { input }),
});
const reset = (to: 'first' | 'last' = 'first') => ({
  actor: 'anna',
  reason: 'the data was wrong',
  to,
  requestId: randomUUID(),
});

const eventsOf = async ({ temporalWorkflowId }: { temporalWorkflowId: string }) => {
  const history = await fixture.client.workflow.getHandle(temporalWorkflowId).fetchHistory();
  return history.events ?? [];
};

describe.concurrent('a signal', () => {
  test('reaches the workflow with its input, once however often it is sent, and says who sent it', async () => {
    const target = await fixture.start('waits', [], { taskQueue: 'nobody' });
    const approval = signal('approved');
    expect(await fixture.engine.signal(target, approval)).toBe('requested');
    expect(await fixture.engine.signal(target, approval)).toBe('requested');
    const received = (await eventsOf(target)).flatMap((event) => event.workflowExecutionSignaledEventAttributes ?? []);
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({ signalName: 'finish', identity: 'anna' });
    const served = await fixture.start('waits');
    await fixture.engine.signal(served, signal('approved'));
    expect(await fixture.ended(served)).toMatchObject({ status: 'completed', output: 'approved' });
  });

  test('of what has closed or is unknown says so', async () => {
    const closed = await fixture.start('returns', [1]);
    await fixture.ended(closed);
    expect(await fixture.engine.signal(closed, signal())).toBe('already_closed');
    expect(await fixture.engine.signal(unknown, signal())).toBe('not_found');
  });
});

describe.concurrent('a reset', () => {
  test('lets a closed execution run again, in a new run of the same chain, once however often it is sent', async () => {
    const target = await fixture.start('returns', [7]);
    await fixture.ended(target);
    const request = reset();
    const first = await fixture.engine.reset(target, request);
    expect(first).toMatchObject({ kind: 'reset', runId: expect.not.stringContaining(target.firstRunId) });
    expect(await fixture.ended(target)).toMatchObject({
      ...{ status: 'completed', output: 7, firstRunId: target.firstRunId },
      runId: first.kind === 'reset' ? first.runId : '',
    });
    expect((await fixture.engine.resolve(target)).kind).toBe('closed');
  });

  test('ends an open run, and goes on from the last task with what it had done until then', async () => {
    const target = await fixture.start('waits');
    await firstTaskOf(fixture.client, target);
    const result = await fixture.engine.reset(target, reset('last'));
    expect(result).toMatchObject({ kind: 'reset' });
    await fixture.engine.signal(target, signal('after the reset'));
    expect(await fixture.ended(target)).toMatchObject({ status: 'completed', output: 'after the reset' });
  });

  test('of what never got as far as a workflow task, or is unknown, does nothing', async () => {
    const target = await fixture.start('waits', [], { taskQueue: 'nobody' });
    expect(await fixture.engine.reset(target, reset())).toEqual({ kind: 'no_task' });
    expect(await fixture.engine.reset(target, reset('last'))).toEqual({ kind: 'no_task' });
    expect(await fixture.engine.reset(unknown, reset())).toEqual({ kind: 'not_found' });
  });

  test('never ends what runs under its workflow id since', async () => {
    const target = await fixture.start('returns', [1]);
    await fixture.ended(target);
    const { temporalWorkflowId: workflowId } = target;
    const next = await fixture.client.workflow.start('waits', { workflowId, taskQueue: fixture.taskQueue });
    expect(await fixture.engine.reset(target, reset())).toEqual({ kind: 'superseded' });
    expect(await next.describe()).toMatchObject({ status: { name: 'RUNNING' } });
  });
});
