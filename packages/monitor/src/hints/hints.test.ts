import type { ChainRun, FoundRun, RunKey, UnsettledExecution, VisibleRun } from '@runledger/contracts';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { completedOutcome, unsettled } from '../fixtures/rows.ts';
import { until } from '../fixtures/until.ts';
import type { Settled } from '../settle/settle.ts';
import { createTelemetry } from '../telemetry/telemetry.ts';
import { createHints } from './hints.ts';

const CLOSED_AT = '2026-11-21T09:00:01.000000Z';
const CLOSED: VisibleRun = {
  temporalWorkflowId: 'order-1',
  runId: 'run-1',
  workflowType: 'order',
  taskQueue: 'orders',
  startedAt: '2026-11-21T09:00:00.000000Z',
  closedAt: CLOSED_AT,
  searchAttributes: {},
  memo: {},
};
const STRANGER: FoundRun = { isRecorded: false, isKnown: false, execution: null };

/** Hints over a Temporal that shows `closed` as closed, and a ledger that knows none of it. */
function fakeHints(closed: VisibleRun[] = []) {
  const read = new Set<string>();
  const polls = new Set<string>();
  const settled: string[] = [];
  const askedRuns: RunKey[][] = [];
  const ended: Settled = { kind: 'ended', applied: true, outcome: completedOutcome(), revision: 2, brought: [] };
  const hints = createHints({
    ledger: {
      async findRuns(_, runs) {
        askedRuns.push(runs);
        return runs.map(() => STRANGER);
      },
      watermark: async () => null,
      saveWatermark: async () => {},
    },
    visibility: {
      async listRuns(_, { by }) {
        read.add(by);
        return { runs: by === 'close' ? closed : [], nextPageToken: null };
      },
      firstRunIdOf: async () => null,
    },
    watch: ({ temporalWorkflowId: workflowId }, { signal }) =>
      new Promise((_, reject) => {
        polls.add(workflowId);
        signal.addEventListener('abort', () => {
          polls.delete(workflowId);
          reject(signal.reason);
        });
      }),
    async settle({ executionId }, source) {
      settled.push(`${executionId} by ${source}`);
      return ended;
    },
    tracker: { withWorkflowId: () => [] },
    adopter: { consider: async () => [] },
    usualDurations: { of: () => null },
    namespace: 'default',
    logger: pino({ level: 'silent' }),
    telemetry: createTelemetry({ namespace: 'default' }),
    watchCap: 10,
  });
  return { hints, read, polls, settled, askedRuns };
}

const tracked = (row: UnsettledExecution) => new Map([[row.executionId, { row, readAt: 0 }]]);

test('all hints follow until they are told to end, and none leaves a poll behind', async () => {
  const { hints, read, polls } = fakeHints();
  const stop = new AbortController();
  const running = hints.run(stop.signal);
  hints.changed(tracked(unsettled()));
  await until(() => [...polls], ['order-1']);
  await until(() => [...read].toSorted(), ['close', 'start']);
  await until(() => hints.figures.closureFeed.readAt !== null && hints.figures.startFeed.readAt !== null, true);
  expect(hints.figures).toMatchObject({ watching: 1, watchCap: 10 });
  stop.abort();
  await running;
  expect([...polls]).toEqual([]);
});

test('a run that closed as nobody’s is settled once its execution appears', async () => {
  const { hints, settled, askedRuns } = fakeHints([CLOSED]);
  const stop = new AbortController();
  const running = hints.run(stop.signal);
  await until(() => askedRuns.flat().length > 0, true);
  expect(settled).toEqual([]);
  hints.appeared(unsettled());
  await until(() => settled, ['execution-1 by feed']);
  stop.abort();
  await running;
});

test('a run whose end somebody else has recorded is not asked about when a feed shows it', async () => {
  const { hints, askedRuns } = fakeHints([CLOSED]);
  const run: ChainRun = {
    runId: 'run-1',
    runNumber: 1,
    cause: 'start',
    previousRunId: null,
    status: 'completed',
    startedAt: CLOSED.startedAt,
    closedAt: CLOSED_AT,
    errorMessage: null,
    wasEnd: false,
  };
  const outcome = completedOutcome({ runs: [run] });
  hints.settled('execution-1', { kind: 'ended', applied: true, outcome, revision: 2, brought: [] });
  const stop = new AbortController();
  const running = hints.run(stop.signal);
  await until(() => hints.figures.closureFeed.readAt !== null, true);
  stop.abort();
  await running;
  expect(askedRuns.flat()).toEqual([]);
});
