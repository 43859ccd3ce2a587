/* Makes a table or view of the host the source of users: p_key is its key, one column or several separated by commas,
   whose text is the user's id. Optional: the column with the account's id in Supabase Auth, and the column that is set
   once a user has left. Takes the place of the source before it; users that only that one had stay, and leave no more.
   A table is followed by triggers; a view, and what triggers had to leave out, by sync_users. Returns how many users it
   brought. Callers: hosts, as the owner of the table. */
-- for: service_role
create function runledger.follow_users(p_source text, p_key text, p_auth_user_column text default null,
                                       p_left_column text default null)
returns integer
language plpgsql
set search_path = ''
set lock_timeout = '3s'
as $$
declare
  v_key constant text[] := regexp_split_to_array(btrim(p_key), '\s*,\s*');
  v_id constant text := runledger_private.user_id_sql(v_key);
  v_source regclass;
  v_name text;
  v_is_table boolean;
  v_ids text[];
  v_accounts uuid[];
  n integer;
begin
  perform runledger_private.check_user_source(p_source, v_key, v_key || p_auth_user_column || p_left_column);
  v_source := p_source::regclass;
  select format('%I.%I', s.nspname, c.relname), c.relkind in ('r', 'p') into v_name, v_is_table
    from pg_catalog.pg_class c join pg_catalog.pg_namespace s on s.oid = c.relnamespace where c.oid = v_source;
  perform runledger_private.release_users();
  -- Before the triggers, which hold off the table's writers until the transaction ends.
  execute format('select array_agg(%s), %s from %s s where %s is not null%s', v_id,
      coalesce('array_agg(s.' || quote_ident(p_auth_user_column) || '::uuid)', 'null::uuid[]'), v_name, v_id,
      coalesce(' and s.' || quote_ident(p_left_column) || ' is null', ''))
    into v_ids, v_accounts;
  n := runledger_private.bring_users(v_ids, v_accounts);
  insert into runledger.user_source (source, key_columns, auth_user_column, left_column, has_triggers)
    values (v_name, v_key, p_auth_user_column, p_left_column, v_is_table);
  perform runledger_private.drop_user_triggers();
  if v_is_table then
    perform runledger_private.follow_by_triggers(v_source, v_key, p_auth_user_column, p_left_column);
  end if;
  return n;
end $$;
