import { randomUUID } from 'node:crypto';
import type { EngineTarget, Step } from '@runledger/contracts';
import { TIMELINE_STEPS } from '@runledger/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EngineFixture } from './fixtures/engine-fixture.ts';
import { startEngineFixture } from './fixtures/engine-fixture.ts';
import { until } from './fixtures/until.ts';
import { approve } from './fixtures/workflows.ts';

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await startEngineFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

async function timelineOf(target: EngineTarget, runIds = [target.firstRunId as string]) {
  return fixture.engine.readTimeline({
    namespace: target.namespace,
    temporalWorkflowId: target.temporalWorkflowId,
    runIds,
  });
}

const inShort = (step: Step) => [step.kind, step.name, step.status, step.attempts, step.failure?.type ?? null];

describe.concurrent('the timeline of an execution', () => {
  test('has activities, timers, children, signals and updates, each with how it ended', async () => {
    const target = await fixture.start('doesEverything');
    const handle = fixture.client.workflow.getHandle(target.temporalWorkflowId);
    await handle.executeUpdate(approve, { args: ['ada'] });
    await expect(handle.executeUpdate(approve, { args: [''] })).rejects.toThrow();
    await handle.signal('finish', 'now');
    await fixture.ended(target);
    const timeline = await timelineOf(target);
    const isTold = (step: Step) => step.kind === 'signal' || step.kind === 'update';
    expect(timeline.steps.filter((step) => !isTold(step)).map(inShort)).toEqual([
      ['activity', 'succeedsAt', 'completed', 2, 'BusyError'],
      ['activity', 'chargeCard', 'failed', 3, 'CardError'],
      ['activity', 'hang', 'timed_out', 1, 'TimeoutFailure'],
      ['timer', '1', 'completed', null, null],
      ['child', 'waits', 'cancelled', null, null],
      ['timer', expect.any(String), 'completed', null, null],
      ['timer', expect.any(String), 'cancelled', null, null],
      ['child', 'returnsNothing', 'completed', null, null],
      ['child', 'alwaysFails', 'failed', null, 'Weather'],
    ]);
    expect(timeline.steps.filter(isTold).map(inShort).toSorted()).toEqual([
      ['signal', 'finish', 'received', null, null],
      ['update', 'approve', 'completed', null, null],
      ['update', 'approve', 'failed', null, 'ApprovalError'],
    ]);
    expect(timeline).toMatchObject({ state: 'complete', omitted: {}, activitiesExecuted: 3 });
    const summaries = timeline.steps.flatMap(({ name, summary }) => (summary === undefined ? [] : [[name, summary]]));
    expect(summaries).toEqual([
      ['hang', 'Hang for a moment'],
      ['1', 'Let it cool'],
      ['returnsNothing', 'Return nothing'],
    ]);
    for (const { kind, child } of timeline.steps) {
      if (kind !== 'child') expect(child).toBeUndefined();
      else
        expect(child).toEqual({
          workflowId: expect.stringMatching(/./),
          runId: expect.stringMatching(/^[\da-f-]{36}$/),
        });
    }
    for (const step of timeline.steps) {
      expect(step.runId).toBe(target.firstRunId);
      expect([step.scheduledAt, step.endedAt].toSorted()).toEqual([step.scheduledAt, step.endedAt]);
      expect(step.startedAt === null).toBe(step.kind === 'timer' || step.kind === 'signal');
    }
  });

  test('of an open one shows how often an activity was tried, and why that failed', async () => {
    const target = await fixture.start('retriesForEver');
    const { steps, state } = await until(
      () => timelineOf(target),
      ({ steps: [step] }) => step?.attempts === 2 && step.status === 'scheduled',
    );
    expect(state).toBe('complete');
    expect(steps.map(inShort)).toEqual([['activity', 'succeedsAt', 'scheduled', 2, 'BusyError']]);
    expect(steps[0]?.endedAt).toBeNull();
    await fixture.engine.terminate(target, { actor: 'anna', reason: 'enough' });
  });

  test('of an open one without a worker has an activity that was never tried', async () => {
    const target = await fixture.start('waitsForNobody');
    const { steps } = await until(
      () => timelineOf(target),
      ({ steps: found }) => found.length > 0,
    );
    expect(steps.map(inShort)).toEqual([['activity', 'succeedsAt', 'scheduled', 0, null]]);
  });

  test('of an ended one has no open part: what was under way is abandoned, with its attempts and last failure', async () => {
    const target = await fixture.start('leavesMuchOpen');
    const handle = fixture.client.workflow.getHandle(target.temporalWorkflowId);
    const update = handle.startUpdate(approve, { args: ['ada'], waitForStage: 'ACCEPTED' });
    await update;
    const under = await until(
      () => timelineOf(target),
      ({ steps }) =>
        steps.some(({ attempts, status }) => attempts === 2 && status === 'scheduled') &&
        steps.some(({ kind, status }) => kind === 'child' && status === 'started') &&
        steps.some(({ kind }) => kind === 'update'),
    );
    expect(under.steps.every(({ endedAt }) => endedAt === null)).toBe(true);
    await fixture.engine.terminate(target, { actor: 'anna', reason: 'enough' });
    const { closedAt } = await fixture.ended(target);
    const { steps } = await timelineOf(target);
    expect(steps.map(inShort).toSorted()).toEqual([
      ['activity', 'hang', 'abandoned', 1, null],
      ['activity', 'succeedsAt', 'abandoned', 2, 'BusyError'],
      ['child', 'waits', 'abandoned', null, null],
      ['timer', expect.any(String), 'abandoned', null, null],
      ['timer', expect.any(String), 'abandoned', null, null],
      ['update', 'approve', 'abandoned', null, null],
    ]);
    expect(new Set(steps.map(({ endedAt }) => endedAt))).toEqual(new Set([closedAt]));
  });

  test('says that a child was terminated, and that one was not started', async () => {
    const taken = await fixture.start('waits');
    const target = await fixture.start('startsChildren', [taken.temporalWorkflowId]);
    const child = await until(
      async () => (await timelineOf(target)).steps.find((step) => step.status === 'started'),
      (step) => step !== undefined,
    );
    expect(child?.name).toBe('waits');
    await fixture.engine.terminate(
      { namespace: 'default', temporalWorkflowId: `${target.temporalWorkflowId}-child`, firstRunId: null },
      { actor: 'anna', reason: 'enough' },
    );
    await fixture.ended(target);
    const { steps } = await timelineOf(target);
    expect(steps.map(({ child }) => child)).toEqual([
      { workflowId: taken.temporalWorkflowId, runId: null },
      { workflowId: `${target.temporalWorkflowId}-child`, runId: expect.any(String) },
    ]);
    expect(steps.map((step) => [step.status, step.failure?.message])).toEqual([
      ['failed', 'The child workflow was not started: workflow already exists'],
      ['terminated', 'The child workflow was terminated'],
    ]);
  });

  test('goes over all runs of the chain, counts what it leaves out, and each run has its own steps', async () => {
    const target = await fixture.start('doesManyThenContinues', [TIMELINE_STEPS]);
    const { runs } = await fixture.ended(target);
    const runIds = runs.map((run) => run.runId);
    const timeline = await timelineOf(target, runIds);
    expect(timeline.state).toBe('cut');
    expect(timeline.steps).toHaveLength(TIMELINE_STEPS);
    expect(timeline.omitted).toEqual({ timer: TIMELINE_STEPS });
    expect([timeline.steps[0]?.runId, timeline.steps.at(-1)?.runId]).toEqual(runIds);
  });

  test('is missing when Temporal has none of its runs, and cut when it has only some', async () => {
    const target = await fixture.start('doesTwice');
    await fixture.client.workflow.getHandle(target.temporalWorkflowId).signal('finish', 'x');
    await fixture.ended(target);
    const known = target.firstRunId as string;
    expect(await timelineOf(target, [randomUUID()])).toEqual({
      state: 'missing',
      steps: [],
      omitted: {},
      activitiesExecuted: 0,
    });
    expect(await timelineOf(target, [randomUUID(), known])).toMatchObject({ state: 'cut', activitiesExecuted: 2 });
    expect(await timelineOf(target, [known, known])).toMatchObject({ state: 'complete', activitiesExecuted: 2 });
  });

  test('of an unknown namespace is refused, which is not missing', async () => {
    const target = { namespace: 'nowhere', temporalWorkflowId: 'any', firstRunId: randomUUID() };
    await expect(timelineOf(target)).rejects.toMatchObject({ code: 'engine_refused' });
  });

  test('of a reset execution has what was done before the reset once', async () => {
    const target = await fixture.start('doesTwice');
    const handle = fixture.client.workflow.getHandle(target.temporalWorkflowId);
    await until(
      async () => (await timelineOf(target)).steps.filter((step) => step.endedAt).length,
      (done) => done === 3,
    );
    const { events } = await handle.fetchHistory();
    // After the first activity and the timer, before the second activity.
    const tasks = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
    const { runId } = await fixture.client.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: target.temporalWorkflowId, runId: target.firstRunId },
      reason: 'once more',
      requestId: randomUUID(),
      workflowTaskFinishEventId: tasks[2]?.eventId,
    });
    await until(
      async () => (await timelineOf(target, [runId as string])).steps.filter((step) => step.endedAt).length,
      (done) => done === 3,
    );
    await handle.signal('finish', 'x');
    const { runs } = await fixture.ended(target);
    expect(runs.map((run) => run.runId)).toEqual([target.firstRunId, runId]);
    const timeline = await timelineOf(target, [target.firstRunId as string, runId as string]);
    expect(timeline.steps.map((step) => [step.kind, step.runId === runId ? 'after' : 'before'])).toEqual([
      ['activity', 'before'],
      ['timer', 'before'],
      ['activity', 'before'],
      ['activity', 'after'],
      ['signal', 'after'],
    ]);
    expect(timeline).toMatchObject({ state: 'complete', activitiesExecuted: 3 });
    // The reset run alone has everything that it went through.
    expect(await timelineOf(target, [runId as string])).toMatchObject({ activitiesExecuted: 2 });
  });
});
