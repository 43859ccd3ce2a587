import { once } from 'node:events';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import type { Readiness } from './readiness.ts';

export interface HealthServerOptions {
  port: number;
  host: string;
  readiness(): Promise<Readiness>;
}

/**
 * Serves `/healthz` (200 while the process lives) and `/readyz` (200 while it can do its work, else 503).
 * @throws Error that names the port and its variable when it is taken
 */
export async function serveHealth({ port, host, readiness }: HealthServerOptions): Promise<{ close(): Promise<void> }> {
  const app = new Hono()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      const answer = await readiness();
      return c.json(answer, answer.status === 'ready' ? 200 : 503);
    });
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const why = (cause as Error).message;
    throw new Error(`Port ${port} on ${host} cannot be opened (${why}); set RUNLEDGER_HTTP_PORT to another.`, {
      cause,
    });
  }
  return {
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
