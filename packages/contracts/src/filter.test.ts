import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeFilter, encodeFilter } from './filter.ts';
import { EXECUTION_STATUSES } from './status.ts';

const filters = fc.record(
  {
    status: fc.uniqueArray(fc.constantFrom(...EXECUTION_STATUSES), { minLength: 1 }),
    workflowId: fc.uuid(),
    from: fc.string({ minLength: 1 }),
    to: fc.string({ minLength: 1 }),
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
  expect(decodeFilter('status=failed,nonsense&page=3')).toEqual({ status: ['failed'] });
});

test('the text is one that people can read and write', () => {
  expect(encodeFilter({ status: ['failed', 'timed_out'], from: '2026-11-01' })).toBe(
    'status=failed,timed_out&from=2026-11-01',
  );
  expect(encodeFilter({})).toBe('');
});
