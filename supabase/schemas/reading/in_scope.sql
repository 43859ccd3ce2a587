/* An execution by its id, or by the id of a row that turned out to be it, where it is of this user, or of this
   workflow, whose owner asks, or where an operator asks; nothing otherwise.
   Callers: read_execution, compare_executions. */
-- for: service_role
create function runledger_private.in_scope(p_id uuid, p_user_id text, p_workflow_id uuid,
  p_everybody boolean default false)
returns setof runledger.workflow_executions rows 1
language sql stable
set search_path = ''
as $$
  select * from runledger.workflow_executions e
   where e.id = runledger_private.present_id(p_id)
     -- Nobody reads what is about to be deleted.
     and case when p_everybody then runledger_private.unless_left(p_user_id) is not null
              when p_workflow_id is null then e.created_by = runledger_private.unless_left(p_user_id)
              else e.workflow_id = p_workflow_id end
$$;
