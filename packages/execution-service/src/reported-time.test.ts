import { expect, test } from 'vitest';
import { ReportedTime } from './reported-time.ts';

const MINUTE_MS = 60_000;
const fromNow = (ms: number) => new Date(Date.now() + ms);
const isTaken = (at: unknown) => ReportedTime.safeParse(at).success;

test('a reported time may lie as far ahead as clocks differ, and no farther', () => {
  expect(isTaken(fromNow(4 * MINUTE_MS))).toBe(true);
  expect(isTaken(fromNow(4 * MINUTE_MS).toISOString())).toBe(true);
  expect(isTaken(fromNow(6 * MINUTE_MS))).toBe(false);
  expect(isTaken(fromNow(6 * MINUTE_MS).toISOString())).toBe(false);
});

test('seconds that were taken for milliseconds are refused, with what to pass', () => {
  const { error } = ReportedTime.safeParse(new Date(1_764_300_000));
  expect(error?.issues[0]?.message).toContain('milliseconds since 1970');
  expect(isTaken('2000-01-01T00:00:00Z')).toBe(true);
});
