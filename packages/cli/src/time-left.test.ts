import { expect, test } from 'vitest';
import { timeLeft } from './time-left.ts';

test('the time left follows the pace so far, in steps of 5 s, and nothing is said while a guess is worth nothing', () => {
  let clock = 0;
  const left = timeLeft(1_000, () => clock);
  clock = 1_000;
  expect(left(100)).toBe('');
  clock = 10_000;
  expect([left(0), left(250), left(500), left(1_000)]).toEqual(['', ', about 30 s left', ', about 10 s left', '']);
});
