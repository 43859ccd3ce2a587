import type { ExecutionStats } from '@runledger/contracts';
import type { Database } from './database.types.ts';

type StatsRow = Database['public']['Functions']['get_execution_stats']['Returns'][number];

export function toStats(rows: StatsRow[]): ExecutionStats {
  const row = rows[0] as StatsRow;
  return {
    total: row.total,
    pending: row.pending,
    running: row.running,
    completed: row.completed,
    failed: row.failed,
    cancelled: row.cancelled,
    timedOut: row.timed_out,
    terminated: row.terminated,
    avgDuration: row.avg_duration_ms,
    minDuration: row.min_duration_ms,
    maxDuration: row.max_duration_ms,
    successRate: row.success_rate,
    verdicts: row.verdicts as Record<string, number>,
    asOf: row.as_of,
  };
}
