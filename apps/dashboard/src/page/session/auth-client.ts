import { AuthClient } from '@supabase/auth-js';
import { config } from '../config.ts';
import { tell } from './session.ts';
import { STORED_SESSION } from './stored.ts';

/** Signs in and out, and keeps the session good; loaded when it is needed, or when the page has nothing else to do. */
export const auth: InstanceType<typeof AuthClient> = new AuthClient({
  url: `${config.auth.url.replace(/\/$/, '')}/auth/v1`,
  headers: { apikey: config.auth.key },
  storageKey: STORED_SESSION,
  persistSession: true,
  autoRefreshToken: true,
  detectSessionInUrl: true,
});

auth.onAuthStateChange((_, session) => tell(session));
