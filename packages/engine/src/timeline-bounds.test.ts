import type { Failure, ReadTimeline } from '@runledger/contracts';
import { STACK_LIMIT, STEP_FAILURE_LIMIT, TIMELINE_BYTES, TIMELINE_STEPS } from '@runledger/contracts';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { temporal } from '@temporalio/proto';
import { describe, expect, test } from 'vitest';
import type { ProtoFailure } from './failure.ts';
import type { TemporalCalls } from './temporal-calls.ts';
import { readTimeline } from './timeline.ts';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** Temporal with one closed run of these events, in pages as long as they are asked for. */
function fakeHistory(events: Iterable<HistoryEvent>): { call: TemporalCalls; pages: () => number } {
  const all = [...events];
  let pages = 0;
  const service = {
    async getWorkflowExecutionHistory({ maximumPageSize }: { maximumPageSize: number }) {
      const page = all.slice(pages * maximumPageSize, (pages + 1) * maximumPageSize);
      pages += 1;
      const isLast = pages * maximumPageSize >= all.length;
      return { history: { events: page }, nextPageToken: isLast ? undefined : Buffer.from('more') };
    },
  };
  return { call: (make) => make(service as never, {} as never), pages: () => pages };
}

const at = (seconds: number) => ({ seconds: (1_795_254_822 + seconds) as never, nanos: 0 });
const ended: HistoryEvent = { eventTime: at(1e6), workflowExecutionCompletedEventAttributes: {} };

/** The three events of each activity; a failure for those that `failureOf` gives one. */
function* activities(count: number, failureOf: (index: number) => ProtoFailure | null): Generator<HistoryEvent> {
  for (let index = 0; index < count; index += 1) {
    const [scheduledEventId, eventTime] = [(3 * index + 1) as never, at(index)];
    const failure = failureOf(index);
    const activityType = { name: `activity-${index}` };
    yield { eventId: scheduledEventId, eventTime, activityTaskScheduledEventAttributes: { activityType } };
    yield { eventTime, activityTaskStartedEventAttributes: { scheduledEventId, attempt: 1 } };
    yield failure
      ? { eventTime, activityTaskFailedEventAttributes: { scheduledEventId, failure } }
      : { eventTime, activityTaskCompletedEventAttributes: { scheduledEventId } };
  }
  yield ended;
}

const CHAIN = { namespace: 'default', temporalWorkflowId: 'order-1', runIds: ['01a1fe20-c876-784e-8ce6-fe70e6bc5b98'] };
const condensed = (events: Iterable<HistoryEvent>): Promise<ReadTimeline> =>
  readTimeline({ call: fakeHistory(events).call, converter: loadDataConverter() }, CHAIN);

const numbers = (timeline: ReadTimeline) => timeline.steps.map((step) => Number(step.name.split('-')[1]));
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
const boom = (message: string, more: ProtoFailure = {}): ProtoFailure => ({
  message,
  applicationFailureInfo: { type: 'Boom' },
  ...more,
});

describe('a long timeline', () => {
  test('of 500 steps is complete', async () => {
    const timeline = await condensed(activities(TIMELINE_STEPS, () => null));
    expect(timeline).toMatchObject({ state: 'complete', omitted: {}, activitiesExecuted: TIMELINE_STEPS });
    expect(numbers(timeline)).toEqual(range(0, TIMELINE_STEPS));
  });

  test('of 10,000 activities keeps the first and the last, counts the rest, and stays in bounds', async () => {
    const timeline = await condensed(activities(10_000, () => null));
    expect(numbers(timeline)).toEqual([...range(0, 250), ...range(9_750, 10_000)]);
    expect(timeline).toMatchObject({ state: 'cut', omitted: { activity: 9_500 }, activitiesExecuted: 10_000 });
    expect(bytes(timeline)).toBeLessThanOrEqual(TIMELINE_BYTES);
  });

  test('keeps one that failed in the middle, in its place', async () => {
    const timeline = await condensed(activities(10_000, (index) => (index === 5_000 ? boom('no') : null)));
    expect(numbers(timeline).filter((number) => number >= 250 && number < 9_750)).toEqual([5_000]);
    expect(timeline.steps).toHaveLength(TIMELINE_STEPS);
    expect(numbers(timeline)).toEqual(numbers(timeline).toSorted((a, b) => a - b));
    expect(timeline.steps.find((step) => step.status === 'failed')?.failure?.message).toBe('no');
  });

  test('of which most failed keeps 50 at either end and the newest failed ones', async () => {
    const timeline = await condensed(activities(10_000, (index) => (index % 2 ? boom('no') : null)));
    const kept = numbers(timeline);
    expect(kept).toHaveLength(TIMELINE_STEPS);
    expect(kept).toEqual(expect.arrayContaining([...range(0, 50), ...range(9_950, 10_000)]));
    expect(timeline.steps.filter((step) => step.status === 'failed')).toHaveLength(450);
    expect(timeline.omitted).toEqual({ activity: 9_500 });
  });

  test('in which everything is open still is condensed: what falls out may fail later', async () => {
    const scheduled = range(0, 2_000).map((index) => ({
      eventId: (index + 1) as never,
      eventTime: at(index),
      activityTaskScheduledEventAttributes: { activityType: { name: `activity-${index}` } },
    }));
    const scheduledEventId = 1_001 as never;
    const failed = {
      eventTime: at(2_000),
      activityTaskFailedEventAttributes: { scheduledEventId, failure: boom('no') },
    };
    const timeline = await condensed([...scheduled, failed, ended]);
    expect(timeline.steps).toHaveLength(TIMELINE_STEPS);
    expect(timeline.steps.find((step) => step.status === 'failed')?.name).toBe('activity-1000');
    expect(timeline.omitted).toEqual({ activity: 1_500 });
  });
});

describe('large failures', () => {
  const depthOf = (failure: Failure | null | undefined): number => (failure ? 1 + depthOf(failure.cause) : 0);

  test('one of 10 MB is cut to what a step may hold', async () => {
    const large = boom('m'.repeat(5_000_000), { stackTrace: 's'.repeat(5_000_000) });
    const timeline = await condensed(activities(1, () => large));
    const failure = timeline.steps[0]?.failure;
    expect(failure?.message).toHaveLength(STEP_FAILURE_LIMIT);
    expect(failure?.stack).toHaveLength(STACK_LIMIT);
    expect(timeline.state).toBe('complete');
  });

  test('ten causes deep keep the outer ones', async () => {
    let failure = boom('é'.repeat(10_000), { stackTrace: 's'.repeat(100_000) });
    for (let depth = 1; depth < 10; depth += 1) failure = { ...failure, cause: failure };
    const timeline = await condensed(activities(1, () => failure));
    expect(depthOf(timeline.steps[0]?.failure)).toBeGreaterThanOrEqual(3);
    expect(bytes(timeline)).toBeLessThan(40_000);
  });

  test('many of them lose their stack traces before a step is left out', async () => {
    const failure = boom('no', { stackTrace: 's'.repeat(10_000) });
    const timeline = await condensed(activities(400, () => failure));
    expect(timeline).toMatchObject({ state: 'complete', omitted: {} });
    expect(timeline.steps.filter((step) => step.failure?.stack).length).toBeGreaterThan(5);
    expect(bytes(timeline)).toBeLessThanOrEqual(TIMELINE_BYTES);
  });

  test('too many of them leave steps out, and say so', async () => {
    const failure = boom('é'.repeat(10_000), { stackTrace: 's'.repeat(100_000) });
    const timeline = await condensed(activities(10_000, () => failure));
    expect(bytes(timeline)).toBeLessThanOrEqual(TIMELINE_BYTES);
    expect(timeline.state).toBe('cut');
    expect(timeline.steps.length).toBeGreaterThan(20);
    expect(timeline.omitted.activity).toBe(10_000 - timeline.steps.length);
    expect(numbers(timeline)).toEqual(expect.arrayContaining([0, 9_999]));
  });

  test('and names hold nothing that Postgres cannot store', async () => {
    const timeline = await condensed(activities(1, () => boom('a\u0000b')));
    expect(timeline.steps[0]?.failure?.message).toBe('a\uFFFDb');
  });
});

test('a long history is read in pages', async () => {
  const { call, pages } = fakeHistory(activities(1_000, () => null));
  const timeline = await readTimeline({ call, converter: loadDataConverter() }, CHAIN);
  expect(timeline.activitiesExecuted).toBe(1_000);
  expect(pages()).toBe(7);
});
