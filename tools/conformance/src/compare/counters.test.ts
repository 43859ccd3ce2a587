import type { ExecutionService, ExecutionStats } from '@runledger/contracts';
import { byStatusField } from '@runledger/contracts/status';
import type { SqlSession } from '@runledger/local-stack';
import { expect, test } from 'vitest';
import { checkCounters } from './counters.ts';

const stats = {
  ...{ total: 3, ...byStatusField(() => 0), running: 1, completed: 1, failed: 1 },
  ...{ avgDuration: 150, minDuration: 100, maxDuration: 200, successRate: 50, verdicts: { approved: 1 } },
};

const fakeDatabase = (drift: object[] = []): SqlSession => ({
  query: async <T>(sql: string) =>
    (sql.includes('verify_execution_stats')
      ? drift
      : [
          { workflow_id: 'w', created_by: 'ada', status: 'completed', duration_ms: 100, verdict: 'approved' },
          { workflow_id: 'w', created_by: 'ada', status: 'failed', duration_ms: 200, verdict: null },
          { workflow_id: 'w', created_by: 'ada', status: 'running', duration_ms: null, verdict: null },
        ]) as T[],
  exec: async () => {},
});

const fakeService = (changed: Partial<ExecutionStats> = {}, runCount = 2) =>
  ({
    getStats: async () => ({ ...stats, ...changed }),
    getRunCount: async () => runCount,
  }) as unknown as ExecutionService;

const off = async (service: ExecutionService) =>
  (await checkCounters(fakeDatabase(), service)).map(({ of, counter }) => `${of}: ${counter}`);

test('counters that add up are not off', async () => {
  expect(await off(fakeService())).toEqual([]);
});

test('a counter that is one too high is named, with whose it is', async () => {
  expect(await off(fakeService({ failed: 2 }))).toEqual(['workflow w: failed', 'user ada, workflow w: failed']);
  expect(await off(fakeService({}, 3))).toEqual(['user ada, workflow w: run count', 'user ada: run count']);
  expect(await off(fakeService({ verdicts: {} }))).toEqual([
    'workflow w: verdict approved',
    'user ada, workflow w: verdict approved',
  ]);
});

test('a cell that drifts is named', async () => {
  const drift = [
    {
      created_by: 'ada',
      workflow_id: 'w',
      grain: 'day',
      starts_at: 'today',
      field: 'failed',
      counted: 2,
      recounted: 1,
    },
  ];
  expect(await checkCounters(fakeDatabase(drift), fakeService())).toEqual([
    { of: 'day today of user ada, workflow w', counter: 'failed', given: 2, recounted: 1 },
  ]);
});
