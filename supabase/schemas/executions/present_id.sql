/* The row that an id means: its own, or the one that the row of this id turned out to be; null where there is none.
   Callers: whatever takes the id of an execution from a caller. */
-- for: authenticated, service_role
create function runledger_private.present_id(p_id uuid) returns uuid
language sql stable
set search_path = ''
as $$
  select coalesce((select e.id from runledger.workflow_executions e where e.id = p_id),
    (select t.execution_id from runledger.execution_transitions t where t.merged_execution_id = p_id limit 1))
$$;
