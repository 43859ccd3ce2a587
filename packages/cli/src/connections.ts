import type { Engine, Ledger, Visibility } from '@runledger/contracts';
import { connectEngine, createEngine, createPayloadCodecs, createVisibility, engineOfEach } from '@runledger/engine';
import type { SupabaseLike } from '@runledger/execution-service';
import { connectSupabase, createLedger } from '@runledger/execution-service';
import { supabaseAddress } from '@runledger/host/environment';
import type { Connection } from '@temporalio/client';
import type { Env } from './env.ts';

export interface Connections {
  ledger: Ledger;
  supabase: SupabaseLike;
  /** Sends each call to its namespace. */
  engine: Engine;
  visibility: Visibility;
  /** Where this namespace is. */
  address: string;
  temporal: Connection;
  close(): Promise<void>;
}

/**
 * Makes the connections; they open themselves with the first call. Whoever typed a command gives up sooner than a worker.
 * `visibility` and `temporal` are those of `namespace`, of the first one where the environment does not name it.
 */
export function connect(env: Env, namespace: string): Connections {
  const of = env.temporal.find((each) => each.namespace === namespace) ?? env.temporal[0];
  const temporal = connectEngine(of);
  const lists = connectEngine({ ...of, attempts: 1 });
  const others = env.temporal.filter((each) => each !== of).map((each) => ({ each, connection: connectEngine(each) }));
  const engines = [{ each: of, connection: temporal }, ...others].map(({ each, connection }) => {
    const dataConverter = { payloadCodecs: createPayloadCodecs(each.codec, each.namespace) };
    return [
      each.namespace,
      createEngine({ connection, dataConverter, decodes: env.RUNLEDGER_RECORD_DECODED }),
    ] as const;
  });
  const supabase = connectSupabase(supabaseAddress(env));
  return {
    ledger: createLedger(supabase, { call: { retries: 1 } }),
    supabase,
    engine: engineOfEach(new Map(engines)),
    visibility: createVisibility({
      connection: lists,
      dataConverter: { payloadCodecs: createPayloadCodecs(of.codec, of.namespace) },
    }),
    address: of.address,
    temporal,
    async close() {
      await Promise.all([temporal, lists, ...others.map(({ connection }) => connection)].map((one) => one.close()));
    },
  };
}
