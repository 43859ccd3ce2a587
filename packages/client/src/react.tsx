import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { CreateTRPCReact } from '@trpc/react-query';
import { createTRPCReact } from '@trpc/react-query';
import type { ReactNode } from 'react';
import { isWorthRetrying } from './client-error.ts';
import type { LinkOptions } from './links.ts';
import { createLinks } from './links.ts';
import type { AppRouter } from './router-types.ts';

/** The hooks: `api.execution.getWorkflowStatistics.useQuery({ workflowId })`. They work inside `RunledgerProvider`. */
export const api: CreateTRPCReact<AppRouter, unknown> = createTRPCReact<AppRouter>();

export interface RunledgerReactOptions extends LinkOptions {
  /** The application's own, where it has one. Default: one that repeats a failed query only where that may help. */
  queryClient?: QueryClient;
}

export type RunledgerReact = ReturnType<typeof createRunledgerReact>;

/** What the hooks share. Made once per application, outside of components. */
export function createRunledgerReact({ queryClient = createQueryClient(), ...options }: RunledgerReactOptions) {
  return { client: api.createClient({ links: createLinks(options) }), queryClient };
}

export function RunledgerProvider({ runledger, children }: { runledger: RunledgerReact; children: ReactNode }) {
  return (
    <api.Provider {...runledger}>
      <QueryClientProvider client={runledger.queryClient}>{children}</QueryClientProvider>
    </api.Provider>
  );
}

const REPEATS = 3;

function createQueryClient(): QueryClient {
  const retry = (failures: number, error: unknown) => failures < REPEATS && isWorthRetrying(error);
  return new QueryClient({ defaultOptions: { queries: { retry } } });
}
