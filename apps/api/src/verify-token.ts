import { ExecutionError } from '@runledger/contracts';
import type { JWTPayload, JWTVerifyOptions } from 'jose';
import { createRemoteJWKSet, decodeProtectedHeader, errors, jwtVerify } from 'jose';

export interface TokenVerifierOptions {
  /** The Supabase project, whose public keys are fetched from `/auth/v1/.well-known/jwks.json`. */
  supabaseUrl: string;
  /** For projects that sign with a shared secret (HS256). */
  secret?: string;
  /** Checked only where it is given. */
  issuer?: string;
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

/** How far the clocks of Supabase and of this machine may differ, in seconds. */
const CLOCK_TOLERANCE_S = 5;

/**
 * Verifies access tokens of Supabase Auth. The token's algorithm picks where the key comes from, and each source takes
 * only its own algorithms: a public key can then never serve as a shared secret.
 */
export function createTokenVerifier({ supabaseUrl, secret, issuer }: TokenVerifierOptions): VerifyToken {
  const publicKeys = createRemoteJWKSet(new URL(`${supabaseUrl.replace(/\/+$/, '')}/auth/v1/.well-known/jwks.json`));
  const sharedKey = secret === undefined ? null : new TextEncoder().encode(secret);
  const rule: JWTVerifyOptions = {
    audience: 'authenticated',
    requiredClaims: ['sub', 'exp'],
    clockTolerance: CLOCK_TOLERANCE_S,
    ...(issuer === undefined ? {} : { issuer }),
  };
  const verify = async (token: string): Promise<JWTPayload> => {
    if (decodeProtectedHeader(token).alg !== 'HS256') {
      const verified = await jwtVerify(token, publicKeys, { ...rule, algorithms: ['ES256', 'RS256', 'EdDSA'] });
      return verified.payload;
    }
    if (!sharedKey) throw new errors.JOSEAlgNotAllowed('HS256 is not accepted here');
    return (await jwtVerify(token, sharedKey, { ...rule, algorithms: ['HS256'] })).payload;
  };
  return async (token) => {
    try {
      const claims = await verify(token);
      const { sub, exp } = claims;
      if (!sub) throw new errors.JWTInvalid('"sub" is empty');
      return { subject: sub, claims, expiresAt: (exp as number) * 1_000 };
    } catch (cause) {
      throw toRefusal(cause);
    }
  };
}

function toRefusal(cause: unknown): ExecutionError {
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
  return new ExecutionError('ledger_unavailable', 'The public keys of Supabase Auth cannot be fetched.', { cause });
}

/** What is left is about fetching the keys: the network, a time-out, an answer that is no key set. */
function isAboutTheToken(cause: unknown): boolean {
  if (cause instanceof TypeError) return cause.message.startsWith('Invalid Token');
  const elsewhere = ['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'];
  return cause instanceof errors.JOSEError && !elsewhere.includes(cause.code);
}
