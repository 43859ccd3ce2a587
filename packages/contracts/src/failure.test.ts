import { describe, expect, test } from 'vitest';
import { CAUSE_LIMIT } from './facts/limits.ts';
import type { Failure } from './failure.ts';
import { causesOf, linkCauses } from './failure.ts';

const chain = (length: number): Failure[] =>
  Array.from({ length }, (_, index) => ({ type: null, message: `cause ${index}` }));
const read = (failure: Failure | null) => (failure ? causesOf(failure, ({ cause }) => cause) : []);

describe('a chain of causes', () => {
  test.each([[1], [2], [CAUSE_LIMIT]])('of %d is whole', (length) => {
    const linked = read(linkCauses(chain(length)));
    expect(linked.map(({ message }) => message)).toEqual(chain(length).map(({ message }) => message));
    expect(linked.some((failure) => 'omittedCauses' in failure)).toBe(false);
  });

  test.each([[CAUSE_LIMIT + 1], [40], [5_000]])(
    'of %d keeps both ends, and counts what is cut in the middle',
    (length) => {
      const linked = read(linkCauses(chain(length)));
      expect(linked).toHaveLength(CAUSE_LIMIT);
      expect(linked[0]?.message).toBe('cause 0');
      expect(linked.at(-1)?.message).toBe(`cause ${length - 1}`);
      expect(linked.flatMap(({ omittedCauses }) => omittedCauses ?? [])).toEqual([length - CAUSE_LIMIT]);
    },
  );

  test('that is cut again counts all that is missing', () => {
    const once = read(linkCauses(chain(40)));
    const twice = read(linkCauses(once, 2));
    expect(twice.map(({ message }) => message)).toEqual(['cause 0', 'cause 39']);
    expect(twice[0]?.omittedCauses).toBe(38);
  });

  test('that comes round to itself ends there', () => {
    const outer: Failure = { type: null, message: 'outer' };
    outer.cause = { type: null, message: 'inner', cause: outer };
    expect(read(outer).map(({ message }) => message)).toEqual(['outer', 'inner']);
  });
});
