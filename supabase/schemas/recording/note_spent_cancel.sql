/* Says in the history that a request to cancel is over although the execution goes on. Callers: record_open_run. */
-- for: service_role
create function runledger_private.note_spent_cancel(e runledger.workflow_executions, p_run text,
  p_source text) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into runledger.execution_transitions (execution_id, created_by, from_status, to_status, source, authority,
    actor,
                                            run_id, reason, revision)
    values (e.id, e.created_by, e.status, 'running', p_source, 'engine', e.cancel_requested_by, p_run,
            left('The run that was asked to cancel is over, and the execution goes on in another'
                 || coalesce('. The request said: ' || e.cancel_reason, ''), 4000), e.revision + 1);
end $$;
