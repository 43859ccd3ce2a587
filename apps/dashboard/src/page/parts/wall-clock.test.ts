import { expect, test } from 'vitest';
import { instantShowing, shownAt } from './wall-clock.ts';

test.each([
  ['2026-11-30T10:00', 'UTC', '2026-11-30T10:00:00.000Z', 'as it is'],
  ['2026-11-30T10:00', 'Asia/Kolkata', '2026-11-30T04:30:00.000Z', 'east'],
  ['2026-07-01T10:00', 'Europe/Berlin', '2026-07-01T08:00:00.000Z', 'in summer'],
  ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z', 'twice: the first'],
  ['2026-10-25T03:00', 'Europe/Berlin', '2026-10-25T02:00:00.000Z', 'after it went back'],
  ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z', 'never: half an hour after it went forward'],
  ['2026-03-29T03:00', 'Europe/Berlin', '2026-03-29T01:00:00.000Z', 'as it went forward'],
])('%s in %s is %s, %s', (shown, zone, instant) => {
  expect(new Date(instantShowing(shown, zone)).toISOString()).toBe(instant);
});

const ZONES = ['UTC', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Africa/Casablanca'];

test.each(ZONES)('whatever is shown in %s, all year, is shown at its instant', (zone) => {
  for (let hour = 0; hour < 366 * 24; hour += 11) {
    const shown = shownAt(Date.UTC(2026, 0, 1, hour), zone);
    expect(shownAt(instantShowing(shown, zone), zone)).toBe(shown);
  }
});
