import type { RunledgerClient } from '@runledger/client';
import { createRunledgerClient } from '@runledger/client';
import { AuthClient } from '@supabase/auth-js';
import type { DemoUser } from './secrets.ts';

export interface SignedIn {
  name: string;
  client: RunledgerClient;
  signOut(): void;
}

/** Signs a demo user up or in, as a frontend does, and gives the typed client with a token that is refreshed. */
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
  let { error } = await auth.signInWithPassword(user);
  if (error) ({ error } = await auth.signUp(user));
  if (error) throw new Error(`${user.email} could not sign in: ${error.message}`);
  return {
    name: user.email.split('@')[0] as string,
    client: createRunledgerClient({
      url: `${urls.apiUrl}/trpc`,
      getToken: async () => (await auth.getSession()).data.session?.access_token ?? null,
    }),
    signOut: () => auth.stopAutoRefresh(),
  };
}
