-- What lists show of an execution: no payloads, and of large metadata its size. Callers: the functions below.
create view runledger_private.execution_summaries with (security_invoker = on) as
  select id, workflow_id, created_by, engine, temporal_namespace, temporal_workflow_id, temporal_run_id, current_run_id,
         closing_run_id, run_count, status, outcome_authority, error_message, started_at, engine_started_at,
         first_task_at,
         completed_at, duration_ms, activities_executed, verdict, tags,
         runledger_private.listed_metadata(metadata) as metadata, cancel_requested_at,
         cancel_requested_by,
         cancel_reason, start_by, recorded_at, lost_at, ended_by, end_reason, revision, failure_group,
         runledger_private.large_metadata(metadata) as large_metadata
    from runledger.workflow_executions;

grant select on runledger_private.execution_summaries to service_role;
