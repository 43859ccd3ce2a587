import type { RunledgerClient } from '@runledger/client';
import { createRunledgerClient } from '@runledger/client';
import { AuthClient } from '@supabase/auth-js';

/** Somebody who uses the API as a frontend does. */
export interface User {
  id: string;
  client: RunledgerClient;
}

export interface Urls {
  api: string;
  supabase: string;
  anonKey: string;
}

/** @throws the auth server's error */
export async function signUp(name: string, urls: Urls): Promise<User> {
  const auth = new AuthClient({
    url: `${urls.supabase}/auth/v1`,
    headers: { apikey: urls.anonKey },
    persistSession: false,
    autoRefreshToken: false,
  });
  const { data, error } = await auth.signUp({ email: `${name}@example.com`, password: 'a long enough password' });
  if (error || !data.user) throw error ?? new Error(`${name} could not sign up.`);
  const client = createRunledgerClient({
    url: `${urls.api}/trpc`,
    getToken: async () => (await auth.getSession()).data.session?.access_token ?? null,
  });
  return { id: data.user.id, client };
}
