import { describe, expect, test } from 'vitest';
import { reconcilePace } from './reconcile-rate.ts';

const pace = (open: number, maxPerSecond = 250) =>
  reconcilePace(open, { periodMs: 300_000, lookMs: 30_000, maxPerSecond });

describe('the pace of reconciling', () => {
  test.each([1, 1_000, 20_000, 60_000])('%i open executions are each checked within the period', (open) => {
    const { perSecond, nextCheckInMs } = pace(open);
    // Due two looks early, and the pass that has all of them to check takes no longer than what is left.
    expect(nextCheckInMs).toBe(240_000);
    expect(open / perSecond).toBeLessThanOrEqual(nextCheckInMs / 1_000);
  });

  test('it follows what is open, up to the share of Temporal that it was given', () => {
    expect([0, 5_000, 20_000, 60_000, 200_000].map((open) => pace(open).perSecond)).toEqual([50, 50, 105, 250, 250]);
    expect(pace(200_000, 20).perSecond).toBe(20);
  });

  test('beyond that the period grows by as much', () => {
    expect(pace(200_000).nextCheckInMs).toBe(740_000);
  });

  test('a check may take 200 ms without slowing it, with a bounded number at once', () => {
    for (const open of [0, 20_000, 60_000, 1_000_000]) {
      const { perSecond, lanes } = pace(open);
      expect((lanes * 1_000) / 200).toBeGreaterThanOrEqual(perSecond);
      expect(lanes).toBeLessThanOrEqual(50);
    }
  });
});
