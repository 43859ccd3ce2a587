import { ExecutionError, isExecutionError } from '@runledger/contracts';
import type { JWTPayload, JWTVerifyOptions } from 'jose';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, errors, jwtVerify } from 'jose';
import type { AuthIssuer } from './auth-issuers.ts';
import { createIssuerKeys } from './auth-issuers.ts';

export interface TokenVerifierOptions {
  /** The Supabase project, whose public keys are fetched from `/auth/v1/.well-known/jwks.json`. */
  supabaseUrl: string;
  /** For projects that sign with a shared secret (HS256). */
  secret?: string;
  /** Checked only where it is given. */
  issuer?: string;
  /** Third parties whose tokens are accepted too. Default: none. */
  thirdParties?: readonly AuthIssuer[];
}

interface VerifiedToken {
  /** As the issuer names it; who that is in the ledger, the database says. */
  subject: string;
  /** Everything that the token says. */
  claims: JWTPayload;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** @throws ExecutionError `unauthenticated` that says why; `ledger_unavailable` when the public keys cannot be fetched. */
export type VerifyToken = (token: string) => Promise<VerifiedToken>;

/** Those who may sign: the project, or a third party. */
interface Signer {
  name: string;
  verify(token: string): Promise<JWTPayload>;
}

/** How far the clocks of the issuer and of this machine may differ, in seconds. */
const CLOCK_TOLERANCE_S = 5;
const ASYMMETRIC = ['ES256', 'RS256', 'EdDSA'];
const COMMON_RULE = { requiredClaims: ['sub', 'exp'], clockTolerance: CLOCK_TOLERANCE_S };

/**
 * Verifies access tokens of Supabase Auth and of the third parties given. The token's `iss` picks who has to have signed it,
 * before any key is fetched, and only from where the configuration says: no token makes the API call an address of its own.
 */
export function createTokenVerifier({ thirdParties = [], ...options }: TokenVerifierOptions): VerifyToken {
  const project = createProject(options);
  const others = new Map(thirdParties.map((entry) => [entry.issuer, createThirdParty(entry)]));
  return async (token) => {
    let signer = project;
    try {
      signer = others.get(decodeJwt(token).iss ?? '') ?? project;
      const claims = await signer.verify(token);
      const { sub, exp } = claims;
      if (!sub) throw new errors.JWTInvalid('"sub" is empty');
      return { subject: sub, claims, expiresAt: (exp as number) * 1_000 };
    } catch (cause) {
      throw toRefusal(cause, signer);
    }
  };
}

/**
 * The token's algorithm picks where the key comes from, and each source takes only its own algorithms: a public key can
 * then never serve as a shared secret.
 */
function createProject({ supabaseUrl, secret, issuer }: Omit<TokenVerifierOptions, 'thirdParties'>): Signer {
  const publicKeys = createRemoteJWKSet(new URL(`${supabaseUrl.replace(/\/+$/, '')}/auth/v1/.well-known/jwks.json`));
  const sharedKey = secret === undefined ? null : new TextEncoder().encode(secret);
  const rule: JWTVerifyOptions = {
    ...COMMON_RULE,
    audience: 'authenticated',
    ...(issuer === undefined ? {} : { issuer }),
  };
  return {
    name: 'Supabase Auth',
    async verify(token) {
      // Before the keys are fetched, which jwtVerify does first.
      if (issuer !== undefined && decodeJwt(token).iss !== issuer) throw new errors.JWTInvalid('another issuer');
      if (decodeProtectedHeader(token).alg !== 'HS256')
        return (await jwtVerify(token, publicKeys, { ...rule, algorithms: ASYMMETRIC })).payload;
      if (!sharedKey) throw new errors.JOSEAlgNotAllowed('HS256 is not accepted here');
      return (await jwtVerify(token, sharedKey, { ...rule, algorithms: ['HS256'] })).payload;
    },
  };
}

/** What no user's token has: PostgREST would take `service_role` for the backend, and sees nobody in `anon`. */
const NOT_OF_USERS: unknown[] = ['anon', 'service_role'];

function createThirdParty(entry: AuthIssuer): Signer {
  const { issuer, audience, roleClaim } = entry;
  const keys = createIssuerKeys(entry);
  const rule: JWTVerifyOptions = {
    ...COMMON_RULE,
    issuer,
    algorithms: ASYMMETRIC,
    ...(audience === undefined ? {} : { audience }),
  };
  return {
    name: issuer,
    async verify(token) {
      const { payload } = await jwtVerify(token, keys, rule);
      const role = payload[roleClaim];
      if (typeof role !== 'string' || role === '' || NOT_OF_USERS.includes(role))
        throw new ExecutionError(
          'unauthenticated',
          `The token's claim "${roleClaim}" does not name a database role of users; ${issuer} has to set it to "authenticated".`,
        );
      return payload;
    },
  };
}

function toRefusal(cause: unknown, signer: Signer): ExecutionError {
  if (isExecutionError(cause)) return cause;
  if (cause instanceof errors.JWTExpired)
    return new ExecutionError('unauthenticated', 'The token has expired; refresh the session and send the new one.', {
      cause,
    });
  if (isAboutTheToken(cause))
    return new ExecutionError(
      'unauthenticated',
      'The token is not a valid access token of this project; sign in again.',
      { cause },
    );
  return new ExecutionError('ledger_unavailable', `The public keys of ${signer.name} cannot be fetched.`, { cause });
}

/** What is left is about fetching the keys: the network, a time-out, an answer that is not a key set. */
function isAboutTheToken(cause: unknown): boolean {
  if (cause instanceof TypeError) return cause.message.startsWith('Invalid Token');
  const elsewhere = ['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'];
  return cause instanceof errors.JOSEError && !elsewhere.includes(cause.code);
}
