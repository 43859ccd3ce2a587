import type { TcpProxy } from '@runledger/local-stack';
import { freePort, startTcpProxy } from '@runledger/local-stack';

/** Who talks to whom through a proxy of its own. */
export const CONNECTIONS = [
  'client → api',
  'api → supabase',
  'api → temporal',
  'worker → supabase',
  'worker → temporal',
  'supabase → postgres',
] as const;
export type ConnectionName = (typeof CONNECTIONS)[number];

export interface Ports {
  api: number;
  supabase: number;
  temporal: number;
  postgres: number;
}

export async function freePorts(): Promise<Ports> {
  return { api: await freePort(), supabase: await freePort(), temporal: await freePort(), postgres: await freePort() };
}

/** A proxy for each connection, to the port of whom it leads to. */
export async function startConnections(ports: Ports): Promise<Record<ConnectionName, TcpProxy>> {
  const started = await Promise.all(
    CONNECTIONS.map(async (name) => {
      const port = ports[name.split(' → ')[1] as keyof Ports];
      return [name, await startTcpProxy({ target: `127.0.0.1:${port}` })] as const;
    }),
  );
  return Object.fromEntries(started) as Record<ConnectionName, TcpProxy>;
}
