import type { MachineKey, MachineKeyService } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { LRUCache } from 'lru-cache';

/** A key that was found is believed for so long: revoked, it ends within that, in milliseconds. */
const BELIEVED_MS = 30_000;
const KEPT = 1_000;

/** Tells which program calls, from an `authorization` header. @throws ExecutionError `unauthenticated` */
export type IdentifyMachine = (authorization: string | undefined) => Promise<MachineKey>;

export function createIdentifyMachine(
  keys: Pick<MachineKeyService, 'findKey'>,
  now = () => Date.now(),
): IdentifyMachine {
  const known = new LRUCache<string, { key: MachineKey; until: number }>({ max: KEPT });
  return async (authorization) => {
    const token = /^Bearer\s+(rlk_[\w-]{43})$/i.exec(authorization ?? '')?.[1];
    if (!token) throw refused('Send a key of this API as "authorization: Bearer rlk_…"; an operator makes one.');
    const seen = known.get(token);
    const key = seen && now() < seen.until ? seen.key : await keys.findKey(token);
    if (!key) throw refused('This API has no such key; an operator makes one with "runledger key create".');
    if (key.revokedAt !== null) throw refused(`The key ${key.name} was revoked.`);
    if (key.expiresAt !== null && Date.parse(key.expiresAt) <= now())
      throw refused(`The key ${key.name} expired at ${key.expiresAt}.`);
    if (key !== seen?.key) known.set(token, { key, until: now() + BELIEVED_MS });
    return key;
  };
}

const refused = (message: string) => new ExecutionError('unauthenticated', message);
