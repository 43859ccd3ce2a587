import type { UsualDuration } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import { unsettled } from '../../fixtures/rows.ts';
import { choose, endsSoon, isThere } from './watch-policy.ts';

const NOW = Date.parse('2026-11-21T09:10:00Z');
const aged = (id: string, seconds: number, workflowId = 'quick') => ({
  row: unsettled({ executionId: id, workflowId, startedAt: new Date(NOW - seconds * 1_000).toISOString() }),
  readAt: 0,
});
/** All durations within a range of seconds, equally often. */
const uniform = (from: number, to: number): UsualDuration => ({
  workflowId: 'quick',
  sample: 500,
  quantilesMs: [...Array.from({ length: 20 }, (_, i) => i / 20), 0.99, 1].map(
    (share) => (from + (to - from) * share) * 1_000,
  ),
});

const ids = (policy: 'youngest' | 'likeliest', watched: string[] = []) =>
  choose([aged('old', 590), aged('middle', 300), aged('young', 5)], {
    cap: 1,
    policy,
    usualDuration: () => uniform(0, 600),
    isWatched: (id) => watched.includes(id),
    now: NOW,
  }).map(({ row }) => row.executionId);

describe('where not all can be watched', () => {
  test('the youngest are, by that policy', () => {
    expect(ids('youngest')).toEqual(['young']);
  });

  test('those that most probably end soon are, by the usual durations of their workflow', () => {
    expect(ids('likeliest')).toEqual(['old']);
  });

  test('what is watched stays, unless another is much likelier to end', () => {
    const options = { cap: 1, policy: 'likeliest', usualDuration: () => uniform(0, 600), now: NOW } as const;
    const two = [aged('a', 300), aged('b', 320)];
    expect(choose(two, { ...options, isWatched: () => false }).map(({ row }) => row.executionId)).toEqual(['b']);
    expect(choose(two, { ...options, isWatched: (id) => id === 'a' }).map(({ row }) => row.executionId)).toEqual(['a']);
    expect(ids('likeliest', ['young'])).toEqual(['old']);
  });

  test('all are while there is room', () => {
    const two = [aged('a', 1), aged('b', 2)];
    const options = { policy: 'likeliest', usualDuration: () => null, isWatched: () => false } as const;
    expect(choose(two, { ...options, cap: 2 })).toEqual(two);
  });
});

describe('the probability that an execution ends within the next five seconds', () => {
  test('follows the durations of its workflow', () => {
    expect(endsSoon(0, uniform(0, 600))).toBeCloseTo(5 / 600, 2);
    expect(endsSoon(500_000, uniform(0, 600))).toBeCloseTo(5 / 100, 2);
    expect(endsSoon(0, uniform(100, 600))).toBe(0);
    expect(endsSoon(597_000, uniform(0, 600))).toBe(1);
  });

  test('sinks with age where nothing is known, and beyond everything that is known', () => {
    expect(endsSoon(0, null)).toBe(1);
    expect(endsSoon(5_000, null)).toBe(0.5);
    expect(endsSoon(10_000_000, uniform(0, 600))).toBeLessThan(0.001);
  });
});

test('what the ledger itself has yet to start, and what Temporal does not know, is not watched', () => {
  const pending = { status: 'pending', firstRunId: null } as const;
  expect(isThere(unsettled({ ...pending, startBy: '2026-11-22T09:00:00+00:00' }))).toBe(false);
  expect(isThere(unsettled(pending))).toBe(true);
  expect(isThere(unsettled({ health: 'lost' }))).toBe(false);
  expect(isThere(unsettled({ health: 'wedged' }))).toBe(true);
});
