import { isExecutionError } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import { refuseUnstorable } from './storable-json.ts';

function refusedPath(value: unknown): string | null {
  try {
    refuseUnstorable(value);
    return null;
  } catch (error) {
    return isExecutionError(error) && error.code === 'invalid_input'
      ? (Object.keys(error.fields ?? {})[0] ?? null)
      : null;
  }
}

const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

describe('what could not be kept is refused with its path', () => {
  test.each([
    ['a NUL character', { input: { a: ['x', 'y\0'] } }, 'input.a.1'],
    ['a NUL character in a key', { input: { 'k\0': 1 } }, 'input.k\\0'],
    ['half of a surrogate pair', { tags: ['\ud83d'] }, 'tags.0'],
    ['half of a surrogate pair in a key', { '\udc00': 1 }, '\ufffd'],
    ['a number beyond all numbers', JSON.parse('{"n": 1e400}'), 'n'],
    ['a key named __proto__', JSON.parse('{"a": {"__proto__": {"admin": true}}}'), 'a.__proto__'],
    ['nothing but a text', 'a\0', 'request'],
  ])('%s', (_, value, path) => {
    expect(refusedPath(value)).toBe(path);
  });

  test('nesting that overflows stacks, however deep it is', () => {
    expect(refusedPath(nested(100))).toBeNull();
    expect(refusedPath(nested(200))).not.toBeNull();
    expect(refusedPath(nested(100_000))).not.toBeNull();
  });

  test('everything else passes: whole surrogate pairs, empty keys, nothing at all', () => {
    expect(refusedPath({ '': '👍', constructor: null, list: [0, -1.5, true, {}, []] })).toBeNull();
    expect(refusedPath(undefined)).toBeNull();
  });
});
