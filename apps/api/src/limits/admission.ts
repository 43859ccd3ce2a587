import { isExecutionError } from '@runledger/contracts';
import { toErrorBody } from '@runledger/router';
import type { MiddlewareHandler } from 'hono';
import type { ApiParts } from '../context.ts';
import { addressOf } from './address.ts';
import { retryAfter } from './retry-after.ts';

/** Counts requests of nobody known per address, before anything is spent on them. A batch counts as its calls. */
export function createAdmission({
  unverified,
  proxyHops = 0,
}: Pick<ApiParts, 'unverified' | 'proxyHops'>): MiddlewareHandler<{ Variables: { requestId: string } }> {
  return async (c, next) => {
    try {
      await unverified?.admit(c.req.header('authorization'), addressOf(c, proxyHops), c.req.path.split(',').length);
    } catch (error) {
      if (!isExecutionError(error)) throw error;
      return c.json(toErrorBody(error, c.get('requestId')), 429, retryAfter([error]));
    }
    await next();
  };
}
