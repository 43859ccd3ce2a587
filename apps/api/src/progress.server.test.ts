import { connectSupabase, createExecutionService } from '@runledger/execution-service';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApiFixture } from './fixtures/api-fixture.ts';
import { refusalOf } from './fixtures/refusal.ts';

let fixture: ApiFixture;
let anna: TestUser;
let workflowId: string;

beforeAll(async () => {
  fixture = await startApiFixture();
  anna = await fixture.signUp('anna');
  ({ id: workflowId } = await anna.client.workflow.create.mutate(ORDER));
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const start = () => anna.client.execution.createExecution.mutate({ workflowId });
const service = () =>
  createExecutionService(connectSupabase({ url: fixture.supabase.url, key: fixture.supabase.serviceRoleKey }));
const sql = (text: string, given: unknown[]) => fixture.supabase.database.query<{ revision: number }>(text, given);

describe('progress', () => {
  test('is told to whoever watches the execution, with a counter of its own', async () => {
    const { id, revision } = await start();
    const told: string[] = [];
    const seen = new Promise<void>((resolve, reject) => {
      const watch = anna.client.execution.watchExecution.subscribe(
        { id },
        {
          onData({ data }) {
            told.push(data.kind === 'progress' ? `${data.progress.percent} ${data.progress.counter}` : data.kind);
            if (data.kind === 'execution') expect(data.execution.revision).toBe(revision);
            if (told.length === 1) void service().reportProgress(id, { percent: 10 });
            if (told.length === 2) void service().reportProgress(id, { percent: 20 });
            if (told.length < 3) return;
            watch.unsubscribe();
            resolve();
          },
          onError: reject,
        },
      );
    });
    await seen;
    expect(told).toEqual(['execution', '10 1', '20 2']);
  });

  test('is what was reported last, and costs the execution no revision', async () => {
    const { id, revision } = await start();
    const { reportProgress, getProgress, getExecution } = anna.client.execution;
    expect(await getProgress.query({ id })).toBeNull();
    expect(await reportProgress.mutate({ id, step: 2, steps: 8, message: 'packing' })).toEqual({ result: 'applied' });
    expect(await getProgress.query({ id })).toMatchObject({
      ...{ executionId: id, status: 'running', step: 2, steps: 8, percent: 25, message: 'packing' },
      ...{ estimated: false, counter: 1, reportedAt: expect.any(String) },
    });
    await reportProgress.mutate({ id, step: 4 });
    expect(await getProgress.query({ id })).toMatchObject({ step: 4, steps: 8, percent: 50, message: 'packing' });
    const execution = await getExecution.query({ id });
    expect(execution.revision).toBe(revision);
    // All that a page shows comes with the execution.
    expect(execution.progress).toEqual(await getProgress.query({ id }));
  });

  test('never goes back within a run, and begins anew in the next', async () => {
    const { id, temporalRunId } = await start();
    const say = (report: object, runId: string | null = temporalRunId) =>
      service().reportProgress(id, report, runId === null ? {} : { runId });
    expect(await say({ percent: 60 })).toBe('applied');
    expect(await say({ percent: 59, message: 'late' })).toBe('behind');
    expect(await say({ percent: 60, message: 'still at it' })).toBe('applied');
    await sql(`update runledger.workflow_executions set current_run_id = 'next' where id = $1`, [id]);
    expect(await say({ percent: 5 }, 'next')).toBe('applied');
    const { getProgress } = anna.client.execution;
    expect(await getProgress.query({ id })).toMatchObject({ percent: 5, message: null, counter: 3 });
  });

  test('is kept as last seen once it has ended', async () => {
    const direct = await service().createExecution({ workflowId, userId: anna.id });
    const { reportProgress, getProgress } = anna.client.execution;
    await reportProgress.mutate({ id: direct.id, percent: 40 });
    await service().markFailed(direct.id, 'the printer is out of paper');
    expect(await service().reportProgress(direct.id, { percent: 80 })).toBe('ended');
    expect(await getProgress.query({ id: direct.id })).toMatchObject({ status: 'failed', percent: 40 });
  });

  test('without reports is estimated from how long earlier ones took, and says so', async () => {
    const { id: other } = await anna.client.workflow.create.mutate({ ...ORDER, name: 'Slow' });
    const { getProgress } = anna.client.execution;
    for (const durationMs of [100_000, 200_000, 300_000]) {
      const done = await service().createExecution({ workflowId: other, userId: anna.id });
      await service().markCompleted(done.id, null, durationMs);
      // It has ended: nothing is left to be estimated.
      expect(await getProgress.query({ id: done.id })).toBeNull();
    }
    const started = new Date(Date.now() - 100_000).toISOString();
    const half = await service().createExecution({ workflowId: other, userId: anna.id, startedAt: started });
    const estimated = await getProgress.query({ id: half.id });
    expect(estimated).toMatchObject({ estimated: true, counter: 0, reportedAt: null, step: null });
    expect(estimated?.percent).toBeGreaterThanOrEqual(50);
    const long = new Date(Date.now() - 3_600_000).toISOString();
    const late = await service().createExecution({ workflowId: other, userId: anna.id, startedAt: long });
    expect(await getProgress.query({ id: late.id })).toMatchObject({ percent: 95, estimated: true });
  });

  test('that says nothing, or more than all, is refused', async () => {
    const { id } = await start();
    const { reportProgress } = anna.client.execution;
    for (const report of [{}, { step: 3, steps: 2 }, { percent: 101 }, { message: 'x'.repeat(501) }])
      expect(await refusalOf(reportProgress.mutate({ id, ...report }))).toMatchObject({ code: 'invalid_input' });
  });
});
