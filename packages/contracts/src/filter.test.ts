import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ExecutionFilter } from './filter.ts';
import { AUTHORITIES, decodeFilter, encodeFilter, readFilter } from './filter.ts';
import { FilterRequest } from './filter-request.ts';
import { HEALTHS } from './healths.ts';
import { ORIGINS } from './origins.ts';
import type { ExecutionStatus } from './status.ts';
import { EXECUTION_STATUSES } from './status.ts';

const word = fc.string({ minLength: 1 });
const words = fc.array(word, { minLength: 1 });
const filters = fc.record<ExecutionFilter>(
  {
    status: fc.uniqueArray(fc.constantFrom(...EXECUTION_STATUSES), { minLength: 1 }),
    not: fc.oneof(
      fc.record({ status: fc.uniqueArray(fc.constantFrom(...EXECUTION_STATUSES), { minLength: 1 }) }),
      fc.record({ tags: words }),
      fc.record({ status: fc.constant<ExecutionStatus[]>(['failed', 'completed']), tags: words }),
    ),
    workflowId: fc.uuid(),
    workflowIds: fc.array(fc.uuid(), { minLength: 1 }),
    taskQueue: word,
    workflowType: word,
    endedFrom: word,
    endedTo: word,
    authority: fc.constantFrom(...AUTHORITIES),
    minRuns: fc.nat(),
    maxRuns: fc.nat(),
    userId: word,
    userIds: words,
    origin: fc.uniqueArray(fc.constantFrom(...ORIGINS), { minLength: 1 }),
    from: word,
    to: word,
    verdict: word,
    minDurationMs: fc.maxSafeNat(),
    maxDurationMs: fc.maxSafeNat(),
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
  expect(encodeFilter({ not: { status: ['completed'], tags: ['test', 'a,b'] }, from: '-24h' })).toBe(
    'not=completed&not=tag:test&not=tag:a,b&from=-24h',
  );
  expect(encodeFilter({})).toBe('');
});

test('shorter names are read as what they stand for', () => {
  const id = '01939c5e-0000-7000-8000-000000000001';
  expect(
    decodeFilter(
      `tag=vip&tag=berlin&workflow=${id}&queue=orders&type=order&user=anna&user=ben&origin=api,import&id=order-1`,
    ),
  ).toEqual({
    ...{ tags: ['vip', 'berlin'], workflowIds: [id], taskQueue: 'orders', workflowType: 'order' },
    ...{ userIds: ['anna', 'ben'], origin: ['api', 'import'], ids: ['order-1'] },
  });
});

test('what is dropped is named, whatever it is called', () => {
  expect(readFilter('status=failed,nonsense&colour=red&toString=1&not=late&minRuns=-1&authority=god&to=-1h')).toEqual({
    filter: { status: ['failed'], to: '-1h' },
    ignored: ['colour', 'toString', 'status=nonsense', 'not=late', 'minRuns=-1', 'authority=god'],
  });
  const { ignored } = readFilter(Array.from({ length: 30 }, (_, n) => `${'x'.repeat(200)}${n}=1`).join('&'));
  expect([ignored.length, ignored[0]?.length]).toEqual([20, 100]);
});

test.each([
  ['a text too short for an index', { text: 'no' }],
  ['a text of 201 characters', { text: 'x'.repeat(201) }],
  ['101 ids', { ids: Array.from({ length: 101 }, String) }],
  ['a kind of failure that is none', { failureGroup: 'declined' }],
  ['a negative duration', { minDurationMs: -1 }],
  ['a health that is none', { health: ['ill'] }],
  ['a time without its zone', { from: '2026-11-01T00:00:00' }],
  ['a relative time without its unit', { from: '-24' }],
  ['21 users', { userIds: Array.from({ length: 21 }, String) }],
  ['an origin that is none', { origin: ['sky'] }],
  ['21 workflows', { workflowIds: Array.from({ length: 21 }, () => '01939c5e-0000-7000-8000-000000000001') }],
  ['an exclusion of a status that is none', { not: { status: ['ill'] } }],
])('%s is refused', (_, filter) => {
  expect(FilterRequest.safeParse(filter).success).toBe(false);
});
