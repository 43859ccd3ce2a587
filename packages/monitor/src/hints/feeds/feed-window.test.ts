import type { Visibility } from '@runledger/contracts';
import { expect, test } from 'vitest';
import { earlier, later, readWindow } from './feed-window.ts';

test.each([
  ['2026-11-21T09:00:00.123456Z', 2_000, '2026-11-21T08:59:58.123456Z'],
  ['2026-11-21T09:00:00.000001Z', 1, '2026-11-21T08:59:59.999001Z'],
  ['2026-11-21T09:00:00Z', 0, '2026-11-21T09:00:00.000000Z'],
  ['2026-11-21T09:00:00.5Z', 250, '2026-11-21T09:00:00.250000Z'],
])('%s less %i ms is %s, to the microsecond', (time, ms, expected) => {
  expect(earlier(time, ms)).toBe(expected);
});

test('the later of two times is found to the microsecond', () => {
  expect(later('2026-11-21T09:00:00.000001Z', '2026-11-21T09:00:00.000002Z')).toBe('2026-11-21T09:00:00.000002Z');
  expect([later(null, 'a'), later('a', null), later(null, null)]).toEqual(['a', 'a', null]);
});

test('a window is read to its end, page by page', async () => {
  const asked: (string | null)[] = [];
  const fakeVisibility: Visibility = {
    async listRuns(_, __, { pageToken }) {
      asked.push(pageToken);
      return { runs: [], nextPageToken: pageToken === 'two' ? null : pageToken === 'one' ? 'two' : 'one' };
    },
    firstRunIdOf: async () => null,
  };
  const window = { by: 'close', from: null, to: null } as const;
  const { signal } = new AbortController();
  for await (const _ of readWindow({ visibility: fakeVisibility, namespace: 'default', window, pageSize: 5, signal }));
  expect(asked).toEqual([null, 'one', 'two']);
});
