/* Takes an execution from the counters of its user and workflow, with a delta of what left. What it kept comes with the
   call: a row that is handed on is unpacked. Callers: follow_execution_change. */
-- for: service_role
create function runledger_private.count_gone(e runledger.workflow_executions, p_bytes bigint) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into runledger.execution_deltas (created_by, workflow_id, hour, old_status, old_duration_ms, old_queue_ms,
                                       old_verdict, old_failure_group, bytes)
    values (e.created_by, e.workflow_id, date_trunc('hour', e.started_at, 'UTC'), e.status, e.duration_ms,
            runledger_private.queue_ms(e.started_at, e.first_task_at), e.verdict, e.failure_group, -p_bytes);
end $$;
