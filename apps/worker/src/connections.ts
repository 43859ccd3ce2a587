import type { Engine, Ledger, Visibility } from '@runledger/contracts';
import type { WatchRun } from '@runledger/engine';
import {
  connectEngine,
  createEngine,
  createPayloadCodecs,
  createRecentHistories,
  createRunWatch,
  createVisibility,
} from '@runledger/engine';
import { connectSupabase, createLedger } from '@runledger/execution-service';
import { supabaseAddress } from '@runledger/host/environment';
import type { TemporalNamespace } from '@runledger/host/temporal/temporal-namespace';
import type { Connection } from '@temporalio/client';
import type { Env } from './env.ts';

/** What the monitor of a namespace asks Temporal with. Each connection has a socket of its own, so that none queues behind another. */
export interface Connections {
  engine: Engine;
  reconcileEngine: Engine;
  visibility: Visibility;
  watch: WatchRun;
  /** For what only a Temporal client can do. */
  temporal: Connection;
  close(): Promise<void>;
}

/** The ledger, which all namespaces share. */
export const connectLedger = (env: Env): Ledger => createLedger(connectSupabase(supabaseAddress(env)));

/**
 * Makes the connections; they open themselves with the first call, so nothing needs to be there yet.
 * @throws Error when a codec module cannot be used
 */
export function connect(env: Env, temporal: TemporalNamespace): Connections {
  const recent = createRecentHistories();
  const dataConverter = { payloadCodecs: createPayloadCodecs(temporal.codec, temporal.namespace) };
  const reading = { dataConverter, decodes: env.RUNLEDGER_RECORD_DECODED, recent };
  const hints = connectEngine(temporal);
  const proof = connectEngine(temporal);
  const lists = connectEngine({ ...temporal, attempts: 1 });
  const polls = connectEngine({ ...temporal, attempts: 1 });
  return {
    engine: createEngine({ connection: hints, ...reading }),
    reconcileEngine: createEngine({ connection: proof, ...reading }),
    // Memos are decoded in any case: adoption rules read users' ids there, and nothing else of them is kept.
    visibility: createVisibility({ connection: lists, dataConverter }),
    watch: createRunWatch(polls),
    temporal: hints,
    async close() {
      await Promise.all([hints, proof, lists, polls].map((connection) => connection.close()));
    },
  };
}
