import type { AppRouter } from '@runledger/router';
import type { ApiParts } from '../context.ts';

/** Counts calls of a request that no procedure counts. @throws ExecutionError `rate_limited` */
export type CountUncounted = (authorization: string | undefined, calls: readonly string[]) => Promise<void>;

/**
 * What is malformed, or names what there is not, counts for its user as a call that is answered. Whoever has not been identified
 * lately counts by their address from now on.
 */
export function createUncounted({
  identify,
  userLimits,
  unverified,
}: Pick<ApiParts, 'identify' | 'userLimits' | 'unverified'>): CountUncounted {
  return async (authorization, calls) => {
    const caller = identify.believed?.(authorization);
    if (!caller) return unverified?.learn(authorization, false);
    await userLimits?.take('requests', caller.userId, calls.length);
  };
}

/** Those of a request's calls that the router does not have. */
export function unknownCalls({ _def: { procedures } }: AppRouter, calls: readonly string[]): string[] {
  return calls.filter((path) => !Object.hasOwn(procedures, path));
}
