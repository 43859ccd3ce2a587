/* One batch of what is due to users who left or have another id: at most p_limit executions of one user are deleted or
   moved. Callers: Ledger.settleUsers. Returns { user, executions, others, rows, done }; a null user: nobody is due. */
-- for: service_role
create function runledger.settle_users(p_limit integer default 500) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_limit constant integer := least(greatest(coalesce(p_limit, 500), 1), 5000);
  v_user text;
  v_answer jsonb;
begin
  for v_user in
    select u.id from runledger.users u
     where u.moved_to is not null or u.left_at is not null and (u.keep_until is null
       or u.keep_until < clock_timestamp()
          and not exists (select from runledger.user_source s where s.refused_at is not null))
     order by u.id
  loop
    v_answer := runledger_private.settle_user(v_user, v_limit);
    -- Somebody writes what is left of this one: the next one meanwhile.
    exit when (v_answer ->> 'rows')::integer > 0 or (v_answer ->> 'done')::boolean;
  end loop;
  return coalesce(v_answer, jsonb_build_object('user', null, 'executions', 0, 'others', 0, 'rows', 0,
    'done', true));
end $$;
