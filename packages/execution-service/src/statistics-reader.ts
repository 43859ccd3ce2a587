import type {
  RecentRuns,
  Scope,
  SeriesRequest,
  StatisticsReader,
  StatsFilter,
  StatsWindow,
} from '@runledger/contracts';
import type { CallOptions } from './call-database.ts';
import { callDatabase } from './call-database.ts';
import type { Database } from './database.types.ts';
import { createFailureReader } from './failure-reader.ts';
import { readRows } from './read-rows.ts';
import type { FilteredStatsRow } from './stats.ts';
import { estimatedMs, toCounts, toFilteredStats, toStats, toTopChange } from './stats.ts';
import { filteredArguments, isCounted } from './stats-request.ts';
import type { Supabase } from './supabase.ts';
import { readWorkflowNames } from './workflow-names.ts';

type SeriesRow = Database['runledger']['Functions']['get_execution_series']['Returns'][number];

export interface StatisticsReaderOptions {
  clientOf(scope: Scope): Supabase;
  /** The user whose executions are counted; `undefined`: everybody's, of a workflow that the caller owns. */
  userOf(scope: Scope): string | undefined;
  asService: Supabase;
  call: CallOptions;
}

/** Statistics of a scope: the cells it may see, and nothing else. */
export function createStatisticsReader(options: StatisticsReaderOptions): StatisticsReader {
  const { clientOf, userOf, asService, call } = options;

  function within(scope: Scope, { workflowId, from, to }: StatsWindow) {
    const user = userOf(scope);
    const workflow = scope.ownedWorkflowId ?? workflowId;
    return {
      ...(user === undefined ? {} : { p_user_id: user }),
      ...(workflow ? { p_workflow_id: workflow } : {}),
      ...(from ? { p_from: from } : {}),
      ...(to ? { p_to: to } : {}),
    };
  }

  /** Whose, which and when, for what is read from the executions themselves. */
  const filtered = (scope: Scope, { by, filter, from, to, workflowId }: StatsWindow & StatsFilter) => ({
    ...filteredArguments(
      { userId: userOf(scope), workflowId: scope.ownedWorkflowId ?? workflowId, everybody: scope.everybody },
      { ...(by ? { by } : {}), ...(filter ? { filter } : {}) },
    ),
    ...(from ? { p_from: from } : {}),
    ...(to ? { p_to: to } : {}),
  });

  /** The points of a series, from counters or from the executions themselves, and whether the counts are all there are. */
  async function seriesRows(scope: Scope, { step = 'day', timeZone = 'UTC', ...window }: SeriesRequest) {
    const isFromCounters = step !== '5min' && isCounted(window);
    if (isFromCounters) {
      const args = { ...within(scope, window), p_step: step, p_time_zone: timeZone };
      const rows = await readRows(clientOf(scope), { name: 'get_execution_series', args, call });
      return { rows, isFromCounters, countsAreExact: true };
    }
    const args = { ...filtered(scope, window), p_step: step, p_time_zone: timeZone };
    const answer = await callDatabase(() => asService.rpc('get_filtered_series', args), call);
    const { points, counts_are_exact } = answer as unknown as { points: SeriesRow[]; counts_are_exact: boolean };
    return { rows: points, isFromCounters, countsAreExact: counts_are_exact };
  }

  return {
    async stats(scope, { withPrevious = false, ...window }) {
      if (!isCounted(window)) {
        const args = { ...filtered(scope, window), p_with_previous: withPrevious };
        const rows = await callDatabase(() => asService.rpc('get_filtered_stats', args), call);
        return toFilteredStats(rows as unknown as FilteredStatsRow[], window.by);
      }
      const args = { ...within(scope, window), p_with_previous: withPrevious };
      return toStats(await callDatabase(() => clientOf(scope).rpc('get_execution_stats', args), call));
    },

    async series(scope, request) {
      const { step = 'day', timeZone = 'UTC', by = 'start' } = request;
      const { rows, isFromCounters, countsAreExact } = await seriesRows(scope, request);
      return {
        step,
        timeZone,
        by,
        points: rows.map((row) => ({
          startsAt: row.starts_at,
          endsAt: row.ends_at,
          isRounded: row.is_rounded,
          ...toCounts(row),
          avgDuration: row.avg_duration_ms,
          p50Duration: estimatedMs(row.p50_duration_ms),
          p95Duration: estimatedMs(row.p95_duration_ms),
        })),
        exactness: {
          counts: countsAreExact ? 'exact' : 'capped',
          percentiles: isFromCounters ? 'estimated' : 'exact',
        },
        asOf: rows[0]?.as_of ?? new Date().toISOString(),
      };
    },

    async topWorkflows(scope, { workflowId: _, withPrevious = false, ...window }, limit) {
      const args = { ...within(scope, window), p_limit: limit, p_with_previous: withPrevious };
      const rows = await readRows(clientOf(scope), { name: 'get_top_workflows', args, call });
      const names = await readWorkflowNames(
        asService,
        rows.map(({ workflow_id }) => workflow_id),
        call,
      );
      return rows.map((row) => ({
        workflowId: row.workflow_id,
        name: names.get(row.workflow_id)?.name ?? null,
        ...toCounts(row),
        successRate: row.success_rate,
        avgDuration: row.avg_duration_ms,
        p95Duration: estimatedMs(row.p95_duration_ms),
        change: toTopChange(row),
        exactness: 'exact',
        asOf: row.as_of,
      }));
    },

    async topFailures(scope, window, limit) {
      const args = { ...within(scope, window), p_limit: limit };
      // What a published workflow redacts is in another owner's row.
      const rows = await readRows(asService, { name: 'get_top_failures', args, call });
      return rows.map((row) => ({
        failureGroup: row.failure_group,
        type: row.failure_type,
        activityType: row.activity_type,
        message: row.message,
        executions: row.executions,
        exactness: 'exact',
        firstStartedAt: row.first_started_at,
        lastStartedAt: row.last_started_at,
        lastExecutionId: row.last_execution_id,
        asOf: row.as_of,
      }));
    },

    ...createFailureReader({ within, asService, call }),

    async recentRuns(scope, { workflowIds, last }) {
      const asked = {
        ...{ p_user_id: scope.userId, p_workflow_ids: [...new Set(workflowIds)], p_last: last },
        p_everybody: scope.everybody ?? false,
      };
      return (await callDatabase(() => asService.rpc('recent_runs', asked), call)) as unknown as RecentRuns;
    },

    async workflowStats(userId, { workflowId, from, to, withPrevious = false }) {
      const asked = {
        ...{ p_user_id: userId, p_workflow_id: workflowId, p_with_previous: withPrevious },
        ...(from ? { p_from: from } : {}),
        ...(to ? { p_to: to } : {}),
      };
      const answer = await callDatabase(() => asService.rpc('get_workflow_statistics', asked), call);
      const found = answer as unknown as { of: 'caller' | 'everyone'; rows: Parameters<typeof toStats>[0] } | null;
      return found && { ...toStats(found.rows), of: found.of };
    },

    async workflowCounters(scope, { owned }) {
      const client = owned ? asService : clientOf(scope);
      const user = userOf(scope);
      const args = owned ? { p_owner_id: scope.userId } : user === undefined ? {} : { p_user_id: user };
      const rows = await readRows(client, { name: 'get_workflow_counters', args, call });
      return rows.map((row) => ({
        workflowId: row.workflow_id,
        ...toCounts(row),
        exactness: 'exact',
        asOf: row.as_of,
      }));
    },
  };
}
