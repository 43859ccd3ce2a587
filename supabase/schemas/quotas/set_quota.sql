/* Sets limits of a user, a workflow, or both: { user_id, workflow_id, executions_per_hour, … }. A limit that is left
   out stays as it is, null takes it away. Callers: QuotaService.setQuota. */
-- for: service_role
create function runledger.set_quota(p_quota jsonb) returns setof runledger.execution_quotas
language sql volatile
set search_path = ''
as $$
  insert into runledger.execution_quotas as q (user_id, workflow_id, executions_per_hour, executions_per_day,
    executions_per_month, concurrent_executions, stored_bytes)
  select p ->> 'user_id', (p ->> 'workflow_id')::uuid, (p ->> 'executions_per_hour')::bigint,
         (p ->> 'executions_per_day')::bigint, (p ->> 'executions_per_month')::bigint,
         (p ->> 'concurrent_executions')::bigint, (p ->> 'stored_bytes')::bigint
    from runledger_private.unwrap(p_quota) p
   where jsonb_typeof(p) = 'object'
  on conflict (user_id, workflow_id) do update
    set executions_per_hour = case
          when runledger_private.unwrap(p_quota) ? 'executions_per_hour' then excluded.executions_per_hour
          else q.executions_per_hour end,
        executions_per_day = case
          when runledger_private.unwrap(p_quota) ? 'executions_per_day' then excluded.executions_per_day
          else q.executions_per_day end,
        executions_per_month = case
          when runledger_private.unwrap(p_quota) ? 'executions_per_month' then excluded.executions_per_month
          else q.executions_per_month end,
        concurrent_executions = case
          when runledger_private.unwrap(p_quota) ? 'concurrent_executions' then excluded.concurrent_executions
          else q.concurrent_executions end,
        stored_bytes = case
          when runledger_private.unwrap(p_quota) ? 'stored_bytes' then excluded.stored_bytes
          else q.stored_bytes end,
        updated_at = clock_timestamp()
  returning *;
$$;
