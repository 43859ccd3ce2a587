/** A monitor as apps/worker makes it, in a process of its own. */
import {
  connectEngine,
  createEngine,
  createRecentHistories,
  createRunWatch,
  createVisibility,
} from '@runledger/engine';
import { connectSupabase, createLedger } from '@runledger/execution-service';
import { createMonitor } from '@runledger/monitor';
import { pino } from 'pino';
import { answer } from './answer.ts';

const recent = createRecentHistories();

answer(async ({ temporalAddress: address, supabaseUrl, supabaseKey }) => {
  const monitor = createMonitor({
    ledger: createLedger(connectSupabase({ url: supabaseUrl, key: supabaseKey })),
    engine: createEngine({ connection: connectEngine({ address }), recent }),
    reconcileEngine: createEngine({ connection: connectEngine({ address }), recent }),
    visibility: createVisibility({ connection: connectEngine({ address, attempts: 1 }) }),
    watch: createRunWatch(connectEngine({ address, attempts: 1 })),
    namespace: 'default',
    logger: pino({ level: 'error' }, pino.destination(2)),
  });
  void monitor.run(new AbortController().signal);
  return { gaveUp: () => 0 };
});
