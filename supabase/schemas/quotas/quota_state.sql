/* Each limit of a quota with what a user has used of it at a moment and when that frees: the end of the hour, day or
   month by UTC; null for concurrent executions, which free when one of them ends, and for what is kept. What is open is
   counted no further than the limit.
   Callers: admit_by_quota, quotas_of. */
-- for: service_role
create function runledger_private.quota_state(q runledger.execution_quotas, u runledger.execution_quota_usage,
  p_user text, p_at timestamptz)
returns table (kind text, max_executions bigint, used bigint, frees_at timestamptz)
language sql stable
set search_path = ''
as $$
  select w.kind, w.max_executions, case when w.used_in = w.window_start then w.used else 0 end,
         (w.window_start at time zone 'UTC' + w.span) at time zone 'UTC'
    from (values
      ('executionsPerHour', q.executions_per_hour, u.hour, u.hour_used, interval '1 hour',
        greatest(u.hour, date_trunc('hour', p_at, 'UTC'))),
      ('executionsPerDay', q.executions_per_day, u.day, u.day_used, interval '1 day',
        greatest(u.day, date_trunc('day', p_at, 'UTC'))),
      ('executionsPerMonth', q.executions_per_month, u.month, u.month_used, interval '1 month',
        greatest(u.month, date_trunc('month', p_at, 'UTC')))
    ) w (kind, max_executions, used_in, used, span, window_start)
   where w.max_executions is not null
  union all
  select 'concurrentExecutions', q.concurrent_executions,
         runledger_private.count_open(p_user, q.workflow_id, q.concurrent_executions), null
   where q.concurrent_executions is not null
  union all
  select 'storedBytes', q.stored_bytes, runledger_private.stored_bytes_of(p_user), null
   where q.stored_bytes is not null;
$$;
