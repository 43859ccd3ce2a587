/* Makes the account of a user that of their new id, which is added where it is not there. Whoever adds executions of
   one of the two holds the user and may wait for something of ours, so that these are taken only when they are free.
   Callers: move_some_of_user. Returns false while they are not. */
-- for: service_role
create function runledger_private.move_account(p_user text, p_to text) returns boolean
language plpgsql
set search_path = ''
as $$
declare
  v_account constant uuid := (select u.auth_user_id from runledger.users u where u.id = p_user);
begin
  if v_account is null then
    insert into runledger.users (id, is_followed) values (p_to, true) on conflict (id) do nothing;
    return true;
  end if;
  perform from runledger.users u where u.id = p_user for update skip locked;
  if not found then return false; end if;
  perform from runledger.users u where u.id = p_to for update skip locked;
  if not found and exists (select from runledger.users u where u.id = p_to) then return false; end if;
  update runledger.users u set auth_user_id = null where u.id = p_user;
  insert into runledger.users as u (id, auth_user_id, is_followed) values (p_to, v_account, true)
    on conflict (id) do update set auth_user_id = coalesce(u.auth_user_id, excluded.auth_user_id);
  return true;
end $$;
