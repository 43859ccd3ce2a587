/* Whether another execution has the chain whose first run this is. Callers: record_outcome, record_open_run. */
-- for: service_role
create function runledger_private.is_taken_chain(e runledger.workflow_executions, p_first_run text) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  return exists (select from runledger.workflow_executions x
                  where x.temporal_namespace = e.temporal_namespace and x.temporal_workflow_id = e.temporal_workflow_id
                    and x.temporal_run_id = p_first_run and x.id <> e.id);
end $$;
