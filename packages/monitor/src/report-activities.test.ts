import { EXECUTION_ERROR_CODES, ExecutionError } from '@runledger/contracts';
import type { Context } from '@temporalio/activity';
import { asyncLocalStorage } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { createReportActivities, reportIdOf, toApplicationFailure } from './report-activities.ts';

test('all attempts of one report carry the same id, other reports another', () => {
  const id = reportIdOf('default', 'order-1', 'run-1', '5');
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(reportIdOf('default', 'order-1', 'run-1', '5')).toBe(id);
  expect(reportIdOf('default', 'order-1', 'run-1', '6')).not.toBe(id);
  expect(reportIdOf('default', 'order-1', 'run-2', '5')).not.toBe(id);
  expect(reportIdOf('default', 'order-1r', 'un-1', '5')).not.toBe(id);
});

test('progress is that of the workflow and the run that report it, unless another execution is named', async () => {
  const said: unknown[] = [];
  const service = {
    reportProgress: async (...report: unknown[]) => {
      said.push(report);
      return 'applied' as const;
    },
  } as unknown as Parameters<typeof createReportActivities>[0]['service'];
  const info = { workflowExecution: { workflowId: 'order-1', runId: 'run-1' } };
  const { reportProgress } = createReportActivities({ service });
  await asyncLocalStorage.run({ info } as Context, async () => {
    expect(await reportProgress({ step: 1, steps: 2 })).toBe('applied');
    await reportProgress({ executionId: 'other', percent: 9 });
  });
  expect(said).toEqual([
    ['order-1', { step: 1, steps: 2 }, { runId: 'run-1' }],
    ['other', { percent: 9 }, {}],
  ]);
});

test('a report is tried again only where that may help', () => {
  const retried = EXECUTION_ERROR_CODES.filter((code) => {
    const failure = toApplicationFailure(new ExecutionError(code, 'why')) as ApplicationFailure;
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: code, message: 'why' });
    return !failure.nonRetryable;
  });
  expect(retried).toEqual([
    'unauthenticated',
    'not_found',
    'rate_limited',
    'engine_unavailable',
    'engine_throttled',
    'ledger_unavailable',
    'took_too_long',
    'schema_outdated',
    'internal',
  ]);
  const other = new TypeError('not ours');
  expect(toApplicationFailure(other)).toBe(other);
});
