import { expect, test } from 'vitest';
import { isMoreThanUsual } from './failure-groups.ts';

test.each([
  [4, 0, false],
  [5, 0, true],
  [10, 9, false],
  [30, 10, true],
  [1_050, 1_000, false],
  [1_100, 1_000, true],
])('%i after %i before: more than usual is %s', (executions, previous, expected) => {
  expect(isMoreThanUsual(executions, previous)).toBe(expected);
});
