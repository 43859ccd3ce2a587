import type { Ledger } from '@runledger/contracts';
import type { CallOptions } from './call-database.ts';
import { callDatabase } from './call-database.ts';
import type { Supabase } from './supabase.ts';

type Counting = Pick<Ledger, 'fold' | 'findDrift' | 'repairDrift'>;

/** What keeps the counters, and what proves them. */
export function createCounting(supabase: Supabase, call: CallOptions): Counting {
  const of = ({ userId, workflowId }: { userId?: string; workflowId?: string } = {}) => ({
    ...(userId === undefined ? {} : { p_user_id: userId }),
    ...(workflowId === undefined ? {} : { p_workflow_id: workflowId }),
  });

  return {
    fold: (limit) => callDatabase(() => supabase.rpc('fold_execution_stats', { p_limit: limit }), call),

    async findDrift(scope) {
      const rows = await callDatabase(() => supabase.rpc('verify_execution_stats', of(scope)), call);
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

    repairDrift: (scope) => callDatabase(() => supabase.rpc('rebuild_execution_stats', of(scope)), call),
  };
}
