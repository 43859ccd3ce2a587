/* Notes that the source gave users another id or account, or says that they left or are back. Whatever goes wrong is
   left to sync_users. A trigger of the statement: one of each row would need a condition over columns, and Postgres
   lets nobody change or drop a column that a trigger's condition names.
   Callers: the trigger runledger_user_changed on the source. Its arguments: key columns, account column, left column.
   */
-- for: service_role
create function runledger_private.user_changed() returns trigger
language plpgsql security definer
set search_path = ''
set lock_timeout = '100ms'
as $$
declare
  c record;
begin
  begin
    if current_setting('runledger.users_later', true) = pg_current_xact_id()::text
       or not runledger_private.is_user_source(tg_relid) then return null; end if;
    -- Both lists have the rows in the order in which the statement changed them.
    for c in execute format('
      select o.id as old_id, n.id as new_id, n.account, n.has_left
        from (select row_number() over () as at, %1$s from old_rows s) o
        join (select row_number() over () as at, %1$s from new_rows s) n using (at)
       where (o.id, o.account, o.has_left) is distinct from (n.id, n.account, n.has_left) order by o.id',
      runledger_private.user_columns_sql(tg_argv[0]::text[], tg_argv[1], tg_argv[2]))
    loop
      if c.old_id <> c.new_id and octet_length(c.new_id) between 1 and 1000 then
        update runledger.users u set moved_to = c.new_id where u.id = c.old_id and u.is_followed;
        continue when found;
      end if;
      if c.has_left then
        update runledger.users u set left_at = coalesce(u.left_at, clock_timestamp()), keep_until = null
          where u.id = c.new_id and u.is_followed and (u.left_at is null or u.keep_until is not null);
      elsif c.new_id is not null then
        perform runledger_private.bring_users(array[c.new_id], case when tg_argv[1] <> '' then array[c.account] end);
      end if;
    end loop;
  exception when others then
    perform set_config('runledger.users_later', pg_current_xact_id()::text, true);
  end;
  return null;
end $$;
