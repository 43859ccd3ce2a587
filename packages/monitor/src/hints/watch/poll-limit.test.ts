import { expect, test } from 'vitest';
import { createPollLimit } from './poll-limit.ts';

test('sinks to what Temporal admits, says so once, and grows back a tenth a minute', () => {
  let now = 0;
  const limit = createPollLimit(800, () => now);
  expect(limit.current()).toBe(800);
  expect([limit.refused(199), limit.refused(50), limit.refused(60)]).toEqual([true, false, false]);
  expect(limit.current()).toBe(50);
  now = 59_999;
  expect(limit.current()).toBe(50);
  now = 60_000;
  expect([limit.current(), limit.current()]).toEqual([55, 55]);
  for (let minute = 2; minute < 60; minute += 1) {
    now = minute * 60_000;
    limit.current();
  }
  expect(limit.current()).toBe(800);
});

test('never sinks below one', () => {
  const limit = createPollLimit(5, () => 0);
  limit.refused(0);
  expect(limit.current()).toBe(1);
});
