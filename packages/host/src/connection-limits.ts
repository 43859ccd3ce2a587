import type { Server, ServerOptions } from 'node:http';
import type { Socket } from 'node:net';

/** What a connection may cost before and after it says anything. Times in milliseconds. */
export interface ConnectionLimits {
  /** Until the headers of a request have come; also of a connection that says nothing at all. */
  headersMs: number;
  /** Until a request has come, body included. */
  requestMs: number;
  /** Without a byte in either direction: a reader who does not read, one who is gone. */
  silentMs: number;
  /** Between two requests of a connection. */
  keepAliveMs: number;
  /** How often the above are looked at. */
  checkMs: number;
  /** Open at a time. */
  connections: number;
  /** Open at a time from one address; `null`: as many as there are. */
  connectionsPerAddress: number | null;
}

/** Streams write every 15 s (tRPC's pings), so that none is silent while its reader reads. */
export const DEFAULT_CONNECTION_LIMITS: ConnectionLimits = {
  headersMs: 10_000,
  requestMs: 60_000,
  silentMs: 120_000,
  // Load balancers keep theirs for 60 s, and take one that we close first for a fault.
  keepAliveMs: 65_000,
  checkMs: 2_000,
  connections: 20_000,
  connectionsPerAddress: null,
};

/** The part of the limits that Node's server is made with. */
export const serverOptions = ({ headersMs, requestMs, keepAliveMs, checkMs }: ConnectionLimits): ServerOptions => ({
  headersTimeout: headersMs,
  requestTimeout: requestMs,
  keepAliveTimeout: keepAliveMs,
  connectionsCheckingInterval: checkMs,
});

/** Adds the limits of connections to a server. */
export function limitConnections(server: Server, { silentMs, connections, ...limits }: ConnectionLimits): void {
  server.maxConnections = connections;
  server.setTimeout(silentMs, (socket) => socket.destroy());
  const most = limits.connectionsPerAddress;
  if (most === null) return;
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const count = (open.get(address) ?? 0) + 1;
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
    if (count > most) socket.destroy();
  });
}
