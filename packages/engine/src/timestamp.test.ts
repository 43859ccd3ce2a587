import { expect, test } from 'vitest';
import { toDurationText, toTimestamp } from './timestamp.ts';

const seconds = (value: number, nanos = 0) => ({ seconds: value as never, nanos });

test('times keep the microseconds that Postgres keeps', () => {
  expect(toTimestamp(seconds(1_795_254_822, 123_456_789))).toBe('2026-11-21T09:53:42.123456Z');
  expect(toTimestamp(seconds(1_795_254_822, 5_000))).toBe('2026-11-21T09:53:42.000005Z');
});

test('an absent time and that of year 1, which Temporal uses for none, are null', () => {
  expect([toTimestamp(null), toTimestamp(undefined), toTimestamp(seconds(-62_135_596_800))]).toEqual([
    null,
    null,
    null,
  ]);
});

test('durations read as people write them', () => {
  const texts = [seconds(2), seconds(1, 5e8), seconds(900), seconds(7_200), seconds(0), null].map(toDurationText);
  expect(texts).toEqual(['2s', '1.5s', '15m', '2h', null, null]);
});
