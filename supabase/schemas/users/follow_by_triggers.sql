/* Puts the triggers on a table: who comes and changes, and where the key is unique, who leaves. Replaces its own, and
   waits for no reader of the table. They depend on no column, so that the host may change any. Returns their names.
   Callers: follow_users. */
-- for: service_role
create function runledger_private.follow_by_triggers(p_source regclass, p_key text[], p_account text, p_left text)
returns text[]
language plpgsql
set search_path = ''
as $$
declare
  v_arguments constant text := format('%L, %L, %L', p_key::text, coalesce(p_account, ''), coalesce(p_left, ''));
begin
  execute format('create or replace trigger runledger_users_came after insert on %s referencing new table as new_rows
    for each statement execute function runledger_private.users_came(%s)', p_source, v_arguments);
  if not runledger_private.tells_who_leaves(p_source, p_key) then
    return array['runledger_users_came'];
  end if;
  execute format('create or replace trigger runledger_users_left after delete on %s referencing old table as old_rows
    for each statement execute function runledger_private.users_left(%s)', p_source, v_arguments);
  execute format('create or replace trigger runledger_user_changed after update on %s
    referencing old table as old_rows new table as new_rows
    for each statement execute function runledger_private.user_changed(%s)', p_source, v_arguments);
  return array['runledger_users_came', 'runledger_users_left', 'runledger_user_changed'];
end $$;
