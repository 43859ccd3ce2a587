import { z } from 'zod';

/** What a key of a program may do. `report`: say how executions go and end, of all users. */
export const KEY_SCOPES = ['report'] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

export const CreateKeyInput = z.object({
  /** What people call the program; shown as who reported. */
  name: z.string().trim().min(1).max(100),
  /** ISO 8601. Default: never. */
  expiresAt: z.iso.datetime({ offset: true }).optional(),
});
export type CreateKeyInput = z.input<typeof CreateKeyInput>;

/** A key of a program, without the key: only its hash is kept. */
export interface MachineKey {
  id: string;
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

/** Keys of programs, under the service role. */
export interface MachineKeyService {
  /** Makes a key; `key` is told this once. @throws `invalid_input` */
  createKey(input: CreateKeyInput): Promise<MachineKey & { key: string }>;
  /** All of them, revoked ones included, oldest first. */
  listKeys(): Promise<MachineKey[]>;
  /** `null` where there is no such key; one that was revoked before stays as it is. */
  revokeKey(id: string): Promise<MachineKey | null>;
  /** The key as it stands, valid or not; `null` where there is none. Says that it was used, at most once an hour. */
  findKey(key: string): Promise<MachineKey | null>;
}
