/* Fills what the row of a settled execution lacks beside its outcome. Callers: record_outcome. */
-- for: service_role
create function runledger_private.complete_parts(p_id uuid, p jsonb) returns void
language plpgsql
set search_path = ''
as $$
begin
  update runledger.workflow_executions x
     set run_count = greatest(x.run_count, runledger_private.count_runs(x.id, p -> 'runs')),
         engine_started_at = coalesce(x.engine_started_at, (p ->> 'engineStartedAt')::timestamptz),
         first_task_at = coalesce(x.first_task_at, (p ->> 'firstTaskAt')::timestamptz),
         cancel_requested_at = coalesce(x.cancel_requested_at, (p #>> '{cancelRequest,at}')::timestamptz),
         cancel_requested_by = case when x.cancel_requested_at is null then p #>> '{cancelRequest,by}'
           else x.cancel_requested_by end,
         cancel_reason = case when x.cancel_requested_at is null then p #>> '{cancelRequest,reason}'
           else x.cancel_reason end
   where x.id = p_id
     and ((x.cancel_requested_at is null and p #>> '{cancelRequest,at}' is not null)
          or x.run_count < runledger_private.count_runs(x.id, p -> 'runs')
          or (x.engine_started_at is null and p ->> 'engineStartedAt' is not null)
          or (x.first_task_at is null and p ->> 'firstTaskAt' is not null));
  perform runledger_private.close_passed_runs(p_id, p ->> 'runId');
end $$;
