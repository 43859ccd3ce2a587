/* Before a workflow is deleted: locks its executions in the order of their ids. Callers: the trigger below. */
-- for: service_role
create function runledger_private.lock_what_a_workflow_has() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform from runledger.workflow_executions e where e.workflow_id = old.id order by e.id for update;
  return old;
end $$;

create trigger runledger_lock_what_a_workflow_has before delete on runledger.workflows
  for each row execute function runledger_private.lock_what_a_workflow_has();
