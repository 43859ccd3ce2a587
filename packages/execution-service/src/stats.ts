import type {
  ComparedStats,
  ExecutionStats,
  ExecutionStatus,
  StatsChange,
  StatsColumn,
  TopWorkflow,
  WindowBy,
} from '@runledger/contracts';
import {
  byName,
  byStatusField,
  COMPARED_COUNTS,
  COMPARED_NUMBERS,
  OPEN_STATUSES,
  STATS_NAMES,
  STATS_NUMBERS,
  STATUSES,
} from '@runledger/contracts';
import type { Database } from './database.types.ts';

type StatsRow = Database['runledger']['Functions']['get_execution_stats']['Returns'][number];
/** A row of `get_filtered_stats`: nothing in it is estimated. */
export type FilteredStatsRow = Omit<StatsRow, 'period'> & { counts_are_exact: boolean };
type CountsRow = Pick<StatsRow, 'total' | 'counts'>;

const HOUR_MS = 3_600_000;

/** An estimate says no more than it knows: whole milliseconds. It stays within the smallest and the largest, which are whole. */
export const estimatedMs = (ms: number | null) => (ms === null ? null : Math.round(ms));

/** Counts by status, of any row that has them: those that it does not name are 0. */
export function toCounts({ total, counts }: CountsRow) {
  const known = counts as Partial<Record<ExecutionStatus, number>>;
  return { total, ...byStatusField((status) => known[status] ?? 0) };
}

/** Hours of the window that have gone by; `null` where it has no start, or none has. */
function hoursOf(row: Omit<StatsRow, 'period'>): number | null {
  if (row.starts_at === null) return null;
  const until = Math.min(
    Date.parse(row.as_of),
    row.ends_at === null ? Number.POSITIVE_INFINITY : Date.parse(row.ends_at),
  );
  const hours = (until - Date.parse(row.starts_at)) / HOUR_MS;
  return hours > 0 ? hours : null;
}

function fromRow(row: Omit<StatsRow, 'period'>): ExecutionStats {
  const counts = toCounts(row);
  const ended = counts.total - OPEN_STATUSES.reduce((open, status) => open + counts[STATUSES[status].field], 0);
  const hours = hoursOf(row);
  const numbers: Record<StatsColumn, number | null> = row;
  return {
    ...counts,
    ended,
    ...byName(STATS_NAMES, (name) => {
      const { column, isEstimated } = STATS_NUMBERS[name];
      return isEstimated ? estimatedMs(numbers[column]) : numbers[column];
    }),
    startedPerHour: hours && counts.total / hours,
    endedPerHour: hours && ended / hours,
    verdicts: row.verdicts as Record<string, number>,
    by: 'start',
    window: { from: row.starts_at, to: row.ends_at },
    exactness: {
      counts: 'exact',
      extremes: row.extremes_are_exact ? 'exact' : 'estimated',
      percentiles: 'estimated',
    },
    asOf: row.as_of,
  };
}

const difference = (now: number | null, before: number | null) =>
  now === null || before === null ? null : now - before;

/** Of two percentages. */
function points(now: number | null, before: number | null): number | null {
  const rate = difference(now, before);
  return rate === null ? null : Math.round(rate * 10) / 10;
}

function changeOf(now: ExecutionStats, before: ExecutionStats): StatsChange {
  return {
    ...byName(COMPARED_COUNTS, (name) => now[name] - before[name]),
    ...byName(COMPARED_NUMBERS, (name) => difference(now[name], before[name])),
    successRate: points(now.successRate, before.successRate),
  };
}

type TopRow = Database['runledger']['Functions']['get_top_workflows']['Returns'][number];

/** What a row of `get_top_workflows` says of the window before; `null` where there is none. */
export function toTopChange(row: TopRow): TopWorkflow['change'] {
  const before: number | null = row.previous_total;
  if (before === null) return null;
  return {
    total: row.total - before,
    successRate: points(row.success_rate, row.previous_success_rate),
    p95Duration: difference(estimatedMs(row.p95_duration_ms), estimatedMs(row.previous_p95_duration_ms)),
  };
}

function fromFilteredRow({ counts_are_exact, ...row }: FilteredStatsRow, by: WindowBy): ExecutionStats {
  const stats = fromRow(row);
  return {
    ...stats,
    by,
    startedPerHour: by === 'start' ? stats.startedPerHour : null,
    exactness: { counts: counts_are_exact ? 'exact' : 'capped', extremes: 'exact', percentiles: 'exact' },
  };
}

const compared = (stats: ExecutionStats, previous: ExecutionStats | null): ComparedStats => ({
  ...stats,
  previous,
  change: previous && changeOf(stats, previous),
});

/** The rows of `get_execution_stats`: this period, and the one before where it was asked for. */
export const toStats = ([now, before]: StatsRow[]): ComparedStats =>
  compared(fromRow(now as StatsRow), before ? fromRow(before) : null);

/** The same of the rows of `get_filtered_stats`. */
export const toFilteredStats = ([now, before]: FilteredStatsRow[], by: WindowBy = 'start'): ComparedStats =>
  compared(fromFilteredRow(now as FilteredStatsRow, by), before ? fromFilteredRow(before, by) : null);
