/* Forgets a user: from now on they read and start nothing, and this and the next calls delete what is theirs, at most
   p_limit executions a call. Callers: Ledger.forgetUser. Returns { user, executions, others, rows, done }.
   Raises not_found. */
-- for: service_role
create function runledger.forget_user(p_user text, p_limit integer default 500) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_limit constant integer := least(greatest(coalesce(p_limit, 500), 1), 5000);
begin
  -- Not followed any more: a source that still has the user does not keep them from being forgotten.
  update runledger.users u set left_at = coalesce(u.left_at, clock_timestamp()), is_followed = false, moved_to = null,
                             keep_until = null
   where u.id = p_user and (u.left_at is null or u.is_followed or u.moved_to is not null or u.keep_until is not null);
  if not found and not exists (select from runledger.users u where u.id = p_user) then
    raise exception 'There is no user %.', p_user
      using errcode = 'PT404', detail = 'not_found',
        hint = 'Users are in runledger.users, by the id of your application.';
  end if;
  return coalesce(runledger_private.settle_user(p_user, v_limit),
    jsonb_build_object('user', p_user, 'executions', 0, 'others', 0, 'rows', 0, 'done', false));
end $$;
