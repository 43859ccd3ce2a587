import type { Json, LossLedger, LostLedger } from '@runledger/contracts';
import { requireBatch } from './batch-limit.ts';
import type { CallOptions } from './call-database.ts';
import { callDatabase } from './call-database.ts';
import { readRows } from './read-rows.ts';
import { toAnswers } from './record-answers.ts';
import type { Supabase } from './supabase.ts';
import { toUnsettled } from './unsettled-row.ts';

/** The way out of what the engine does not know. */
export function createLosses(supabase: Supabase, call: CallOptions): LossLedger & LostLedger {
  return {
    async endLost(items) {
      if (items.length === 0) return [];
      requireBatch(items);
      const p_items = items.map(({ executionId, ...item }) => ({ ...item, execution: executionId })) as unknown as Json;
      return toAnswers(await readRows(supabase, { name: 'end_lost_executions', args: { p_items }, call }));
    },

    async lost(namespace, { limit, olderThanMs, all = false, after }) {
      const request = {
        p_namespace: namespace,
        p_limit: limit,
        p_older_than_ms: olderThanMs,
        p_all: all,
        ...(after ? { p_after_started_at: after.startedAt, p_after_id: after.executionId } : {}),
      };
      const rows = await callDatabase(() => supabase.rpc('lost_executions', request), call);
      return (rows as unknown as object[]).map(toUnsettled);
    },
  };
}
