import { z } from 'zod';
import { Instant } from './filter-request.ts';

/**
 * What a key of a program may do.
 *
 * - `report`: say how executions go and end, of all users (`POST /report`).
 * - `read`: read what its owner may read as a user, never as an operator.
 * - `start`: start executions of workflows that its owner owns, as its owner.
 */
export const KEY_SCOPES = ['report', 'read', 'start'] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

export const CreateKeyInput = z.object({
  /** What people call the program; shown as who reported. */
  name: z.string().trim().min(1).max(100),
  /** Default: `report` alone. */
  scopes: z.array(z.enum(KEY_SCOPES)).min(1).max(KEY_SCOPES.length).default(['report']),
  /** ISO 8601. Default: never. */
  expiresAt: Instant.optional(),
});
export type CreateKeyInput = z.input<typeof CreateKeyInput>;

/** A key of a program, without the key: only its hash is kept. */
export interface MachineKey {
  id: string;
  /** Whose it is; `null`: nobody's, for one that only reports. */
  userId: string | null;
  name: string;
  /** Its first characters. */
  keyStart: string;
  scopes: KeyScope[];
  createdAt: string;
  expiresAt: string | null;
  /** To the hour; `null`: never yet. */
  lastUsedAt: string | null;
  revokedAt: string | null;
}

/** A key, and what is known of the user whose it is. */
export interface FoundKey extends MachineKey {
  /** They have left, or are banned. */
  ownerLeft: boolean;
  /**
   * Of a key that reports: what Supabase Auth would say of them in a token issued now. `null`: the key is nobody's, or Supabase Auth
   * does not know them.
   */
  ownerClaims: Record<string, unknown> | null;
}

/** Keys of programs, under the service role. */
export interface MachineKeyService {
  /**
   * Makes a key; `key` is told this once. One that reads or starts needs the user whose it is; `atMost` bounds how many valid ones
   * they may have.
   * @throws `invalid_input`, `unknown_user`, `quota_exceeded`
   */
  createKey(input: CreateKeyInput, owner?: { userId: string; atMost?: number }): Promise<MachineKey & { key: string }>;
  /** All of them, or a user's, revoked ones included, oldest first; with `atMost` the newest of them. */
  listKeys(userId?: string, options?: { atMost?: number }): Promise<MachineKey[]>;
  /** `null` where there is no such key, or not of this user; one that was revoked before stays as it is. */
  revokeKey(id: string, userId?: string): Promise<MachineKey | null>;
  /** The key as it stands, valid or not; `null` where there is none. Says that it was used, at most once an hour. */
  findKey(key: string): Promise<FoundKey | null>;
}
