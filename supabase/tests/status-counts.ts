import type { ExecutionStatus } from '@runledger/contracts';
import { byName, EXECUTION_STATUSES } from '@runledger/contracts';

/** A row of statistics with the number of each status beside its other columns: 0 of those that it does not name. */
export function withCounts<Row extends Record<string, unknown>>(row: Row): Row & Record<ExecutionStatus, number> {
  const counts = (row.counts ?? {}) as Partial<Record<ExecutionStatus, number>>;
  return { ...row, ...byName(EXECUTION_STATUSES, (status) => counts[status] ?? 0) };
}

/** Sets a count of a cell wrong: what stands after `set`. */
export function addToCount(status: ExecutionStatus, n: number): string {
  const count = `counts[runledger_private.status_number('${status}')]`;
  return `${count} = coalesce(${count}, 0) + ${n}`;
}
