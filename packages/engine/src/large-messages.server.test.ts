import { randomUUID } from 'node:crypto';
import type { Engine } from '@runledger/contracts';
import type { Connection } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectEngine } from './connect-engine.ts';
import { createEngine } from './engine.ts';
import type { EngineFixture, Started } from './fixtures/engine-fixture.ts';
import { startEngineFixture } from './fixtures/engine-fixture.ts';
import { until } from './fixtures/until.ts';
import { createVisibility } from './visibility.ts';
import { createRunWatch } from './watch-run.ts';

/** A small one, so that a test needs no histories of many megabytes. */
const MAX_MESSAGE_BYTES = 100_000;

let fixture: EngineFixture;
let small: Connection;
let engine: Engine;
beforeAll(async () => {
  // It takes up activities by hand, of a task queue that others leave theirs in.
  fixture = await startEngineFixture({});
  small = connectEngine({ address: fixture.address, maxMessageBytes: MAX_MESSAGE_BYTES });
  engine = createEngine({ connection: small });
});
afterAll(async () => {
  await small?.close();
  await fixture?.[Symbol.asyncDispose]();
});

const chainOf = ({ namespace, temporalWorkflowId, firstRunId }: Started) => ({
  namespace,
  temporalWorkflowId,
  runIds: [firstRunId as string],
});

describe('what is larger than one message may be', () => {
  test('an end is recorded by its status and time, and the note says what is missing', async () => {
    const target = await fixture.start('returnsLong', [300_000]);
    const { closedAt, firstTaskAt, engineStartedAt } = await fixture.ended(target);
    const resolution = await engine.resolve(target);
    expect(resolution).toMatchObject({
      kind: 'closed',
      outcome: { status: 'completed', output: null, outputNote: 'too_large', closedAt, firstTaskAt, engineStartedAt },
    });
    expect(await engine.readTimeline(chainOf(target))).toMatchObject({ state: 'cut' });
  });

  test('pages of a history are asked for in smaller ones, and nothing of them is missing', async () => {
    // Nobody serves it, so that each signal is a piece of history by itself.
    const target = await fixture.start('waits', [], { taskQueue: 'without a worker' });
    const handle = fixture.client.workflow.getHandle(target.temporalWorkflowId);
    for (let count = 0; count < 12; count += 1) await handle.signal('ignored', 'x'.repeat(60_000));
    await handle.terminate('enough');
    expect(await engine.resolve(target)).toMatchObject({
      kind: 'closed',
      outcome: { status: 'terminated', reason: 'enough', engineStartedAt: expect.any(String) },
    });
    const timeline = await engine.readTimeline(chainOf(target));
    expect(timeline.state).toBe('complete');
    expect(timeline.steps.map(({ name }) => name)).toEqual(Array(12).fill('ignored'));
  });

  test('a page of more than 4 MB, which grpc refuses by itself, is read in one piece', async () => {
    const target = await fixture.start('waits', [], { taskQueue: 'without a worker' });
    const handle = fixture.client.workflow.getHandle(target.temporalWorkflowId);
    for (let count = 0; count < 4; count += 1) await handle.signal('ignored', 'x'.repeat(1_500_000));
    await handle.terminate('enough');
    expect(await fixture.engine.resolve(target)).toMatchObject({ kind: 'closed', outcome: { status: 'terminated' } });
    const timeline = await fixture.engine.readTimeline(chainOf(target));
    expect(timeline).toMatchObject({ state: 'complete', steps: { length: 4 } });
  });

  test('who cancelled is found past large events', async () => {
    const taskQueue = 'served late';
    const target = await fixture.start('waits', [], { taskQueue });
    const handle = fixture.client.workflow.getHandle(target.temporalWorkflowId);
    for (let count = 0; count < 4; count += 1) await handle.signal('ignored', 'x'.repeat(80_000));
    await engine.cancel(target, { actor: 'ada', reason: 'too much' });
    await using _worker = await fixture.serve(taskQueue, {});
    await fixture.ended(target);
    expect(await engine.resolve(target)).toMatchObject({
      outcome: { status: 'cancelled', actor: 'ada', reason: 'too much' },
    });
  });

  test('an open run whose activities say too much is still known to be open', async () => {
    const target = await fixture.start('waitsForNobody');
    await fixture.connection.withDeadline(Date.now() + 30_000, async () => {
      const service = fixture.connection.workflowService;
      const queue = { namespace: 'default', taskQueue: { name: 'nobody' }, identity: 'by hand' };
      const { taskToken } = await service.pollActivityTaskQueue(queue);
      const details = { payloads: [defaultPayloadConverter.toPayload('x'.repeat(300_000))] };
      await service.recordActivityTaskHeartbeat({ namespace: 'default', taskToken, details, identity: 'by hand' });
    });
    const resolution = await until(
      () => engine.resolve(target),
      (found) => found.kind === 'open',
    );
    expect(resolution).toMatchObject({ open: { runId: target.firstRunId, engineStatus: 'RUNNING' } });
    expect((await engine.readTimeline(chainOf(target))).steps).toMatchObject([{ kind: 'activity' }]);
    await fixture.client.workflow.getHandle(target.temporalWorkflowId).terminate();
  });

  test('a poll that is answered by a large end has seen it', async () => {
    const target = await fixture.start('returnsLong', [300_000]);
    const watch = createRunWatch(small);
    const run = {
      namespace: target.namespace,
      temporalWorkflowId: target.temporalWorkflowId,
      runId: target.firstRunId,
    };
    expect(await watch(run, { signal: new AbortController().signal })).toBe('closed');
  });

  test('lists of runs with large memos come in shorter pages', async () => {
    const note = 'x'.repeat(20_000);
    const ids = Array.from({ length: 12 }, () => `memo-${randomUUID()}`);
    await Promise.all(ids.map((workflowId) => fixture.start('returns', [1], { workflowId, memo: { note } })));
    const visibility = createVisibility({ connection: small });
    const from = new Date(Date.now() - 3_600_000).toISOString();
    const all = await until(
      async () => {
        // One that closes meanwhile moves on in the list, and is seen again.
        const found = new Set<string>();
        let pageToken: string | null = null;
        do {
          const page = await visibility.listRuns(
            'default',
            { by: 'start', from, to: null },
            { pageSize: 100, pageToken },
          );
          for (const { memo, temporalWorkflowId: workflowId } of page.runs)
            if (memo.note === note) found.add(workflowId);
          pageToken = page.nextPageToken;
        } while (pageToken !== null);
        return found;
      },
      (found) => found.size >= ids.length,
    );
    expect([...all].toSorted()).toEqual(ids.toSorted());
  });
});
