import { createRunledgerReact } from '@runledger/client/react';
import { supabase } from './supabase.ts';

export const runledger = createRunledgerReact({
  url: `${location.origin}/trpc`,
  getToken: async () => (await supabase.auth.getSession()).data.session?.access_token ?? null,
});
