import { ERRORS, isExecutionError } from '@runledger/contracts';
import { toErrorBody } from '@runledger/router';
import type { MiddlewareHandler } from 'hono';
import { calledProcedures } from '../called-procedures.ts';
import type { ApiParts } from '../context.ts';
import { retryAfter } from './retry-after.ts';
import type { RememberedLimits } from './user-limits.ts';

/** What a request is given to count by. */
export interface Counted {
  limits?: RememberedLimits;
}

/**
 * Goes around what is answered for somebody: whatever of a request nobody has counted by its `limits` until it is answered counts then,
 * as a call that is answered does: what is malformed, too large, refused, or names what there is not. Whoever has not been identified
 * lately counts by their address from now on.
 */
export function createUncounted({
  identify,
  userLimits,
  unverified,
  telemetry,
}: Pick<ApiParts, 'identify' | 'userLimits' | 'unverified' | 'telemetry'>): MiddlewareHandler<{
  Variables: { requestId: string } & Counted;
}> {
  return async (c, next) => {
    if (!userLimits) return next();
    let counted = 0;
    const take: RememberedLimits['take'] = (name, userId, amount = 1) => {
      if (name === 'requests') counted += amount;
      return userLimits.take(name, userId, amount);
    };
    c.set('limits', Object.assign(Object.create(userLimits) as RememberedLimits, { take }));
    await next();
    const left = (calledProcedures(c.req.url)?.length ?? 1) - counted;
    if (left <= 0) return;
    const authorization = c.req.header('authorization');
    const caller = identify.believed?.(authorization);
    if (!caller) return unverified?.learn(authorization, false);
    try {
      await userLimits.take('requests', caller.userId, left);
    } catch (error) {
      if (!isExecutionError(error)) throw error;
      if (error.limit) telemetry?.refused(error.limit.name);
      await c.res.body?.cancel();
      const { http } = ERRORS[error.code];
      c.res = undefined;
      c.res = c.json(toErrorBody(error, c.get('requestId')), http, retryAfter([error]));
    }
  };
}
