import { randomUUID } from 'node:crypto';
import type { ConnectionLimits } from '@runledger/host/connection-limits';
import { listen } from '@runledger/host/listen';
import type { AppRouter, Context } from '@runledger/router';
import { createAppRouter } from '@runledger/router';
import type { ApiOptions } from './app.ts';
import { createApp } from './app.ts';
import { createContext } from './context.ts';
import { createOpenStreams } from './open-streams.ts';

export interface Api {
  router: AppRouter;
  /** The router's context of a request, for a host that serves the router itself. */
  createContext(request: Pick<Request, 'headers'>): Promise<Context>;
  /** Answers a request without a socket. */
  fetch(request: Request): Promise<Response>;
  /** @throws Error that names the port and its variable when it is taken. */
  listen(at: { port: number; host: string }): Promise<Listening>;
}

export interface Listening {
  /** `http://127.0.0.1:54330`. */
  url: string;
  /** Refuses new requests, waits for those under way, `longestMs` at most, and closes. */
  drain(longestMs: number): Promise<void>;
}

/** @param options.connectionLimits Of what `listen` opens. Default: those of `@runledger/host`. */
export function createApi(options: ApiOptions & { connectionLimits?: ConnectionLimits }): Api {
  const { startable, limits, publishing, schemas, eventKey, connectionLimits } = options;
  let draining = false;
  const streams = createOpenStreams(options.telemetry?.streamOpened);
  const router = createAppRouter({
    ...{ startable, limits, publishing },
    ...(schemas ? { schemas } : {}),
    ...(eventKey ? { eventKey } : {}),
  });
  const app = createApp(options, { router, isDraining: () => draining, streams });
  return {
    router,
    createContext: ({ headers }) =>
      createContext(options, { authorization: headers.get('authorization') ?? undefined, requestId: randomUUID() }),
    fetch: async (request) => app.fetch(request),
    async listen(at) {
      const { url, close } = await listen({
        ...at,
        ...{ fetch: app.fetch, variable: 'PORT' },
        ...(connectionLimits ? { connectionLimits } : {}),
      });
      return {
        url,
        drain(longestMs) {
          draining = true;
          const closed = close(longestMs);
          streams.cut();
          return closed;
        },
      };
    },
  };
}
