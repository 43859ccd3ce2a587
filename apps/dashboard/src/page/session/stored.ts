import type { Session } from '@supabase/auth-js';
import { isOperator } from './operator.ts';

/** Where the library of Supabase Auth keeps its session in this browser. */
export const STORED_SESSION = 'runledger.session';
const STORED_SCOPE = 'runledger.scope';
const KEPT_OF = 'runledger.of';
/** A token that ends sooner is refreshed before it is used, in milliseconds. */
const TOO_OLD_MS = 60_000;

/** The library is 25 KB: what it left here is enough for the first paint. */
export function readStoredSession(): Session | null {
  try {
    const stored = JSON.parse(localStorage.getItem(STORED_SESSION) ?? 'null') as Session | null;
    return stored?.access_token && stored.user ? stored : null;
  } catch {
    return null;
  }
}

/** What a tab keeps over a reload (answers, a selection) is of one user: for the next it begins anew. */
export function keepOnlyOf(session: Session | null): void {
  if (!session || sessionStorage.getItem(KEPT_OF) === session.user.id) return;
  for (const name of Object.keys(sessionStorage)) if (name.startsWith('runledger.')) sessionStorage.removeItem(name);
  sessionStorage.setItem(KEPT_OF, session.user.id);
}

/** Its token is good for what is asked now. */
export const isFresh = ({ expires_at: expiresAt = 0 }: Session): boolean => expiresAt * 1_000 - Date.now() > TOO_OLD_MS;

/** Operators look at everybody’s unless they chose their own; everybody else at their own. */
export const readStoredScope = (session: Session | null): 'caller' | 'everyone' =>
  isOperator(session) && localStorage.getItem(STORED_SCOPE) !== 'caller' ? 'everyone' : 'caller';

export const storeScope = (scope: 'caller' | 'everyone'): void => localStorage.setItem(STORED_SCOPE, scope);
