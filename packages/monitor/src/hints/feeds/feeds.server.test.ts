import { randomUUID } from 'node:crypto';
import type { AdoptionRule, Ledger } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import type { WatchRun } from '@runledger/engine';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MonitorFixture } from '../../fixtures/monitor-fixture.ts';
import { startMonitorFixture } from '../../fixtures/monitor-fixture.ts';
import { until } from '../../fixtures/until.ts';

let fixture: MonitorFixture;
beforeAll(async () => {
  fixture = await startMonitorFixture({ searchAttributes: { Customer: 'Keyword' } });
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

/** No hints but the feeds': a watch that never wakes, and a reconciler that finds nothing due. */
const NEVER_WAKES: WatchRun = (_, { signal }) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
const nothingDue = (): Ledger => ({ ...fixture.ledger, dueChecks: async () => [] });
const FEEDS_ONLY = { reconcilePeriodMs: 86_400_000, watchCap: 1 };

const sourcesOf = async (id: string) =>
  (await fixture.transitions(id)).map(({ to_status, source }) => [to_status, source]);

const byWorkflowId = (workflowId: string) =>
  fixture.database.query<{ id: string; created_by: string; status: string; temporal_run_id: string }>(
    'select id, created_by, status, temporal_run_id from runledger.workflow_executions where temporal_workflow_id = $1 order by started_at',
    [workflowId],
  );

describe('the closure feed alone', () => {
  test('records what closed unwatched, a chain of runs once, and every kind of end', async () => {
    await using _ = fixture.monitor(FEEDS_ONLY, { watch: NEVER_WAKES, ledger: nothingDue() });
    const [returned, failed, chain, waiting] = await Promise.all([
      fixture.start('returns', [1]),
      fixture.start('fails', ['no stock']),
      fixture.start('continues', [2]),
      fixture.start('waits'),
    ]);
    await waiting.handle.terminate('enough');
    const rows = await Promise.all([returned, failed, chain, waiting].map(({ id }) => fixture.settled(id)));
    expect(rows.map(({ status, run_count }) => [status, run_count])).toEqual([
      ['completed', 1],
      ['failed', 1],
      ['completed', 3],
      ['terminated', 1],
    ]);
    const ends = await Promise.all([returned, failed, chain, waiting].map(({ id }) => fixture.transitions(id)));
    expect(ends.map((transitions) => transitions.at(-1)?.source)).not.toContain('reconciler');
    expect(ends.flat().filter(({ to_status }) => to_status !== 'running')).toHaveLength(4);
  });

  test('records what closed before its row was written', async () => {
    await using _ = fixture.monitor(FEEDS_ONLY, { watch: NEVER_WAKES, ledger: nothingDue() });
    const run = await fixture.run('returns', [1]);
    await run.handle.result();
    const { closeTime } = await run.handle.describe();
    await until(
      () => fixture.ledger.watermark('default', 'closure'),
      (watermark) => Date.parse(watermark ?? '') >= (closeTime?.getTime() ?? Number.POSITIVE_INFINITY),
    );
    const id = await run.register();
    expect(await fixture.settled(id)).toMatchObject({ status: 'completed' });
    expect(await sourcesOf(id)).toContainEqual(['completed', 'feed']);
  });

  test('moves its watermark only when what it read is recorded', async () => {
    const waiting = await fixture.start('waits');
    const before = await fixture.ledger.watermark('default', 'closure');
    const refusing: Ledger = {
      ...nothingDue(),
      recordOutcomes: () => Promise.reject(new ExecutionError('ledger_unavailable', 'connection refused')),
    };
    {
      await using _ = fixture.monitor({ ...FEEDS_ONLY, drainMs: 100 }, { watch: NEVER_WAKES, ledger: refusing });
      await waiting.handle.terminate('enough');
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      const { closeTime } = await waiting.handle.describe();
      const now = await fixture.ledger.watermark('default', 'closure');
      expect(now === before || Date.parse(now ?? '') < (closeTime?.getTime() ?? 0)).toBe(true);
    }
    expect(await fixture.row(waiting.id)).toMatchObject({ status: 'running' });
    await using _ = fixture.monitor(FEEDS_ONLY, { watch: NEVER_WAKES, ledger: nothingDue() });
    expect(await fixture.settled(waiting.id)).toMatchObject({ status: 'terminated' });
  });
});

describe('the start feed', () => {
  const rules: AdoptionRule[] = [
    { workflowType: 'returns', taskQueue: 'fixtures', user: { memo: 'customer' } },
    { workflowType: 'waits', user: { searchAttribute: 'Customer' } },
    { workflowType: 'continues', user: { userId: 'anna' } },
  ];

  /** As another service does it: nothing is registered. */
  async function startElsewhere(type: string, args: unknown[], more: object = {}) {
    await fixture.workflowId(type, 'fixtures');
    const workflowId = `elsewhere-${randomUUID()}`;
    return await fixture.client.workflow.start(type, { workflowId, taskQueue: 'fixtures', args, ...more });
  }

  test('adopts what rules cover, for the user that memo or search attribute name, and nothing else', async () => {
    await using _ = fixture.monitor({}, { adoption: rules });
    const [byMemo, byAttribute, chain, nobody, stranger, uncovered] = await Promise.all([
      startElsewhere('returns', ['hello'], { memo: { customer: 'anna' } }),
      startElsewhere('waits', [], { searchAttributes: { Customer: ['anna'] } }),
      startElsewhere('continues', [1]),
      startElsewhere('returns', ['no user'], {}),
      startElsewhere('returns', ['unknown user'], { memo: { customer: 'mallory' } }),
      startElsewhere('fails', ['no rule'], { memo: { customer: 'anna' } }),
    ]);
    const adopted = await Promise.all(
      [byMemo, byAttribute, chain].map(({ workflowId }) =>
        until(
          () => byWorkflowId(workflowId),
          (rows) => rows.length > 0,
        ),
      ),
    );
    expect(adopted.map((rows) => rows.map(({ created_by }) => created_by))).toEqual([['anna'], ['anna'], ['anna']]);
    expect(adopted.map(([row]) => row?.temporal_run_id)).toEqual(
      [byMemo, byAttribute, chain].map(({ firstExecutionRunId }) => firstExecutionRunId),
    );
    await byAttribute.signal('finish', 'adopted');
    const rows = await Promise.all(adopted.map(([row]) => fixture.settled(row?.id ?? '')));
    expect(rows.map(({ status, output }) => [status, output])).toEqual([
      ['completed', 'hello'],
      ['completed', 'adopted'],
      ['completed', 'done'],
    ]);
    for (const { workflowId } of [nobody, stranger, uncovered]) expect(await byWorkflowId(workflowId)).toEqual([]);
  });

  test('adopts what a schedule starts', async () => {
    await using _ = fixture.monitor({}, { adoption: rules });
    await fixture.workflowId('returns', 'fixtures');
    const schedule = await fixture.client.schedule.create({
      scheduleId: `nightly-${randomUUID()}`,
      spec: {},
      action: {
        type: 'startWorkflow',
        workflowType: 'returns',
        taskQueue: 'fixtures',
        args: ['nightly'],
        memo: { customer: 'anna' },
      },
    });
    await schedule.trigger();
    const [started] = await until(
      async () => (await schedule.describe()).info.recentActions,
      (actions) => actions.length > 0,
    );
    const workflowId = started?.action.type === 'startWorkflow' ? started.action.workflow.workflowId : '';
    const [row] = await until(
      () => byWorkflowId(workflowId),
      (rows) => rows.length > 0,
    );
    expect(await fixture.settled(row?.id ?? '')).toMatchObject({ status: 'completed', output: 'nightly' });
    await schedule.delete();
  });

  test('takes a workflow id that was used again for another execution', async () => {
    await using _ = fixture.monitor({}, { adoption: rules });
    const first = await fixture.start('returns', ['first']);
    await fixture.settled(first.id);
    const { workflowId } = first.handle;
    const memo = { customer: 'anna' };
    await fixture.client.workflow.start('returns', { workflowId, taskQueue: 'fixtures', args: ['second'], memo });
    const rows = await until(
      () => byWorkflowId(workflowId),
      (found) => found.length === 2,
    );
    const [one, two] = await Promise.all(rows.map(({ id }) => fixture.settled(id)));
    expect([one?.output, two?.output]).toEqual(['first', 'second']);
  });

  test('does not take for another execution what its application registers a moment later', async () => {
    await using _ = fixture.monitor({}, { adoption: rules });
    const handle = await startElsewhere('returns', ['late'], { memo: { customer: 'anna' } });
    await until(
      () => byWorkflowId(handle.workflowId),
      (rows) => rows.length > 0,
    );
    const registered = await fixture.service.createExecution({
      workflowId: await fixture.workflowId('returns', 'fixtures'),
      userId: 'anna',
      temporalWorkflowId: handle.workflowId,
      temporalRunId: handle.firstExecutionRunId,
      tags: ['mine'],
    });
    expect((await byWorkflowId(handle.workflowId)).map(({ id }) => id)).toEqual([registered.id]);
    expect(registered.tags).toEqual(['mine']);
  });
});

describe('a reset of an execution that had ended', () => {
  /** Temporal's own reset, before the signal that let it end. */
  async function reset(workflowId: string, runId: string, excludeSignal: boolean): Promise<string> {
    const answer = await fixture.client.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId, runId },
      reason: 'once more',
      requestId: randomUUID(),
      workflowTaskFinishEventId: 4 as never,
      // RESET_REAPPLY_EXCLUDE_TYPE_SIGNAL
      resetReapplyExcludeTypes: excludeSignal ? [1] : [],
    });
    return answer.runId;
  }

  async function ended() {
    const { id, handle } = await fixture.start('waits');
    await until(
      async () => (await handle.describe()).historyLength,
      (length) => length >= 4,
    );
    await handle.signal('finish', 'first');
    await fixture.settled(id);
    return { id, handle };
  }

  test('reopens it, and it ends again in the run of the reset', async () => {
    await using _ = fixture.monitor();
    const { id, handle } = await ended();
    const runId = await reset(handle.workflowId, handle.firstExecutionRunId, true);
    await until(async () => (await fixture.row(id)).status, 'running');
    expect(await fixture.row(id)).toMatchObject({ current_run_id: runId, completed_at: null, output: null });
    await fixture.client.workflow.getHandle(handle.workflowId).signal('finish', 'second');
    expect(await fixture.settled(id)).toMatchObject({ status: 'completed', output: 'second', closing_run_id: runId });
    expect((await sourcesOf(id)).map(([status]) => status)).toEqual(['running', 'completed', 'running', 'completed']);
    expect((await fixture.transitions(id))[2]).toMatchObject({ authority: 'engine', reason: 'It was reset.' });
  });

  test('that ends at once again is recorded in both ends', async () => {
    await using _ = fixture.monitor();
    const { id, handle } = await ended();
    const runId = await reset(handle.workflowId, handle.firstExecutionRunId, false);
    await until(async () => (await fixture.row(id)).closing_run_id, runId);
    expect((await sourcesOf(id)).map(([status]) => status)).toEqual(['running', 'completed', 'running', 'completed']);
    expect((await fixture.runs(id)).map(({ cause }) => cause)).toEqual(['start', 'reset']);
  });
});

test('what an execution did is kept once it has ended', async () => {
  await using _ = fixture.monitor();
  const { id, handle } = await fixture.start('waits');
  await handle.signal('finish', 'done');
  await fixture.settled(id);
  const timeline = await until(
    async () => (await fixture.ledger.story(id))?.timeline ?? null,
    (found) => found !== null && found.state !== 'pending',
  );
  expect(timeline).toMatchObject({
    state: 'complete',
    omitted: {},
    activitiesExecuted: 0,
    steps: [{ kind: 'signal', name: 'finish', runId: handle.firstExecutionRunId, status: 'received' }],
  });
});
