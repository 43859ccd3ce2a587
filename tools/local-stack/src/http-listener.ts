import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';

export type HttpListener = { url: string; close(): Promise<void> };

/**
 * Serves a fetch handler over HTTP. Port 0 takes a free one. Closing ends the open connections, and waits for what is still being
 * handled, so that what it works with can be closed then.
 */
export async function listen(
  host: string,
  port: number,
  handle: (request: Request, peerAddress: string | null) => Response | Promise<Response>,
): Promise<HttpListener> {
  const underWay = new Set<Promise<Response>>();
  const server = createAdaptorServer({
    fetch: (request, { incoming }) => {
      const handling = Promise.resolve(handle(request, incoming.socket.remoteAddress ?? null));
      underWay.add(handling);
      const done = () => void underWay.delete(handling);
      handling.then(done, done);
      return handling;
    },
  }) as Server;
  server.listen(port, host);
  await once(server, 'listening');
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      await Promise.allSettled(underWay);
    },
  };
}
