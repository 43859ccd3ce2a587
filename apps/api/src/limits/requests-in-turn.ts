import { isExecutionError, REQUEST_BODY_BYTES } from '@runledger/contracts';
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
      .inTurn(user, { of: 'requests', ...costOf(c.req.raw), signal: c.req.raw.signal }, async () => {
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

/** Bytes of a body for a place: of large ones, one is read at a time. */
const BYTES_A_PLACE = 200_000;

/** What a request takes of its user's places and time. A body that does not say how long it is may be as long as any. */
function costOf({ headers, body }: Request): { places: number; bytes: number } {
  const said = Number(headers.get('content-length') ?? (body ? REQUEST_BODY_BYTES : 0));
  const bytes = Number.isFinite(said) ? Math.min(Math.max(said, 0), REQUEST_BODY_BYTES) : REQUEST_BODY_BYTES;
  return { places: Math.max(1, Math.ceil(bytes / BYTES_A_PLACE)), bytes };
}
