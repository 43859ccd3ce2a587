import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { ApiOptions } from './app.ts';
import { createApp } from './app.ts';

export interface Api {
  /** Answers a request without a socket. */
  fetch(request: Request): Promise<Response>;
  /** @throws Error that names the port and its variable when it is taken. */
  listen(at: { port: number; host: string }): Promise<Listening>;
}

export interface Listening {
  /** `http://127.0.0.1:54330`. */
  url: string;
  /** Refuses new requests, waits for those under way, at most so many milliseconds, and closes. */
  drain(longestMs: number): Promise<void>;
}

export function createApi(options: ApiOptions): Api {
  let draining = false;
  const app = createApp(options, () => draining);
  return {
    fetch: async (request) => app.fetch(request),
    async listen({ port, host }) {
      const server = createAdaptorServer({ fetch: app.fetch }) as Server;
      server.listen(port, host);
      await listening(server, port, host);
      return {
        url: toUrl(server.address() as AddressInfo),
        async drain(longestMs) {
          draining = true;
          const closed = once(server, 'close');
          server.close();
          const impatience = setTimeout(() => server.closeAllConnections(), longestMs);
          await closed;
          clearTimeout(impatience);
        },
      };
    },
  };
}

async function listening(server: Server, port: number, host: string): Promise<void> {
  try {
    await once(server, 'listening');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw cause;
    const why = code === 'EADDRINUSE' ? 'is in use: stop what listens there' : 'may not be opened: be allowed to';
    throw new Error(`Port ${port} on ${host} ${why}, or set PORT to another.`, { cause });
  }
}

function toUrl({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
