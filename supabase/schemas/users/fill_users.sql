/* Makes the users be those of the source: adds who is missing. With p_all also takes back who has left, takes over
   accounts, and lets go of whom only another source had: they stay, and leave no more. Returns how many it added or
   took back. Callers: follow_users. */
-- for: service_role
create function runledger_private.fill_users(s runledger.user_source, p_all boolean) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_there constant text := format('(select %s from %s s) r where r.id is not null and not r.has_left',
    runledger_private.user_columns_sql(s.key_columns, s.auth_user_column, s.left_column), s.source);
  v_ids text[];
  v_accounts uuid[];
  n integer;
begin
  if not p_all then
    execute format('insert into runledger.users (id, is_followed)
      select distinct r.id, true from %s and octet_length(r.id) between 1 and 1000 order by 1
      on conflict (id) do nothing', v_there);
    get diagnostics n = row_count;
    return n;
  end if;
  execute format('update runledger.users u set is_followed = false, left_at = null, keep_until = null where u.id in (
      select x.id from runledger.users x where x.is_followed and (x.left_at is null or x.keep_until is not null)
        and not exists (select from %s and r.id = x.id) order by x.id for no key update)', v_there);
  execute format('select array_agg(r.id), array_agg(r.account) from %s%s', v_there,
      case when s.auth_user_column is null then ' and not exists (select from runledger.users u
        where u.id = r.id and u.is_followed and u.left_at is null)' else '' end)
    into v_ids, v_accounts;
  return runledger_private.bring_users(coalesce(v_ids, '{}'),
    case when s.auth_user_column is not null then coalesce(v_accounts, '{}') end);
end $$;
