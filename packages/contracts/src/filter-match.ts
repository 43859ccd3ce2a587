import type { ExecutionSummary } from './execution.ts';
import type { ExecutionFilter } from './filter.ts';
import { micros } from './micros.ts';

const has = <T>(wanted: readonly T[] | undefined, holds: (one: T) => boolean) => !wanted?.length || wanted.some(holds);
const is = <T>(wanted: T | undefined, value: T | null) => wanted === undefined || wanted === value;

/**
 * Whether a list with this filter shows the execution, as far as its row tells; the database decides alike. `null`: it fits
 * all but `health` and `failureGroup`, which are not in the row. Imports no zod, so a browser can.
 */
export function matchesFilter(filter: ExecutionFilter, row: ExecutionSummary): boolean | null {
  const { from, to, minDurationMs = 0, maxDurationMs = Number.POSITIVE_INFINITY, text } = filter;
  const startedAt = micros(row.startedAt);
  const isTimed = filter.minDurationMs !== undefined || filter.maxDurationMs !== undefined;
  const fits =
    has(filter.status, (status) => status === row.status) &&
    is(filter.workflowId, row.workflowId) &&
    is(filter.userId, row.createdBy) &&
    (from === undefined || startedAt >= micros(from)) &&
    (to === undefined || startedAt < micros(to)) &&
    is(filter.verdict, row.verdict) &&
    (!isTimed || (row.durationMs !== null && row.durationMs >= minDurationMs && row.durationMs <= maxDurationMs)) &&
    has(filter.tags, (tag) => row.tags.includes(tag)) &&
    (filter.allTags ?? []).every((tag) => row.tags.includes(tag)) &&
    has(filter.ids, (id) => id === row.id || id === row.temporalWorkflowId) &&
    (text === undefined || (row.errorMessage ?? '').toLowerCase().includes(text.toLowerCase()));
  if (!fits) return false;
  return filter.health === undefined && filter.failureGroup === undefined ? true : null;
}
