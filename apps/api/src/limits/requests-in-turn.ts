import { isExecutionError } from '@runledger/contracts';
import { toErrorBody } from '@runledger/router';
import type { MiddlewareHandler } from 'hono';
import type { ApiParts } from '../context.ts';
import { createRounds } from '../turns.ts';

/**
 * Has what one user sends wait for places of theirs before anything is done for it, refusals too, until its answer is whole: a
 * thousand requests at once cost others what is under way, not all of them. A stream of events gives its place back with its first one.
 */
export function createRequestsInTurn({
  identify,
  userLimits,
}: Pick<ApiParts, 'identify' | 'userLimits'>): MiddlewareHandler<{
  Variables: { requestId: string; begun?: Promise<void> };
}> {
  const round = createRounds();
  return async (c, next) => {
    const authorization = c.req.header('authorization');
    if (authorization === undefined || !userLimits?.inTurn) return next();
    // Whoever nobody knows yet waits for those who send the same.
    const user = identify.believed?.(authorization)?.userId ?? authorization;
    const { promise: answered, resolve, reject } = Promise.withResolvers<void>();
    userLimits
      .inTurn(user, { of: 'requests', places: 1, signal: c.req.raw.signal }, async () => {
        await round(user);
        await next();
        resolve();
        await c.get('begun');
      })
      .catch(reject);
    try {
      await answered;
    } catch (error) {
      if (!isExecutionError(error)) throw error;
      // Nobody reads it.
      return c.json(toErrorBody(error, c.get('requestId')), 429);
    }
  };
}
