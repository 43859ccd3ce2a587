import type { PendingStart, RecordAnswer, StartResult } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createStarter } from './starter.ts';

const pendingStart = (n: number): PendingStart => ({
  executionId: `execution-${n}`,
  namespace: 'shop',
  temporalWorkflowId: `order-${n}`,
  workflowType: 'order',
  taskQueue: 'orders',
  input: null,
  executionTimeout: null,
  runTimeout: null,
  retryPolicy: null,
  userId: 'anna',
});
const ANSWER: RecordAnswer = {
  executionId: null,
  result: 'applied',
  status: 'running',
  authority: null,
  revision: 2,
  cancelRequestedAt: null,
  cancelRequestedBy: null,
  cancelReason: null,
};

/** Runs a starter until it has asked for pending executions `turns` times; `starts` answers by workflow id. */
async function run(starts: Record<string, StartResult | Error>, pages: PendingStart[][]) {
  const asked: unknown[] = [];
  const recorded: string[] = [];
  const logged: string[] = [];
  const stop = new AbortController();
  const take = (source: string, executionId: string) => {
    recorded.push(`${executionId} by ${source}`);
    return Promise.resolve(ANSWER);
  };
  await createStarter({
    ledger: {
      async pendingStarts(...args) {
        asked.push(args);
        const page = pages.shift();
        if (pages.length === 0) stop.abort();
        return page ?? [];
      },
    },
    engine: {
      async start({ temporalWorkflowId: workflowId }) {
        const result = starts[workflowId];
        if (result === undefined || result instanceof Error) throw result;
        return result;
      },
      cancel: async () => 'requested',
      terminate: async () => 'requested',
    },
    recorder: {
      recordOpen: ({ source, executionId }) => take(source, `${executionId} runs`),
      recordOutcome: ({ source, executionId, outcome }) => take(source, `${executionId} ${outcome.status}`),
      stopKind: async () => 'cancel',
    },
    namespace: 'shop',
    // Also the time between two turns.
    startAfterMs: 1,
    logger: pino({ level: 'info' }, { write: (line: string) => logged.push(JSON.parse(line).msg) }),
  }).run(stop.signal);
  return { asked, recorded, logged };
}

const started = (firstRunId: string): StartResult => ({
  kind: 'started',
  firstRunId,
  engineStartedAt: null,
  alreadyStarted: false,
});
const refused: StartResult = { kind: 'refused', failure: { type: null, message: 'no such namespace' } };

test('what waits longer than its API may take is started, or has failed where Temporal refuses it', async () => {
  const { asked, recorded } = await run({ 'order-1': started('run-1'), 'order-2': refused }, [
    [pendingStart(1), pendingStart(2)],
  ]);
  expect(asked).toEqual([['shop', 1, 100]]);
  expect(recorded.toSorted()).toEqual(['execution-1 runs by reconciler', 'execution-2 failed by reconciler']);
});

test('one that nobody can start keeps no other from being started', async () => {
  const odd = new ExecutionError('engine_refused', 'Invalid WorkflowId.');
  const { recorded, logged } = await run({ 'order-1': odd, 'order-2': started('run-2') }, [
    [pendingStart(1), pendingStart(2)],
  ]);
  expect(recorded).toEqual(['execution-2 runs by reconciler']);
  expect(logged).toContain('an execution could not be started');
});

test('an outage of Temporal is waited for, and what it left is started in the next turn', async () => {
  const away: Record<string, StartResult | Error> = {
    'order-1': new ExecutionError('engine_unavailable', 'connect ECONNREFUSED'),
    'order-2': started('run-2'),
  };
  const { recorded, logged } = await run(away, [[pendingStart(1)], [pendingStart(2)]]);
  expect(recorded).toEqual(['execution-2 runs by reconciler']);
  expect(logged).toContain('waiting for the engine or the ledger');
  expect(logged).not.toContain('an execution could not be started');
});
