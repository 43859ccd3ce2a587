import { randomBytes } from 'node:crypto';

export type SupabaseKeys = { jwtSecret: string; publishableKey: string; secretKey: string };

/** Random keys for one data folder. Whoever keeps the data keeps these too (mode 0600), or every session ends. */
export function createSupabaseKeys(): SupabaseKeys {
  const random = (bytes: number) => randomBytes(bytes).toString('base64url');
  return {
    jwtSecret: random(48),
    publishableKey: `sb_publishable_${random(24)}`,
    secretKey: `sb_secret_${random(24)}`,
  };
}
