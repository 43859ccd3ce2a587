import type { FeedLedger } from '@runledger/contracts';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { completedOutcome, openRun, unsettled } from '../../fixtures/rows.ts';
import { until } from '../../fixtures/until.ts';
import { LIVE } from '../../health/diagnosis.ts';
import type { Settled } from '../../settle/settle.ts';
import { createTelemetry } from '../../telemetry/telemetry.ts';
import { createClosureFeed } from './closure-feed.ts';

const CLOSED_AT = '2026-11-21T09:00:01.000000Z';
const STALE: Settled = {
  kind: 'open',
  applied: false,
  open: openRun({ runId: 'run-1' }),
  diagnosis: LIVE,
  brought: [],
};
const ENDED: Settled = { kind: 'ended', applied: true, outcome: completedOutcome(), revision: 2, brought: [] };

test('a look that began before the close is not believed: the watermark waits for the one after it', async () => {
  const happened: string[] = [];
  const results = [STALE, ENDED];
  const fakeLedger: FeedLedger = {
    findRuns: async () => [],
    watermark: async () => null,
    saveWatermark: async (_, name, value) => {
      happened.push(`${name} watermark ${value}`);
    },
  };
  const stop = new AbortController();
  const running = createClosureFeed({
    ledger: fakeLedger,
    visibility: {
      listRuns: async () => ({
        runs: [
          {
            temporalWorkflowId: 'order-1',
            runId: 'run-1',
            workflowType: 'order',
            taskQueue: 'orders',
            startedAt: '2026-11-21T09:00:00.000000Z',
            closedAt: CLOSED_AT,
            searchAttributes: {},
            memo: {},
          },
        ],
        nextPageToken: null,
      }),
      firstRunIdOf: async () => null,
    },
    async settle() {
      const result = results.shift() ?? ENDED;
      happened.push(result.kind);
      return result;
    },
    tracker: { withWorkflowId: () => [{ row: unsettled(), readAt: 0 }] },
    namespace: 'default',
    logger: pino({ level: 'silent' }),
    telemetry: createTelemetry({ namespace: 'default' }),
    isNeeded: () => true,
  }).run(stop.signal);
  await until(() => happened.length >= 3, true);
  stop.abort();
  await running;
  expect(happened).toEqual(['open', 'ended', `closure watermark ${CLOSED_AT}`]);
});
