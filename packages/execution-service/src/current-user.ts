import type { CallOptions } from './call-database.ts';
import { CALL_DEFAULTS, callDatabase } from './call-database.ts';
import type { SupabaseLike } from './supabase.ts';
import { typed } from './supabase.ts';

/**
 * Who the database says a token's user is: the rule of row-level security itself, so that mapped users, subjects of any form and a
 * replaced `current_user_id()` are the same everywhere. `null`: nobody, or somebody who has left.
 * @param client With the user's token. @throws ExecutionError `ledger_unavailable`, `unauthenticated`, …
 */
export async function readCurrentUser(client: SupabaseLike, call: Partial<CallOptions> = {}): Promise<string | null> {
  const user = await callDatabase(() => typed(client).rpc('current_user_id'), { ...CALL_DEFAULTS, ...call });
  return (user as string | null) || null;
}
