import { serve } from '@hono/node-server';
import { TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { createRunledger, runledgerErrorData } from 'runledger';
import { z } from 'zod';

const runledger = createRunledger();
const app = new Hono();

app.get('/', (c) => c.text('The shop is open.'));

/** A route of the backend's own, which starts an execution for whoever is signed in. */
app.post('/orders', async (c) => {
  const { workflowId, item } = z.object({ workflowId: z.string(), item: z.string() }).parse(await c.req.json());
  const caller = runledger.router.createCaller(await runledger.createContext(c.req.raw));
  const { id, status } = await caller.execution.createExecution({ workflowId, input: { item } });
  return c.json({ id, status }, 202);
});

/** Everything that pages and clients need: /api/runledger/trpc, exports, health. */
app.mount('/api/runledger', runledger.fetch);

app.onError((error, c) => {
  if (error instanceof z.ZodError) return c.json({ message: z.prettifyError(error) }, 400);
  if (!(error instanceof TRPCError)) return c.json({ message: 'Something went wrong.' }, 500);
  const { executionCode } = runledgerErrorData(error);
  return c.json({ message: error.message, executionCode }, getHTTPStatusCodeFromError(error) as ContentfulStatusCode);
});

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env.SHOP_PORT ?? 3000) }, ({ port }) =>
  console.log(`The shop is at http://127.0.0.1:${port}`),
);
