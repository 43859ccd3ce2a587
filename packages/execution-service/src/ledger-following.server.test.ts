import { randomUUID } from 'node:crypto';
import type { AdoptRun, Outcome, Proof, ReadTimeline } from '@runledger/contracts';
import { testedKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completedOutcome as completed, openRun } from './fixtures/engine-words.ts';
import type { LedgerApi } from './fixtures/open-ledger-api.ts';
import { openLedgerApi } from './fixtures/open-ledger-api.ts';

describe.each(testedKinds('pglite', 'postgres-17'))('following on %s', (kind) => {
  let api: LedgerApi;
  beforeAll(async () => {
    api = await openLedgerApi(kind);
  });
  afterAll(() => api?.close());

  /** An execution that runs in `runId`, under a workflow id of its own. */
  async function running(runId: string) {
    return await api.service.createExecution({
      workflowId: api.workflow.id,
      userId: api.ada.id,
      temporalWorkflowId: `order-${randomUUID()}`,
      temporalRunId: runId,
    });
  }

  const ended = (executionId: string, outcome: Outcome) =>
    api.ledger.recordOutcomes([{ executionId, source: 'watch', outcome }]);

  test('of given runs it says which are recorded, which are open and which nobody knows', async () => {
    const [openOne, endedOne] = [randomUUID(), randomUUID()];
    const one = await running(openOne);
    const two = await running(endedOne);
    await ended(two.id, completed(endedOne));
    const key = (execution: { temporalWorkflowId: string | null }, runId: string) => ({
      temporalWorkflowId: execution.temporalWorkflowId as string,
      runId,
    });
    const found = await api.ledger.findRuns('default', [
      { temporalWorkflowId: 'stranger', runId: 'stranger' },
      key(one, openOne),
      key(two, endedOne),
      key(one, 'a later run'),
    ]);
    expect(found.map(({ isKnown, isRecorded, execution }) => [isKnown, isRecorded, execution?.executionId])).toEqual([
      [false, false, undefined],
      [true, false, one.id],
      [true, true, two.id],
      [false, false, one.id],
    ]);
    expect(found[2]?.execution).toMatchObject({ authority: 'engine', closingRunId: endedOne, status: 'completed' });
    const elsewhere = await api.ledger.findRuns('other', [key(one, openOne)]);
    expect(elsewhere).toEqual([{ isKnown: false, isRecorded: false, execution: null }]);
  });

  test('a run that the chain has left behind is recorded', async () => {
    const first = randomUUID();
    const one = await running(first);
    const at = (second: number) => `2026-01-01T00:00:0${second}Z`;
    const run = { cause: 'start' as const, errorMessage: null, runNumber: 1, previousRunId: null, wasEnd: false };
    await api.ledger.recordOpen([
      {
        executionId: one.id,
        source: 'feed',
        open: {
          ...openRun('next', first),
          runs: [
            { ...run, runId: first, status: 'continued_as_new', startedAt: at(0), closedAt: at(1) },
            {
              ...run,
              runId: 'next',
              previousRunId: first,
              cause: 'continue_as_new',
              status: 'running',
              startedAt: at(1),
              closedAt: null,
            },
          ],
        },
      },
    ]);
    const workflowId = one.temporalWorkflowId as string;
    const found = await api.ledger.findRuns('default', [
      { temporalWorkflowId: workflowId, runId: first },
      { temporalWorkflowId: workflowId, runId: 'next' },
    ]);
    expect(found.map(({ isKnown, isRecorded }) => [isKnown, isRecorded])).toEqual([
      [true, true],
      [true, false],
    ]);
  });

  test('a run that was started elsewhere becomes an execution once, of the user and workflow that the rule says', async () => {
    const run: AdoptRun = {
      namespace: api.workflow.temporalNamespace,
      temporalWorkflowId: `nightly-${randomUUID()}`,
      firstRunId: randomUUID(),
      workflowType: api.workflow.workflowType,
      taskQueue: api.workflow.taskQueue,
      userId: api.workflow.userId,
      startedAt: '2026-01-01T00:00:00.123456Z',
      workflowId: null,
      workflowOwner: null,
    };
    const answers = await api.ledger.adopt([
      run,
      { ...run, temporalWorkflowId: `a-${randomUUID()}`, userId: 'nobody' },
      { ...run, temporalWorkflowId: `b-${randomUUID()}`, workflowType: 'Unheard' },
      run,
    ]);
    expect(answers.map(({ result }) => result)).toEqual(['adopted', 'unknown_user', 'unknown_workflow', 'known']);
    const execution = await api.service.getExecution(run.temporalWorkflowId);
    expect(execution).toMatchObject({
      id: answers[0]?.executionId,
      createdBy: api.workflow.userId,
      workflowId: api.workflow.id,
      status: 'running',
      temporalRunId: run.firstRunId,
    });
    expect(Date.parse(execution?.startedAt ?? '')).toBe(Date.parse(run.startedAt));
    expect(answers[3]?.executionId).toBe(execution?.id);
  });

  describe('a run that was started elsewhere belongs to', () => {
    let count = 0;
    const define = async (owner: string, workflowType: string, more: object = {}) => {
      const input = { name: `Order ${++count}`, workflowType, taskQueue: 'demo', ...more };
      return (await api.workflows.createWorkflow(owner, input, { mayPublish: true })).id;
    };
    const adopt = async (workflowType: string, rule: Partial<AdoptRun> = {}) => {
      const [answer] = await api.ledger.adopt([
        {
          ...{
            namespace: 'default',
            temporalWorkflowId: randomUUID(),
            firstRunId: randomUUID(),
            workflowType,
            taskQueue: 'demo',
          },
          ...{ userId: api.bob.id, startedAt: '2026-01-01T00:00:00Z', workflowId: null, workflowOwner: null },
          ...rule,
        },
      ]);
      const execution = answer?.executionId ? await api.service.getExecutionById(answer.executionId) : null;
      return execution?.workflowId ?? answer?.result;
    };
    const published = { visibility: 'published' } as const;

    test('the user’s own definition, though another user published theirs before', async () => {
      const theirs = await define(api.ada.id, 'own first', published);
      const own = await define(api.bob.id, 'own first');
      expect(await adopt('own first')).toBe(own);
      expect(await adopt('own first', { workflowOwner: api.ada.id })).toBe(own);
      expect(await adopt('own first', { workflowId: theirs })).toBe(theirs);
    });

    test('another user’s only where the rule names it or its owner, and published', async () => {
      const theirs = await define(api.ada.id, 'named', published);
      expect(await adopt('named')).toBe('unknown_workflow');
      expect(await adopt('named', { workflowOwner: 'somebody else' })).toBe('unknown_workflow');
      expect(await adopt('named', { workflowOwner: api.ada.id })).toBe(theirs);
      expect(await adopt('named', { workflowId: theirs })).toBe(theirs);
      await define(api.ada.id, 'private');
      expect(await adopt('private', { workflowOwner: api.ada.id })).toBe('unknown_workflow');
    });

    test('never an archived one', async () => {
      const theirs = await define(api.ada.id, 'archived', published);
      const own = await define(api.bob.id, 'archived');
      await api.workflows.updateWorkflow(own, api.bob.id, { archived: true });
      expect(await adopt('archived')).toBe('unknown_workflow');
      expect(await adopt('archived', { workflowId: own })).toBe('unknown_workflow');
      expect(await adopt('archived', { workflowOwner: api.ada.id })).toBe(theirs);
      await api.workflows.updateWorkflow(theirs, api.ada.id, { archived: true });
      expect(await adopt('archived', { workflowOwner: api.ada.id })).toBe('unknown_workflow');
    });
  });

  test('usual durations are quantiles of what completed', async () => {
    const [workflow] = await api.supabase.database.query<{ id: string }>(
      `insert into runledger.workflows (user_id, name, workflow_type, task_queue) values ($1, $2, 'T', 'q') returning id`,
      [api.ada.id, randomUUID()],
    );
    const id = workflow?.id as string;
    expect(await api.ledger.usualDurations([id])).toEqual([]);
    for (const durationMs of [100, 200, 300, 400]) {
      const execution = await api.service.createExecution({ workflowId: id, userId: api.ada.id });
      await api.service.markCompleted(execution.id, null, durationMs);
    }
    const [usual] = await api.ledger.usualDurations([id]);
    expect(usual).toMatchObject({ workflowId: id, sample: 4 });
    expect([usual?.quantilesMs.at(0), usual?.quantilesMs.at(10), usual?.quantilesMs.at(-1)]).toEqual([100, 200, 400]);
  });

  test('unsettled executions are read in pages, each once', async () => {
    for (let i = 0; i < 5; i += 1) await running(randomUUID());
    const all = await api.ledger.unsettled('default', 1000);
    const paged = [];
    for (let after = undefined as (typeof all)[number] | undefined; ; ) {
      const page = await api.ledger.unsettled('default', 2, after);
      paged.push(...page);
      after = page.at(-1);
      if (page.length < 2) break;
    }
    expect(paged.map(({ executionId }) => executionId)).toEqual(all.map(({ executionId }) => executionId));
  });

  test('an end queues a timeline, which is kept once and not for a run that was reset since', async () => {
    const runId = randomUUID();
    const execution = await running(runId);
    await ended(execution.id, completed(runId));
    const mine = async () =>
      (await api.ledger.pendingTimelines('default', 1000)).find(({ executionId }) => executionId === execution.id);
    const pending = await mine();
    expect(pending).toMatchObject({
      closingRunId: runId,
      runIds: [runId],
      temporalWorkflowId: execution.temporalWorkflowId,
    });
    if (!pending) return;
    await api.ledger.saveTimelines([{ pending, retryInMs: 60_000 }]);
    expect(await mine()).toBeUndefined();
    const timeline: ReadTimeline = { state: 'complete', steps: [], omitted: {}, activitiesExecuted: 3 };
    expect(await api.ledger.saveTimelines([{ pending: { ...pending, closingRunId: 'another' }, timeline }])).toBe(0);
    expect(await api.ledger.saveTimelines([{ pending, timeline }])).toBe(1);
    expect(await api.service.getExecutionById(execution.id)).toMatchObject({ activitiesExecuted: 3 });
    expect((await api.ledger.story(execution.id))?.timeline).toMatchObject({
      state: 'complete',
      activitiesExecuted: 3,
    });
    await api.ledger.recordOpen([{ executionId: execution.id, source: 'feed', open: openRun('reset run', runId) }]);
    expect((await api.ledger.story(execution.id))?.timeline).toBeNull();
  });

  test('watermarks are kept per namespace and only move forward', async () => {
    expect(await api.ledger.watermark('other', 'closure')).toBeNull();
    await api.ledger.saveWatermark('other', 'closure', '2026-01-01T00:00:02.000000Z');
    await api.ledger.saveWatermark('other', 'closure', '2026-01-01T00:00:01.000000Z');
    await api.ledger.saveWatermark('other', 'start', '2026-01-01T00:00:01.000000Z');
    expect(await api.ledger.watermark('other', 'closure')).toBe('2026-01-01T00:00:02.000000Z');
    expect(await api.ledger.watermark('other', 'start')).toBe('2026-01-01T00:00:01.000000Z');
  });

  test('the proof is kept per namespace, and its figures are counted by the database', async () => {
    expect(await api.ledger.getProof('other')).toBeNull();
    expect(await api.ledger.figures('empty')).toMatchObject({
      open: 0,
      oldestCheckAt: null,
      recorded: {},
      capped: false,
    });
    const runId = randomUUID();
    const execution = await running(runId);
    await api.ledger.saveChecks([
      { executionId: execution.id, health: 'wedged', reason: 'It loops', remedy: 'Mend it', nextCheckInMs: 60_000 },
    ]);
    const figures = await api.ledger.figures('default');
    expect(figures.health.wedged).toBe(1);
    expect(figures.open).toBe((await api.ledger.unsettled('default', 1000)).length);
    await ended(execution.id, completed(runId));
    const after = await api.ledger.figures('default');
    expect([after.open, after.health.wedged]).toEqual([figures.open - 1, 0]);
    expect(after.recorded.watch?.count).toBe((figures.recorded.watch?.count ?? 0) + 1);
    const proof = { ...after, at: '2026-01-01T00:00:00Z', diverging: 0 } as unknown as Proof;
    await api.ledger.publishProof('other', proof);
    expect(await api.ledger.getProof('other')).toEqual(proof);
    await api.ledger.saveWatermark('watermarks only', 'closure', '2026-01-01T00:00:02.000000Z');
    const published = await api.ledger.namespaceProofs();
    expect(published).toContainEqual({ namespace: 'other', proof });
    expect(published).toContainEqual({ namespace: 'watermarks only', proof: null });
  });

  test('the story of an execution has everything the ledger holds of it', async () => {
    const runId = randomUUID();
    const execution = await running(runId);
    await api.service.markFailed(execution.id, 'no stock', 10, { actor: 'shop' });
    await ended(execution.id, completed(runId));
    const story = await api.ledger.story(execution.temporalWorkflowId as string);
    expect(story?.execution).toMatchObject({ id: execution.id, status: 'completed' });
    expect(story?.transitions.map(({ toStatus, authority }) => [toStatus, authority])).toEqual([
      ['running', 'reported'],
      ['failed', 'reported'],
      ['completed', 'engine'],
    ]);
    expect(story?.reports).toMatchObject([{ status: 'failed', actor: 'shop', result: 'applied' }]);
    expect(story).toMatchObject({ health: null, followed: { authority: 'engine', executionId: execution.id } });
    expect(await api.ledger.story('nothing of the kind')).toBeNull();
  });

  test('a report may say what the business makes of it, before or after the engine, and lists and statistics know', async () => {
    const verdict = `rejected-${kind}`;
    const early = await running(randomUUID());
    await api.service.markCompleted(early.id, null, 5, { verdict });
    const runId = randomUUID();
    const late = await running(runId);
    await ended(late.id, completed(runId));
    expect(await api.service.markCompleted(late.id, null, 5, { verdict })).toMatchObject({
      result: 'already_terminal',
    });
    const rejected = await api.service.listExecutionsByUser(api.ada.id, { verdict });
    expect(rejected.map(({ id }) => id).sort()).toEqual([early.id, late.id].sort());
    expect((await api.service.getStats(api.workflow.id)).verdicts[verdict]).toBe(2);
    await expect(api.service.markCompleted(late.id, null, 5, { verdict: '' })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });
});
