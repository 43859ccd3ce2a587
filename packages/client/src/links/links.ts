import type { OperationLink, TRPCLink } from '@trpc/client';
import { httpBatchLink, httpLink, splitLink, TRPCClientError } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import type { AppRouter } from '../router-types.ts';
import { readableAnswers } from './readable-answers.ts';
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
  /** Where the host has mounted the router in its own: `runledger` for `runledger.execution.getStats`. Default: at the top. */
  prefix?: string;
  /** The host's own, where its router has one (superjson): it must be the same on both sides. Default: none. */
  transformer?: Transformer;
}

/** As tRPC takes it. */
interface Transformer {
  serialize(value: unknown): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: tRPC's own type
  deserialize(value: any): any;
}

/** What carries requests. */
export type Carrier = Required<Pick<LinkOptions, 'url' | 'getToken' | 'fetch'>> & Pick<LinkOptions, 'transformer'>;

/** Calls in one HTTP request; the server takes no more. */
const CALLS_PER_BATCH = 20;
/** Longest address, in characters: proxies refuse one of 8 KB with all that stands beside it. */
const LONGEST_URL = 4_000;
/** A query whose input is longer goes in a body, in characters of an address. */
const LONGEST_QUERY = 2_000;
/** Whether one process serves many users. Deno has a window, too. */
export const isServer = () => !('window' in globalThis) || 'Deno' in globalThis;

/** Callers whose requests are carried apart on a server; each waits for nothing but its own batch. */
const CALLERS = 100;
/** What counts or asks Temporal goes alone: a batch answers when its slowest call does. */
const SLOW_PATHS = new Set([
  'execution.getStats',
  'execution.getWorkflowStatistics',
  'execution.getTimeSeries',
  'execution.countByHealth',
  'execution.countExecutions',
  'execution.countWorkflowExecutions',
  'execution.getTimeline',
  'execution.explainExecution',
]);

export function createLinks({ url, getToken, fetch, prefix, transformer }: LinkOptions): TRPCLink<AppRouter>[] {
  const send: typeof globalThis.fetch = fetch ?? ((...request) => globalThis.fetch(...request));
  const carrier: Carrier = { url, getToken, fetch: send, ...(transformer ? { transformer } : {}) };
  const requests = isServer() ? apart(carrier) : together(carrier);
  return [
    splitLink({
      condition: ({ type }) => type === 'subscription',
      true: [...mountedAt(prefix), ...createSubscriptionLinks(carrier)],
      false: requests(mountedAt(prefix)),
    }),
  ];
}

type Requests = (before: TRPCLink<AppRouter>[]) => TRPCLink<AppRouter>[];

/** Of one user, as in a browser: calls of one tick share a request and a token. */
function together({ url, getToken, fetch, transformer }: Carrier): Requests {
  const options = {
    url,
    fetch: readableAnswers(fetch),
    async headers() {
      const token = await getToken();
      return token === null ? {} : { authorization: `Bearer ${token}` };
    },
    // The router itself has none; a host that mounts it in its own may.
    ...(transformer ? { transformer: transformer as never } : {}),
  };
  return (before) => [
    splitLink({
      condition: ({ type, input }) => type === 'query' && isLong(input),
      true: [...before, httpLink({ ...options, methodOverride: 'POST' })],
      false: splitLink({
        condition: ({ path }) => SLOW_PATHS.has(path),
        true: [...before, httpLink(options)],
        false: [...before, httpBatchLink({ ...options, maxItems: CALLS_PER_BATCH, maxURLLength: LONGEST_URL })],
      }),
    }),
  ];
}

/**
 * Of many users, as on a server: whose call it is, is asked for each, and only calls with the same token share a request.
 * Asked for a batch, the token of whoever began it would speak for all.
 */
function apart(carrier: Carrier): Requests {
  return (before) => {
    const ofCaller: TRPCLink<AppRouter> = (runtime) => {
      const links = new Map<string | null, OperationLink<AppRouter>>();
      function linkOf(token: string | null): OperationLink<AppRouter> {
        const link = links.get(token) ?? chain(together({ ...carrier, getToken: () => token })(before), runtime);
        links.delete(token);
        links.set(token, link);
        for (const oldest of links.keys()) {
          if (links.size <= CALLERS) break;
          links.delete(oldest);
        }
        return link;
      }
      return ({ op, next }) =>
        observable((observer) => {
          let isOver = false;
          let call: { unsubscribe(): void } | null = null;
          Promise.resolve()
            .then(carrier.getToken)
            .then((token) => {
              if (!isOver) call = linkOf(token)({ op, next }).subscribe(observer);
            })
            .catch((error: unknown) => observer.error(TRPCClientError.from(error as Error)));
          return () => {
            isOver = true;
            call?.unsubscribe();
          };
        });
    };
    return [ofCaller];
  };
}

/** Links in a row as one. */
function chain(links: TRPCLink<AppRouter>[], runtime: Parameters<TRPCLink<AppRouter>>[0]): OperationLink<AppRouter> {
  const operations = links.map((link) => link(runtime));
  return ({ op, next }) =>
    operations.reduceRight<(op: Parameters<OperationLink<AppRouter>>[0]['op']) => ReturnType<OperationLink<AppRouter>>>(
      (after, link) => (one) => link({ op: one, next: after }),
      next,
    )(op);
}

/** Calls go under the host's name for the router. */
function mountedAt(prefix: string | undefined): TRPCLink<AppRouter>[] {
  if (!prefix) return [];
  return [
    () =>
      ({ op, next }) =>
        next({ ...op, path: `${prefix}.${op.path}` }),
  ];
}

function isLong(input: unknown): boolean {
  return input !== undefined && encodeURIComponent(JSON.stringify(input)).length > LONGEST_QUERY;
}
