/** A monitor in a process of its own, over a Temporal where everything is open and answers after a while. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Engine, OpenRun, Visibility } from '@runledger/contracts';
import { connectSupabase, createLedger } from '@runledger/execution-service';
import { createMonitor } from '@runledger/monitor';
import { pino } from 'pino';
import { answer } from './answer.ts';

/** A round trip to Temporal in the same region, in milliseconds. */
const ROUND_TRIP_MS = 40;

const visibility: Visibility = {
  listRuns: async () => ({ runs: [], nextPageToken: null }),
  firstRunIdOf: async () => null,
};

answer(async ({ supabaseUrl, supabaseKey }) => {
  let resolves = 0;
  const began = performance.now();
  let trackingMs = Number.NaN;
  const engine = {
    async resolve({ firstRunId }) {
      resolves += 1;
      await pause(ROUND_TRIP_MS);
      const runId = firstRunId ?? 'first';
      const open: Partial<OpenRun> = {
        firstRunId: runId,
        runId,
        engineStartedAt: null,
        firstTaskAt: null,
        cancelRequested: false,
        engineStatus: 'RUNNING',
        wedged: null,
        runs: [],
      };
      return { kind: 'open', open: open as OpenRun };
    },
    ping: async () => undefined,
  } as Partial<Engine> as Engine;
  const log = {
    write(line: string) {
      if ((JSON.parse(line) as { msg: string }).msg === 'tracking') trackingMs = performance.now() - began;
    },
  };
  const monitor = createMonitor({
    ledger: createLedger(connectSupabase({ url: supabaseUrl, key: supabaseKey })),
    engine,
    visibility,
    watch: (_, { signal }) => pause(20_000, 'open' as const, { signal }),
    namespace: 'default',
    logger: pino({ level: 'info' }, log),
  });
  void monitor.run(new AbortController().signal);
  return { gaveUp: () => 0, more: () => ({ resolves, trackingMs }) };
});
