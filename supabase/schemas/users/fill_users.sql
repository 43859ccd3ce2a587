/* Makes the users be those of the source: adds who is missing. With p_all also takes back who has left, takes over
   accounts, and lets go of whom only another source had: they stay, and leave no more. Returns how many it added or took
   back. Callers: follow_users. */
-- for: service_role
create function runledger_private.fill_users(s runledger.user_source, p_all boolean) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_id constant text := runledger_private.user_id_sql(s.key_columns);
  v_there constant text := format('%s s where %s is not null%s', s.source, v_id,
    coalesce(' and s.' || quote_ident(s.left_column) || ' is null', ''));
  v_ids text[];
  v_accounts uuid[];
  n integer;
begin
  if not p_all then
    execute format('insert into runledger.users (id, is_followed)
      select distinct %s, true from %s and %s <> %L order by 1 on conflict (id) do nothing', v_id, v_there, v_id, '');
    get diagnostics n = row_count;
    return n;
  end if;
  execute format('update runledger.users u set is_followed = false where u.id in (
      select x.id from runledger.users x where x.is_followed and x.left_at is null
        and not exists (select from %s and %s = x.id) order by x.id for no key update)', v_there, v_id);
  execute format('select array_agg(%s), %s from %s%s', v_id,
      coalesce('array_agg(s.' || quote_ident(s.auth_user_column) || '::uuid)', 'null::uuid[]'), v_there,
      case when s.auth_user_column is null then format(' and not exists (select from runledger.users u
        where u.id = %s and u.is_followed and u.left_at is null)', v_id) else '' end)
    into v_ids, v_accounts;
  return runledger_private.bring_users(coalesce(v_ids, '{}'), v_accounts);
end $$;
