import type { JWTPayload } from 'jose';
import type { Access } from './access.ts';

/**
 * What a token would say in the place of what its account has changed since. The rest is as it says: a hook may have
 * added what no account has.
 */
export function withChanged(claims: JWTPayload, account: Access['account'], changed: readonly string[]): JWTPayload {
  const entries = (metadata: unknown, isWanted: (key: string) => boolean) =>
    Object.entries(Object(metadata)).filter(([key]) => isWanted(key));
  const kept = entries(claims.app_metadata, (key) => !changed.includes(key));
  const now = entries(account?.app_metadata, (key) => changed.includes(key));
  return { ...claims, app_metadata: Object.fromEntries([...kept, ...now]) };
}
