import type { ExecutionSummary } from './execution.ts';
import type { ExecutionFilter } from './filter.ts';
import { micros } from './micros.ts';

const has = <T>(wanted: readonly T[] | undefined, holds: (one: T) => boolean) => !wanted?.length || wanted.some(holds);
const is = <T>(wanted: T | undefined, value: T | null) => wanted === undefined || wanted === value;

/** Parts of a filter that are not in the row. */
const ELSEWHERE = ['health', 'failureGroup', 'taskQueue', 'workflowType', 'origin'] as const;

/**
 * Whether a list with this filter shows the execution, as far as its row tells; the database decides alike. `null`: it fits
 * all but what is not in the row (`health`, `failureGroup`, `origin`, the workflow's queue and type). Relative instants are those of
 * `resolveFilter`. Imports no zod, so a browser can.
 */
export function matchesFilter(filter: ExecutionFilter, row: ExecutionSummary): boolean | null {
  const { from, to, endedFrom, endedTo, not, minRuns = 0, maxRuns = Number.POSITIVE_INFINITY } = filter;
  const { minDurationMs = 0, maxDurationMs = Number.POSITIVE_INFINITY, text } = filter;
  const startedAt = micros(row.startedAt);
  const endedAt = row.completedAt === null ? null : micros(row.completedAt);
  const isTimed = filter.minDurationMs !== undefined || filter.maxDurationMs !== undefined;
  const fits =
    has(filter.status, (status) => status === row.status) &&
    !not?.status?.includes(row.status) &&
    !not?.tags?.some((tag) => row.tags.includes(tag)) &&
    is(filter.workflowId, row.workflowId) &&
    has(filter.workflowIds, (id) => id === row.workflowId) &&
    is(filter.userId, row.createdBy) &&
    has(filter.userIds, (id) => id === row.createdBy) &&
    (from === undefined || startedAt >= micros(from)) &&
    (to === undefined || startedAt < micros(to)) &&
    (endedFrom === undefined || (endedAt !== null && endedAt >= micros(endedFrom))) &&
    (endedTo === undefined || (endedAt !== null && endedAt < micros(endedTo))) &&
    is(filter.authority, row.outcomeAuthority) &&
    row.runCount >= minRuns &&
    row.runCount <= maxRuns &&
    is(filter.verdict, row.verdict) &&
    (!isTimed || (row.durationMs !== null && row.durationMs >= minDurationMs && row.durationMs <= maxDurationMs)) &&
    has(filter.tags, (tag) => row.tags.includes(tag)) &&
    (filter.allTags ?? []).every((tag) => row.tags.includes(tag)) &&
    has(filter.ids, (id) => id === row.id || id === row.temporalWorkflowId) &&
    (text === undefined || (row.errorMessage ?? '').toLowerCase().includes(text.toLowerCase()));
  if (!fits) return false;
  return ELSEWHERE.every((key) => filter[key] === undefined) ? true : null;
}
