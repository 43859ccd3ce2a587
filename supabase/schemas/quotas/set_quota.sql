/* Sets limits of a user, a workflow, or both: { user_id, workflow_id, runs_per_hour, … }. A limit that is left out
   stays as it is, null takes it away. Callers: QuotaService.setQuota. */
-- for: service_role
create function runledger.set_quota(p_quota jsonb) returns setof runledger.execution_quotas
language sql volatile
set search_path = ''
as $$
  insert into runledger.execution_quotas as q (user_id, workflow_id, runs_per_hour, runs_per_day, runs_per_month,
    concurrent_runs)
  select p ->> 'user_id', (p ->> 'workflow_id')::uuid, (p ->> 'runs_per_hour')::bigint, (p ->> 'runs_per_day')::bigint,
         (p ->> 'runs_per_month')::bigint, (p ->> 'concurrent_runs')::bigint
    from runledger_private.unwrap(p_quota) p
   where jsonb_typeof(p) = 'object'
  on conflict (user_id, workflow_id) do update
    set runs_per_hour = case when runledger_private.unwrap(p_quota) ? 'runs_per_hour' then excluded.runs_per_hour
      else q.runs_per_hour end,
        runs_per_day = case when runledger_private.unwrap(p_quota) ? 'runs_per_day' then excluded.runs_per_day
          else q.runs_per_day end,
        runs_per_month = case when runledger_private.unwrap(p_quota) ? 'runs_per_month' then excluded.runs_per_month
          else q.runs_per_month end,
        concurrent_runs = case when runledger_private.unwrap(p_quota) ? 'concurrent_runs' then excluded.concurrent_runs
          else q.concurrent_runs end,
        updated_at = clock_timestamp()
  returning *;
$$;
