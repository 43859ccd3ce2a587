import type { SupabaseClient, SupabaseClientOptions } from '@supabase/supabase-js';
import { createClient } from '@supabase/supabase-js';
import type { Database } from './database.types.ts';

/** Everything of the ledger that the API serves. A project has to expose it. */
const SCHEMA = 'runledger';

/** Any supabase-js client, whatever database types, schema and version it was made with. */
export interface SupabaseLike {
  schema(name: string): unknown;
}

/** The ledger's schema, as a client reaches it. */
export type Supabase = Pick<SupabaseClient<Database, typeof SCHEMA>, 'from' | 'rpc'>;

/** The caller's client in the ledger's schema, with its types. */
export function typed(supabase: SupabaseLike): Supabase {
  return supabase.schema(SCHEMA) as Supabase;
}

export interface SupabaseConnection {
  url: string;
  /** The service-role (secret) key for writing, or the anon (publishable) key together with `accessToken`. */
  key: string;
  /** The signed-in user's token, asked for with every request. */
  accessToken?: () => Promise<string>;
}

/** In place of the WebSocket that Node 20 does not have: without any, newer versions of supabase-js refuse to make a client. */
function noWebSocket(): never {
  throw new Error('This client does not use Realtime, and this runtime has no WebSocket.');
}

type Realtime = NonNullable<SupabaseClientOptions<typeof SCHEMA>['realtime']>;

const withoutRealtime = (): Realtime =>
  globalThis.WebSocket === undefined ? { transport: noWebSocket as unknown as Realtime['transport'] } : {};

/** A supabase-js client for a server, in the ledger's schema: no stored session, no refresh timer. */
export function connectSupabase({ url, key, accessToken }: SupabaseConnection) {
  return createClient<Database, typeof SCHEMA>(url, key, {
    ...(accessToken ? { accessToken } : {}),
    realtime: withoutRealtime(),
    db: { schema: SCHEMA },
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
  });
}
