-- What a team would write to move its rows: one statement, and what it does not take it does not tell.
insert into runledger.users (id) select id from public.users on conflict do nothing;
insert into runledger.workflows (id, user_id, name, workflow_type, task_queue)
  select id, created_by, name, name, coalesce(task_queue, 'imported') from public.workflows;
insert into runledger.workflow_executions (id, workflow_id, created_by, engine, temporal_namespace, temporal_workflow_id,
  temporal_run_id, status, started_at, completed_at, duration_ms, input, output, error_message, outcome_authority, activities_executed)
select id, workflow_id, created_by, 'temporal', 'default', temporal_workflow_id, temporal_run_id, status, started_at, completed_at,
       duration_ms, input, output, error_message, case when completed_at is not null then 'reported' end, activities_executed
  from (select distinct on (temporal_workflow_id) *, case lower(status) when 'success' then 'completed' when 'error' then 'failed'
               when 'canceled' then 'cancelled' when 'timeout' then 'timed_out' when 'paused' then 'running'
               when 'pending' then 'running' else lower(status) end as becomes
          from public.workflow_executions order by temporal_workflow_id, started_at) o (id, workflow_id, created_by,
          temporal_workflow_id, temporal_run_id, old_status, started_at, completed_at, duration_ms, input, output, error_message,
          activities_executed, status)
 where created_by is not null and temporal_run_id is not null and (status = 'running') = (completed_at is null)
   and (completed_at is null or completed_at >= started_at) and coalesce(duration_ms, 0) >= 0;
