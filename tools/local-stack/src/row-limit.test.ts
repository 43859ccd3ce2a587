import { expect, test } from 'vitest';
import { cutRows, isCountedInRows } from './row-limit.ts';

test('the first elements stay as they were written, whatever is in them', () => {
  expect(cutRows('[1,2,3]', 2)).toBe('[1,2]');
  expect(cutRows('[1,2]', 2)).toBe('[1,2]');
  expect(cutRows('[]', 1)).toBe('[]');
  const first = '{"a":"],[\\"\\\\","b":[1,{"c":9007199254740993}]}';
  expect(cutRows(`[${first},{"a":2}]`, 1)).toBe(`[${first}]`);
  expect(cutRows('{"a":[1,2,3]}', 1)).toBe('{"a":[1,2,3]}');
});

test('reads of tables and functions that return rows are counted; values and written rows are not', () => {
  const counted = (method: string, path: string) =>
    isCountedInRows(new Request(`http://x${path}`, { method }), (name) => name === 'rows');
  expect(counted('GET', '/rest/v1/notes?select=*')).toBe(true);
  expect(counted('POST', '/rest/v1/notes?select=*')).toBe(false);
  expect(counted('POST', '/rest/v1/rpc/rows')).toBe(true);
  expect(counted('POST', '/rest/v1/rpc/document')).toBe(false);
});
