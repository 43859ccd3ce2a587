import { setTimeout as pause } from 'node:timers/promises';
import type { ExecutionError } from '@runledger/contracts';
import { isExecutionError } from '@runledger/contracts';
import type { AppRouter } from '@runledger/router';
import { toErrorBody } from '@runledger/router';
import type { MiddlewareHandler } from 'hono';
import { calledProcedures } from '../called-procedures.ts';
import type { ApiParts } from '../context.ts';
import { addressOf } from './address.ts';
import { retryAfter } from './retry-after.ts';

/**
 * Whoever comes again before they may is told so after this long, in milliseconds. Refusing at once costs little, but as often as
 * somebody can ask it took more than half a core of everybody's.
 */
const AGAIN_AFTER_MS = 500;

/**
 * Refuses before anything is spent on a request, its body not looked at: whoever nobody knows per address, a batch counted as its
 * calls, and users who have been told that they have called as often as they may.
 */
export function createAdmission(
  { unverified, proxyHops = 0, identify, userLimits, telemetry }: ApiParts,
  router: AppRouter,
): MiddlewareHandler<{ Variables: { requestId: string } }> {
  function refusal(authorization: string | undefined, calls: string[]): ExecutionError | null {
    // Who was refused is known; nobody is asked about others twice.
    const caller = identify.believed?.(authorization);
    if (!caller || !userLimits) return null;
    const { userId } = caller;
    const areWrites = calls.every((path) => isMutation(router, path));
    return userLimits.refusal('requests', userId) ?? (areWrites ? userLimits.refusal('writes', userId) : null);
  }

  return async (c, next) => {
    const authorization = c.req.header('authorization');
    const calls = calledProcedures(c.req.url) ?? [c.req.path];
    const refuse = async (error: ExecutionError) => {
      if (error.limit) telemetry?.refused(error.limit.name);
      const { signal } = c.req.raw;
      await pause(AGAIN_AFTER_MS, undefined, { signal }).catch(() => {});
      return c.json(toErrorBody(error, c.get('requestId')), 429, retryAfter([error]));
    };
    try {
      await unverified?.admit(authorization, addressOf(c, proxyHops), calls.length);
    } catch (error) {
      if (!isExecutionError(error)) throw error;
      return refuse(error);
    }
    const refused = refusal(authorization, calls);
    if (refused) return refuse(refused);
    await next();
  };
}

/** The router's procedures are by their whole path. */
function isMutation({ _def: { procedures } }: AppRouter, path: string): boolean {
  const all = procedures as unknown as Record<string, { _def: { type: string } }>;
  return Object.hasOwn(all, path) && all[path]?._def.type === 'mutation';
}
