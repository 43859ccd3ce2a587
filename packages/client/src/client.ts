import type { TRPCClient } from '@trpc/client';
import { createTRPCClient } from '@trpc/client';
import type { LinkOptions } from './links/links.ts';
import { createLinks } from './links/links.ts';
import type { AppRouter } from './router-types.ts';

export type ClientOptions = LinkOptions;
export type RunledgerClient = TRPCClient<AppRouter>;

/**
 * A typed client: `await client.execution.createExecution.mutate({ workflowId, input })`.
 *
 * Calls made in the same tick share one HTTP request. Every call throws a `TRPCClientError`; `executionErrorCode(error)`
 * reads our code from it.
 */
export function createRunledgerClient(options: ClientOptions): RunledgerClient {
  return createTRPCClient<AppRouter>({ links: createLinks(options) });
}
