/* Makes a table or view of the host the source of users: p_key is its key, one column or several separated by commas,
   whose text is the user's id. Optional: the column with the account's id in Supabase Auth, and the column that is set
   (and not to false) once a user has left. Takes the place of the source before it; users that only that one had stay,
   and leave no more. A table is followed by triggers; a view, and what triggers had to leave out, by sync_users, which
   keeps what is somebody's for p_grace after their row was not found. Returns how many users it brought.
   Callers: hosts, as the owner of the table. */
-- for: service_role
create function runledger.follow_users(p_source text, p_key text, p_auth_user_column text default null,
                                       p_left_column text default null, p_grace interval default '1 day')
returns integer
language plpgsql
set search_path = ''
set row_security = off
set lock_timeout = '3s'
as $$
declare
  v_key constant text[] := regexp_split_to_array(btrim(p_key), '\s*,\s*');
  v_source regclass;
  v_is_table boolean;
  s runledger.user_source;
  n integer;
begin
  perform runledger_private.check_user_source(p_source, v_key, v_key || p_auth_user_column || p_left_column);
  v_source := p_source::regclass;
  perform pg_advisory_xact_lock(hashtextextended('runledger:users', 0));
  delete from runledger.user_source x;
  select format('%I.%I', n.nspname, c.relname), c.relkind in ('r', 'p') into s.source, v_is_table
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.oid = v_source;
  insert into runledger.user_source as x (source, key_columns, auth_user_column, left_column, has_triggers, grace)
    values (s.source, v_key, p_auth_user_column, p_left_column, v_is_table, greatest(p_grace, '0'))
    returning x.* into s;
  -- Most of the work before the triggers, which hold off the table's writers until the transaction ends. They come
  -- before any row of a user is locked, as in a sign-up.
  n := runledger_private.fill_users(s, false);
  perform runledger_private.drop_user_triggers(v_source, case when v_is_table
    then runledger_private.follow_by_triggers(v_source, v_key, p_auth_user_column, p_left_column) else '{}' end);
  perform runledger_private.follow_claims();
  n := n + runledger_private.fill_users(s, true);
  -- Better an error here than one of each sync, which reads with other rights than the caller's.
  perform runledger_private.sync_from_source(s, 1);
  perform runledger_private.sync_leavers(s, 1);
  return n;
end $$;
