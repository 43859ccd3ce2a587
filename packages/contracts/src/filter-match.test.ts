import { describe, expect, test } from 'vitest';
import type { ExecutionSummary } from './execution.ts';
import { NEW_EXECUTION } from './execution.ts';
import type { ExecutionFilter } from './filter.ts';
import { matchesFilter } from './filter-match.ts';

const FAILED = {
  ...NEW_EXECUTION,
  id: '01939c5e-0000-7000-8000-0000000000e1',
  workflowId: '01939c5e-0000-7000-8000-000000000001',
  createdBy: 'anna',
  engine: 'temporal',
  temporalWorkflowId: 'order-1',
  status: 'failed',
  outcomeAuthority: 'engine',
  startedAt: '2026-11-21T09:00:00.123456+00:00',
  completedAt: '2026-11-21T09:00:01+00:00',
  recordedAt: '2026-11-21T09:00:01+00:00',
  durationMs: 900,
  verdict: 'late',
  tags: ['berlin', 'vip'],
  errorMessage: 'The Bank said no',
} as unknown as ExecutionSummary;

describe('whether a list shows an execution', () => {
  test.each<[ExecutionFilter, boolean | null]>([
    [{}, true],
    [{ status: ['failed', 'timed_out'] }, true],
    [{ status: ['completed'] }, false],
    [{ status: [] }, true],
    [{ workflowId: FAILED.workflowId, userId: 'anna', verdict: 'late' }, true],
    [{ userId: 'ben' }, false],
    [{ userIds: ['ben', 'anna'] }, true],
    [{ userIds: ['ben'] }, false],
    [{ origin: ['api'] }, null],
    [{ origin: ['api'], userIds: ['ben'] }, false],
    [{ verdict: 'early' }, false],
    // From is inclusive and to is not, to the microsecond and in any zone.
    [{ from: '2026-11-21T09:00:00.123456Z' }, true],
    [{ from: '2026-11-21T09:00:00.123457Z' }, false],
    [{ to: '2026-11-21T09:00:00.123456Z' }, false],
    [{ to: '2026-11-21T10:00:00.123457+01:00' }, true],
    [{ minDurationMs: 900, maxDurationMs: 900 }, true],
    [{ minDurationMs: 901 }, false],
    [{ maxDurationMs: 899 }, false],
    [{ tags: ['vip', 'paris'] }, true],
    [{ allTags: ['vip', 'paris'] }, false],
    [{ allTags: ['vip', 'berlin'] }, true],
    [{ ids: ['order-1'] }, true],
    [{ ids: [FAILED.id] }, true],
    [{ ids: ['order-2'] }, false],
    [{ text: 'bank SAID' }, true],
    [{ text: 'the bank%' }, false],
    [{ not: { status: ['completed'] } }, true],
    [{ not: { status: ['failed'] } }, false],
    [{ not: { tags: ['vip'] } }, false],
    [{ not: { tags: ['paris'] } }, true],
    [{ workflowIds: [FAILED.workflowId, 'another'] }, true],
    [{ workflowIds: ['another'] }, false],
    [{ endedFrom: '2026-11-21T09:00:01Z', endedTo: '2026-11-21T09:00:01.000001Z' }, true],
    [{ endedTo: '2026-11-21T09:00:01Z' }, false],
    [{ authority: 'engine', minRuns: 1, maxRuns: 1 }, true],
    [{ authority: 'reported' }, false],
    [{ minRuns: 2 }, false],
    [{ taskQueue: 'orders' }, null],
    [{ workflowType: 'order', verdict: 'early' }, false],
    [{ failureGroup: '0123456789abcdef' }, null],
    [{ health: ['wedged'], status: ['failed'] }, null],
    [{ health: ['wedged'], status: ['running'] }, false],
  ])('%j: %s', (filter, fits) => {
    expect(matchesFilter(filter, FAILED)).toBe(fits);
  });

  test('what is open has no run time that a filter could fit', () => {
    const open = { ...FAILED, status: 'running', completedAt: null, durationMs: null } as unknown as ExecutionSummary;
    expect(matchesFilter({ minDurationMs: 0 }, open)).toBe(false);
    expect(matchesFilter({ endedTo: '2027-01-01T00:00:00Z' }, open)).toBe(false);
    expect(matchesFilter({}, open)).toBe(true);
  });
});
