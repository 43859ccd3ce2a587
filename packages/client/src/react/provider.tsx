import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { CreateTRPCReact } from '@trpc/react-query';
import { createTRPCReact } from '@trpc/react-query';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import type { ReactNode } from 'react';
import { createContext, useState } from 'react';
import { createRunledgerClient } from '../client.ts';
import { isWorthRetrying } from '../client-error.ts';
import type { LinkOptions } from '../links/links.ts';
import { createLinks, isServer } from '../links/links.ts';
import { forgetRead } from '../live/forget-read.ts';
import { createLiveChanges } from '../live/live-changes.ts';
import { createSharedStream } from '../live/shared-stream.ts';
import { noticingUsers } from '../live/user-of-token.ts';
import type { AppRouter } from '../router-types.ts';
import type { RunledgerParts } from './use-runledger.ts';
import { RunledgerContext } from './use-runledger.ts';

/**
 * The hooks: `api.execution.getWorkflowStatistics.useQuery({ workflowId })`. They work inside `RunledgerProvider`, and have a context
 * of their own: an application's own tRPC hooks work inside it and around it.
 */
export const api: CreateTRPCReact<AppRouter, unknown> = createTRPCReact<AppRouter>({ context: createContext(null) });

export interface RunledgerReactOptions extends LinkOptions {
  /**
   * The application's own, where it has one; on a server a function, which is called for each request. Default: one that repeats
   * a failed query only where that may help.
   */
  queryClient?: QueryClient | (() => QueryClient);
  /** Whose executions the hooks hear of: operators may say `everyone`, and then ask for everybody's too. Default: the caller's own. */
  of?: 'caller' | 'everyone';
}

interface Made {
  api: ReturnType<typeof api.createClient>;
  queryClient: QueryClient;
  parts: RunledgerParts;
}

/** What the hooks share: one for a browser, and on a server one for each page that is rendered. */
export interface RunledgerReact {
  make(): Made;
  /**
   * To be called when somebody signs out: what was read is forgotten, and nothing more is told of theirs. Where another user's token
   * comes, that happens by itself.
   */
  forget(): void;
}

const OF_ONE_PAGE =
  'On a server queryClient has to be a function, which makes one for each page: this one has what another page has read, of another user perhaps.';

/**
 * Made once per application, outside of components.
 * @throws Error for the second page on a server, where one QueryClient is given for all
 */
export function createRunledgerReact({ queryClient: given, ...asked }: RunledgerReactOptions): RunledgerReact {
  function make(): Made {
    const queryClient = typeof given === 'function' ? given() : (given ?? createQueryClient());
    const options = { ...asked, getToken: noticingUsers(asked.getToken, () => forget(made)) };
    const client = createRunledgerClient(options);
    const made: Made = {
      api: api.createClient({ links: createLinks(options) }),
      queryClient,
      parts: {
        client,
        trpc: createTRPCOptionsProxy<AppRouter>({ client, queryClient }),
        live: createLiveChanges(createSharedStream(client, options)),
      },
    };
    return made;
  }
  let shared: Made | null = null;
  let pages = 0;
  return {
    make() {
      // What one user's page has read must not be there for the next one's.
      if (isServer()) {
        pages += 1;
        if (pages > 1 && typeof given === 'object') throw new Error(OF_ONE_PAGE);
        return make();
      }
      shared ??= make();
      return shared;
    },
    forget() {
      if (shared) forget(shared);
    },
  };
}

function forget({ queryClient, parts }: Made): void {
  forgetRead(queryClient);
  parts.live.restart();
}

export function RunledgerProvider({ runledger, children }: { runledger: RunledgerReact; children: ReactNode }) {
  const [{ api: client, queryClient, parts }] = useState(() => runledger.make());
  return (
    <api.Provider client={client} queryClient={queryClient}>
      <QueryClientProvider client={queryClient}>
        <RunledgerContext value={parts}>{children}</RunledgerContext>
      </QueryClientProvider>
    </api.Provider>
  );
}

const REPEATS = 3;

function createQueryClient(): QueryClient {
  const retry = (failures: number, error: unknown) => failures < REPEATS && isWorthRetrying(error);
  return new QueryClient({ defaultOptions: { queries: { retry } } });
}
