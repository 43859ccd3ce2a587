/* One workflow that a user may use, their own or a published one, archived or not; by its id, or by the key of the
   host's row that it follows. Callers: WorkflowService.getWorkflow. */
-- for: service_role
create function runledger.get_workflow(p_user_id text, p_ref text) returns setof runledger.workflows
language plpgsql
set search_path = ''
as $$
declare
  v_id constant uuid := runledger_private.workflow_id_of(p_ref);
begin
  return query
    select * from runledger.workflows w
     where w.id = v_id and (w.user_id = p_user_id or w.visibility = 'published');
end $$;
