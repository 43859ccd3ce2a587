import type { PendingTimeline, TimelineLedger } from '@runledger/contracts';
import { exactly } from '@runledger/contracts';
import { requireBatch } from './batch-limit.ts';
import type { CallOptions } from './call-database.ts';
import { callDatabase } from './call-database.ts';
import { fromRow } from './from-row.ts';
import { readRows } from './read-rows.ts';
import type { Supabase } from './supabase.ts';

/** The queue of ended executions whose history is to be condensed. */
export function createTimelineQueue(supabase: Supabase, call: CallOptions): TimelineLedger {
  return {
    async pendingTimelines(namespace, limit) {
      const args = { p_namespace: namespace, p_limit: limit };
      const rows = await readRows(supabase, { name: 'pending_timelines', args, call });
      return rows.map((row) => {
        const { temporalNamespace, temporalWorkflowId, ...rest } = fromRow(row);
        return { ...rest, namespace: temporalNamespace, temporalWorkflowId } satisfies PendingTimeline;
      });
    },

    async saveTimelines(items) {
      if (items.length === 0) return 0;
      requireBatch(items);
      const p_timelines = exactly(
        items.map(({ pending, ...item }) => ({
          execution: pending.executionId,
          closingRunId: pending.closingRunId,
          ...item,
        })),
      );
      return await callDatabase(() => supabase.rpc('save_timelines', { p_timelines }), call);
    },
  };
}
