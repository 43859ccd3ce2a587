import type { Ledger } from '@runledger/contracts';
import type { CallOptions } from './call-database.ts';
import { callDatabase } from './call-database.ts';
import { createShrinkingBatch } from './shrinking-batch.ts';
import type { Supabase } from './supabase.ts';

type Counting = Pick<Ledger, 'fold' | 'findDrift' | 'repairDrift'>;

/** A recount reads every execution. */
const RECOUNT_DEADLINE_MS = 600_000;

/** What keeps the counters, and what proves them. */
export function createCounting(supabase: Supabase, call: CallOptions): Counting {
  const of = ({ userId, workflowId }: { userId?: string; workflowId?: string } = {}) => ({
    ...(userId === undefined ? {} : { p_user_id: userId }),
    ...(workflowId === undefined ? {} : { p_workflow_id: workflowId }),
  });

  const patiently: CallOptions = { ...call, deadlineMs: RECOUNT_DEADLINE_MS, retries: 0 };

  return {
    async fold(limit) {
      const parts = createShrinkingBatch(limit);
      let folded = 0;
      while (folded < limit) {
        const part = await parts.run(async (size) => {
          const p_limit = Math.min(size, limit - folded);
          const n = await callDatabase(() => supabase.rpc('fold_execution_stats', { p_limit }), call);
          return { n, isLast: n < p_limit };
        });
        if (part.n < 0) return folded === 0 ? part.n : folded;
        folded += part.n;
        if (part.isLast) break;
      }
      return folded;
    },

    async findDrift(scope) {
      const rows = await callDatabase(() => supabase.rpc('verify_execution_stats', of(scope)), patiently);
      return rows.map(({ created_by, workflow_id, grain, starts_at, field, counted, recounted }) => ({
        userId: created_by === '' ? null : created_by,
        workflowId: workflow_id === '00000000-0000-0000-0000-000000000000' ? null : workflow_id,
        grain: grain as 'hour' | 'day' | 'life',
        startsAt: grain === 'life' ? null : starts_at,
        field,
        counted: Number(counted),
        recounted: Number(recounted),
      }));
    },

    repairDrift: (scope) => callDatabase(() => supabase.rpc('rebuild_execution_stats', of(scope)), patiently),
  };
}
