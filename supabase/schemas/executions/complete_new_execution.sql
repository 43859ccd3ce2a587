-- The rules of an execution's life, in triggers: SQL functions, views, a plain update and Studio all obey them.

/* Fills what an insert left out. Callers: guard_execution. */
-- for: service_role
create function runledger_private.complete_new_execution(e runledger.workflow_executions)
  returns runledger.workflow_executions
language plpgsql
set search_path = ''
as $$
begin
  if e.temporal_workflow_id is not null then
    e.temporal_namespace := coalesce(e.temporal_namespace, 'default');
  end if;
  e.engine := coalesce(e.engine, case when e.temporal_workflow_id is null then 'none' else 'temporal' end);
  e.status := coalesce(e.status,
    case when e.engine = 'temporal' and e.temporal_run_id is null then 'pending' else 'running' end);
  e.current_run_id := coalesce(e.current_run_id, e.temporal_run_id);
  e.revision := 1;
  return e;
end $$;
