import { listen } from '@runledger/host/listen';
import type { ApiOptions } from './app.ts';
import { createApp } from './app.ts';
import { createOpenStreams } from './open-streams.ts';

export interface Api {
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

export function createApi(options: ApiOptions): Api {
  let draining = false;
  const streams = createOpenStreams();
  const app = createApp(options, { isDraining: () => draining, streams });
  return {
    fetch: async (request) => app.fetch(request),
    async listen(at) {
      const { url, close } = await listen({ ...at, fetch: app.fetch, variable: 'PORT' });
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
