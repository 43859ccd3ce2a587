import { expect, test } from 'vitest';
import { ExecutionError, isExecutionError } from './errors.ts';
import { ExecutionSummary, givenColumns, NEW_EXECUTION } from './execution.ts';
import { EXECUTION_STATUSES, isTerminal } from './status.ts';

const common = {
  ...NEW_EXECUTION,
  id: '01939c5e-0000-7000-8000-000000000001',
  workflowId: '01939c5e-0000-7000-8000-000000000002',
  createdBy: 'ada',
  engine: 'none',
  startedAt: '2026-01-01T00:00:00.000001+00:00',
};
const ended = {
  outcomeAuthority: 'engine',
  closingRunId: 'run',
  completedAt: '2026-01-01T00:00:01+00:00',
  durationMs: 1000,
  recordedAt: '2026-01-01T00:00:01+00:00',
  errorMessage: 'why',
};

test.each(EXECUTION_STATUSES)('an execution that is %s has an outcome exactly if that is terminal', (status) => {
  const fits = (state: object) => ExecutionSummary.safeParse({ ...common, status, ...state }).success;
  expect([fits({}), fits(ended)]).toEqual([!isTerminal(status), isTerminal(status)]);
});

test('an execution that did not complete says why', () => {
  expect(ExecutionSummary.safeParse({ ...common, ...ended, status: 'failed', errorMessage: null }).success).toBe(false);
  expect(ExecutionSummary.safeParse({ ...common, ...ended, status: 'completed', errorMessage: null }).success).toBe(
    true,
  );
});

test('an ExecutionError is known by its code, also from another copy of the package', () => {
  const copy = Object.assign(new Error('x'), { name: 'ExecutionError', code: 'conflict' });
  expect(isExecutionError(new ExecutionError('not_found', 'x', { cause: 1, fields: { a: ['b'] } }))).toBe(true);
  expect(isExecutionError(copy)).toBe(true);
  expect(isExecutionError(Object.assign(new Error('x'), { name: 'ExecutionError', code: 'E42' }))).toBe(false);
  expect(isExecutionError('conflict')).toBe(false);
});

test('of a request the columns that its row keeps are taken, and no more', () => {
  const given = { tags: ['vip'], metadata: { shop: 'berlin' } };
  expect(givenColumns({ ...given, input: 1 })).toEqual(given);
});
