import { TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import type { ErrorRequestHandler } from 'express';
import express from 'express';
import { createRunledger, nodeListener, runledgerErrorData } from 'runledger';
import { z } from 'zod';

const runledger = createRunledger();
const app = express();
app.use(express.json());

app.get('/', (_, response) => {
  response.send('The shop is open.');
});

/** A route of the backend's own, which starts an execution for whoever is signed in. */
app.post('/orders', async (request, response) => {
  const { workflowId, item } = z.object({ workflowId: z.string(), item: z.string() }).parse(request.body);
  const headers = new Headers({ authorization: request.get('authorization') ?? '' });
  const caller = runledger.router.createCaller(await runledger.createContext({ headers }));
  const { id, status } = await caller.execution.createExecution({ workflowId, input: { item } });
  response.status(202).json({ id, status });
});

/** Everything that pages and clients need: /api/runledger/trpc, exports, health. */
app.use('/api/runledger', nodeListener(runledger.fetch));

const answerErrors: ErrorRequestHandler = (error, _request, response, _next) => {
  if (error instanceof z.ZodError) response.status(400).json({ message: z.prettifyError(error) });
  else if (error instanceof TRPCError) {
    const { executionCode } = runledgerErrorData(error);
    response.status(getHTTPStatusCodeFromError(error)).json({ message: error.message, executionCode });
  } else response.status(500).json({ message: 'Something went wrong.' });
};
app.use(answerErrors);

const port = Number(process.env.SHOP_PORT ?? 3000);
app.listen(port, '127.0.0.1', () => console.log(`The shop is at http://127.0.0.1:${port}`));
