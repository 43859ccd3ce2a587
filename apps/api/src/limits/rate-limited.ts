import type { ReachedLimit } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';

const TELLS: Record<ReachedLimit['name'], (limit: string, every: string) => string> = {
  requests: (limit, every) => `You may send ${limit} requests ${every}, each call of a batch counted`,
  writes: (limit, every) => `You may make ${limit} changes ${every}, each call of a batch counted`,
  unverified: (limit, every) => `${limit} requests ${every} without a token that is known are answered per address`,
  streams: (limit) => `You may have ${limit} subscriptions open at a time`,
  storedBytes: (limit, every) => `You may add ${limit} bytes of inputs, metadata and definitions ${every}`,
  schemaChecks: (limit) => `You may have ${limit} checks waiting`,
};

/** @param reached.retryAfterMs `null`: when something of the caller's ends */
export function rateLimited(reached: ReachedLimit): ExecutionError {
  const { name, limit, windowMs, retryAfterMs } = reached;
  const every = windowMs === 86_400_000 ? 'a day' : 'a minute';
  const then = retryAfterMs === null ? 'close one first' : `try again in ${Math.ceil(retryAfterMs / 1_000)} s`;
  return new ExecutionError('rate_limited', `${TELLS[name](limit.toLocaleString('en'), every)}; ${then}.`, {
    limit: reached,
  });
}
