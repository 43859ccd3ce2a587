import type { TRPCLink } from '@trpc/client';
import { getFetch, httpBatchLink, httpLink, splitLink } from '@trpc/client';
import type { AppRouter } from './router-types.ts';
import { createSubscriptionLinks } from './subscription-links.ts';

export interface LinkOptions {
  /** The API's address with the tRPC path: `https://api.example.com/trpc`. */
  url: string;
  /**
   * The signed-in user's access token, asked for with every request, so that a refreshed one is used at once; `null`
   * when nobody is signed in. With supabase-js: `async () => (await supabase.auth.getSession()).data.session?.access_token ?? null`.
   */
  getToken: () => Promise<string | null> | string | null;
  /** Default: the global one. */
  fetch?: typeof globalThis.fetch;
}

/** Calls in one HTTP request; the server takes no more. */
const CALLS_PER_BATCH = 20;
/** What counts goes alone: a batch answers when its slowest call does. */
const SLOW_PATHS = new Set([
  'execution.getStats',
  'execution.getWorkflowStatistics',
  'execution.getTimeSeries',
  'execution.countExecutions',
  'execution.countWorkflowExecutions',
]);

export function createLinks({ url, getToken, fetch }: LinkOptions): TRPCLink<AppRouter>[] {
  const options = {
    url,
    fetch: getFetch(fetch),
    async headers() {
      const token = await getToken();
      return token === null ? {} : { authorization: `Bearer ${token}` };
    },
  };
  return [
    splitLink({
      condition: ({ type }) => type === 'subscription',
      true: createSubscriptionLinks({ url, getToken, fetch: fetch ?? ((...request) => globalThis.fetch(...request)) }),
      false: splitLink({
        condition: ({ path }) => SLOW_PATHS.has(path),
        true: httpLink(options),
        false: httpBatchLink({ ...options, maxItems: CALLS_PER_BATCH }),
      }),
    }),
  ];
}
