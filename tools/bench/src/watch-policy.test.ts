import { expect, test } from 'vitest';
import { DURATIONS } from './durations.ts';
import type { PolicyOptions } from './watch-policy.ts';
import { simulatePolicy } from './watch-policy.ts';

const options: PolicyOptions = {
  policy: 'likeliest',
  draw: DURATIONS.uniform,
  seed: 'test',
  open: 100,
  cap: 20,
  countedMs: 60_000,
};

test('the simulation of the watch policies gives the same figures every time', () => {
  expect(simulatePolicy(options)).toEqual(simulatePolicy(options));
  expect(simulatePolicy({ ...options, seed: 'another' })).not.toEqual(simulatePolicy(options));
});

test('with places for all, nearly every closure is watched; with none, no closure is', () => {
  expect(simulatePolicy({ ...options, cap: 1_000 }).watchedShare).toBeGreaterThan(0.95);
  expect(simulatePolicy({ ...options, cap: 0 }).watchedShare).toBe(0);
});
