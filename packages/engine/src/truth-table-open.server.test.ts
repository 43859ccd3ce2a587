import type { EngineTarget, OpenRun, Resolution } from '@runledger/contracts';
import { startTemporal } from '@runledger/local-stack';
import { Client } from '@temporalio/client';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectEngine } from './connect-engine.ts';
import { createEngine } from './engine.ts';
import type { EngineFixture, Started } from './fixtures/engine-fixture.ts';
import { startEngineFixture } from './fixtures/engine-fixture.ts';
import { firstTaskOf, resetRun } from './fixtures/reset-run.ts';
import { until } from './fixtures/until.ts';
import { createResolver } from './resolver.ts';
import type { TemporalCalls } from './temporal-calls.ts';

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await startEngineFixture({
    dynamicConfig: {
      'frontend.WorkflowPauseEnabled': true,
      'history.retentionTimerJitterDuration': '1s',
      'system.namespaceMinRetentionLocal': '1s',
    },
  });
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const ANNA = { actor: 'anna@example.com', reason: 'ordered twice' };

async function untilOpen(target: EngineTarget, satisfies: (open: OpenRun) => boolean): Promise<OpenRun> {
  const resolution = await until(
    () => fixture.resolve(target),
    (found) => found.kind !== 'open' || satisfies(found.open),
  );
  if (resolution.kind !== 'open') throw new TypeError(`it is ${resolution.kind}`);
  return resolution.open;
}

const untilNotFound = (target: EngineTarget, engine = fixture.engine): Promise<Resolution> =>
  until(
    () => engine.resolve(target),
    ({ kind }) => kind === 'not_found',
  );

/**
 * A workflow whose exception is in its history. Only the first attempt of a task is, and on a busy machine that one may time
 * out, so that nobody ever sees the exception: then another one is started.
 */
async function startBroken(): Promise<Started> {
  for (;;) {
    const target = await fixture.start('hasBrokenCode', [], { workflowTaskTimeout: '3s' });
    const first = await until(
      async () => {
        const { events } = await fixture.client.workflow.getHandle(target.temporalWorkflowId).fetchHistory();
        return events?.find((e) => e.workflowTaskFailedEventAttributes || e.workflowTaskTimedOutEventAttributes);
      },
      (event) => event !== undefined,
    );
    if (first?.workflowTaskFailedEventAttributes) return target;
    await fixture.engine.terminate(target, ANNA);
  }
}

describe.concurrent('an execution is not over', () => {
  test('an open workflow is open in its first run', async () => {
    const target = await fixture.start('waits');
    await untilOpen(target, ({ firstTaskAt }) => firstTaskAt !== null);
    const resolution = await fixture.engine.resolve({ ...target, firstRunId: null });
    expect(resolution).toMatchObject({
      kind: 'open',
      open: {
        firstRunId: target.firstRunId,
        runId: target.firstRunId,
        cancelRequested: false,
        engineStatus: 'RUNNING',
        wedged: null,
      },
    });
  });

  test('a workflow without a worker is open, and has had no first task', async () => {
    const target = await fixture.start('waits', [], { taskQueue: 'nobody' });
    await fixture.engine.cancel(target, ANNA);
    expect(await fixture.engine.resolve(target)).toMatchObject({
      kind: 'open',
      open: { firstTaskAt: null, cancelRequested: true },
    });
  });

  test('a workflow that waits for its retry is open', async () => {
    const retry = { maximumAttempts: 3, initialInterval: '1h' } as const;
    const target = await fixture.start('alwaysFails', [], { retry });
    const open = await untilOpen(target, ({ runs }) => runs.length === 2);
    expect(open).toMatchObject({ runs: [{ status: 'failed' }, { status: 'running', cause: 'retry' }] });
  });

  test('while its cron schedule has it run again', async () => {
    const target = await fixture.start('returns', ['x'], { cronSchedule: '@every 1s' });
    const { runs, firstRunId } = await untilOpen(target, (open) => open.runs.length >= 3);
    expect(firstRunId).toBe(target.firstRunId);
    expect(runs.slice(0, 3).map((run) => [run.cause, run.status])).toEqual([
      ['start', 'completed'],
      ['cron', 'completed'],
      ['cron', expect.stringMatching(/running|completed/)],
    ]);
    await fixture.engine.terminate(target, ANNA);
    expect(await fixture.ended(target)).toMatchObject({ status: 'terminated', actor: ANNA.actor });
  });

  test('a reset workflow goes on in the run that the reset began', async () => {
    const target = await fixture.start('waits');
    const handle = fixture.client.workflow.getHandle(target.temporalWorkflowId);
    const runId = await resetRun(fixture.client, target);
    const resolution = await fixture.engine.resolve(target);
    expect(resolution).toMatchObject({
      kind: 'open',
      open: {
        firstRunId: target.firstRunId,
        runId,
        runs: [
          { runId: target.firstRunId, runNumber: 1, status: 'terminated' },
          { runId, runNumber: 2, cause: 'reset', status: 'running' },
        ],
      },
    });
    await handle.signal('finish', 'after the reset');
    expect(await fixture.ended(target)).toMatchObject({ status: 'completed', runId, output: 'after the reset' });
  });

  test('when it was closed and is reset without its signals: it is open again, in the new run', async () => {
    const target = await fixture.start('waits');
    const handle = fixture.client.workflow.getHandle(target.temporalWorkflowId);
    // A signal that the first task takes along would be of the run that begins with it, too.
    await firstTaskOf(fixture.client, target);
    await handle.signal('finish', 'before');
    await fixture.ended(target);
    const runId = await resetRun(fixture.client, target, { withoutSignals: true });
    expect(await fixture.engine.resolve(target)).toMatchObject({
      kind: 'open',
      open: {
        firstRunId: target.firstRunId,
        runId,
        runs: [
          { runId: target.firstRunId, status: 'completed' },
          { runId, cause: 'reset', status: 'running' },
        ],
      },
    });
    await handle.signal('finish', 'after');
    expect(await fixture.ended(target)).toMatchObject({ status: 'completed', runId, output: 'after' });
  });

  test('while it is paused', async () => {
    const target = await fixture.start('waits');
    await untilOpen(target, ({ firstTaskAt }) => firstTaskAt !== null);
    const { temporalWorkflowId: workflowId } = target;
    const request = { namespace: 'default', workflowId, identity: 'anna', requestId: 'once' };
    await fixture.client.workflowService.pauseWorkflowExecution(request);
    expect(await fixture.engine.resolve(target)).toMatchObject({ kind: 'open', open: { engineStatus: 'PAUSED' } });
    await fixture.client.workflowService.unpauseWorkflowExecution({ ...request, requestId: 'again' });
    await fixture.client.workflow.getHandle(workflowId).signal('finish', 'word');
    expect(await fixture.ended(target)).toMatchObject({ status: 'completed', output: 'word' });
  });

  test('while its code fails again and again: it is wedged, and says why', async () => {
    const target = await startBroken();
    const open = await untilOpen(target, ({ wedged }) => wedged !== null);
    expect(open.wedged).toEqual({ attempts: expect.any(Number), failure: 'deployed by mistake' });
    expect(open.wedged?.attempts).toBeGreaterThanOrEqual(3);
    const { namespace, temporalWorkflowId } = target;
    const readSteps = async () => {
      const chain = { namespace, temporalWorkflowId, runIds: [target.firstRunId as string] };
      return (await fixture.engine.readTimeline(chain)).steps;
    };
    const code = { kind: 'workflow_task', failure: { message: 'deployed by mistake' } };
    const [step, ...others] = await readSteps();
    expect(step).toMatchObject({ ...code, endedAt: null });
    expect(step?.attempts).toBeGreaterThanOrEqual(3);
    expect(others).toEqual([]);
    await fixture.engine.terminate(target, ANNA);
    expect(await fixture.ended(target)).toMatchObject({ status: 'terminated' });
    expect(await readSteps()).toMatchObject([{ ...code, status: 'abandoned' }]);
  });

  test('while an activity only fails: it says how often, why and since when', async () => {
    const target = await fixture.start('failsForEver');
    const { troubles } = await untilOpen(target, (open) => open.troubles?.[0]?.kind === 'activity_fails');
    expect(troubles).toEqual([
      {
        kind: 'activity_fails',
        activityType: 'succeedsAt',
        attempts: expect.any(Number),
        failure: 'busy (BusyError)',
        since: expect.stringMatching(/^\d{4}-/),
        activities: 1,
      },
    ]);
    await fixture.engine.terminate(target, ANNA);
  });

  test('while nobody polls its task queue, or that of its activity: it says so', async () => {
    const deserted = await fixture.start('waits', [], { taskQueue: 'deserted' });
    const unserved = await fixture.start('waitsForNobody');
    const [task] = (await untilOpen(deserted, ({ troubles }) => troubles !== undefined)).troubles ?? [];
    const queue = { pollers: 0, lastPolledAt: null };
    const since = expect.stringMatching(/^\d{4}-/);
    expect(task).toEqual({ kind: 'workflow_task_waits', since, queue: { ...queue, name: 'deserted' } });
    const [activity] = (await untilOpen(unserved, ({ troubles }) => troubles !== undefined)).troubles ?? [];
    expect(activity).toEqual({
      kind: 'activity_waits',
      activityType: 'succeedsAt',
      since,
      queue: { ...queue, name: 'nobody' },
      activities: 1,
    });
  });

  test('while its result is larger than Temporal takes: it never closes, and is wedged', async () => {
    const target = await fixture.start('returnsLong', [2_500_000]);
    const open = await untilOpen(target, ({ wedged }) => wedged !== null);
    expect(open.wedged?.failure).toMatch(/size|large/i);
    await fixture.engine.terminate(target, ANNA);
    expect(await fixture.ended(target)).toMatchObject({ status: 'terminated' });
  });

  test('when a later server gives it a status that nobody here knows', async () => {
    const resolution = await fakeResolver(99).resolve({
      namespace: 'default',
      temporalWorkflowId: 'any',
      firstRunId: null,
    });
    expect(resolution).toMatchObject({ kind: 'open', open: { engineStatus: '99', runId: 'a' } });
  });
});

/** Temporal with one run, of this status. */
function fakeResolver(status: number) {
  const service = {
    describeWorkflowExecution: async () => ({
      workflowExecutionInfo: { execution: { workflowId: 'any', runId: 'a' }, firstRunId: 'a', status },
    }),
    getWorkflowExecutionHistory: async () => ({ history: { events: [] } }),
  };
  const call: TemporalCalls = (make) => make(service as never, {} as never);
  return createResolver({ call, converter: loadDataConverter() });
}

describe.concurrent('an execution is not found, which is not an end', () => {
  test('when there never was one', async () => {
    const resolution = await fixture.engine.resolve({
      namespace: 'default',
      temporalWorkflowId: 'nobody',
      firstRunId: null,
    });
    expect(resolution).toMatchObject({ kind: 'not_found', reason: expect.stringContaining('nobody') });
  });

  test('when it was deleted', async () => {
    const target = await fixture.start('waits');
    const request = { namespace: 'default', workflowExecution: { workflowId: target.temporalWorkflowId } };
    await fixture.client.workflowService.deleteWorkflowExecution(request);
    expect(await untilNotFound(target)).toMatchObject({ reason: expect.stringContaining(target.temporalWorkflowId) });
  });

  test('when its retention is over', async () => {
    const namespace = 'forgetful';
    const service = fixture.client.workflowService;
    await service.registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: 1 as never } });
    const client = new Client({ connection: fixture.connection, namespace });
    const options = { workflowId: 'forgotten', taskQueue: 'nobody' };
    const handle = await until(
      () => client.workflow.start('any', options).catch(() => null),
      (started) => started !== null,
    );
    const target = { namespace, temporalWorkflowId: 'forgotten', firstRunId: handle?.firstExecutionRunId ?? null };
    await fixture.engine.terminate(target, ANNA);
    expect(await fixture.engine.resolve(target)).toMatchObject({ kind: 'closed', outcome: { status: 'terminated' } });
    await untilNotFound(target);
  });

  test('when the server lost its data; while it is away, nothing is said of it', async () => {
    const before = await startTemporal({ address: null });
    const connection = connectEngine({ address: before.address });
    const engine = createEngine({ connection });
    const { workflow } = new Client({ connection });
    const { workflowId, firstExecutionRunId } = await workflow.start('any', {
      workflowId: 'lost',
      taskQueue: 'nobody',
    });
    const target = { namespace: 'default', temporalWorkflowId: workflowId, firstRunId: firstExecutionRunId };
    expect(await engine.resolve(target)).toMatchObject({ kind: 'open' });
    await before.kill();
    const impatient = createEngine({ connection, callTimeoutMs: 2_000 });
    await expect(impatient.resolve(target)).rejects.toMatchObject({ code: 'engine_unavailable' });
    await using _after = await startTemporal({ address: null, port: Number(before.address.split(':')[1]) });
    expect(await untilNotFound(target, engine)).toMatchObject({ reason: expect.stringContaining('lost') });
    await connection.close();
  });
});
