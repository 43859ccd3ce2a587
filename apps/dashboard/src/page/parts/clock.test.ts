import { expect, test } from 'vitest';
import { clockOf, isZone } from './clock.ts';

const NOW = Date.parse('2026-11-30T06:26:00Z');
const utc = clockOf('UTC');

test.each([
  ['2026-11-30T05:07:59Z', '05:07', 'of today'],
  ['2026-11-29T06:26:00Z', '29 Nov 06:26', 'of another day'],
  ['2027-11-30T06:26:00Z', '30 Nov 2027 06:26', 'of the same day of another year'],
  ['2025-12-01T00:00:00Z', '1 Dec 2025 00:00', 'of another year'],
])('%s is %s, %s', (at, written) => {
  expect(utc.shortOf(at, NOW)).toBe(written);
});

test('which day it is depends on the zone', () => {
  const at = '2026-11-29T23:30:00Z';
  expect([utc.dayOf(at, NOW), clockOf('Asia/Tokyo').dayOf(at, NOW)]).toEqual(['29 Nov', '']);
});

test.each([
  ['Asia/Tokyo', true],
  ['local', true],
  ['', false],
  ['Mars/Olympus', false],
])('%s is a zone: %s', (name, is) => {
  expect(isZone(name)).toBe(is);
});
