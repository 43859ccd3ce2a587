/* Deletes a workflow's executions, of one user if given, at most p_limit a call. Returns how many.
   Callers: ExecutionService.deleteWorkflowExecutions. */
-- for: service_role
create function runledger.delete_workflow_executions(p_workflow_id uuid, p_user_id text default null,
  p_limit integer default 1000)
returns integer
language plpgsql
set search_path = ''
as $$
declare
  n integer;
begin
  delete from runledger.workflow_executions x where x.id = any (array(
    select d.id from runledger.workflow_executions d
     where d.workflow_id = p_workflow_id and (p_user_id is null or d.created_by = p_user_id)
     order by d.id limit p_limit for update skip locked));
  get diagnostics n = row_count;
  return n;
end $$;
