import type { CallOptions } from './call-database.ts';
import { CALL_DEFAULTS, callDatabase } from './call-database.ts';
import type { SupabaseLike } from './supabase.ts';
import { typed } from './supabase.ts';

export interface CurrentAccess {
  /**
   * By the rule of row-level security itself, so that mapped users, subjects of any form and a replaced
   * `current_user_id()` are the same everywhere. `null`: nobody, or somebody who has left.
   */
  userId: string | null;
  /** Why the account of Supabase Auth may do nothing any more although its token is valid; `null`: no such thing is known. */
  ended: 'banned' | 'deleted' | 'signed_out' | null;
  /** What Supabase Auth would say of the account in a token issued now (`app_metadata`); `null`: it does not know it. */
  account?: Record<string, unknown> | null;
  /** The keys of `app_metadata` that the account has another value of, or none any more, since the token was issued. */
  changed?: string[];
}

/**
 * Who the database says a token's user is, and whether the account is still good: one request.
 * @param client With the user's token. @throws ExecutionError `ledger_unavailable`, `unauthenticated`, …
 */
export async function readCurrentAccess(client: SupabaseLike, call: Partial<CallOptions> = {}): Promise<CurrentAccess> {
  const said = await callDatabase(() => typed(client).rpc('current_access'), { ...CALL_DEFAULTS, ...call });
  const { user, ...access } = said as { user: string | null } & Omit<CurrentAccess, 'userId'>;
  return { ...access, userId: user || null };
}
