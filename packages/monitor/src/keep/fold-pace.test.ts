import { expect, test } from 'vitest';
import { pauseAfterFold } from './fold-pace.ts';

/** How many changes each fold finds, at `perSecond` a second, once the pace is found. */
function foundAt(perSecond: number): number {
  let pauseMs = 1_000;
  for (let fold = 0; fold < 20; fold += 1) pauseMs = pauseAfterFold((perSecond * pauseMs) / 1_000, pauseMs);
  return (perSecond * pauseMs) / 1_000;
}

test('a fold finds about a thousand changes where that many come within its longest pause', () => {
  expect(foundAt(50)).toBeCloseTo(1_000, -1);
  expect(foundAt(400)).toBeCloseTo(1_000, -1);
});

test('no change waits longer than 20 s, however few there are', () => {
  expect(pauseAfterFold(0, 1_000)).toBe(20_000);
  expect(pauseAfterFold(1, 20_000)).toBe(20_000);
});

test('a rush is folded each second', () => {
  expect(pauseAfterFold(4_000, 20_000)).toBe(5_000);
  expect(foundAt(3_000)).toBe(3_000);
});
