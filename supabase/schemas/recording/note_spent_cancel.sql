/* Says in the history that a request to cancel is over: the execution goes on in another run, or it has ended before
   the request reached it. Callers: record_open_run, record_outcome. */
-- for: service_role
create function runledger_private.note_spent_cancel(e runledger.workflow_executions, p_run text,
  p_source text, p_ended boolean default false) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into runledger.execution_transitions (execution_id, created_by, from_status, to_status, source, authority,
    actor,
                                            run_id, reason, revision)
    values (e.id, e.created_by, e.status, 'running', p_source, 'engine', e.cancel_requested_by, p_run,
            left(case when p_ended then 'The execution ended before the request to cancel reached it'
                   else 'The run that was asked to cancel is over, and the execution goes on in another' end
                 || coalesce('. The request said: ' || e.cancel_reason, ''), 4000), e.revision + 1);
end $$;
