import type { Engine, Ledger, Visibility } from '@runledger/contracts';
import type { WatchRun } from '@runledger/engine';
import {
  connectEngine,
  createEngine,
  createRecentHistories,
  createRunWatch,
  createVisibility,
} from '@runledger/engine';
import { connectSupabase, createLedger } from '@runledger/execution-service';
import { supabaseAddress, temporalAddress } from '@runledger/host/environment';
import type { Connection } from '@temporalio/client';
import type { Env } from './env.ts';

/** What the monitor works with. Each connection has a socket of its own, so that none queues behind another. */
export interface Connections {
  ledger: Ledger;
  engine: Engine;
  reconcileEngine: Engine;
  visibility: Visibility;
  watch: WatchRun;
  /** For what only a Temporal client can do. */
  temporal: Connection;
  close(): Promise<void>;
}

/** Makes the connections; they open themselves with the first call, so nothing needs to be there yet. */
export function connect(env: Env): Connections {
  const temporal = temporalAddress(env);
  const recent = createRecentHistories();
  const hints = connectEngine(temporal);
  const proof = connectEngine(temporal);
  const lists = connectEngine({ ...temporal, attempts: 1 });
  const polls = connectEngine({ ...temporal, attempts: 1 });
  return {
    ledger: createLedger(connectSupabase(supabaseAddress(env))),
    engine: createEngine({ connection: hints, recent }),
    reconcileEngine: createEngine({ connection: proof, recent }),
    visibility: createVisibility({ connection: lists }),
    watch: createRunWatch(polls),
    temporal: hints,
    async close() {
      await Promise.all([hints, proof, lists, polls].map((connection) => connection.close()));
    },
  };
}
