import type { OpenRun, UnsettledExecution, UsualDuration } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import { openRun, unsettled } from '../fixtures/rows.ts';
import { diagnose } from './health.ts';

const usual = (sample: number, p99: number): UsualDuration => ({
  workflowId: 'workflow-1',
  sample,
  quantilesMs: [...Array(20).fill(p99 / 2), p99, p99 * 2],
});
const startedAgo = (ms: number) => unsettled({ startedAt: new Date(Date.now() - ms).toISOString() });
const diagnosis = (row: UnsettledExecution, open: Partial<OpenRun> = {}, known: UsualDuration | null = null) =>
  diagnose(row, { kind: 'keep', open: openRun(open) }, { usual: known });

describe('an open execution is', () => {
  test('live, and needs nothing', () => {
    expect(diagnosis(unsettled())).toEqual({ health: 'live', reason: null, remedy: null });
  });

  test('late when it is older than 99 % of its workflow’s, which is said with the figure', () => {
    expect(diagnosis(startedAgo(7_500_000), {}, usual(200, 720_000))).toMatchObject({
      health: 'late',
      reason: 'It has run for 2.1 h; 99 % of the latest 200 completed executions of its workflow took at most 12 min',
    });
    expect(diagnosis(startedAgo(600_000), {}, usual(200, 720_000))).toMatchObject({ health: 'live' });
  });

  test('not late where too few have completed to know', () => {
    expect(diagnosis(startedAgo(7_500_000), {}, usual(19, 1_000))).toMatchObject({ health: 'live' });
  });

  test('wedged when its workflow task keeps failing, with attempts and failure, even if a cancel was asked for', () => {
    const open = { wedged: { attempts: 9, failure: 'x is not a function' }, cancelRequested: true };
    expect(diagnosis(unsettled(), open)).toMatchObject({
      health: 'wedged',
      reason: 'Its workflow task has failed 9 times, the last time with: x is not a function',
      remedy: expect.stringContaining('deploy'),
    });
  });

  test('cancelling once a cancel was asked for, and says why but names nobody', () => {
    const row = unsettled({
      cancelRequestedAt: '2026-11-21T09:00:00Z',
      cancelRequestedBy: 'anna',
      cancelReason: 'too late',
    });
    expect(diagnosis(row)).toMatchObject({
      health: 'cancelling',
      reason: 'A cancel was requested: too late; the workflow has not ended yet',
    });
    expect(diagnosis(unsettled(), { cancelRequested: true })).toMatchObject({ health: 'cancelling' });
  });

  test('live while it is paused, or of a status that only a later server knows', () => {
    expect(diagnosis(unsettled(), { engineStatus: 'PAUSED' })).toMatchObject({
      health: 'live',
      reason: expect.stringMatching(/paused/),
    });
    expect(diagnosis(unsettled(), { engineStatus: '11' })).toMatchObject({
      health: 'live',
      reason: expect.stringMatching(/11/),
    });
  });
});

describe('an open execution that something keeps from going on', () => {
  const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
  const queue = { name: 'orders', pollers: 0, lastPolledAt: null };
  const failing = {
    kind: 'activity_fails',
    activityType: 'chargeCard',
    attempts: 12,
    failure: 'card declined (CardError)',
    since: '2026-11-21T09:00:00.000000Z',
    activities: 1,
  } as const;
  const waiting = { kind: 'workflow_task_waits', since: ago(720_000), queue } as const;

  test('is late while an activity only fails: how often, since when, and why the last time', () => {
    expect(diagnosis(unsettled(), { troubles: [failing] })).toMatchObject({
      health: 'late',
      reason: expect.stringMatching(
        /^Its activity chargeCard has failed 12 times since 2026-11-21 09:00:00 UTC \(.* d\), the last time with: card declined \(CardError\)$/,
      ),
    });
    const more = diagnosis(unsettled(), { troubles: [{ ...failing, since: null, activities: 3 }] });
    expect(more?.reason).toMatch(/12 times, the last .*; 2 more of its activities only fail too$/);
  });

  test('is wedged while nobody polls its task queue, or that of an activity', () => {
    expect(diagnosis(unsettled(), { troubles: [waiting] })).toEqual({
      health: 'wedged',
      reason: 'Its workflow task has waited 12 min on the task queue orders, which nobody polls',
      remedy: 'Start a worker for the task queue orders: it goes on by itself, nothing is lost',
    });
    const activity = {
      kind: 'activity_waits',
      activityType: 'ship',
      since: ago(720_000),
      queue,
      activities: 2,
    } as const;
    expect(diagnosis(unsettled(), { troubles: [activity] })).toMatchObject({
      health: 'wedged',
      reason: 'Its activity ship and 1 more have waited 12 min on the task queue orders, which nobody polls',
    });
  });

  test('is late while it waits on a queue that is polled, with how many poll and when; not within a minute', () => {
    const polled = { ...queue, pollers: 2, lastPolledAt: ago(3_000) };
    expect(diagnosis(unsettled(), { troubles: [{ ...waiting, queue: polled }] })).toMatchObject({
      health: 'late',
      reason: expect.stringMatching(
        /waited 12 min on the task queue orders; 2 workers poll it, the last time 3 s before/,
      ),
    });
    const shortly = { ...waiting, since: ago(30_000), queue: polled };
    expect(diagnosis(unsettled(), { troubles: [shortly] })).toMatchObject({ health: 'live' });
    const unknown = { ...waiting, queue: { ...queue, pollers: null } };
    expect(diagnosis(unsettled(), { troubles: [unknown] })).toMatchObject({ health: 'late' });
  });

  test('says all that it is, the worst first', () => {
    const both = diagnosis(unsettled(), { troubles: [failing, waiting] });
    expect(both).toMatchObject({
      health: 'wedged',
      reason: expect.stringMatching(/nobody polls\. Its activity chargeCard/),
    });
  });

  test('says it too while it is to be cancelled: it would wait for ever', () => {
    expect(diagnosis(unsettled(), { troubles: [waiting], cancelRequested: true })).toMatchObject({
      health: 'cancelling',
      reason: expect.stringContaining('nobody polls'),
      remedy: expect.stringContaining('Start a worker'),
    });
  });
});

test('an execution that Temporal does not know is lost, and nobody guesses how it ended', () => {
  const found = diagnose(unsettled(), { kind: 'unknown', reason: 'Temporal knows no workflow order-1' });
  expect(found).toMatchObject({
    health: 'lost',
    reason: 'Temporal does not know it: it was deleted there, or this is another server or namespace',
    remedy: expect.stringContaining('runledger end'),
  });
  expect(diagnose(unsettled(), { kind: 'settled' })).toBeNull();
});

test('what started before all that the namespace keeps is lost for that reason', () => {
  const unknown = { kind: 'unknown', reason: 'Temporal does not know it' } as const;
  const retentionMs = 259_200_000;
  const reasonOf = (ageMs: number) => diagnose(startedAgo(ageMs), unknown, { retentionMs })?.reason;
  expect(reasonOf(retentionMs + 120_000)).toContain('more than 3 d ago, the namespace has forgotten it');
  expect(reasonOf(retentionMs - 120_000)).toContain('deleted');
});

test('what was not started in time has a way out', () => {
  const row = unsettled({ status: 'pending', firstRunId: null, isPastStartBy: true });
  const found = diagnose(row, { kind: 'unknown', reason: 'Temporal does not know it' });
  expect(found).toMatchObject({ health: 'late', remedy: expect.stringContaining('runledger end') });
});
