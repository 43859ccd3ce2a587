import { expect, test } from 'vitest';
import type { Check } from './check.ts';
import { emptyReport, include } from './counting-report.ts';

const literalDifference = (field: string) => ({ field }) as Check['differences'][number];
const literalCheck = (fields: string[]) =>
  ({
    ...{ fields: 1, verifyDifferences: null, rows: 0, pruned: 0, cells: 0, tail: 0 },
    differences: fields.map(literalDifference),
  }) as unknown as Check;

test('many differences of one field do not crowd out those of another', () => {
  const report = emptyReport(1, {} as never);
  for (let check = 0; check < 10; check += 1) include(report, literalCheck(Array(20).fill('verdict bad')));
  include(report, literalCheck(['completed']));
  expect(report.checksThatDiffer).toBe(11);
  expect(report.differences.map(({ field }) => field)).toEqual([...Array(5).fill('verdict bad'), 'completed']);
});
