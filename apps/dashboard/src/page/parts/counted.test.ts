import { expect, test } from 'vitest';
import { counted, exactnessWords, isOne } from './counted.ts';

test.each([
  [0, 'exact', '0', 'exact'],
  [1_284, 'exact', '1,284', 'exact'],
  [1_000, 'capped', '1,000+', 'at least 1,000'],
  [1_284, 'estimated', 'about 1,284', 'about 1,284'],
] as const)('%i, %s, is written %s and read as %s', (value, exactness, written, read) => {
  expect([counted(value, exactness), exactnessWords(value, exactness)]).toEqual([written, read]);
});

test('at least one is not told as one', () => {
  expect([isOne(1, 'exact'), isOne(1, 'capped'), isOne(2, 'exact')]).toEqual([true, false, false]);
});
