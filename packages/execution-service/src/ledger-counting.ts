import type { CounterDrift, CountingScope, CountLedger } from '@runledger/contracts';
import type { CallOptions } from './call-database.ts';
import { callDatabase } from './call-database.ts';
import type { CountingPart } from './counting-parts.ts';
import { createCountingParts } from './counting-parts.ts';
import { createShrinkingBatch } from './shrinking-batch.ts';
import type { Supabase } from './supabase.ts';

type Counting = CountLedger;

/** Above any statement_timeout that an API's role is likely to have, in milliseconds. */
const PART_DEADLINE_MS = 120_000;
const FOLDED_AT_ONCE = 20_000;

/** What keeps the counters, and what proves them. */
export function createCounting(supabase: Supabase, call: CallOptions): Counting {
  // A part that is cancelled is made smaller, not sent again.
  const patient: CallOptions = { ...call, deadlineMs: Math.max(call.deadlineMs, PART_DEADLINE_MS) };
  const parts = createCountingParts(supabase, patient);

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

    async findDrift(scope = {}, options = {}) {
      const compare = async (part: CountingPart) =>
        (await callDatabase(() => supabase.rpc('verify_execution_stats_part', part), patient)) as unknown as DriftRow[];
      if (isOne(scope)) return (await parts.of(scope, compare)).flat().map(toDrift);
      const found = await parts.all(async (part) => {
        const rows = await compare(part);
        // A pair's numbers were compared with its user's.
        return part.p_users ? rows : rows.filter(({ created_by }) => created_by === '');
      }, options);
      return found.flat().map(toDrift);
    },

    async repairDrift(scope = {}, options = {}) {
      while ((await this.fold(FOLDED_AT_ONCE)) === FOLDED_AT_ONCE);
      const rebuild = (part: CountingPart) =>
        callDatabase(() => supabase.rpc('rebuild_execution_stats_part', part), patient);
      const repaired = isOne(scope) ? await parts.of(scope, rebuild) : await parts.all(rebuild, options);
      return repaired.reduce((sum, numbers) => sum + numbers, 0);
    },
  };
}

interface DriftRow {
  created_by: string;
  workflow_id: string;
  grain: string;
  starts_at: string;
  field: string;
  counted: number | null;
  recounted: number | null;
}

const isOne = ({ userId, workflowId }: CountingScope) => userId !== undefined || workflowId !== undefined;

function toDrift({ created_by, workflow_id, grain, starts_at, field, counted, recounted }: DriftRow): CounterDrift {
  return {
    userId: created_by === '' ? null : created_by,
    workflowId: workflow_id === '00000000-0000-0000-0000-000000000000' ? null : workflow_id,
    grain: grain as CounterDrift['grain'],
    startsAt: grain === 'life' ? null : starts_at,
    field,
    counted: Number(counted),
    recounted: Number(recounted),
  };
}
