import type { Engine, Ledger, Visibility } from '@runledger/contracts';
import { connectEngine, createEngine, createVisibility } from '@runledger/engine';
import type { SupabaseLike } from '@runledger/execution-service';
import { connectSupabase, createLedger } from '@runledger/execution-service';
import { supabaseAddress, temporalAddress } from '@runledger/host/environment';
import type { Connection } from '@temporalio/client';
import type { Env } from './env.ts';

export interface Connections {
  ledger: Ledger;
  supabase: SupabaseLike;
  engine: Engine;
  visibility: Visibility;
  temporal: Connection;
  close(): Promise<void>;
}

/** Makes the connections; they open themselves with the first call. Whoever typed a command gives up sooner than a worker. */
export function connect(env: Env): Connections {
  const address = temporalAddress(env);
  const temporal = connectEngine(address);
  const lists = connectEngine({ ...address, attempts: 1 });
  const supabase = connectSupabase(supabaseAddress(env));
  return {
    ledger: createLedger(supabase, { call: { retries: 1 } }),
    supabase,
    engine: createEngine({ connection: temporal }),
    visibility: createVisibility({ connection: lists }),
    temporal,
    async close() {
      await Promise.all([temporal.close(), lists.close()]);
    },
  };
}
