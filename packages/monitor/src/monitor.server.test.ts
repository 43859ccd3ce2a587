import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MonitorFixture } from './fixtures/monitor-fixture.ts';
import { startMonitorFixture } from './fixtures/monitor-fixture.ts';
import { until } from './fixtures/until.ts';
import { MONITOR_VERSION } from './monitor-version.ts';

const ANNA = { actor: 'anna@example.com', reason: 'ordered twice' };

let fixture: MonitorFixture;
beforeAll(async () => {
  fixture = await startMonitorFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const target = (temporalWorkflowId: string, firstRunId: string | null = null) => ({
  namespace: 'default',
  temporalWorkflowId,
  firstRunId,
});

/** Changes of status, oldest first: `running > completed (engine)`. */
async function story(id: string): Promise<string[]> {
  const transitions = await fixture.transitions(id);
  return transitions.map(({ to_status, authority }) =>
    to_status === 'pending' || to_status === 'running' ? to_status : `${to_status} (${authority})`,
  );
}

describe('with a monitor running', () => {
  let monitor: ReturnType<MonitorFixture['monitor']>;
  beforeAll(() => {
    // A workflow that reports its end may take long to end where the machine is busy.
    monitor = fixture.monitor({ reportGraceMs: 240_000 });
  });
  afterAll(() => monitor[Symbol.asyncDispose]());

  describe.concurrent('an end is recorded once', () => {
    test('a completed workflow, with its output and times', async () => {
      const { id, handle } = await fixture.start('returns', [{ total: 3 }]);
      const row = await fixture.settled(id);
      expect(row).toMatchObject({
        status: 'completed',
        output: { total: 3 },
        closing_run_id: handle.firstExecutionRunId,
        engine_started_at: expect.any(String),
        first_task_at: expect.any(String),
      });
      expect(await story(id)).toEqual(['running', 'completed (engine)']);
    });

    test('a failed workflow, with what failed', async () => {
      const { id } = await fixture.start('fails', ['no stock']);
      expect(await fixture.settled(id)).toMatchObject({
        status: 'failed',
        error_message: 'no stock (StockError)',
        failure: { type: 'StockError' },
      });
      expect(await story(id)).toEqual(['running', 'failed (engine)']);
    });

    test('a cancelled workflow, with who asked for it', async () => {
      const { id, handle } = await fixture.start('waits');
      await fixture.engine.cancel(target(handle.workflowId), ANNA);
      expect(await fixture.settled(id)).toMatchObject({ status: 'cancelled' });
      expect((await fixture.transitions(id)).at(-1)).toMatchObject(ANNA);
    });

    test('a terminated workflow, with who did it', async () => {
      const { id, handle } = await fixture.start('waits');
      await fixture.engine.terminate(target(handle.workflowId), ANNA);
      expect(await fixture.settled(id)).toMatchObject({ status: 'terminated' });
      expect((await fixture.transitions(id)).at(-1)).toMatchObject(ANNA);
    });

    test('a result that is too large or not storable does not hide that it completed', async () => {
      const [large, kept, nul] = await Promise.all([
        fixture.start('returns', ['x'.repeat(1_200_000)]),
        fixture.start('returns', ['x'.repeat(900_000)]),
        fixture.start('returns', [{ note: 'a\u0000b' }]),
      ]);
      expect(await fixture.settled(large.id)).toMatchObject({
        status: 'completed',
        output: null,
        output_note: 'too_large',
      });
      const row = await fixture.settled(kept.id);
      expect([row.status, (row.output as string).length]).toEqual(['completed', 900_000]);
      expect(await fixture.settled(nul.id)).toMatchObject({
        status: 'completed',
        output: { note: 'a\uFFFDb' },
        output_note: 'characters_replaced',
      });
    });

    test('a workflow that timed out', async () => {
      const { id } = await fixture.start('waits', [], { workflowExecutionTimeout: '1s' });
      expect(await fixture.settled(id)).toMatchObject({
        status: 'timed_out',
        error_message: 'Timed out: the execution timeout of 1s passed',
      });
    });

    test('a workflow that continued as new three times, with its four runs', async () => {
      const { id, handle } = await fixture.start('continues', [3]);
      const row = await fixture.settled(id);
      expect(row).toMatchObject({
        status: 'completed',
        output: 'done',
        run_count: 4,
        temporal_run_id: handle.firstExecutionRunId,
      });
      expect((await fixture.runs(id)).map((run) => [run.cause, run.status])).toEqual([
        ['start', 'continued_as_new'],
        ['continue_as_new', 'continued_as_new'],
        ['continue_as_new', 'continued_as_new'],
        ['continue_as_new', 'completed'],
      ]);
      expect((await story(id)).filter((status) => status.startsWith('completed'))).toHaveLength(1);
    });

    test('a workflow that failed twice and was retried, with its three runs', async () => {
      const retry = { maximumAttempts: 3, initialInterval: '50ms', backoffCoefficient: 1 } as const;
      const { id } = await fixture.start('fails', ['not today'], { retry });
      expect(await fixture.settled(id)).toMatchObject({ status: 'failed', run_count: 3 });
      expect((await fixture.runs(id)).map((run) => [run.cause, run.status])).toEqual([
        ['start', 'failed'],
        ['retry', 'failed'],
        ['retry', 'failed'],
      ]);
      expect((await story(id)).filter((status) => status.startsWith('failed'))).toHaveLength(1);
    });

    test('a workflow that was registered without its run id', async () => {
      const handle = await fixture.client.workflow.start('waits', {
        workflowId: `registered-${Date.now()}`,
        taskQueue: 'fixtures',
      });
      const { id } = await fixture.service.createExecution({
        workflowId: await fixture.workflowId('waits', 'fixtures'),
        userId: 'anna',
        temporalWorkflowId: handle.workflowId,
      });
      await until(async () => (await fixture.row(id)).status, 'running');
      expect(await fixture.row(id)).toMatchObject({ temporal_run_id: handle.firstExecutionRunId });
      await handle.signal('finish', 'found');
      expect(await fixture.settled(id)).toMatchObject({ status: 'completed', output: 'found' });
    });

    test('a workflow that was reset while it ran, in the run that the reset began', async () => {
      const { id, handle } = await fixture.start('waits');
      await until(
        async () => (await handle.describe()).historyLength,
        (length) => length >= 4,
      );
      const { runId } = await fixture.client.workflowService.resetWorkflowExecution({
        namespace: 'default',
        workflowExecution: { workflowId: handle.workflowId, runId: handle.firstExecutionRunId },
        reason: 'once more',
        requestId: id,
        workflowTaskFinishEventId: 4 as never,
      });
      await until(async () => (await fixture.row(id)).current_run_id, runId);
      await fixture.client.workflow.getHandle(handle.workflowId).signal('finish', 'after the reset');
      expect(await fixture.settled(id)).toMatchObject({
        status: 'completed',
        closing_run_id: runId,
        output: 'after the reset',
      });
      expect(await story(id)).toEqual(['running', 'completed (engine)']);
    });
  });

  describe.concurrent('what was admitted and never started', () => {
    test('is started by the monitor, once, when its API died', async () => {
      const id = await fixture.admit('returns', 'hello');
      expect(await fixture.settled(id)).toMatchObject({ status: 'completed', output: 'hello' });
      expect(await story(id)).toEqual(['pending', 'running', 'completed (engine)']);
    });

    test('is found when it was started and the API died before it could say so', async () => {
      const id = await fixture.admit('returns', 'hello');
      await fixture.engine.start({
        ...target(id),
        workflowType: 'returns',
        taskQueue: 'fixtures',
        input: 'hello',
        executionTimeout: null,
        runTimeout: null,
        retryPolicy: null,
        userId: 'anna',
      });
      expect(await fixture.settled(id)).toMatchObject({ status: 'completed', output: 'hello', run_count: 1 });
    });

    test('has failed when Temporal refuses to start it, and says why', async () => {
      const id = await fixture.admit('returns', 'x'.repeat(3_000_000));
      expect(await fixture.settled(id)).toMatchObject({
        status: 'failed',
        failure: { type: 'StartRefused' },
        error_message: expect.stringContaining('Blob data size exceeds limit'),
        temporal_run_id: null,
      });
    });

    test('is never started after its time, and is flagged', async () => {
      const id = await fixture.admit('returns', 1, { startWithinMs: 1 });
      await until(() => fixture.health(id), 'late');
      expect(await fixture.row(id)).toMatchObject({ status: 'pending' });
      expect(await fixture.engine.resolve(target(id))).toMatchObject({ kind: 'not_found' });
    });

    test.each([
      ['cancelled', 'cancel'],
      ['terminated', 'terminate'],
    ] as const)('is %s in Temporal too, when that crossed the start', async (status, kind) => {
      const id = await fixture.admit('waits', null, { taskQueue: 'fixtures' });
      const user = 'anna';
      await fixture.ledger.noteRequests(user, [{ id: randomUUID(), executionId: id, kind, reason: 'too late' }]);
      await fixture.engine.start({
        ...target(id),
        workflowType: 'waits',
        taskQueue: 'fixtures',
        input: null,
        executionTimeout: null,
        runTimeout: null,
        retryPolicy: null,
        userId: 'anna',
      });
      const row = await fixture.settled(id);
      expect(row).toMatchObject({ status, closing_run_id: expect.any(String) });
      expect((await fixture.transitions(id)).at(-1)).toMatchObject({ actor: user, reason: 'too late' });
    });
  });

  describe.concurrent('a report', () => {
    test('is confirmed by the engine', async () => {
      const { id, handle } = await fixture.start('waits');
      await handle.signal('finish', 'the output');
      await handle.result();
      const reported = await fixture.service.markCompleted(id, 'the output', 5);
      const row = await fixture.settled(id);
      expect(row).toMatchObject({ status: 'completed', output: 'the output' });
      // The monitor may have been first; then the report changed nothing.
      expect(await story(id)).toEqual(
        reported.result === 'applied'
          ? ['running', 'completed (reported)', 'completed (engine)']
          : ['running', 'completed (engine)'],
      );
    });

    test('from inside the workflow, before its close is committed, is confirmed', async () => {
      const { id } = await fixture.start('reportsItself', ['done']);
      expect(await fixture.settled(id)).toMatchObject({ status: 'completed', output: 'done' });
      expect(await story(id)).toEqual(['running', 'completed (reported)', 'completed (engine)']);
    });

    test('that the engine confirms leaves the same row as if nobody had reported', async () => {
      const [unreported, reported] = await Promise.all([fixture.start('waits'), fixture.start('waits')]);
      await fixture.service.markCompleted(reported.id, 'the output', 5);
      await Promise.all([unreported, reported].map(({ handle }) => handle.signal('finish', 'the output')));
      const comparable = async ({ id }: { id: string }) => {
        const { last_transition, ...row } = await fixture.settled(id);
        const own = /^(id|revision|temporal_workflow_id|.*_run_id|.*_at|duration_ms)$/;
        return {
          ...Object.fromEntries(Object.entries(row).filter(([name]) => !own.test(name))),
          has: Object.entries(row).flatMap(([name, value]) => (value === null ? [] : [name])),
          authority: (last_transition as { authority: string }).authority,
          ownDuration: row.duration_ms === 5,
        };
      };
      expect(await comparable(reported)).toEqual(await comparable(unreported));
      expect(await story(reported.id)).toEqual(['running', 'completed (reported)', 'completed (engine)']);
    });

    test('that is wrong is corrected once, by what the engine says', async () => {
      const { id, handle } = await fixture.start('waits');
      await fixture.service.markCompleted(id, 'all good');
      await handle.terminate('it hung');
      expect(await fixture.settled(id)).toMatchObject({ status: 'terminated', output: null });
      expect(await story(id)).toEqual(['running', 'completed (reported)', 'terminated (engine)']);
    });
  });

  test('a report of an execution that still runs is taken back after its grace, and its real end is recorded', async () => {
    await using _ = fixture.monitor({ reportGraceMs: 0 });
    const { id, handle } = await fixture.start('waits');
    await fixture.service.markFailed(id, 'lost the connection');
    await until(async () => (await fixture.row(id)).status, 'running');
    expect((await fixture.transitions(id)).at(-1)).toMatchObject({
      authority: 'engine',
      reason: 'The engine says that it is still running.',
    });
    await handle.signal('finish', 'fine after all');
    expect(await fixture.settled(id)).toMatchObject({ status: 'completed', output: 'fine after all' });
    expect(await story(id)).toEqual(['running', 'failed (reported)', 'running', 'completed (engine)']);
  });

  test('an execution that Temporal does not know any more keeps its status and is flagged as lost', async () => {
    // Temporal terminates what it deletes: where the monitor sees that in time, it has ended, and is not lost.
    let id: string;
    let status: unknown;
    do {
      const started = await fixture.start('waits', [], { taskQueue: 'nobody' });
      id = started.id;
      const workflowExecution = { workflowId: started.handle.workflowId };
      await fixture.client.workflowService.deleteWorkflowExecution({ namespace: 'default', workflowExecution });
      await until(async () => {
        status = (await fixture.row(id))?.status;
        return status !== 'running' || (await fixture.health(id)) === 'lost';
      }, true);
    } while (status === 'terminated');
    expect(await fixture.row(id)).toMatchObject({ status: 'running' });
  });

  test('the proof counts what is unsettled and when the oldest was looked at', async () => {
    const { id } = await fixture.start('waits', [], { taskQueue: 'nobody' });
    await until(() => fixture.health(id), 'live');
    const asOf = new Date().toISOString();
    await until(async () => ((await fixture.ledger.getProof('default'))?.at ?? '') > asOf, true);
    // What earlier tests began may end between two readings.
    const unsettled = 'select count(*)::int as open from runledger.execution_checks';
    const isRight = async () =>
      (await fixture.ledger.getProof('default'))?.open ===
      (await fixture.database.query<{ open: number }>(unsettled))[0]?.open;
    await until(isRight, true);
    const proof = await fixture.ledger.getProof('default');
    expect(proof).toMatchObject({
      diverging: 0,
      oldestCheckAt: expect.any(String),
      recorded: { watch: { count: expect.any(Number), p99Ms: expect.any(Number) } },
      monitor: { version: MONITOR_VERSION, closureFeed: { throttledSince: null, watermark: expect.any(String) } },
    });
  });
});

describe('without a monitor for a while', () => {
  test('what ended meanwhile is recorded as it ended, with reason and actor', async () => {
    const { id, handle } = await fixture.start('waits');
    const completed = await fixture.start('returns', ['early']);
    const cli = fixture.temporal.cli ?? 'temporal';
    const terminate = ['workflow', 'terminate', '--workflow-id', handle.workflowId, '--reason', 'runaway'];
    await promisify(execFile)(cli, [...terminate, '--address', fixture.temporal.address]);
    await completed.handle.result();
    expect(await fixture.row(id)).toMatchObject({ status: 'running' });

    await using _ = fixture.monitor();
    expect(await fixture.settled(id)).toMatchObject({
      status: 'terminated',
      error_message: 'Terminated: runaway',
    });
    expect((await fixture.transitions(id)).at(-1)).toMatchObject({
      to_status: 'terminated',
      authority: 'engine',
      actor: expect.stringContaining('temporal-cli'),
      reason: 'runaway',
    });
    expect(await fixture.settled(completed.id)).toMatchObject({ status: 'completed', output: 'early' });
  });

  test('two monitors at once record every end once', async () => {
    const one = fixture.monitor();
    const two = fixture.monitor();
    const started = await Promise.all(Array.from({ length: 20 }, (_, n) => fixture.start('returns', [n])));
    const rows = await Promise.all(started.map(({ id }) => fixture.settled(id)));
    await Promise.all([one[Symbol.asyncDispose](), two[Symbol.asyncDispose]()]);
    expect(rows.map((row) => row.output)).toEqual(started.map((_, n) => n));
    for (const { id } of started) expect(await story(id)).toEqual(['running', 'completed (engine)']);
  });

  test('more open executions than may be watched are all recorded, and the cap holds', async () => {
    const started = await Promise.all(Array.from({ length: 8 }, () => fixture.start('waits')));
    let polls = 0;
    let most = 0;
    await using _ = fixture.monitor(
      { watchCap: 3, reconcilePeriodMs: 1_000 },
      {
        watch: async (run, options) => {
          polls += 1;
          most = Math.max(most, polls);
          try {
            return await fixture.watch(run, options);
          } finally {
            polls -= 1;
          }
        },
      },
    );
    await until(() => most, 3);
    await Promise.all(started.map(({ handle }) => handle.signal('finish', 'now')));
    const rows = await Promise.all(started.map(({ id }) => fixture.settled(id)));
    expect(rows.map((row) => row.status)).toEqual(started.map(() => 'completed'));
    expect(most).toBe(3);
  });
});
