/* Before a user leaves or gets another id: locks their workflows and all executions that go with them, in the order of
   the ids. A cascade takes them as they come. Callers: the trigger below. */
-- for: service_role
create function runledger_private.lock_what_a_user_has() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform from runledger.workflows w where w.user_id = old.id order by w.id for update;
  -- Two scans, so that each has its index.
  perform from runledger.workflow_executions e
    where e.id in (select x.id from runledger.workflow_executions x where x.created_by = old.id
                   union
                   select x.id from runledger.workflow_executions x
                     join runledger.workflows w on w.id = x.workflow_id where w.user_id = old.id)
    order by e.id for update;
  if tg_op = 'UPDATE' then return new; end if;
  return old;
end $$;

create trigger runledger_lock_what_a_user_has before delete or update of id on runledger.users
  for each row execute function runledger_private.lock_what_a_user_has();
