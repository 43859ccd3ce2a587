import { expect, test } from 'vitest';
import { sampleRow } from '../react/fixtures/sample-rows.ts';
import { applyChanges, newcomers } from './apply-changes.ts';

const row = (number: number, more: Partial<ReturnType<typeof sampleRow>> = {}) =>
  sampleRow({
    status: 'running',
    id: `01a2255b-c722-7728-aee6-${String(number).padStart(12, '0')}`,
    revision: 1,
    ...more,
  });
const running = { status: ['running' as const] };

test('what a list would show and does not is counted by its id, whatever else is told of it', () => {
  const pages = [{ items: [row(1), row(2)] }];
  const changes = [
    { execution: row(3) },
    { execution: row(2, { revision: 2 }) },
    { execution: row(4, { status: 'failed' }) },
    { deletedId: row(5).id },
    { execution: row(6) },
  ];
  expect(newcomers(running, pages, changes)).toEqual({ ids: [row(3).id, row(6).id], mayBeMore: false });
  expect(newcomers({}, pages, changes).ids).toEqual([row(3).id, row(4).id, row(6).id]);
  expect(newcomers(running, [], [])).toEqual({ ids: [], mayBeMore: false });
});

test('where only reading tells whether it fits, there may be more', () => {
  const { ids, mayBeMore } = newcomers({ taskQueue: 'orders' }, [{ items: [row(1)] }], [{ execution: row(3) }]);
  expect([ids, mayBeMore]).toEqual([[], true]);
  // What is shown already is not new.
  expect(newcomers({ taskQueue: 'orders' }, [{ items: [row(1)] }], [{ execution: row(1, { revision: 2 }) }])).toEqual({
    ids: [],
    mayBeMore: false,
  });
});

test('rows change in place by newer revisions only, deleted ones stay where they are, and what stays is the same object', () => {
  const pages = [{ items: [row(1), row(2, { revision: 5 })] }, { items: [row(3)] }];
  const newer = row(1, { status: 'completed', revision: 2 });
  const next = applyChanges(pages, [{ execution: newer }, { execution: row(2, { status: 'failed', revision: 4 }) }]);
  expect(next[0]?.items).toEqual([newer, row(2, { revision: 5 })]);
  expect(next[0]?.items[1]).toBe(pages[0]?.items[1]);
  expect(next[1]).toBe(pages[1]);
  expect(applyChanges(pages, [{ execution: row(9) }])).toBe(pages);
  expect(applyChanges(pages, [{ deletedId: row(3).id }])).toBe(pages);
});
