/* Deletes a user of whom nothing else is left, unless somebody holds the user: who adds an execution of theirs may be
   waiting for one that this transaction wrote. Callers: settle_user, move_some_of_user. */
-- for: service_role
create function runledger_private.delete_user(p_user text) returns void
language plpgsql
set search_path = ''
as $$
begin
  delete from runledger.users u where u.id = (
    select x.id from runledger.users x where x.id = p_user for update skip locked);
end $$;
