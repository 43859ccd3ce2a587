/* The UTC days in which a user or a workflow has executions or counters: { from, to }, null where there are none.
   Callers: Ledger.findDrift. */
-- for: service_role
create function runledger.counted_span(p_user_id text default null, p_workflow_id uuid default null) returns jsonb
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
begin
  return (
    select jsonb_build_object('from', date_trunc('day', min(x.first), 'UTC'),
                              'to', date_trunc('day', max(x.last), 'UTC') + interval '1 day')
      from (
        select min(e.started_at) as first, max(e.started_at) as last from runledger.workflow_executions e
         where (p_user_id is null or e.created_by = p_user_id)
           and (p_workflow_id is null or e.workflow_id = p_workflow_id)
        union all
        select min(s.starts_at), max(s.starts_at) from runledger.execution_stats s
         where s.grain = 'day' and (p_user_id is null or s.created_by = p_user_id)
           and (p_workflow_id is null or s.workflow_id = p_workflow_id)
        union all
        select min(p.starts_at), max(p.starts_at) from runledger.execution_stats_pruned p
         where (p_user_id is null or p.created_by = p_user_id)
           and (p_workflow_id is null or p.workflow_id = p_workflow_id)) x);
end $$;
