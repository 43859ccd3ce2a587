import type { FoundKey, MachineKey, MachineKeyService } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { LRUCache } from 'lru-cache';
import type { IsOperator } from '../operators.ts';
import { isOperatorByClaim } from '../operators.ts';

/** A key that was found is believed for so long: revoked, it ends within that, in milliseconds. */
const BELIEVED_MS = 30_000;
const KEPT = 1_000;

/**
 * Tells which program calls, from an `authorization` header; `isWrite` asks anew whether its key still stands.
 * @throws ExecutionError `unauthenticated`
 */
export interface IdentifyMachine {
  (authorization: string | undefined, isWrite?: boolean): Promise<MachineKey>;
  /** The key that is believed to call without asking anybody; `null` where somebody has to be asked. */
  believed?(authorization: string | undefined): MachineKey | null;
}

/** Whether a header carries a key of a program, by its looks. */
export const isMachineKey = (authorization: string | undefined) => /^Bearer\s+rlk_/i.test(authorization ?? '');

export function createIdentifyMachine(
  keys: Pick<MachineKeyService, 'findKey'>,
  { now = () => Date.now(), isOperator = isOperatorByClaim }: { now?: () => number; isOperator?: IsOperator } = {},
): IdentifyMachine {
  const known = new LRUCache<string, { key: FoundKey; until: number }>({ max: KEPT });
  const identify: IdentifyMachine = async (authorization, isWrite = false) => {
    const token = keyOf(authorization);
    if (!token) throw refused('Send a key of this API as "authorization: Bearer rlk_…"; an operator makes one.');
    const seen = known.get(token);
    const key = seen && !isWrite && now() < seen.until ? seen.key : await keys.findKey(token);
    if (!key) throw refused('This API has no such key; an operator makes one with "runledger key create".');
    if (key.revokedAt !== null) throw refused(`The key ${key.name} was revoked.`);
    if (key.ownerLeft) throw refused(`The user whose key ${key.name} is has left, or is banned.`);
    if (key.expiresAt !== null && Date.parse(key.expiresAt) <= now())
      throw refused(`The key ${key.name} expired at ${key.expiresAt}.`);
    if (key !== seen?.key) known.set(token, { key, until: now() + BELIEVED_MS });
    return isReportedByNoOperator(key, isOperator) ? withoutReport(key) : key;
  };
  identify.believed = (authorization) => {
    const seen = known.get(keyOf(authorization) ?? '');
    const isOver = !seen || now() >= Math.min(seen.until, Date.parse(seen.key.expiresAt ?? '9999-12-31'));
    return isOver ? null : seen.key;
  };
  return identify;
}

const keyOf = (authorization = '') => /^Bearer\s+(rlk_[\w-]{43})$/i.exec(authorization)?.[1];

/** A key reports of all users, so that it ends when its own is not an operator any more. */
const isReportedByNoOperator = ({ ownerClaims, scopes }: FoundKey, isOperator: IsOperator) =>
  scopes.includes('report') && ownerClaims !== null && !isOperator(ownerClaims);

const withoutReport = (key: FoundKey): FoundKey => ({
  ...key,
  scopes: key.scopes.filter((scope) => scope !== 'report'),
});

const refused = (message: string) => new ExecutionError('unauthenticated', message);
