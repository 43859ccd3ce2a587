import type { Step } from '@runledger/contracts';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import { describe, expect, test } from 'vitest';
import { GRPC } from './grpc-error.ts';
import type { TemporalCalls } from './temporal-calls.ts';
import { readTimeline } from './timeline.ts';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

const notFound = () =>
  Object.assign(new Error('5 NOT_FOUND'), { code: GRPC.notFound, details: 'workflow not found', metadata: {} });

/** Temporal with the histories of these runs, an event a page; a run breaks off where there is no event. */
function fakeHistories(runs: Record<string, (HistoryEvent | null)[]>) {
  const service = {
    async getWorkflowExecutionHistory({
      execution,
      nextPageToken,
    }: {
      execution: { runId: string };
      nextPageToken?: Uint8Array;
    }) {
      const events = runs[execution.runId] ?? [];
      const index = Number(nextPageToken ? Buffer.from(nextPageToken).toString() : 0);
      const event = events[index];
      if (!event) throw notFound();
      const isLast = index === events.length - 1;
      return { history: { events: [event] }, nextPageToken: isLast ? undefined : Buffer.from(String(index + 1)) };
    },
    async describeWorkflowExecution() {
      throw notFound();
    },
  };
  const call: TemporalCalls = (make) => make(service as never, {} as never);
  return (...runIds: string[]) =>
    readTimeline({ call, converter: loadDataConverter() }, { namespace: 'default', temporalWorkflowId: 'any', runIds });
}

let seconds = 1_795_254_822;
const event = (eventId: number, attributes: HistoryEvent): HistoryEvent => {
  seconds += 1;
  return { eventId: eventId as never, eventTime: { seconds: seconds as never, nanos: 0 }, ...attributes };
};
const id = (eventId: number) => eventId as never;
const startedAs = (originalExecutionRunId: string) =>
  event(1, { workflowExecutionStartedEventAttributes: { originalExecutionRunId } });
const activity = (eventId: number, name: string) =>
  event(eventId, { activityTaskScheduledEventAttributes: { activityId: `${eventId}`, activityType: { name } } });
const activityCompleted = (scheduled: number) =>
  event(scheduled + 1, { activityTaskCompletedEventAttributes: { scheduledEventId: id(scheduled) } });
const resetMark = (newRunId: string) => event(9, { workflowTaskFailedEventAttributes: { newRunId } });
const closed = () => event(99, { workflowExecutionCompletedEventAttributes: {} });

const inShort = (step: Step) => [step.runId, step.kind, step.name, step.status];

describe('a run that a reset began', () => {
  const start = [startedAs('a'), activity(2, 'first'), activityCompleted(2), activity(5, 'second')];
  const afterFirstReset = [resetMark('b'), activityCompleted(5)];
  const runs = {
    a: [...start, closed()],
    b: [...start, ...afterFirstReset, closed()],
    c: [...start, ...afterFirstReset, resetMark('c'), activity(20, 'third'), closed()],
  };

  test('has what it took over open, and not what had ended before', async () => {
    const timeline = await fakeHistories(runs)('a', 'b');
    expect(timeline.steps.map(inShort)).toEqual([
      ['a', 'activity', 'first', 'completed'],
      ['a', 'activity', 'second', 'abandoned'],
      ['b', 'activity', 'second', 'completed'],
    ]);
    expect(timeline.activitiesExecuted).toBe(2);
  });

  test('has all of it where the run that was reset is gone', async () => {
    const timeline = await fakeHistories(runs)('b');
    expect(timeline.steps.map(inShort)).toEqual([
      ['b', 'activity', 'first', 'completed'],
      ['b', 'activity', 'second', 'completed'],
    ]);
    expect(timeline.activitiesExecuted).toBe(2);
  });

  test('is not begun by the mark of an earlier reset', async () => {
    const timeline = await fakeHistories(runs)('a', 'b', 'c');
    expect(timeline.steps.map(inShort)).toEqual([
      ['a', 'activity', 'first', 'completed'],
      ['a', 'activity', 'second', 'abandoned'],
      ['b', 'activity', 'second', 'completed'],
      ['c', 'activity', 'third', 'abandoned'],
    ]);
    expect(timeline.activitiesExecuted).toBe(3);
  });
});

describe('workflow code that fails', () => {
  const { TimeoutType, WorkflowTaskFailedCause: Cause } = proto.temporal.api.enums.v1;
  const scheduled = (attempt: number) => event(10, { workflowTaskScheduledEventAttributes: { attempt } });
  const started = () => event(11, { workflowTaskStartedEventAttributes: {} });
  const failed = (cause = Cause.WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE) =>
    event(12, {
      workflowTaskFailedEventAttributes: { cause, failure: { message: 'x is undefined', applicationFailureInfo: {} } },
    });
  const timedOut = (timeoutType: number) => event(12, { workflowTaskTimedOutEventAttributes: { timeoutType } });
  const wentWell = () => event(13, { workflowTaskCompletedEventAttributes: {} });
  const read = async (...events: HistoryEvent[]) =>
    (await fakeHistories({ a: [startedAs('a'), ...events] })('a')).steps;

  test('is a step from its first failure until it goes well, with how often it was tried and why', async () => {
    const steps = await read(scheduled(1), started(), failed(), scheduled(7), started(), wentWell(), closed());
    expect(steps).toMatchObject([
      { kind: 'workflow_task', status: 'completed', attempts: 7, failure: { message: 'x is undefined' } },
    ]);
    const [{ scheduledAt, startedAt, endedAt } = {}] = steps;
    expect([scheduledAt, startedAt, endedAt].toSorted()).toEqual([scheduledAt, startedAt, endedAt]);
    expect(new Set([scheduledAt, startedAt, endedAt]).size).toBe(3);
  });

  test('is open as long as it fails, and given up when its run ends', async () => {
    const failing = [scheduled(1), started(), failed(), scheduled(2), failed()];
    expect(await read(...failing, activity(20, 'pay'))).toMatchObject([
      { status: 'scheduled', attempts: 2, endedAt: null, startedAt: null },
      { kind: 'activity' },
    ]);
    expect(await read(...failing, closed())).toMatchObject([{ status: 'abandoned', failure: { type: null } }]);
  });

  test('is told of a worker that took it and did not answer', async () => {
    const [step] = await read(scheduled(1), timedOut(TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE), closed());
    expect(step?.failure?.message).toMatch(/the worker took it and did not answer/);
  });

  test('is not told of what is routine: another worker, a signal that came meanwhile, a reset', async () => {
    const causes = [
      Cause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND,
      Cause.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW,
      // Of a run that is terminated or reset while its code decides.
      Cause.WORKFLOW_TASK_FAILED_CAUSE_FORCE_CLOSE_COMMAND,
    ];
    const routine = [timedOut(TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START), ...causes.map((cause) => failed(cause))];
    for (const one of routine) expect(await read(scheduled(1), one, scheduled(2), wentWell(), closed())).toEqual([]);
  });
});

test('an update that a reset handed on is one step, from its admission on', async () => {
  const request = { meta: { updateId: 'u1' }, input: { name: 'approve' } };
  const events = [
    startedAs('a'),
    event(2, { workflowExecutionUpdateAdmittedEventAttributes: { request } }),
    event(3, { workflowExecutionUpdateAcceptedEventAttributes: { protocolInstanceId: 'u1' } }),
    event(4, { workflowExecutionUpdateCompletedEventAttributes: { acceptedEventId: id(3), outcome: { success: {} } } }),
    closed(),
  ];
  const { steps } = await fakeHistories({ a: events })('a');
  expect(steps.map(inShort)).toEqual([['a', 'update', 'approve', 'completed']]);
  const [step] = steps;
  const moments = [step?.scheduledAt, step?.startedAt, step?.endedAt];
  expect(new Set(moments).size).toBe(3);
  expect(moments.toSorted()).toEqual(moments);
});

test('an activity that no worker took says so, and not how often it was tried', async () => {
  const { TimeoutType } = proto.temporal.api.enums.v1;
  const timeoutType = TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START;
  const failure = { message: 'activity timeout', timeoutFailureInfo: { timeoutType } };
  const timedOut = event(3, { activityTaskTimedOutEventAttributes: { scheduledEventId: id(2), failure } });
  const { steps } = await fakeHistories({ a: [startedAs('a'), activity(2, 'pay'), timedOut, closed()] })('a');
  expect(steps).toMatchObject([
    { status: 'timed_out', attempts: null, startedAt: null, failure: { message: 'schedule-to-start timeout' } },
  ]);
});

test('events that are no steps, and those of a later server, are passed over', async () => {
  const unknown = {
    eventId: 2,
    eventTime: null,
    somethingNewEventAttributes: { scheduledEventId: 1 },
  } as object as HistoryEvent;
  const marker = event(3, { markerRecordedEventAttributes: { markerName: 'core_local_activity' } });
  const stray = activityCompleted(40);
  expect(await fakeHistories({ a: [startedAs('a'), unknown, marker, stray, closed()] })('a')).toEqual({
    state: 'complete',
    steps: [],
    omitted: {},
    activitiesExecuted: 0,
  });
});

test('a history that is deleted while it is read does not pass for a whole one', async () => {
  const read = fakeHistories({ a: [startedAs('a'), activity(2, 'pay'), null] });
  await expect(read('a')).rejects.toMatchObject({ code: 'engine_unavailable' });
});
