import type { ExecutionReader } from '@runledger/contracts';
import { ExecutionError, isExecutionError } from '@runledger/contracts';
import { KEY_COOL_DOWN_MS } from '@runledger/host/key-set';
import type { Caller, Log } from '@runledger/router';
import type { JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Access } from './access.ts';
import { isUnknownSignature, requireAccess, toIdentityRefusal } from './access.ts';
import { KEYS_BELIEVED_MS, USER_BELIEVED_MS } from './belief.ts';
import { withChanged } from './changed-claims.ts';
import type { MaySee } from './may-see.ts';
import type { IsOperator } from './operators.ts';
import { isOperatorByClaim } from './operators.ts';
import type { VerifyToken } from './verify-token.ts';

interface Identified {
  caller: Caller | null;
  /** Why there is none although something was sent. */
  callerProblem: ExecutionError | null;
}

/** Tells who calls, from an `authorization` header. Never throws. */
export interface Identify {
  (authorization: string | undefined): Promise<Identified>;
  /** Whoever is believed to call without asking anybody; `null` where somebody has to be asked. */
  believed?(authorization: string | undefined): Caller | null;
}

/** Callers kept, each with a Supabase client of their own; a token is verified once, not once per request. */
const KEPT = 5_000;
/** Anybody can send tokens that nobody can check: the log repeats a reason no sooner than after this many milliseconds. */
const SAID_AGAIN_MS = 60_000;

export interface IdentifyOptions {
  verifyToken: VerifyToken;
  /** Asks the database who the user of a verified token is, and whether the account still may act. */
  readAccess: (token: string) => Promise<Access>;
  /** Reads as the user whose token it is. */
  readerFor: (token: string) => ExecutionReader;
  /** Default: by the claim `app_metadata.runledger_role`. */
  isOperator?: IsOperator;
  /** Default: nobody sees what workflows redact. */
  seesClear?: MaySee;
  /** Default: payloads are decoded for nobody. */
  mayDecode?: MaySee;
  /** Told why tokens cannot be checked, where that is not the caller's fault. */
  log?: Pick<Log, 'error'>;
  /** Milliseconds since 1970. Default: the machine's clock. */
  now?: () => number;
}

interface Known {
  caller: Caller;
  expiresAt: number;
  keysFetchedAt: number;
  askedAt: number;
}
type Purpose = keyof typeof KEYS_BELIEVED_MS;

export function createIdentify(options: IdentifyOptions): Identify {
  const { verifyToken, readAccess, readerFor, isOperator = isOperatorByClaim, now = () => Date.now() } = options;
  const known = new LRUCache<string, Known>({ max: KEPT });
  const asking = new Map<string, Promise<Caller>>();
  const said = new LRUCache<string, number>({ max: 100 });
  /** Users whom their account made an operator: what it gave, it may take away. */
  const byAccount = new LRUCache<string, true>({ max: KEPT });

  /**
   * What a token says holds until its account, which said so too, says so no more, whichever token of the user's that was asked with.
   * A hook may say it where the account never does.
   * @param said What the token says, and what it would say in place of what the account has changed since.
   */
  function isOperatorNow(userId: string, said: JWTPayload[], account: Access['account']): boolean {
    if (!said.every((claims) => isOperator(claims))) return false;
    const [claims] = said;
    if (!account) return true;
    const isByAccount = isOperator({ ...claims, ...account });
    if (isByAccount) byAccount.set(userId, true);
    return isByAccount || !byAccount.has(userId);
  }

  async function ask(token: string, purpose: Purpose): Promise<Caller> {
    const askedAt = now();
    const verified = await verifyToken(token, { keysWithinMs: KEYS_BELIEVED_MS[purpose] });
    const { claims, expiresAt, keysFetchedAt } = verified;
    const access = await readAccess(token).catch(async (error: unknown) => {
      // The database may know sooner than we do that a key was withdrawn.
      if (isUnknownSignature(error)) await verifyToken(token, { keysWithinMs: KEY_COOL_DOWN_MS });
      throw toIdentityRefusal(error);
    });
    const userId = requireAccess(access, verified);
    const reader = known.get(token)?.caller.reader ?? readerFor(token);
    const { account, changed }: Partial<Access> = verified.isOfProject ? access : {};
    // What a token gives it gives no more once the account has taken it away; what only the account gives needs a new token.
    const said = changed?.length ? [claims, withChanged(claims, account, changed)] : [claims];
    const asked = { userId, isOperator: isOperatorNow(userId, said, account) };
    const may =
      (rule: MaySee | undefined): Caller['seesClear'] =>
      (workflow) =>
        said.every((claims) => rule?.({ ...asked, claims }, workflow) === true);
    const caller: Caller = {
      ...asked,
      seesClear: may(options.seesClear),
      mayDecode: may(options.mayDecode),
      isAnonymous: claims.is_anonymous === true,
      expiresAt,
      reader,
      confirm: async () => identify(token, 'write'),
    };
    known.set(token, { caller, expiresAt, keysFetchedAt, askedAt });
    return caller;
  }

  const isBelieved = ({ expiresAt, keysFetchedAt, askedAt }: Known, purpose: Purpose) =>
    now() < Math.min(expiresAt, askedAt + USER_BELIEVED_MS, keysFetchedAt + KEYS_BELIEVED_MS[purpose]);

  /** Requests that come while the first one with their token is still asked about share its answer. */
  function identify(token: string, purpose: Purpose): Caller | Promise<Caller> {
    const seen = known.get(token);
    if (seen && isBelieved(seen, purpose)) return seen.caller;
    const key = `${purpose} ${token}`;
    const asked = asking.get(key);
    if (asked) return asked;
    const answer = ask(token, purpose)
      .catch((error: unknown) => {
        known.delete(token);
        throw sayOnce(error);
      })
      .finally(() => asking.delete(key));
    asking.set(key, answer);
    return answer;
  }

  function sayOnce(error: unknown): ExecutionError {
    const problem = isExecutionError(error)
      ? error
      : new ExecutionError('internal', 'A token could not be verified.', { cause: error });
    const isCallers = problem.code === 'unauthenticated' || problem.code === 'permission_denied';
    if (isCallers || now() < (said.get(problem.message) ?? 0)) return problem;
    said.set(problem.message, now() + SAID_AGAIN_MS);
    options.log?.error({ err: problem }, 'callers cannot be identified');
    return problem;
  }

  const tokenOf = (authorization: string) => /^Bearer\s+(\S+)$/i.exec(authorization)?.[1];

  const byHeader: Identify = async (authorization) => {
    if (authorization === undefined) return { caller: null, callerProblem: null };
    const token = tokenOf(authorization);
    const wrong = 'The authorization header is not of the form "Bearer <access token>".';
    if (!token) return { caller: null, callerProblem: new ExecutionError('unauthenticated', wrong) };
    try {
      return { caller: await identify(token, 'read'), callerProblem: null };
    } catch (error) {
      return { caller: null, callerProblem: error as ExecutionError };
    }
  };
  byHeader.believed = (authorization = '') => {
    const seen = known.get(tokenOf(authorization) ?? '');
    return seen && isBelieved(seen, 'read') ? seen.caller : null;
  };
  return byHeader;
}
