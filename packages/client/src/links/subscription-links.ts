import type { OperationContext, TRPCLink } from '@trpc/client';
import { httpSubscriptionLink, retryLink } from '@trpc/client';
import { EventSource } from 'eventsource';
import type { AppRouter } from '../router-types.ts';
import type { Carrier } from './links.ts';

/** Longest pause before a lost stream is opened again, in milliseconds. */
const LONGEST_PAUSE_MS = 5_000;
const FIRST_PAUSE_MS = 200;

/** What is known of the streams of one subscription, over all attempts. */
interface Attempts {
  token: string | null;
  /** Of the answer to the latest attempt; `null` where there was none. */
  status: number | null;
  /** A token that the server did not take: only another one is worth trying. */
  refused: string | null;
}

/**
 * How a subscription is carried: server-sent events whose token goes in a header, never in the address, where logs would keep
 * it. A stream that is lost, whose token has expired or whose server is being replaced is opened again after its last event;
 * nothing is missed. It ends with an error where coming back would not help: signed out, not found, not allowed.
 */
export function createSubscriptionLinks({ url, getToken, fetch, transformer }: Carrier): TRPCLink<AppRouter>[] {
  const known = new WeakMap<OperationContext, Attempts>();
  const attemptsOf = (context: OperationContext): Attempts => {
    const attempts = known.get(context) ?? { token: null, status: null, refused: null };
    known.set(context, attempts);
    return attempts;
  };
  return [
    retryLink<AppRouter>({
      retry: ({ op, error }) => {
        const attempts = attemptsOf(op.context);
        const status = error.data?.httpStatus ?? attempts.status;
        if (status !== 401) return status === null || status < 400 || status >= 500 || status === 429;
        const isRefusedAgain = attempts.refused !== null && attempts.refused === attempts.token;
        attempts.refused = attempts.token;
        return attempts.token !== null && !isRefusedAgain;
      },
      retryDelayMs: (attempt) =>
        // Spread, so that a server that comes back is not asked by all at once.
        Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt) * (0.5 + Math.random()),
    }),
    httpSubscriptionLink({
      url,
      ...(transformer ? { transformer: transformer as never } : {}),
      EventSource,
      eventSourceOptions: ({ op }) => ({
        fetch: async (address, init) => {
          const attempts = attemptsOf(op.context);
          attempts.status = null;
          attempts.token = await getToken();
          const headers = new Headers(init.headers);
          if (attempts.token !== null) headers.set('authorization', `Bearer ${attempts.token}`);
          const response = await fetch(address, { ...init, headers });
          attempts.status = response.status;
          return response;
        },
      }),
    }),
  ];
}
