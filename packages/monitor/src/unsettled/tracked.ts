import type { UnsettledExecution } from '@runledger/contracts';

/** An unsettled execution as it was read. */
export interface Tracked {
  row: UnsettledExecution;
  /** `performance.now()` just before it was read. */
  readAt: number;
}

/** The row with the age that its report has by now. Counts from before the read, so that it is never too young. */
export function current({ row, readAt }: Tracked, now: number = performance.now()): UnsettledExecution {
  if (row.reportedForMs === null) return row;
  return { ...row, reportedForMs: row.reportedForMs + Math.floor(now - readAt) };
}
