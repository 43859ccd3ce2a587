import type { ComparedStats, ExecutionStats, StatsChange } from '@runledger/contracts';
import type { Database } from './database.types.ts';

type StatsRow = Database['runledger']['Functions']['get_execution_stats']['Returns'][number];
type CountsRow = Pick<
  StatsRow,
  'total' | 'pending' | 'running' | 'completed' | 'failed' | 'cancelled' | 'timed_out' | 'terminated'
>;

const HOUR_MS = 3_600_000;

/** Counts by status, of any row that has them. */
export function toCounts(row: CountsRow) {
  const { total, pending, running, completed, failed, cancelled, terminated } = row;
  return { total, pending, running, completed, failed, cancelled, timedOut: row.timed_out, terminated };
}

/** Hours of the window that have gone by; `null` where it has no start, or none has. */
function hoursOf(row: StatsRow): number | null {
  if (row.starts_at === null) return null;
  const until = Math.min(
    Date.parse(row.as_of),
    row.ends_at === null ? Number.POSITIVE_INFINITY : Date.parse(row.ends_at),
  );
  const hours = (until - Date.parse(row.starts_at)) / HOUR_MS;
  return hours > 0 ? hours : null;
}

function fromRow(row: StatsRow): ExecutionStats {
  const counts = toCounts(row);
  const ended = counts.total - counts.pending - counts.running;
  const hours = hoursOf(row);
  return {
    ...counts,
    ended,
    successRate: row.success_rate,
    avgDuration: row.avg_duration_ms,
    minDuration: row.min_duration_ms,
    maxDuration: row.max_duration_ms,
    p50Duration: row.p50_duration_ms,
    p90Duration: row.p90_duration_ms,
    p95Duration: row.p95_duration_ms,
    p99Duration: row.p99_duration_ms,
    avgQueueTime: row.avg_queue_ms,
    minQueueTime: row.min_queue_ms,
    maxQueueTime: row.max_queue_ms,
    p50QueueTime: row.p50_queue_ms,
    p90QueueTime: row.p90_queue_ms,
    p95QueueTime: row.p95_queue_ms,
    p99QueueTime: row.p99_queue_ms,
    startedPerHour: hours && counts.total / hours,
    endedPerHour: hours && ended / hours,
    verdicts: row.verdicts as Record<string, number>,
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

function changeOf(now: ExecutionStats, before: ExecutionStats): StatsChange {
  const rate = difference(now.successRate, before.successRate);
  return {
    total: now.total - before.total,
    ended: now.ended - before.ended,
    completed: now.completed - before.completed,
    failed: now.failed - before.failed,
    successRate: rate === null ? null : Math.round(rate * 10) / 10,
    avgDuration: difference(now.avgDuration, before.avgDuration),
    p50Duration: difference(now.p50Duration, before.p50Duration),
    p95Duration: difference(now.p95Duration, before.p95Duration),
    p99Duration: difference(now.p99Duration, before.p99Duration),
    avgQueueTime: difference(now.avgQueueTime, before.avgQueueTime),
    p95QueueTime: difference(now.p95QueueTime, before.p95QueueTime),
  };
}

/** The rows of `get_execution_stats`: this period, and the one before where it was asked for. */
export function toStats(rows: StatsRow[]): ComparedStats {
  const stats = fromRow(rows[0] as StatsRow);
  const previous = rows[1] ? fromRow(rows[1]) : null;
  return { ...stats, previous, change: previous && changeOf(stats, previous) };
}
