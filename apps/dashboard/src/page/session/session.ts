import type { Session } from '@supabase/auth-js';
import { useSyncExternalStore } from 'react';
import { isFresh, keepOnlyOf, readStoredSession } from './stored.ts';

/** The library is read once the page has been painted, in milliseconds. */
const READ_AFTER_MS = 2_000;

const listeners = new Set<() => void>();
/** `null`: nobody is signed in. */
let known: Session | null = readStoredSession();
keepOnlyOf(known);

/** Called by the library's client: who is signed in now. */
export function tell(session: Session | null): void {
  known = session;
  keepOnlyOf(session);
  for (const listener of listeners) listener();
}

export const loadAuth = () => import('./auth-client.ts').then(({ auth }) => auth);

// It keeps the token good while the page is open, and takes a link from a mail at once.
const isReturning = /access_token=|code=|error=/.test(location.hash + location.search);
if (isReturning) void loadAuth();
else setTimeout(() => void loadAuth(), READ_AFTER_MS);

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const readSession = (): Session | null => known;

export const useSession = (): Session | null => useSyncExternalStore(subscribe, () => known);

/** A token that is good now: refreshed where it has to be; `null` when nobody is signed in. */
export async function getToken(): Promise<string | null> {
  if (known && isFresh(known)) return known.access_token;
  const { data } = await (await loadAuth()).getSession();
  return data.session?.access_token ?? null;
}
