import type { ExecutionReader } from '@runledger/contracts';
import { ExecutionError, isExecutionError } from '@runledger/contracts';
import type { Caller } from '@runledger/router';
import { LRUCache } from 'lru-cache';
import type { IsOperator } from './operators.ts';
import { isOperatorByClaim } from './operators.ts';
import type { VerifyToken } from './verify-token.ts';

interface Identified {
  caller: Caller | null;
  /** Why there is none although something was sent. */
  callerProblem: ExecutionError | null;
}

/** Tells who calls, from an `authorization` header. Never throws. */
export type Identify = (authorization: string | undefined) => Promise<Identified>;

/** Callers kept, each with a Supabase client of their own; a token is verified once, not once per request. */
const KEPT = 5_000;

/**
 * @param options.readerFor Reads as the user whose token it is.
 * @param options.isOperator Default: by the claim `app_metadata.runledger_role`.
 */
export function createIdentify(options: {
  verifyToken: VerifyToken;
  readerFor: (token: string) => ExecutionReader;
  isOperator?: IsOperator;
}): Identify {
  const { isOperator = isOperatorByClaim } = options;
  const known = new LRUCache<string, Caller>({ max: KEPT });
  const identify = async (token: string): Promise<Caller> => {
    const seen = known.get(token);
    if (seen) return seen;
    const { userId, claims, expiresAt } = await options.verifyToken(token);
    const caller = { userId, isOperator: isOperator(claims), reader: options.readerFor(token) };
    const ttl = expiresAt - Date.now();
    if (ttl > 0) known.set(token, caller, { ttl });
    return caller;
  };
  return async (authorization) => {
    if (authorization === undefined) return { caller: null, callerProblem: null };
    const token = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1];
    const wrong = 'The authorization header is not of the form "Bearer <access token>".';
    if (!token) return { caller: null, callerProblem: new ExecutionError('unauthenticated', wrong) };
    try {
      return { caller: await identify(token), callerProblem: null };
    } catch (error) {
      if (isExecutionError(error)) return { caller: null, callerProblem: error };
      const unexpected = new ExecutionError('internal', 'A token could not be verified.', { cause: error });
      return { caller: null, callerProblem: unexpected };
    }
  };
}
