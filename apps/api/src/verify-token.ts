import { ExecutionError, findUnstorable, isExecutionError, USER_ID_LIMIT } from '@runledger/contracts';
import type { AuthIssuer } from '@runledger/host/auth-issuers';
import { issuerKeys } from '@runledger/host/auth-issuers';
import { projectKeys } from '@runledger/host/key-set';
import type { JWTPayload, JWTVerifyOptions } from 'jose';
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify } from 'jose';
import { KEYS_BELIEVED_MS } from './belief.ts';

export interface TokenVerifierOptions {
  /** The Supabase project, whose public keys are fetched from `/auth/v1/.well-known/jwks.json`. */
  supabaseUrl: string;
  /** For projects that sign with a shared secret (HS256). */
  secret?: string;
  /** Checked only where it is given. */
  issuer?: string;
  /** Third parties whose tokens are accepted too. Default: none. */
  thirdParties?: readonly AuthIssuer[];
  /** Milliseconds since 1970. Default: the machine's clock. */
  now?: () => number;
}

interface VerifiedToken {
  /** As the issuer names it; who that is in the ledger, the database says. */
  subject: string;
  /** Everything that the token says. */
  claims: JWTPayload;
  /** Milliseconds since 1970. */
  expiresAt: number;
  /** When the keys that it was verified with were fetched, in milliseconds since 1970; of a shared secret, now. */
  keysFetchedAt: number;
  /** Signed by the project, not by a third party. */
  isOfProject: boolean;
}

/** @throws ExecutionError `unauthenticated` that says why; `ledger_unavailable` when nobody can tell right now */
export type VerifyToken = (token: string, options?: { keysWithinMs: number }) => Promise<VerifiedToken>;

/** Those who may sign: the project, or a third party. */
interface Signer {
  name: string;
  verify(token: string, keysWithinMs: number): Promise<{ claims: JWTPayload; keysFetchedAt: number }>;
}

/** How far the clocks of the issuer and of this machine may differ, in seconds. */
const CLOCK_TOLERANCE_S = 5;
const ASYMMETRIC = ['ES256', 'RS256', 'EdDSA'];
/**
 * Roles that no user's token has: PostgREST would take `service_role` for the backend, and sees nobody in `anon`; the others
 * are those of Supabase's own services and of Postgres.
 */
const NOT_OF_USERS = /^(anon|service_role|authenticator|postgres|dashboard_user|(supabase|pg)_.*)$/;

/**
 * Verifies access tokens of Supabase Auth and of the third parties given. The token's `iss` picks who has to have signed it,
 * before any key is fetched, and only from where the configuration says: no token makes the API call an address of its own.
 */
export function createTokenVerifier({ thirdParties = [], ...options }: TokenVerifierOptions): VerifyToken {
  const now = options.now ?? (() => Date.now());
  const project = createProject({ ...options, now });
  const others = new Map(thirdParties.map((entry) => [entry.issuer, createThirdParty(entry, now)]));
  return async (token, { keysWithinMs } = { keysWithinMs: KEYS_BELIEVED_MS.read }) => {
    let signer = project;
    try {
      signer = others.get(decodeJwt(token).iss ?? '') ?? project;
      const { claims, keysFetchedAt } = await signer.verify(token, keysWithinMs);
      const { sub, exp } = claims;
      requireSubject(sub);
      return {
        subject: sub,
        claims,
        expiresAt: (exp as number) * 1_000,
        keysFetchedAt,
        isOfProject: signer === project,
      };
    } catch (cause) {
      throw toRefusal(cause, signer);
    }
  };
}

function ruleOf(now: () => number): JWTVerifyOptions {
  return { requiredClaims: ['sub', 'exp'], clockTolerance: CLOCK_TOLERANCE_S, currentDate: new Date(now()) };
}

/**
 * The token's algorithm picks where the key comes from, and each source takes only its own algorithms: a public key can
 * then never serve as a shared secret.
 */
function createProject(options: Omit<TokenVerifierOptions, 'thirdParties'> & { now: () => number }): Signer {
  const { supabaseUrl, secret, issuer, now } = options;
  const publicKeys = projectKeys(supabaseUrl, { now });
  const sharedKey = secret === undefined ? null : new TextEncoder().encode(secret);
  const rule = () => ({ ...ruleOf(now), audience: 'authenticated', ...(issuer === undefined ? {} : { issuer }) });
  return {
    name: 'Supabase Auth',
    async verify(token, keysWithinMs) {
      // Before the keys are fetched, which jwtVerify does first.
      if (issuer !== undefined && decodeJwt(token).iss !== issuer) throw new errors.JWTInvalid('another issuer');
      if (decodeProtectedHeader(token).alg === 'HS256') {
        if (!sharedKey) throw secretIsMissing();
        const { payload } = await jwtVerify(token, sharedKey, { ...rule(), algorithms: ['HS256'] });
        requireRole(payload, 'role', 'Supabase Auth');
        return { claims: payload, keysFetchedAt: now() };
      }
      const { payload } = await jwtVerify(token, publicKeys.within(keysWithinMs), {
        ...rule(),
        algorithms: ASYMMETRIC,
      });
      requireRole(payload, 'role', 'Supabase Auth');
      return { claims: payload, keysFetchedAt: publicKeys.fetchedAt() };
    },
  };
}

function createThirdParty(entry: AuthIssuer, now: () => number): Signer {
  const { issuer, audience, roleClaim } = entry;
  const keys = issuerKeys(entry, { now });
  return {
    name: issuer,
    async verify(token, keysWithinMs) {
      const rule = { ...ruleOf(now), issuer, algorithms: ASYMMETRIC, ...(audience === undefined ? {} : { audience }) };
      const { payload } = await jwtVerify(token, keys.within(keysWithinMs), rule);
      requireRole(payload, roleClaim, issuer);
      return { claims: payload, keysFetchedAt: keys.fetchedAt() };
    },
  };
}

function requireRole(payload: JWTPayload, claim: string, issuer: string): void {
  const role = payload[claim];
  if (typeof role === 'string' && role !== '' && !NOT_OF_USERS.test(role)) return;
  throw new ExecutionError(
    'unauthenticated',
    `The token's claim "${claim}" does not name a database role of users; ${issuer} has to set it to "authenticated".`,
  );
}

/** JSON has more than text, and text more than the ledger keeps as an id. */
function requireSubject(sub: unknown): asserts sub is string {
  if (typeof sub === 'string' && sub !== '' && sub.length <= USER_ID_LIMIT && !findUnstorable(sub, { levels: 0 }))
    return;
  throw new ExecutionError(
    'unauthenticated',
    `The token's claim "sub" is not the id of a user: text of 1 to ${USER_ID_LIMIT} characters; sign in again.`,
  );
}

function secretIsMissing(): ExecutionError {
  return new ExecutionError(
    'ledger_unavailable',
    'A token is signed with a shared secret (HS256), and SUPABASE_JWT_SECRET is not set. Set it, or let the project sign with keys.',
    {
      forCaller:
        'This server is not set up to check how you signed in. It is not your fault: its operator has to correct it.',
    },
  );
}

function toRefusal(cause: unknown, signer: Signer): ExecutionError {
  if (isExecutionError(cause)) return cause;
  if (cause instanceof errors.JWTExpired)
    return unauthenticated('The token has expired; refresh the session and send the new one.', cause);
  if (isAboutTheToken(cause))
    return unauthenticated('The token is not a valid access token of this project; sign in again.', cause);
  return new ExecutionError('ledger_unavailable', `The public keys of ${signer.name} cannot be fetched.`, {
    cause,
    forCaller: 'Tokens cannot be checked right now; try again in a moment.',
  });
}

function unauthenticated(message: string, cause: unknown): ExecutionError {
  return new ExecutionError('unauthenticated', message, { cause, forCaller: message });
}

/** What is left is about fetching the keys: the network, a time-out, an answer that is not a key set. */
function isAboutTheToken(cause: unknown): boolean {
  if (cause instanceof TypeError) return cause.message.startsWith('Invalid Token');
  const elsewhere = ['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'];
  return cause instanceof errors.JOSEError && !elsewhere.includes(cause.code);
}
