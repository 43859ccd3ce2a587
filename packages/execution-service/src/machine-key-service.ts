import { bytesToHex, randomBytes } from '@noble/hashes/utils.js';
import type { FoundKey, MachineKey, MachineKeyService } from '@runledger/contracts';
import { CreateKeyInput, ExecutionError, issuesSentence } from '@runledger/contracts';
import { base64urlnopad } from '@scure/base';
import type { CallOptions } from './call-database.ts';
import { CALL_DEFAULTS, callDatabase } from './call-database.ts';
import { sha256Of } from './encoding.ts';
import { isUuid } from './find-execution.ts';
import { fromRow } from './from-row.ts';
import type { SupabaseLike } from './supabase.ts';
import { typed } from './supabase.ts';

const COLUMNS = 'id,user_id,name,key_start,scopes,created_at,expires_at,last_used_at,revoked_at';
/** Keys of one request. */
const PAGE = 200;
/** Tells scanners of repositories, and people, what it is a key of. */
const PREFIX = 'rlk_';
/** The prefix and six characters of the secret's 43. */
const SHOWN = PREFIX.length + 6;

const toKey = (row: object) => fromRow(row) as unknown as MachineKey;
const hashOf = (key: string) => bytesToHex(sha256Of(key));

/** Keys of programs, over a client with the service-role key. A key is 256 random bits, so that its plain hash is enough. */
export function createMachineKeyService(
  client: SupabaseLike,
  options: { call?: Partial<CallOptions> } = {},
): MachineKeyService {
  const keys = () => typed(client).from('machine_keys');
  const call: CallOptions = { ...CALL_DEFAULTS, ...options.call };

  return {
    async createKey(input, owner) {
      const parsed = CreateKeyInput.safeParse(input);
      const needsOwner = parsed.data?.scopes.some((scope) => scope !== 'report') && !owner;
      if (!parsed.success || needsOwner) {
        const problem = parsed.success ? 'one that reads or starts needs a user' : issuesSentence(parsed.error);
        throw new ExecutionError('invalid_input', `Invalid key: ${problem}`, {
          ...(parsed.success ? { fields: { userId: ['is missing'] } } : { cause: parsed.error }),
        });
      }
      const { expiresAt = null, scopes, ...given } = parsed.data;
      const key = `${PREFIX}${base64urlnopad.encode(randomBytes(32))}`;
      const row = {
        ...{ ...given, scopes: [...new Set(scopes)], user_id: owner?.userId ?? null, expires_at: expiresAt },
        ...{ key_hash: hashOf(key), key_start: key.slice(0, SHOWN) },
      };
      // Sent again after a lost answer, it is the same key.
      const asked = { p_key: row, ...(owner?.atMost === undefined ? {} : { p_at_most: owner.atMost }) };
      const made = await callDatabase(() => typed(client).rpc('create_machine_key', asked), call);
      return { ...toKey(made as object), key };
    },

    async listKeys(userId, { atMost = Number.POSITIVE_INFINITY } = {}) {
      const newestFirst: MachineKey[] = [];
      while (newestFirst.length < atMost) {
        const last = newestFirst.at(-1)?.id;
        const rows = await callDatabase(() => {
          let query = keys()
            .select(COLUMNS)
            .order('id', { ascending: false })
            .limit(Math.min(PAGE, atMost - newestFirst.length));
          if (userId !== undefined) query = query.eq('user_id', userId);
          return last === undefined ? query : query.lt('id', last);
        }, call);
        if (rows.length === 0) break;
        newestFirst.push(...rows.map(toKey));
      }
      return newestFirst.reverse();
    },

    async revokeKey(id, userId) {
      if (!isUuid(id)) return null;
      const revoked_at = new Date().toISOString();
      await callDatabase(() => {
        const query = keys().update({ revoked_at }).eq('id', id).is('revoked_at', null);
        return (userId === undefined ? query : query.eq('user_id', userId)).select('id');
      }, call);
      const rows = await callDatabase(() => {
        const query = keys().select(COLUMNS).eq('id', id);
        return userId === undefined ? query : query.eq('user_id', userId);
      }, call);
      return rows[0] ? toKey(rows[0]) : null;
    },

    async findKey(key) {
      const found = await callDatabase(() => typed(client).rpc('find_machine_key', { p_key_hash: hashOf(key) }), call);
      if (found === null) return null;
      // Claims are named as the token has them.
      const { owner_claims: ownerClaims, ...row } = found as { owner_claims: FoundKey['ownerClaims'] };
      return { ...(fromRow(row) as unknown as Omit<FoundKey, 'ownerClaims'>), ownerClaims };
    },
  };
}
