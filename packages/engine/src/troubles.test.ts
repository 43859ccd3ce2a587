import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { temporal } from '@temporalio/proto';
import { describe, expect, test } from 'vitest';
import { readDescribedRun } from './described-run.ts';
import { createQueuePollers } from './queue-pollers.ts';
import type { TemporalCalls } from './temporal-calls.ts';
import { readTroubles } from './troubles.ts';

type Description = temporal.api.workflowservice.v1.IDescribeWorkflowExecutionResponse;

const NOW = Date.parse('2026-11-28T10:00:00Z');
const at = (agoMs: number) => ({ seconds: Math.floor((NOW - agoMs) / 1_000) as never, nanos: 0 });
const iso = (agoMs: number) => new Date(NOW - agoMs).toISOString().replace('.000Z', '.000000Z');
const WAITING = 1;
const RUNNING = 1;

/** Temporal that answers for queues, and counts how often it was asked. */
function fakeQueues(answer: () => Promise<object>) {
  const asked: string[] = [];
  const service = {
    describeTaskQueue: ({ taskQueue, taskQueueType }: { taskQueue: { name: string }; taskQueueType: number }) => {
      asked.push(`${taskQueue.name} ${taskQueueType}`);
      return answer();
    },
  };
  const call: TemporalCalls = (make) => make(service as never, {} as never);
  return { asked, pollers: createQueuePollers(call) };
}

const nobody = async () => ({});
function troublesOf(description: Description, { pollers } = fakeQueues(nobody)) {
  const run = readDescribedRun({
    executionConfig: { taskQueue: { name: 'orders' } },
    ...description,
    workflowExecutionInfo: { status: RUNNING, ...description.workflowExecutionInfo },
  });
  return readTroubles(run, {
    namespace: 'default',
    converter: loadDataConverter(),
    pollers,
    lastEvents: async () => [{ activityTaskScheduledEventAttributes: { activityId: '7' }, eventTime: at(3_600_000) }],
    now: NOW,
  });
}

const activity = (more: object = {}) => ({ activityId: '7', activityType: { name: 'chargeCard' }, state: 2, ...more });
const declined = { message: 'card declined', applicationFailureInfo: { type: 'CardError' } };

describe('what keeps a run from going on', () => {
  test('is nothing while it goes on: a task on its way, an activity that works, one that failed once', async () => {
    expect(
      await troublesOf({
        pendingWorkflowTask: { state: WAITING, scheduledTime: at(2_000) },
        pendingActivities: [activity({ attempt: 1 }), activity({ attempt: 2, lastFailure: declined })],
      }),
    ).toEqual([]);
  });

  test('is an activity that only fails: the one tried most, with its last failure, since when, and how many are like it', async () => {
    const failing = (attempt: number, activityId: string) => activity({ attempt, activityId, lastFailure: declined });
    expect(await troublesOf({ pendingActivities: [failing(5, '6'), failing(13, '7'), failing(2, '8')] })).toEqual([
      {
        kind: 'activity_fails',
        activityType: 'chargeCard',
        attempts: 12,
        failure: 'card declined (CardError)',
        since: iso(3_600_000),
        activities: 2,
      },
    ]);
  });

  test('is a workflow task, or an activity, that nobody takes, with who polls its queue', async () => {
    const polled = async () => ({ pollers: [{ lastAccessTime: at(50_000) }, { lastAccessTime: at(4_000) }] });
    const waiting = activity({ state: WAITING, attempt: 1, scheduledTime: at(70_000) });
    const elsewhere = { ...waiting, activityOptions: { taskQueue: { name: 'cards' } }, scheduledTime: at(90_000) };
    expect(
      await troublesOf(
        {
          pendingWorkflowTask: { state: WAITING, originalScheduledTime: at(60_000), scheduledTime: at(1_000) },
          pendingActivities: [waiting, elsewhere],
        },
        fakeQueues(polled),
      ),
    ).toEqual([
      {
        kind: 'workflow_task_waits',
        since: iso(60_000),
        queue: { name: 'orders', pollers: 2, lastPolledAt: iso(4_000) },
      },
      {
        kind: 'activity_waits',
        activityType: 'chargeCard',
        since: iso(90_000),
        queue: { name: 'cards', pollers: 2, lastPolledAt: iso(4_000) },
        activities: 2,
      },
    ]);
  });

  test('is not said of a retry that is not due yet, nor of a run that is paused', async () => {
    const retry = activity({ state: WAITING, attempt: 2, scheduledTime: at(-60_000) });
    expect(await troublesOf({ pendingActivities: [retry] })).toEqual([]);
    const paused = {
      workflowExecutionInfo: { status: 8 },
      pendingWorkflowTask: { state: WAITING, scheduledTime: at(1e6) },
    };
    expect(await troublesOf(paused)).toEqual([]);
  });
});

describe('who polls a task queue', () => {
  test('is asked once for all executions that wait on it, and each kind of task by itself', async () => {
    const queues = fakeQueues(nobody);
    const waits = { pendingWorkflowTask: { state: WAITING, scheduledTime: at(60_000) } };
    await Promise.all(Array.from({ length: 100 }, () => troublesOf(waits, queues)));
    await troublesOf(
      { pendingActivities: [activity({ state: WAITING, attempt: 1, scheduledTime: at(60_000) })] },
      queues,
    );
    expect(queues.asked).toEqual(['orders 1', 'orders 2']);
  });

  test('is not known where Temporal does not say, and that fails nothing', async () => {
    const queues = fakeQueues(() => Promise.reject(new Error('unavailable')));
    expect(await queues.pollers.of('default', 'orders', 'workflow')).toEqual({
      name: 'orders',
      pollers: null,
      lastPolledAt: null,
    });
  });

  test('is remembered of a bounded number of queues', async () => {
    const queues = fakeQueues(nobody);
    for (let n = 0; n <= 1_000; n += 1) await queues.pollers.of('default', `queue-${n}`, 'workflow');
    await queues.pollers.of('default', 'queue-1000', 'workflow');
    expect(queues.asked).toHaveLength(1_001);
    await queues.pollers.of('default', 'queue-0', 'workflow');
    expect(queues.asked).toHaveLength(1_002);
  });
});
