import type { SupabaseClient } from '@supabase/supabase-js';
import { createClient } from '@supabase/supabase-js';
import type { Database } from './database.types.ts';

/** Any supabase-js client, whatever database types and version it was made with. */
export interface SupabaseLike {
  from(relation: string): unknown;
  rpc(name: string, args?: object): unknown;
}

export type Supabase = SupabaseClient<Database>;

/** The caller's client with this schema's types. */
export function typed(supabase: SupabaseLike): Supabase {
  return supabase as unknown as Supabase;
}

export interface SupabaseConnection {
  url: string;
  /** The service-role (secret) key for writing, or the anon (publishable) key together with `accessToken`. */
  key: string;
  /** The signed-in user's token, asked for with every request. */
  accessToken?: () => Promise<string>;
}

/** A supabase-js client for a server: no stored session, no refresh timer. */
export function connectSupabase({ url, key, accessToken }: SupabaseConnection): Supabase {
  return createClient<Database>(url, key, {
    ...(accessToken ? { accessToken } : {}),
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
  });
}
