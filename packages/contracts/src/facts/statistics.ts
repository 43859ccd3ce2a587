/**
 * Every number of the statistics beside the counts, once: the column of `get_execution_stats` that it is in, and whether it
 * is compared with the period before. Times are in milliseconds; a percentile is the smallest time that so many percent
 * do not exceed (Postgres' `percentile_disc`), estimated within 2 % and given in whole milliseconds.
 */
export const STATS_NUMBERS = {
  /** 100 × completed / ended, in percent with one decimal; `null` where none has ended. */
  successRate: { column: 'success_rate', isCompared: true, isEstimated: false },
  /** Run time of ended executions. */
  avgDuration: { column: 'avg_duration_ms', isCompared: true, isEstimated: false },
  minDuration: { column: 'min_duration_ms', isCompared: false, isEstimated: false },
  maxDuration: { column: 'max_duration_ms', isCompared: false, isEstimated: false },
  p50Duration: { column: 'p50_duration_ms', isCompared: true, isEstimated: true },
  p90Duration: { column: 'p90_duration_ms', isCompared: false, isEstimated: true },
  p95Duration: { column: 'p95_duration_ms', isCompared: true, isEstimated: true },
  p99Duration: { column: 'p99_duration_ms', isCompared: true, isEstimated: true },
  /** From the request to the first workflow task, of executions that have had one. */
  avgQueueTime: { column: 'avg_queue_ms', isCompared: true, isEstimated: false },
  minQueueTime: { column: 'min_queue_ms', isCompared: false, isEstimated: false },
  maxQueueTime: { column: 'max_queue_ms', isCompared: false, isEstimated: false },
  p50QueueTime: { column: 'p50_queue_ms', isCompared: false, isEstimated: true },
  p90QueueTime: { column: 'p90_queue_ms', isCompared: false, isEstimated: true },
  p95QueueTime: { column: 'p95_queue_ms', isCompared: true, isEstimated: true },
  p99QueueTime: { column: 'p99_queue_ms', isCompared: false, isEstimated: true },
} as const satisfies Record<string, { column: string; isCompared: boolean; isEstimated: boolean }>;

/** What puts an execution into a window of statistics. */
export const WINDOW_BY = ['start', 'end'] as const;
export type WindowBy = (typeof WINDOW_BY)[number];

type Numbers = typeof STATS_NUMBERS;
export type StatsNumber = keyof Numbers;
export type ComparedNumber = {
  [Name in StatsNumber]: Numbers[Name]['isCompared'] extends true ? Name : never;
}[StatsNumber];
/** The columns of `get_execution_stats` that the numbers are in. */
export type StatsColumn = Numbers[StatsNumber]['column'];

export const STATS_NAMES = Object.keys(STATS_NUMBERS) as StatsNumber[];
export const COMPARED_NUMBERS = STATS_NAMES.filter((name): name is ComparedNumber => STATS_NUMBERS[name].isCompared);
/** The counts that are compared with the period before. */
export const COMPARED_COUNTS = ['total', 'ended', 'completed', 'failed'] as const;

/** A value for each of some names. */
export function byName<Name extends string, T>(names: readonly Name[], give: (name: Name) => T): Record<Name, T> {
  return Object.fromEntries(names.map((name) => [name, give(name)])) as Record<Name, T>;
}
