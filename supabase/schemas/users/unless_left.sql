/* A user's id, or null once the user has left: nobody reads what is about to be deleted.
   Callers: runledger.current_user_id. */
-- for: service_role, authenticated
create function runledger_private.unless_left(p_user text) returns text
language plpgsql stable parallel safe security definer
set search_path = ''
as $$
begin
  if exists (select from runledger.users u where u.id = p_user and u.left_at is not null) then return null; end if;
  return p_user;
end $$;
