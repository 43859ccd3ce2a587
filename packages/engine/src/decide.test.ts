import { describe, expect, test } from 'vitest';
import { decide, decideFromDescribe } from './decide.ts';
import type { DescribedRun } from './described-run.ts';
import type { RunEnd } from './run-end.ts';

const described = (status: string, more: Partial<DescribedRun> = {}): DescribedRun => ({
  runId: 'run-1',
  firstRunId: 'run-1',
  status,
  startedAt: '2026-11-21T09:00:00.000000Z',
  closedAt: null,
  cancelRequested: false,
  taskAttempt: 0,
  taskWaitsSince: null,
  workflowType: 'order',
  taskQueue: null,
  pendingActivities: [],
  resetRunId: null,
  executionTimeout: null,
  runTimeout: null,
  expiresAt: null,
  historyEvents: 0,
  historyBytes: 0,
  ...more,
});

const ended = (status: RunEnd['status'], more: Partial<RunEnd> = {}): RunEnd => ({
  status,
  closedAt: '2026-11-21T09:00:01.000000Z',
  newRunId: null,
  result: null,
  failure: null,
  retryState: null,
  identity: null,
  reason: null,
  ...more,
});

describe('an execution is over only when the engine says so', () => {
  test.each([
    ['COMPLETED', 'completed'],
    ['FAILED', 'failed'],
    ['CANCELED', 'cancelled'],
    ['TERMINATED', 'terminated'],
    ['TIMED_OUT', 'timed_out'],
  ] as const)('%s without a successor is the end', (name, status) => {
    expect(decideFromDescribe(described(name))).toBeNull();
    expect(decide(described(name), ended(status))).toEqual({ kind: 'closed', status });
  });

  test.each(['RUNNING', 'PAUSED', 'SUSPENDED_BY_A_FUTURE_SERVER', '9', ''])('"%s" is open', (name) => {
    expect(decideFromDescribe(described(name))).toEqual({ kind: 'open' });
  });

  test.each([
    ['a failed run that is retried', 'FAILED', 'failed'],
    ['a run that timed out and is retried', 'TIMED_OUT', 'timed_out'],
    ['a cron run', 'COMPLETED', 'completed'],
    ['a run that continued as new', 'CONTINUED_AS_NEW', 'continued_as_new'],
  ] as const)('%s goes on in its successor', (_, name, status) => {
    const decision = decide(described(name), ended(status, { newRunId: 'run-2' }));
    expect(decision).toEqual({ kind: 'follow', runId: 'run-2' });
  });

  test('a run that was reset goes on in the reset run, whatever it ended as', () => {
    for (const name of ['RUNNING', 'TERMINATED', 'COMPLETED']) {
      const run = described(name, { resetRunId: 'run-2' });
      expect(decideFromDescribe(run)).toEqual({ kind: 'follow', runId: 'run-2' });
    }
  });

  test('a run that the resetter terminated is looked at again', () => {
    const reset = ended('terminated', { identity: 'history-resetter' });
    expect(decide(described('TERMINATED'), reset)).toEqual({ kind: 'again' });
    const person = ended('terminated', { identity: 'anna' });
    expect(decide(described('TERMINATED'), person)).toEqual({ kind: 'closed', status: 'terminated' });
  });

  test('a run that continued as new, nobody knows where, is looked at again', () => {
    expect(decide(described('CONTINUED_AS_NEW'), null)).toEqual({ kind: 'again' });
  });

  test('the last event outweighs what describe says', () => {
    expect(decide(described('COMPLETED'), ended('failed'))).toEqual({ kind: 'closed', status: 'failed' });
    expect(decide(described('FAILED'), ended('continued_as_new'))).toEqual({ kind: 'again' });
  });

  test('a status stands even when its last event cannot be read', () => {
    expect(decide(described('COMPLETED'), null)).toEqual({ kind: 'closed', status: 'completed' });
  });
});

test('a run that names itself as what its reset started ends: following it would never end', () => {
  const run = described('TERMINATED', { resetRunId: 'run-1' });
  expect(decideFromDescribe(run)).toBeNull();
  expect(decide(run, ended('terminated'))).toEqual({ kind: 'closed', status: 'terminated' });
});
