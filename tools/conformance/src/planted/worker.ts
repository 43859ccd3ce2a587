/**
 * A worker with a fault planted in it, of which the kit has to find out. It follows by the closure feed alone: no polls,
 * and a reconciler that looks at each execution once, so that nothing else heals what the feed misses.
 */
import type { WatchRun } from '@runledger/engine';
import { connectEngine, createEngine, createVisibility } from '@runledger/engine';
import { connectSupabase, createLedger } from '@runledger/execution-service';
import { createMonitor } from '@runledger/monitor';
import { pino } from 'pino';
import { readPlantedEnv } from './env.ts';
import { believeResetIsAnEnd } from './reset-is-an-end.ts';
import { saveWatermarkAhead } from './watermark-ahead.ts';

const A_DAY_MS = 86_400_000;

const env = readPlantedEnv();
const logger = pino({ name: 'planted-worker', level: 'info' }, pino.destination({ dest: 1, sync: true }));
const connection = connectEngine({ address: env.TEMPORAL_ADDRESS });
const ledger = createLedger(connectSupabase({ url: env.SUPABASE_URL, key: env.SUPABASE_SERVICE_ROLE_KEY }));
const engine = createEngine({ connection });
const visibility = createVisibility({ connection: connectEngine({ address: env.TEMPORAL_ADDRESS, attempts: 1 }) });

const watchNothing: WatchRun = (_run, { signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

const shutdown = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => shutdown.abort());

const monitor = createMonitor(
  {
    ...{ ledger, namespace: 'default', logger, watch: watchNothing },
    engine: env.PLANTED === 'reset is an end' ? believeResetIsAnEnd(engine) : engine,
    visibility: env.PLANTED === 'watermark ahead' ? saveWatermarkAhead(visibility, ledger) : visibility,
  },
  { reconcilePeriodMs: A_DAY_MS },
);
console.log(JSON.stringify({ msg: 'ready' }));
await monitor.run(shutdown.signal);
process.exit(0);
