'use client';

import { createRunledgerReact, RunledgerProvider } from '@runledger/client/react';
import { useQueryClient } from '@tanstack/react-query';
import { httpBatchStreamLink } from '@trpc/client';
import { createTRPCReact } from '@trpc/react-query';
import type { ReactNode } from 'react';
import { useState } from 'react';
import superjson from 'superjson';
import type { AppRouter } from '~/server/api/root';
import { createQueryClient } from '~/trpc/query-client';
import { supabase } from '~/trpc/supabase';

/** Hooks of the application's own router. */
export const api = createTRPCReact<AppRouter>();

const origin = typeof window === 'undefined' ? 'http://127.0.0.1:3000' : window.location.origin;
const url = `${origin}/api/trpc`;

const runledger = createRunledgerReact({
  url,
  prefix: 'runledger',
  transformer: superjson,
  getToken: async () => (await supabase().auth.getSession()).data.session?.access_token ?? null,
  queryClient: createQueryClient,
});

/** Both share the query client of Runledger's provider: one for a browser, and on a server one for each page. */
export function Providers({ children }: { children: ReactNode }) {
  return (
    <RunledgerProvider runledger={runledger}>
      <OwnProvider>{children}</OwnProvider>
    </RunledgerProvider>
  );
}

function OwnProvider({ children }: { children: ReactNode }) {
  const queryClient = useQueryClient();
  const [client] = useState(() => api.createClient({ links: [httpBatchStreamLink({ url, transformer: superjson })] }));
  return (
    <api.Provider client={client} queryClient={queryClient}>
      {children}
    </api.Provider>
  );
}
