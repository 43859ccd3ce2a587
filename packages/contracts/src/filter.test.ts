import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ExecutionFilter } from './filter.ts';
import { decodeFilter, encodeFilter } from './filter.ts';
import { FilterRequest } from './filter-request.ts';
import { HEALTHS } from './healths.ts';
import { EXECUTION_STATUSES } from './status.ts';

const word = fc.string({ minLength: 1 });
const words = fc.array(word, { minLength: 1 });
const filters = fc.record<ExecutionFilter>(
  {
    status: fc.uniqueArray(fc.constantFrom(...EXECUTION_STATUSES), { minLength: 1 }),
    workflowId: fc.uuid(),
    userId: word,
    from: word,
    to: word,
    verdict: word,
    minDurationMs: fc.nat(),
    maxDurationMs: fc.nat(),
    tags: words,
    allTags: words,
    health: fc.uniqueArray(fc.constantFrom(...HEALTHS), { minLength: 1 }),
    failureGroup: word,
    text: word,
    ids: words,
  },
  { requiredKeys: [] },
);

test('a filter that was written as text is read back as it was', () => {
  fc.assert(
    fc.property(filters, (filter) => {
      expect(decodeFilter(encodeFilter(filter))).toEqual(filter);
    }),
  );
});

test('any text is read as some filter, so that a shared link never breaks a page', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      decodeFilter(text);
    }),
  );
  expect(decodeFilter('status=failed,nonsense&page=3&minDurationMs=soon')).toEqual({ status: ['failed'] });
});

test('the text is one that people can read and write', () => {
  expect(encodeFilter({ status: ['failed', 'timed_out'], from: '2026-11-01' })).toBe(
    'status=failed,timed_out&from=2026-11-01',
  );
  expect(encodeFilter({ tags: ['a,b', 'c'], health: ['lost', 'wedged'], minDurationMs: 0 })).toBe(
    'health=lost,wedged&minDurationMs=0&tags=a%2Cb&tags=c',
  );
  expect(encodeFilter({})).toBe('');
});

test.each([
  ['a text too short for an index', { text: 'no' }],
  ['a text of 201 characters', { text: 'x'.repeat(201) }],
  ['101 ids', { ids: Array.from({ length: 101 }, String) }],
  ['a kind of failure that is none', { failureGroup: 'declined' }],
  ['a negative duration', { minDurationMs: -1 }],
  ['a health that is none', { health: ['ill'] }],
  ['a time without its zone', { from: '2026-11-01T00:00:00' }],
])('%s is refused', (_, filter) => {
  expect(FilterRequest.safeParse(filter).success).toBe(false);
});
