import type { Session } from '@supabase/auth-js';
import { AuthClient } from '@supabase/auth-js';
import { useSyncExternalStore } from 'react';
import { config } from '../config.ts';

/** `undefined` until the browser’s store was read, `null` when nobody is signed in. */
type Known = Session | null | undefined;

let known: Known;
const listeners = new Set<() => void>();

export const auth: InstanceType<typeof AuthClient> = new AuthClient({
  url: `${config.auth.url.replace(/\/$/, '')}/auth/v1`,
  headers: { apikey: config.auth.key },
  storageKey: 'runledger.session',
  persistSession: true,
  autoRefreshToken: true,
  detectSessionInUrl: true,
});

auth.onAuthStateChange((_: string, session: Session | null) => {
  known = session;
  for (const listener of listeners) listener();
});

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const useSession = (): Known => useSyncExternalStore(subscribe, () => known);

/** A token that is good now: refreshed where it has to be. */
export const getToken = async (): Promise<string | null> =>
  (await auth.getSession()).data.session?.access_token ?? null;
