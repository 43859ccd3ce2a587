import { isExecutionError } from '@runledger/contracts';
import type { AppRouter, Context } from '@runledger/router';
import { isOperatorsConcern } from '@runledger/router';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import type { MiddlewareHandler } from 'hono';
import { answerBatch, withJson } from './answer-batch.ts';
import type { ApiParts } from './context.ts';
import { createContext } from './context.ts';
import { retryAfter } from './limits/retry-after.ts';
import type { Counted } from './limits/uncounted.ts';
import type { Sent } from './measured.ts';

const CALLS_PER_BATCH = 20;

/** Answers `/trpc` by the router. */
export function createTrpc(
  parts: ApiParts,
  router: AppRouter,
): MiddlewareHandler<{ Variables: { requestId: string; gone: AbortSignal; begun?: Promise<void> } & Counted & Sent }> {
  return (c) => {
    const requestId = c.get('requestId');
    let context: Promise<Context> | undefined;
    const contextOnce = async (): Promise<Context> => ({
      ...(await createContext(parts, {
        authorization: c.req.header('authorization'),
        requestId,
        limits: c.get('limits'),
      })),
      numbersChecked: true,
      gone: c.get('gone'),
    });
    const answer = (req: Request) =>
      fetchRequestHandler({
        req,
        router,
        endpoint: '/trpc',
        maxBatchSize: CALLS_PER_BATCH,
        // A query too long for an address comes in a body.
        allowMethodOverride: true,
        createContext: () => {
          context ??= contextOnce();
          return context;
        },
        responseMeta: ({ errors }) => ({ headers: retryAfter(errors.map(({ cause }) => cause)) }),
        onError({ error, path }) {
          // What a procedure throws is logged there.
          if (!isOperatorsConcern(error) || isExecutionError(error.cause)) return;
          parts.log.error({ err: error.cause ?? error, path, requestId }, 'a call failed');
        },
      });
    return answerBatch(
      withJson(c.req.raw, () => c.req.json()),
      {
        ...{ most: CALLS_PER_BATCH, router },
        onSending(sent, isWhole) {
          if (isWhole) c.set('inParts', true);
          // Its user keeps a place as long: of readers who are slow nobody holds more in memory.
          c.set('begun', sent);
        },
      },
      answer,
    );
  };
}
