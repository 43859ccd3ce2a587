import type { Listening } from '@runledger/host/listen';
import { listen } from '@runledger/host/listen';
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
export function serveHealth({ port, host, readiness }: HealthServerOptions): Promise<Listening> {
  const app = new Hono()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      const answer = await readiness();
      return c.json(answer, answer.status === 'ready' ? 200 : 503);
    });
  return listen({ fetch: app.fetch, port, host, variable: 'RUNLEDGER_HTTP_PORT' });
}
