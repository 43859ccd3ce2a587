import type { Step, Timeline } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import { callRouter, refusalOf } from './fake-call.ts';
import { ENDED, EXECUTION_ID, fakeContext, fakeEngine, fakeExecution } from './fake-context.ts';

const FROZEN: Timeline = {
  state: 'complete',
  steps: [],
  omitted: {},
  activitiesExecuted: 2,
  readAt: '2026-11-21T09:00:02Z',
};
const RUNNING = fakeExecution({ status: 'running', temporalRunId: 'run-1', currentRunId: 'run-2' });

describe('getTimeline', () => {
  test('is what the ledger keeps, once the execution has ended', async () => {
    const execution = fakeExecution({ ...ENDED, status: 'completed', currentRunId: 'run-1' });
    const context = fakeContext({ reader: { get: async () => execution, timeline: async () => FROZEN } });
    expect(await callRouter(context).execution.getTimeline({ id: EXECUTION_ID })).toEqual(FROZEN);
  });

  test('is read from Temporal while the execution is open, of its current run', async () => {
    const asked: unknown[] = [];
    const context = fakeContext({
      reader: { get: async () => RUNNING, timeline: async () => null },
      engine: fakeEngine({
        readTimeline: async (chain) => {
          asked.push(chain);
          return { state: 'complete', steps: [], omitted: {}, activitiesExecuted: 1 };
        },
      }),
    });
    const timeline = await callRouter(context).execution.getTimeline({ id: EXECUTION_ID });
    expect(timeline).toMatchObject({ state: 'live', activitiesExecuted: 1, readAt: expect.any(String) });
    expect(asked).toEqual([{ namespace: 'default', temporalWorkflowId: EXECUTION_ID, runIds: ['run-2'] }]);
  });

  test('is without what its steps failed with where that is redacted, kept or read from Temporal', async () => {
    const failure = { type: 'CardError', message: 's3cret', stack: 's3cret' };
    const step: Step = {
      ...{ kind: 'activity', name: 'charge', runId: 'run-1', status: 'started', attempts: 2, failure },
      ...{ scheduledAt: '2026-11-21T09:00:00Z', startedAt: null, endedAt: null },
    };
    const workflow = { ...RUNNING.workflow, redact: ['/failure'] };
    for (const timeline of [null, { ...FROZEN, steps: [step] }]) {
      const context = fakeContext({
        reader: { get: async () => ({ ...RUNNING, workflow }), timeline: async () => timeline },
        engine: fakeEngine({
          readTimeline: async () => ({ state: 'complete', steps: [step], omitted: {}, activitiesExecuted: 1 }),
        }),
      });
      const { steps } = await callRouter(context).execution.getTimeline({ id: EXECUTION_ID });
      expect(steps).toEqual([{ ...step, failure: { type: 'CardError', message: '[redacted]' } }]);
    }
  });

  test('is empty before the start, and missing for what does not run in Temporal', async () => {
    const of = async (execution: ReturnType<typeof fakeExecution>) =>
      (
        await callRouter(
          fakeContext({ reader: { get: async () => execution, timeline: async () => null } }),
        ).execution.getTimeline({ id: EXECUTION_ID })
      ).state;
    expect(await of(fakeExecution())).toBe('live');
    expect(await of(fakeExecution({ engine: 'none', temporalNamespace: null, temporalWorkflowId: null }))).toBe(
      'missing',
    );
  });
});

test('health is the caller’s own executions’ only', async () => {
  const refusal = await refusalOf(
    callRouter(fakeContext({ reader: { get: async () => null } })).execution.getHealth({ id: EXECUTION_ID }),
  );
  expect(refusal.executionCode).toBe('not_found');
});
