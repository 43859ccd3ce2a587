import type { RunledgerClient } from '@runledger/client';
import { createRunledgerClient } from '@runledger/client';
import type { AuthResponse } from '@supabase/auth-js';
import { AuthClient } from '@supabase/auth-js';
import type { DemoUser } from './secrets.ts';

export interface SignedIn {
  id: string;
  name: string;
  client: RunledgerClient;
  /** Stops refreshing the token. */
  close(): void;
}

/** Signs a demo user in, or up the first time, as a frontend does; gives the typed client with a token that is refreshed. */
export async function signIn(
  user: DemoUser,
  urls: { apiUrl: string; supabaseUrl: string; anonKey: string },
): Promise<SignedIn> {
  const auth = new AuthClient({
    url: `${urls.supabaseUrl}/auth/v1`,
    headers: { apikey: urls.anonKey },
    persistSession: false,
    autoRefreshToken: true,
  });
  const close = () => {
    auth.stopAutoRefresh();
  };
  const signedIn: AuthResponse = await auth.signInWithPassword(user);
  const isUnknown = signedIn.error?.code === 'invalid_credentials';
  const name = user.email.split('@')[0] as string;
  const called = name.charAt(0).toUpperCase() + name.slice(1);
  const { data, error } = isUnknown ? await auth.signUp({ ...user, options: { data: { name: called } } }) : signedIn;
  if (error || !data.user) {
    close();
    const known = error?.code === 'user_already_exists';
    throw new Error(
      known
        ? `${user.email} is signed up with another password than secrets.json says. ` +
            'Put the old secrets.json back, or start over with `npm start -- --reset`.'
        : `${user.email} could not sign in: ${error?.message ?? 'the auth server named no user'}`,
      { cause: error },
    );
  }
  return {
    id: data.user.id,
    name,
    client: createRunledgerClient({
      url: `${urls.apiUrl}/trpc`,
      getToken: async () => (await auth.getSession()).data.session?.access_token ?? null,
    }),
    close,
  };
}
