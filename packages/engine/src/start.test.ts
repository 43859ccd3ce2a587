import type { StartRequest } from '@runledger/contracts';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { describe, expect, test } from 'vitest';
import { GRPC } from './grpc-error.ts';
import { startExecution } from './start.ts';
import type { TemporalCalls } from './temporal-calls.ts';

const REQUEST: StartRequest = {
  namespace: 'shop',
  temporalWorkflowId: 'order-1',
  workflowType: 'order',
  taskQueue: 'orders',
  input: null,
  executionTimeout: null,
  runTimeout: null,
  retryPolicy: null,
  userId: 'anna',
};

const grpcError = (code: number, details: string) => Object.assign(new Error(details), { code, details, metadata: {} });
const unknown = () => grpcError(GRPC.notFound, 'Namespace shop is not found.');
const away = () => grpcError(GRPC.unavailable, 'connection refused');

/** Temporal that knows no namespace when it is asked to start, and then says of it what is given, one answer a call. */
function temporalSaying(answers: ('known' | Error)[]): TemporalCalls {
  const service = {
    startWorkflowExecution: async () => {
      throw unknown();
    },
    async describeNamespace() {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return {};
    },
  };
  return (call) => call(service as never, {} as never);
}

test.each([
  ['knows it after all', ['known']],
  ['knows it a second later', [unknown(), 'known']],
  ['goes away', [unknown(), away()]],
] as const)('a server that does not know a namespace and %s refuses nothing', async (_, answers) => {
  const starting = startExecution(temporalSaying([...answers]), loadDataConverter(undefined), REQUEST);
  await expect(starting).rejects.toMatchObject({ code: 'engine_unavailable' });
});

test('one that says a second later too that it has none refuses the start for good', async () => {
  const starting = startExecution(temporalSaying([unknown(), unknown()]), loadDataConverter(undefined), REQUEST);
  expect(await starting).toMatchObject({
    kind: 'refused',
    failure: { type: 'StartRefused', message: 'Namespace shop is not found.' },
  });
});

describe('an id that is taken', () => {
  const startTime = { seconds: 1_795_254_822 as never, nanos: 0 };

  /** Temporal that has this workflow already, by now in this run. */
  function started(run: { runId: string; firstRunId: string }): TemporalCalls {
    const service = {
      async startWorkflowExecution() {
        throw grpcError(GRPC.alreadyExists, 'Workflow execution already started.');
      },
      describeWorkflowExecution: async () => ({
        workflowExecutionInfo: { execution: { runId: run.runId }, firstRunId: run.firstRunId, startTime },
      }),
    };
    return (call) => call(service as never, {} as never);
  }
  const start = (run: Parameters<typeof started>[0]) =>
    startExecution(started(run), loadDataConverter(undefined), REQUEST);

  test('is an earlier attempt that got through: its first run, with its start', async () => {
    expect(await start({ runId: 'a', firstRunId: 'a' })).toEqual({
      kind: 'started',
      firstRunId: 'a',
      engineStartedAt: '2026-11-21T09:53:42.000000Z',
      alreadyStarted: true,
    });
  });

  test('says nothing of when a chain began that is runs ahead by now', async () => {
    expect(await start({ runId: 'c', firstRunId: 'a' })).toMatchObject({ firstRunId: 'a', engineStartedAt: null });
  });
});
