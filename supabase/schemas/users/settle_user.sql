/* One batch of what is due to a user who has left or has another id: deletes or moves what is theirs, and at last the
   user. Who has left and is back in the source stays. Callers: settle_users, forget_user.
   Returns { user, executions, others, rows, done }; null while somebody else is at this user. */
-- for: service_role
create function runledger_private.settle_user(p_user text, p_limit integer) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  u runledger.users;
  v_rows record;
begin
  select * into u from runledger.users x
   where x.id = p_user and (x.left_at is not null or x.moved_to is not null) for no key update skip locked;
  if not found then return null; end if;
  if u.moved_to is not null then
    select m as executions, 0 as others, m as rows into v_rows
      from runledger_private.move_some_of_user(u.id, u.moved_to, p_limit) m;
  elsif u.is_followed and (select s.has_user from runledger_private.source_has_user(u.id) s) then
    update runledger.users x set left_at = null where x.id = u.id;
    return jsonb_build_object('user', u.id, 'executions', 0, 'others', 0, 'rows', 1, 'done', true);
  else
    select * into v_rows from runledger_private.delete_some_of_user(u.id, p_limit);
    if v_rows.rows = 0 and not exists (select from runledger.workflow_executions x where x.created_by = u.id)
        and not exists (select from runledger.workflows w
                          join runledger.workflow_executions x on x.workflow_id = w.id where w.user_id = u.id)
        and not exists (select from runledger.execution_stats_pruned p where p.created_by = u.id) then
      perform runledger_private.delete_user(u.id);
    end if;
  end if;
  return jsonb_build_object('user', u.id, 'executions', v_rows.executions, 'others', v_rows.others,
    'rows', v_rows.rows, 'done', not exists (select from runledger.users x where x.id = p_user));
end $$;
