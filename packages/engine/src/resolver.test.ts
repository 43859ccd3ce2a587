import type { EngineTarget } from '@runledger/contracts';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';
import proto from '@temporalio/proto';
import { describe, expect, test } from 'vitest';
import { GRPC } from './grpc-error.ts';
import { createResolver } from './resolver.ts';
import type { TemporalCalls } from './temporal-calls.ts';

const { WorkflowExecutionStatus: Status } = proto.temporal.api.enums.v1;
const AT = { seconds: 1_795_254_822 as never, nanos: 0 };
const TARGET: EngineTarget = { namespace: 'default', temporalWorkflowId: 'order-1', firstRunId: null };

interface FakeRun {
  firstRunId?: string;
  status: number;
  resetRunId?: string;
  cancelRequested?: boolean;
  /** Attributes of its last event. */
  last?: object;
  previous?: string;
}

/** Temporal as far as the resolver reads it. `current` answers describe without a run id, one after the other. */
function fakeTemporal(runs: Record<string, FakeRun>, current: string[]) {
  const asked: string[] = [];
  const find = (runId: string | undefined | null): [string, FakeRun] => {
    const id = runId || (current.length > 1 ? current.shift() : current[0]) || '';
    const run = runs[id];
    if (!run)
      throw Object.assign(new Error('5 NOT_FOUND'), {
        code: GRPC.notFound,
        details: 'workflow not found',
        metadata: {},
      });
    return [id, run];
  };
  type Request = { execution: { runId?: string } };
  const service = {
    async describeWorkflowExecution({ execution }: Request) {
      const [runId, run] = find(execution.runId);
      asked.push(`describe ${runId}`);
      return {
        workflowExecutionInfo: {
          execution: { runId },
          firstRunId: run.firstRunId ?? 'a',
          status: run.status,
          startTime: AT,
          closeTime: AT,
        },
        workflowExtendedInfo: { resetRunId: run.resetRunId, cancelRequested: run.cancelRequested },
      };
    },
    async getWorkflowExecutionHistory({ execution }: Request) {
      const [runId, run] = find(execution.runId);
      asked.push(`first ${runId}`);
      const started = {
        workflowExecutionStartedEventAttributes: {
          firstExecutionRunId: run.firstRunId ?? 'a',
          continuedExecutionRunId: run.previous,
          originalExecutionRunId: runId,
        },
      };
      return {
        history: {
          events: [
            { eventTime: AT, ...started },
            { eventTime: AT, workflowTaskStartedEventAttributes: {} },
          ],
        },
      };
    },
    async getWorkflowExecutionHistoryReverse({ execution }: Request) {
      const [runId, run] = find(execution.runId);
      asked.push(`last ${runId}`);
      return { history: { events: run.last ? [{ eventTime: AT, ...run.last }] : [] } };
    },
  };
  const call: TemporalCalls = (make) => make(service as never, {} as never);
  return { asked, resolve: createResolver({ call, converter: loadDataConverter() }).resolve };
}

const RUNNING = Status.WORKFLOW_EXECUTION_STATUS_RUNNING;
const COMPLETED = Status.WORKFLOW_EXECUTION_STATUS_COMPLETED;
const FAILED = Status.WORKFLOW_EXECUTION_STATUS_FAILED;
const TERMINATED = Status.WORKFLOW_EXECUTION_STATUS_TERMINATED;
const completed = { workflowExecutionCompletedEventAttributes: {} };
const byResetter = { workflowExecutionTerminatedEventAttributes: { identity: 'history-resetter' } };

describe('what the resolver asks for', () => {
  test('an open run costs two calls the first time, and one after', async () => {
    const temporal = fakeTemporal({ a: { status: RUNNING } }, ['a']);
    await temporal.resolve(TARGET);
    await temporal.resolve(TARGET);
    expect(temporal.asked).toEqual(['describe a', 'first a', 'describe a']);
  });

  test('a closed run costs three calls', async () => {
    const temporal = fakeTemporal({ a: { status: COMPLETED, last: completed } }, ['a']);
    expect(await temporal.resolve(TARGET)).toMatchObject({ kind: 'closed', outcome: { status: 'completed' } });
    expect(temporal.asked).toEqual(['describe a', 'last a', 'first a']);
  });

  test('a known run of a chain is not read again', async () => {
    const continued = { workflowExecutionContinuedAsNewEventAttributes: { newExecutionRunId: 'b' } };
    const runs = {
      a: { status: Status.WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW, last: continued },
      b: { status: RUNNING, previous: 'a' },
    };
    const temporal = fakeTemporal(runs, ['b']);
    await temporal.resolve(TARGET);
    expect(temporal.asked).toEqual(['describe b', 'first b', 'first a', 'last a']);
    await temporal.resolve(TARGET);
    expect(temporal.asked).toHaveLength(5);
  });
});

describe('who asked a run to cancel', () => {
  const cancelRequested = { workflowExecutionCancelRequestedEventAttributes: { identity: 'anna', cause: 'too late' } };
  const runs = {
    a: { status: Status.WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW },
    b: { status: RUNNING, previous: 'a', cancelRequested: true, last: cancelRequested },
  };
  const resolve = (known: EngineTarget['known']) =>
    fakeTemporal(runs, ['b']).resolve({ ...TARGET, firstRunId: 'a', ...(known ? { known } : {}) });

  test('is read once, and known for that run only', async () => {
    const read = { cancelRequest: { by: 'anna', reason: 'too late' } };
    expect(await resolve({ runId: 'b', cancel: true })).toMatchObject({ open: { cancelRequest: null } });
    expect(await resolve({ runId: 'b', cancel: false })).toMatchObject({ open: read });
    // What the ledger holds is of the run before.
    expect(await resolve({ runId: 'a', cancel: true })).toMatchObject({ open: read });
  });
});

describe('a chain that goes on between two reads', () => {
  test('a failed run that is retried is followed', async () => {
    const last = { workflowExecutionFailedEventAttributes: { failure: { message: 'x' }, newExecutionRunId: 'b' } };
    const temporal = fakeTemporal({ a: { status: FAILED, last }, b: { status: RUNNING, previous: 'a' } }, ['a']);
    expect(await temporal.resolve(TARGET)).toMatchObject({ kind: 'open', open: { runId: 'b', firstRunId: 'a' } });
  });

  test('a run that is still open is not taken for one that passed, and is read again', async () => {
    const runs: Record<string, FakeRun> = { a: { status: RUNNING }, b: { status: RUNNING, previous: 'a' } };
    const temporal = fakeTemporal(runs, ['b']);
    expect(await temporal.resolve(TARGET)).toMatchObject({ open: { runs: [{ runId: 'b', runNumber: 2 }] } });
    runs.a = { status: TERMINATED, last: byResetter };
    expect(await temporal.resolve(TARGET)).toMatchObject({
      open: { runs: [{ runId: 'a', status: 'terminated', wasEnd: false }, { runId: 'b' }] },
    });
  });

  test('a base run that the resetter terminated is read again until the reset run shows', async () => {
    const runs = { a: { status: TERMINATED, last: byResetter }, b: { status: RUNNING } };
    const temporal = fakeTemporal(runs, ['a', 'a', 'b']);
    expect(await temporal.resolve(TARGET)).toMatchObject({ kind: 'open', open: { runId: 'b' } });
  });

  test('a chain that never shows where it goes is no end, but an error', async () => {
    const temporal = fakeTemporal({ a: { status: TERMINATED, last: byResetter } }, ['a']);
    await expect(temporal.resolve(TARGET)).rejects.toMatchObject({ code: 'engine_unavailable' });
  });

  test('a chain that runs in a circle is no end, but an error', async () => {
    const runs = { a: { status: TERMINATED, resetRunId: 'b' }, b: { status: TERMINATED, resetRunId: 'a' } };
    await expect(fakeTemporal(runs, ['a']).resolve(TARGET)).rejects.toMatchObject({ code: 'engine_unavailable' });
  });
});

describe('a workflow id that was used again', () => {
  const runs = {
    a: { status: TERMINATED, resetRunId: 'b' },
    b: { status: COMPLETED, last: completed },
    z: { status: RUNNING, firstRunId: 'z' },
  };

  test('the earlier execution is walked from its own first run', async () => {
    const resolution = await fakeTemporal(runs, ['z']).resolve({ ...TARGET, firstRunId: 'a' });
    expect(resolution).toMatchObject({ kind: 'closed', outcome: { status: 'completed', runId: 'b', firstRunId: 'a' } });
  });

  test('an earlier execution past retention is not found, which is no end', async () => {
    const resolution = await fakeTemporal(runs, ['z']).resolve({ ...TARGET, firstRunId: 'gone' });
    expect(resolution).toMatchObject({ kind: 'not_found' });
  });

  test('a later run that was recorded as the first is found in its chain, under the run that Temporal calls the first', async () => {
    const next = { workflowExecutionContinuedAsNewEventAttributes: { newExecutionRunId: 'c' } };
    const continued = { status: Status.WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW, last: next };
    const chain = { a: continued, b: { ...continued, previous: 'a' }, c: { status: RUNNING, previous: 'b' } };
    const temporal = fakeTemporal(chain, ['c']);
    const resolution = await temporal.resolve({ ...TARGET, firstRunId: 'b' });
    expect(resolution).toMatchObject({ kind: 'open', open: { runId: 'c', firstRunId: 'a' } });
    expect(temporal.asked.filter((call) => call.startsWith('describe'))).toEqual(['describe c', 'describe b']);
  });
});

test('a completed run whose history is gone is still completed', async () => {
  const resolution = await fakeTemporal({ a: { status: COMPLETED } }, ['a']).resolve(TARGET);
  expect(resolution).toMatchObject({ kind: 'closed', outcome: { status: 'completed', output: null } });
});
