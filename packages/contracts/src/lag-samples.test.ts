import { expect, test } from 'vitest';
import { usualMissRate } from './lag-samples.ts';

const recorded = { watch: { count: 938, p95Ms: 240 }, reconciler: { count: 39, p95Ms: 5_000 } };

test('one of a hundred is missed usually; where each is looked at every few seconds, chance finds some before a hint does', () => {
  expect(usualMissRate({ recorded: {}, periodMs: 300_000, periodReachedMs: null })).toBeCloseTo(0.01);
  expect(usualMissRate({ recorded, periodMs: 300_000, periodReachedMs: 290_000 })).toBeCloseTo(0.011, 3);
  expect(usualMissRate({ recorded, periodMs: 10_000, periodReachedMs: 6_000 })).toBeCloseTo(0.05);
});
