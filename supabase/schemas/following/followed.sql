/* One row; a set, for only those go inline where they are called.
   Callers: youngest_unsettled, due_checks, unsettled_by_ids, find_runs, execution_story. */
-- for: service_role
create function runledger_private.followed(e runledger.workflow_executions, c runledger.execution_checks)
returns setof runledger_private.followed_execution rows 1
language sql stable
begin atomic
  select e.id, e.workflow_id, e.temporal_namespace, e.temporal_workflow_id, e.temporal_run_id, e.current_run_id,
         e.closing_run_id, e.status, e.outcome_authority, e.started_at,
         case when e.temporal_run_id is null then (
           select min(t.at) from runledger.execution_transitions t where t.execution_id = e.id) end,
         e.engine_started_at, e.first_task_at, e.run_count,
         e.input is null and e.input_note is null and e.start_by is null and e.engine_started_at is null,
         case when e.outcome_authority = 'reported' then e.recorded_at end,
         case when e.outcome_authority = 'reported'
           then (extract(epoch from clock_timestamp() - e.recorded_at) * 1000)::bigint end,
         e.cancel_requested_at, e.cancel_requested_by, e.cancel_reason, e.start_by,
         coalesce(e.start_by <= clock_timestamp(), false), c.last_check_at, c.health, e.revision, e.lost_at;
end;
