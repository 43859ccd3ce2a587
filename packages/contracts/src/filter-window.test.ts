import { expect, test } from 'vitest';
import { resolveFilter, windowOf } from './filter-window.ts';

const NOW = Date.parse('2026-11-21T09:00:00Z');

test('a relative instant is so long before now, by one clock for all of a filter', () => {
  expect(windowOf({ from: '-7d', to: '-90s', endedFrom: '-24h', endedTo: '-30m', status: ['failed'] }, NOW)).toEqual({
    from: '2026-11-14T09:00:00.000Z',
    to: '2026-11-21T08:58:30.000Z',
    endedFrom: '2026-11-20T09:00:00.000Z',
    endedTo: '2026-11-21T08:30:00.000Z',
  });
});

test('an instant that is not relative stays as it was written, to the microsecond', () => {
  const filter = { from: '2026-11-21T09:00:00.123456+01:00', tags: ['-24h'] };
  expect(resolveFilter(filter, NOW)).toEqual(filter);
});

test('no relative instant is a year that the database does not know', () => {
  expect(resolveFilter({ from: '-99999w' }, NOW)).toEqual({ from: '1970-01-01T00:00:00.000Z' });
});
