import { projectKeys } from '@runledger/host/key-set';
import type { Log } from '@runledger/router';
import { KEYS_BELIEVED_MS } from './belief.ts';
import type { Env } from './env.ts';

/** `false`: no token of any user can be verified as the API is set up; `null`: Supabase Auth cannot be asked. */
export type CanSignIn = () => Promise<boolean | null>;

/**
 * Whether anybody's token can be verified: with a shared secret, a third party, or public keys of the project. A project that
 * still signs with a shared secret publishes none.
 */
export function createSignInCheck(
  env: Pick<Env, 'SUPABASE_URL' | 'SUPABASE_JWT_SECRET' | 'RUNLEDGER_AUTH_ISSUERS'>,
): CanSignIn {
  if (env.SUPABASE_JWT_SECRET !== undefined || env.RUNLEDGER_AUTH_ISSUERS?.length) return async () => true;
  const keys = projectKeys(env.SUPABASE_URL);
  return () =>
    keys.count(KEYS_BELIEVED_MS.write).then(
      (count) => count > 0,
      () => null,
    );
}

/** Tells the operator at the start what would otherwise be told to users, as theirs. Never throws. */
export async function warnOfSignIn(canSignIn: CanSignIn, env: Pick<Env, 'SUPABASE_JWT_SECRET'>, log: Log) {
  if (env.SUPABASE_JWT_SECRET)
    log.warn({}, 'tokens signed with a shared secret are accepted; Supabase recommends signing keys for production');
  if ((await canSignIn()) !== false) return;
  log.error(
    {},
    'nobody can sign in: the project publishes no public keys, so it signs tokens with a shared secret, and SUPABASE_JWT_SECRET is not set',
  );
}
