/* Brings a user from the source before something is recorded for them, and refuses who has left. Of who is unknown the
   foreign key says so. Callers: guard_execution, admit_execution, the triggers below. Raises unknown_user. */
-- for: service_role
create function runledger_private.require_user(p_user text) returns void
language plpgsql security definer
set search_path = ''
as $$
begin
  if runledger_private.bring_user(p_user) or p_user is null then return; end if;
  if exists (select from runledger.users u where u.id = p_user) then
    raise exception 'User % has left: nothing new is recorded for them.', p_user
      using errcode = 'PT409', detail = 'unknown_user', hint = 'What they had is being deleted.';
  end if;
end $$;
