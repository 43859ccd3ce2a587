/* Locks the users and workflows of executions, as an insert of one does. Callers: lock_what_is_written_twice, the
   retention functions. */
-- for: service_role
create function runledger_private.lock_owners(p_ids uuid[]) returns void
language plpgsql
set search_path = ''
as $$
begin
  perform from runledger.users u where u.id in (
    select e.created_by from runledger.workflow_executions e where e.id = any (p_ids)) order by u.id for key share;
  perform from runledger.workflows w where w.id in (
    select e.workflow_id from runledger.workflow_executions e where e.id = any (p_ids)) order by w.id for key share;
end $$;
