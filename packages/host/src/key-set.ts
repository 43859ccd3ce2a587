import { ExecutionError } from '@runledger/contracts';
import type { FetchImplementation, JWTVerifyGetKey } from 'jose';
import { createRemoteJWKSet, customFetch, errors } from 'jose';

/** Whoever sends tokens with invented key ids makes us fetch the keys no more often than this, in milliseconds. */
export const KEY_COOL_DOWN_MS = 30_000;

/** The public keys of an issuer, as it published them some time ago. */
export interface KeySet {
  /**
   * The key of a token, from keys that were fetched within `maxAgeMs` milliseconds. For a key that is not among them they
   * are fetched again, unless that was moments ago.
   * @throws ExecutionError `ledger_unavailable` for a key that may have been added since; what jose throws for others, and
   *   where the keys cannot be fetched
   */
  within(maxAgeMs: number): JWTVerifyGetKey;
  /** When the keys in use were asked for, in milliseconds since 1970; `-Infinity` before the first time. */
  fetchedAt(): number;
  /** How many keys are published. @throws where they cannot be fetched */
  count(maxAgeMs: number): Promise<number>;
}

export interface KeySetOptions {
  /** Milliseconds since 1970. Default: the machine's clock. */
  now?: () => number;
  fetch?: FetchImplementation;
}

/** jose fetches and picks; how old the keys may be, and how often they are fetched, is decided here. */
export function createKeySet(url: URL, { now = () => Date.now(), fetch }: KeySetOptions = {}): KeySet {
  const keys = createRemoteJWKSet(url, {
    cacheMaxAge: Number.POSITIVE_INFINITY,
    cooldownDuration: Number.POSITIVE_INFINITY,
    ...(fetch ? { [customFetch]: fetch } : {}),
  });
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let fetching: Promise<void> | null = null;

  function refresh(): Promise<void> {
    const asked = now();
    fetching ??= keys
      .reload()
      .then(() => {
        fetchedAt = asked;
      })
      .finally(() => {
        fetching = null;
      });
    return fetching;
  }

  /** A clock that was set back says nothing of how old they are. */
  const isOlder = (maxAgeMs: number) => now() - fetchedAt > maxAgeMs || now() < fetchedAt;

  return {
    fetchedAt: () => fetchedAt,
    within: (maxAgeMs) => async (header, token) => {
      const isOld = isOlder(maxAgeMs);
      if (isOld) await refresh();
      try {
        return await keys(header, token);
      } catch (error) {
        // Keys that were fetched for this very token decide.
        if (!(error instanceof errors.JWKSNoMatchingKey) || isOld) throw error;
        if (!isOlder(KEY_COOL_DOWN_MS - 1)) throw notKnownYet(url, error);
        await refresh();
        return keys(header, token);
      }
    },
    async count(maxAgeMs) {
      if (isOlder(maxAgeMs)) await refresh();
      return keys.jwks()?.keys.length ?? 0;
    },
  };
}

/** Signing in again would not help somebody whose token has a key that was added a moment ago. */
function notKnownYet(url: URL, cause: Error): ExecutionError {
  const message = `A token names a key that ${url.host} had not published ${KEY_COOL_DOWN_MS / 1_000} s ago or less.`;
  const forCaller = 'The token is signed with a key that is not known here yet; try again in half a minute.';
  return new ExecutionError('ledger_unavailable', message, { cause, forCaller });
}

/** Where Supabase Auth publishes the keys of a project. */
export function projectKeys(supabaseUrl: string, options: KeySetOptions = {}): KeySet {
  return createKeySet(new URL(`${supabaseUrl.replace(/\/+$/, '')}/auth/v1/.well-known/jwks.json`), options);
}
