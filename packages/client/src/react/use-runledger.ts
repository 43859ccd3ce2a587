import type { TRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { createContext, useContext } from 'react';
import type { RunledgerClient } from '../client.ts';
import type { LiveChanges } from '../live/live-changes.ts';
import type { AppRouter } from '../router-types.ts';

/** What the hooks below a provider share. */
export interface RunledgerParts {
  /** For calls outside of queries. */
  client: RunledgerClient;
  /** `useQuery(trpc.execution.getStats.queryOptions())`: keys and functions for TanStack Query, of every procedure. */
  trpc: TRPCOptionsProxy<AppRouter>;
  live: LiveChanges;
}

export const RunledgerContext = createContext<RunledgerParts | null>(null);

/** @throws Error outside of `RunledgerProvider` */
export function useRunledger(): RunledgerParts {
  const parts = useContext(RunledgerContext);
  if (!parts) throw new Error('There is no RunledgerProvider around this component.');
  return parts;
}
