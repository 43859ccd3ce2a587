import type {
  AdoptAnswer,
  AdoptionLedger,
  CheckLedger,
  DurationLedger,
  ExecutionChange,
  FoundRun,
  Json,
  PendingStart,
  RunLedger,
  StartLedger,
  TrackLedger,
  TrimLedger,
  UsualDuration,
} from '@runledger/contracts';
import { exactly } from '@runledger/contracts';
import { requireBatch } from './batch-limit.ts';
import type { CallOptions } from './call-database.ts';
import { callDatabase } from './call-database.ts';
import { fromRow } from './from-row.ts';
import { readRows } from './read-rows.ts';
import { createShrinkingBatch } from './shrinking-batch.ts';
import type { Supabase } from './supabase.ts';
import { toUnsettled } from './unsettled-row.ts';

/** Changes removed by one call. */
const TRIMMED_AT_ONCE = 20_000;

type Following = TrackLedger & RunLedger & AdoptionLedger & CheckLedger & DurationLedger & StartLedger & TrimLedger;

function toPendingStart(row: object): PendingStart {
  const { temporalNamespace, ...rest } = fromRow(row) as unknown as Record<string, unknown>;
  return { ...rest, namespace: temporalNamespace } as unknown as PendingStart;
}

/** What the monitor asks the ledger about executions that are not settled. */
export function createFollowing(supabase: Supabase, call: CallOptions): Following {
  const toRows = (answer: unknown) => (answer as object[]).map(toUnsettled);

  return {
    async findRuns(namespace, runs) {
      if (runs.length === 0) return [];
      requireBatch(runs);
      const p_runs = runs as unknown as Json;
      const answer = await callDatabase(() => supabase.rpc('find_runs', { p_namespace: namespace, p_runs }), call);
      return (answer as unknown as (Omit<FoundRun, 'execution'> & { execution: object | null })[]).map((found) => ({
        ...found,
        execution: found.execution && toUnsettled(found.execution),
      }));
    },

    async adopt(runs) {
      if (runs.length === 0) return [];
      requireBatch(runs);
      const p_runs = exactly(runs);
      const rows = await readRows(supabase, { name: 'adopt_executions', args: { p_runs }, call });
      return rows
        .toSorted((a, b) => a.ordinal - b.ordinal)
        .map(({ result, execution_id }) => ({ result, executionId: execution_id }) as AdoptAnswer);
    },

    async unsettled(namespace, limit, after) {
      const page = { p_namespace: namespace, p_limit: limit };
      const from = after ? { p_after_started_at: after.startedAt, p_after_id: after.executionId } : {};
      return toRows(await callDatabase(() => supabase.rpc('youngest_unsettled', { ...page, ...from }), call));
    },
    async dueChecks(namespace, limit) {
      const page = { p_namespace: namespace, p_limit: limit };
      return toRows(await callDatabase(() => supabase.rpc('due_checks', page), call));
    },
    async unsettledByIds(namespace, executionIds) {
      if (executionIds.length === 0) return [];
      requireBatch(executionIds);
      const asked = { p_namespace: namespace, p_ids: executionIds };
      return toRows(await callDatabase(() => supabase.rpc('unsettled_by_ids', asked), call));
    },

    async saveChecks(checks) {
      if (checks.length === 0) return;
      requireBatch(checks);
      const p_checks = checks.map(({ executionId, ...check }) => ({ ...check, execution: executionId }));
      await callDatabase(() => supabase.rpc('save_checks', { p_checks }), call);
    },

    async usualDurations(workflowIds) {
      if (workflowIds.length === 0) return [];
      requireBatch(workflowIds);
      const rows = await readRows(supabase, { name: 'usual_durations', args: { p_workflow_ids: workflowIds }, call });
      return rows.map((row) => fromRow(row) as UsualDuration);
    },

    async pendingStarts(namespace, olderThanMs, limit) {
      const args = { p_namespace: namespace, p_older_than_ms: olderThanMs, p_limit: limit };
      const rows = await readRows(supabase, { name: 'pending_starts', args, call });
      return rows.map(toPendingStart);
    },

    async changesSince(cursor, limit) {
      const answer = await callDatabase(
        () => supabase.rpc('changes_since', { p_cursor: cursor as string, p_limit: limit }),
        call,
      );
      return answer as unknown as { changes: ExecutionChange[]; cursor: string };
    },

    async trimChanges() {
      const parts = createShrinkingBatch(TRIMMED_AT_ONCE);
      let removed = 0;
      for (;;) {
        const part = await parts.run(async (p_limit) => ({
          removed: await callDatabase(() => supabase.rpc('trim_changes', { p_limit }), call),
          isLast: (n: number) => n < p_limit,
        }));
        removed += part.removed;
        if (part.isLast(part.removed)) return removed;
      }
    },
  };
}
