import type { OpenRun, UnsettledExecution, UsualDuration } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import { openRun, unsettled } from './fixtures/rows.ts';
import { standingAfter } from './health.ts';

const usual = (sample: number, p99: number): UsualDuration => ({
  definitionId: 'workflow-1',
  sample,
  quantilesMs: [...Array(20).fill(p99 / 2), p99, p99 * 2],
});
const startedAgo = (ms: number) => unsettled({ startedAt: new Date(Date.now() - ms).toISOString() });
const standing = (row: UnsettledExecution, open: Partial<OpenRun> = {}, known: UsualDuration | null = null) =>
  standingAfter(row, { kind: 'keep', open: openRun(open) }, known);

describe('an open execution is', () => {
  test('live, and needs nothing', () => {
    expect(standing(unsettled())).toEqual({ health: 'live', reason: null, remedy: null });
  });

  test('late when it is older than 99 % of its workflow’s, which is said with the figure', () => {
    expect(standing(startedAgo(7_500_000), {}, usual(200, 720_000))).toMatchObject({
      health: 'late',
      reason:
        'It has run for 2 h 5 min; 99 % of the latest 200 completed executions of its workflow took at most 12 min',
    });
    expect(standing(startedAgo(600_000), {}, usual(200, 720_000))).toMatchObject({ health: 'live' });
  });

  test('not late where too few have completed to know', () => {
    expect(standing(startedAgo(7_500_000), {}, usual(19, 1_000))).toMatchObject({ health: 'live' });
  });

  test('wedged when its workflow task keeps failing, with attempts and failure, even if a cancel was asked for', () => {
    const open = { wedged: { attempts: 9, failure: 'x is not a function' }, cancelRequested: true };
    expect(standing(unsettled(), open)).toMatchObject({
      health: 'wedged',
      reason: 'Its workflow task has failed 9 times: x is not a function',
      remedy: expect.stringContaining('deploy'),
    });
  });

  test('cancelling once a cancel was asked for, by whom, since when and why', () => {
    const row = unsettled({
      cancelRequestedAt: '2026-11-21T09:00:00Z',
      cancelRequestedBy: 'anna',
      cancelReason: 'too late',
    });
    expect(standing(row)).toMatchObject({
      health: 'cancelling',
      reason: 'A cancel was requested by anna at 2026-11-21T09:00:00Z: too late; the workflow has not ended yet',
    });
    expect(standing(unsettled(), { cancelRequested: true })).toMatchObject({ health: 'cancelling' });
  });

  test('live while it is paused, or of a status that only a later server knows', () => {
    expect(standing(unsettled(), { engineStatus: 'PAUSED' })).toMatchObject({
      health: 'live',
      reason: expect.stringMatching(/paused/),
    });
    expect(standing(unsettled(), { engineStatus: '11' })).toMatchObject({
      health: 'live',
      reason: expect.stringMatching(/11/),
    });
  });
});

test('an execution that Temporal does not know is lost, and nobody guesses how it ended', () => {
  const found = standingAfter(unsettled(), { kind: 'unknown', reason: 'Temporal knows no workflow order-1' });
  expect(found).toMatchObject({ health: 'lost', reason: 'Temporal knows no workflow order-1' });
  expect(standingAfter(unsettled(), { kind: 'settled' })).toBeNull();
});
