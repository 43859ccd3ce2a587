import type { Json, StatsFilter } from '@runledger/contracts';
import type { ListScope } from './list-request.ts';
import { parseListRequest } from './list-request.ts';
import { scopeArguments } from './search-executions.ts';

/** Whether counters say it: whatever is by start and has no filter. */
export const isCounted = ({ by = 'start', filter = {} }: StatsFilter): boolean =>
  by === 'start' && Object.values(filter).every((part) => part === undefined);

/**
 * Whose executions, and which, as `get_filtered_stats` and `get_filtered_series` take it.
 * @throws ExecutionError `invalid_input` where the filter asks for others than the scope has
 */
export function filteredArguments(scope: ListScope, { by = 'start', filter = {} }: StatsFilter) {
  const { list } = parseListRequest(scope, filter);
  return { ...scopeArguments(list.scope), p_by: by, p_filter: list.filter as Json };
}
