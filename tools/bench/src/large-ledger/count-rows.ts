/** What teams write by hand instead of counters: the same numbers from the rows. Parameters: user, start, end. */
export const STATS_FROM_ROWS = `
  select count(*) as total, count(*) filter (where status = 'completed') as completed, count(*) filter (where status = 'failed') as failed,
         count(*) filter (where status = 'cancelled') as cancelled, count(*) filter (where status = 'timed_out') as timed_out,
         count(*) filter (where status = 'terminated') as terminated, avg(duration_ms) as avg, min(duration_ms) as min, max(duration_ms) as max,
         percentile_cont(array[0.5, 0.9, 0.95, 0.99]) within group (order by duration_ms) as percentiles
    from runledger.workflow_executions where created_by = $1 and started_at >= $2 and started_at < $3`;

/** Parameter: user. */
export const COUNTERS_FROM_ROWS = `
  select workflow_id, status, count(*) from runledger.workflow_executions where created_by = $1 group by workflow_id, status`;

/** The times that stand at the ranks of the percentiles. Parameters: start, end. */
export const percentilesFromRows = (scope: string) => `
  select percentile_disc(array[0.5, 0.9, 0.95, 0.99]) within group (order by duration_ms) as duration,
         percentile_disc(array[0.5, 0.9, 0.95, 0.99])
           within group (order by runledger_private.queue_ms(started_at, first_task_at)) as queue
    from runledger.workflow_executions where ${scope} and started_at >= $1 and started_at < $2`;
