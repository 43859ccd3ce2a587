/* Whether an execution that is open takes a place of those that may run at once: not one that Temporal does not know,
   nor one that was not started in time. Callers: count_open. */
-- for: service_role
create function runledger_private.takes_a_place(e runledger.workflow_executions) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  return not (e.status = 'pending' and e.temporal_run_id is null and coalesce(e.start_by <= clock_timestamp(), false))
     and not exists (select from runledger.execution_checks c where c.execution_id = e.id and c.health = 'lost');
end $$;
