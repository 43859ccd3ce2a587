import { expect, test } from 'vitest';
import { microseconds } from './microseconds.ts';

test('a time is compared to the microsecond, however many digits it is written with', () => {
  const second = Date.UTC(2026, 10, 21, 9, 2) * 1_000;
  expect(microseconds('2026-11-21T09:02:00Z')).toBe(second);
  // What Postgres and JSON leave out are zeros at the end.
  expect(microseconds('2026-11-21T09:02:00.5Z')).toBe(second + 500_000);
  expect(microseconds('2026-11-21T10:02:00.12+01:00')).toBe(second + 120_000);
  expect(microseconds('2026-11-21T09:02:00.000005+00:00')).toBe(second + 5);
  // Temporal's events have nanoseconds.
  expect(microseconds('2026-11-21T09:02:00.123456789Z')).toBe(second + 123_456);
});
