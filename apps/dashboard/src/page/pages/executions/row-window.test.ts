import { expect, test } from 'vitest';
import { firstDrawn } from './row-window.ts';

test.each([
  [0, 2_000, 0],
  [250, 2_000, 0],
  [300, 2_000, 100],
  [1_234, 2_000, 1_000],
  [1_990, 2_000, 1_500],
  [1_230, 1_234, 734],
  [50, 120, 0],
])('at row %i of %i the first that is drawn is %i', (top, count, first) => {
  expect(firstDrawn(top, count)).toBe(first);
});

test('whatever is on a screen is drawn, with a screen of others around it', () => {
  for (let top = 0; top < 5_000; top += 7) {
    const first = firstDrawn(top, 5_000);
    expect(first).toBeLessThanOrEqual(Math.max(0, top - 100));
    expect(first + 500).toBeGreaterThanOrEqual(Math.min(5_000, top + 60));
  }
});
