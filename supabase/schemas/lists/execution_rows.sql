-- What lists show of an execution: no payloads, no large metadata but its size, its kind of failure, and of what is not
-- settled how it stood when it was last looked at. That is read for the rows of a page alone.
-- Callers: ExecutionReader.list, ExecutionService.list*.
create view runledger.execution_rows with (security_invoker = on) as
  select id, workflow_id, created_by, engine, temporal_namespace, temporal_workflow_id, temporal_run_id, current_run_id,
         closing_run_id, run_count, status, outcome_authority, error_message, started_at, engine_started_at,
         first_task_at,
         completed_at, duration_ms, activities_executed, verdict, tags,
         runledger_private.listed_metadata(metadata) as metadata, cancel_requested_at,
         cancel_requested_by,
         cancel_reason, start_by, recorded_at, lost_at, ended_by, end_reason, revision, failure_group,
         runledger_private.large_metadata(metadata) as large_metadata,
         case when engine = 'temporal' and outcome_authority is distinct from 'engine' and lost_at is null then (
           select jsonb_build_object('health', c.health, 'reason', c.reason, 'remedy', c.remedy,
                                     'checkedAt', c.last_check_at)
             from runledger.execution_checks c
            where c.execution_id = workflow_executions.id and c.health is not null) end as checked
    from runledger.workflow_executions;

grant select on runledger.execution_rows to authenticated, service_role;
