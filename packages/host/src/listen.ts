import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { ConnectionLimits } from './connection-limits.ts';
import { DEFAULT_CONNECTION_LIMITS, limitConnections, serverOptions } from './connection-limits.ts';

interface ListenOptions {
  fetch: Parameters<typeof createAdaptorServer>[0]['fetch'];
  /** 0 for any that is free. */
  port: number;
  host: string;
  /** The environment variable that moves it to another port. */
  variable: string;
  /** Default: those of `DEFAULT_CONNECTION_LIMITS`. */
  connectionLimits?: ConnectionLimits;
}

export interface Listening {
  /** `http://127.0.0.1:54330`. */
  url: string;
  /** Refuses new requests, waits for those under way, `longestMs` at most, and closes. */
  close(longestMs: number): Promise<void>;
}

/** @throws Error that names the port and its variable when it cannot be opened */
export async function listen({
  fetch,
  port,
  host,
  variable,
  connectionLimits = DEFAULT_CONNECTION_LIMITS,
}: ListenOptions): Promise<Listening> {
  const server = createAdaptorServer({ fetch, serverOptions: serverOptions(connectionLimits) }) as Server;
  limitConnections(server, connectionLimits);
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new Error(
      `Port ${port} on ${host} ${whyNot(cause as NodeJS.ErrnoException)}, or set ${variable} to another.`,
      {
        cause,
      },
    );
  }
  return {
    url: toUrl(server.address() as AddressInfo),
    async close(longestMs) {
      const closed = once(server, 'close');
      server.close();
      const impatience = setTimeout(() => server.closeAllConnections(), longestMs);
      await closed;
      clearTimeout(impatience);
    },
  };
}

function whyNot({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE') return 'is in use: stop what listens there';
  if (code === 'EACCES') return 'may not be opened: be allowed to';
  return `did not open (${message}): check the host`;
}

function toUrl({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
