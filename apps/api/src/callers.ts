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
/** How long it stands who a token is, in milliseconds: who leaves meanwhile is somebody no longer than this. */
const ASKED_AGAIN_MS = 60_000;

export interface IdentifyOptions {
  verifyToken: VerifyToken;
  /** Asks the database who the user of a verified token is; `null`: nobody, or somebody who has left. */
  readUser: (token: string) => Promise<string | null>;
  /** Reads as the user whose token it is. */
  readerFor: (token: string) => ExecutionReader;
  /** Default: by the claim `app_metadata.runledger_role`. */
  isOperator?: IsOperator;
}

export function createIdentify(options: IdentifyOptions): Identify {
  const { verifyToken, readUser, readerFor, isOperator = isOperatorByClaim } = options;
  const known = new LRUCache<string, { caller: Caller; until: number }>({ max: KEPT });
  const asking = new Map<string, Promise<Caller>>();

  async function ask(token: string): Promise<Caller> {
    const { claims, expiresAt } = await verifyToken(token);
    const userId = await readUser(token);
    if (userId === null) {
      const nobody = 'The token is valid, but its user has left, or it names none.';
      throw new ExecutionError('unauthenticated', nobody);
    }
    const caller = {
      userId,
      isOperator: isOperator(claims),
      isAnonymous: claims.is_anonymous === true,
      expiresAt,
      reader: readerFor(token),
    };
    known.set(token, { caller, until: Math.min(expiresAt, Date.now() + ASKED_AGAIN_MS) });
    return caller;
  }

  /** Requests that come while the first one with their token is still asked about share its answer. */
  function identify(token: string): Caller | Promise<Caller> {
    const seen = known.get(token);
    if (seen && Date.now() < seen.until) return seen.caller;
    const asked = asking.get(token);
    if (asked) return asked;
    const answer = ask(token).finally(() => asking.delete(token));
    asking.set(token, answer);
    return answer;
  }

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
