import { createHash, randomBytes } from 'node:crypto';
import type { MachineKey, MachineKeyService } from '@runledger/contracts';
import { CreateKeyInput, ExecutionError } from '@runledger/contracts';
import { z } from 'zod';
import type { CallOptions } from './call-database.ts';
import { CALL_DEFAULTS, callDatabase } from './call-database.ts';
import { isUuid } from './find-execution.ts';
import { fromRow } from './from-row.ts';
import type { SupabaseLike } from './supabase.ts';
import { typed } from './supabase.ts';

const COLUMNS = 'id,name,key_start,scopes,created_at,expires_at,last_used_at,revoked_at';
/** Tells scanners of repositories, and people, what it is a key of. */
const PREFIX = 'rlk_';
/** The prefix and six characters of the secret's 43. */
const SHOWN = PREFIX.length + 6;
const HOUR_MS = 3_600_000;

const toKey = (row: object) => fromRow(row) as unknown as MachineKey;
const hashOf = (key: string) => createHash('sha256').update(key).digest('hex');

/** Keys of programs, over a client with the service-role key. A key is 256 random bits, so that its plain hash is enough. */
export function createMachineKeyService(
  client: SupabaseLike,
  options: { call?: Partial<CallOptions> } = {},
): MachineKeyService {
  const keys = () => typed(client).from('machine_keys');
  const call: CallOptions = { ...CALL_DEFAULTS, ...options.call };

  return {
    async createKey(input) {
      const parsed = CreateKeyInput.safeParse(input);
      if (!parsed.success)
        throw new ExecutionError('invalid_input', `Invalid key: ${z.prettifyError(parsed.error)}`, {
          cause: parsed.error,
        });
      const { name, expiresAt = null } = parsed.data;
      const key = `${PREFIX}${randomBytes(32).toString('base64url')}`;
      const row = { name, expires_at: expiresAt, key_hash: hashOf(key), key_start: key.slice(0, SHOWN) };
      // Sent again after a lost answer, it is the same key.
      const made = await callDatabase(
        () =>
          keys()
            .upsert({ ...row, scopes: ['report'] }, { onConflict: 'key_hash' })
            .select(COLUMNS),
        call,
      );
      return { ...toKey(made[0] as object), key };
    },

    async listKeys() {
      const listed: MachineKey[] = [];
      for (;;) {
        const last = listed.at(-1)?.id;
        const rows = await callDatabase(() => {
          const query = keys().select(COLUMNS).order('id').limit(200);
          return last === undefined ? query : query.gt('id', last);
        }, call);
        if (rows.length === 0) return listed;
        listed.push(...rows.map(toKey));
      }
    },

    async revokeKey(id) {
      if (!isUuid(id)) return null;
      const revoked_at = new Date().toISOString();
      await callDatabase(() => keys().update({ revoked_at }).eq('id', id).is('revoked_at', null).select('id'), call);
      const rows = await callDatabase(() => keys().select(COLUMNS).eq('id', id), call);
      return rows[0] ? toKey(rows[0]) : null;
    },

    async findKey(key) {
      const rows = await callDatabase(() => keys().select(COLUMNS).eq('key_hash', hashOf(key)), call);
      const [row] = rows;
      if (!row) return null;
      const last_used_at = new Date().toISOString();
      if (Date.parse(last_used_at) - Date.parse(row.last_used_at ?? new Date(0).toISOString()) > HOUR_MS)
        await callDatabase(() => keys().update({ last_used_at }).eq('id', row.id).select('id'), call);
      return toKey(row);
    },
  };
}
