/* Marks who was deleted from the source, and deletes nothing: that would make the host's statement wait. Whatever goes
   wrong is left to sync_users. Callers: the trigger runledger_users_left on the source. Its argument: key columns. */
-- for: service_role
create function runledger_private.users_left() returns trigger
language plpgsql security definer
set search_path = ''
set lock_timeout = '100ms'
as $$
begin
  begin
    if current_setting('runledger.users_later', true) = pg_current_xact_id()::text
       or not runledger_private.is_user_source(tg_relid) then return null; end if;
    execute format('update runledger.users u set left_at = coalesce(u.left_at, clock_timestamp()), keep_until = null
      where u.id in (
        select x.id from runledger.users x where x.is_followed and x.moved_to is null
          and (x.left_at is null or x.keep_until is not null)
          and x.id in (select %s from old_rows s) order by x.id for no key update)',
      runledger_private.user_id_sql(tg_argv[0]::text[]));
  exception when others then
    perform set_config('runledger.users_later', pg_current_xact_id()::text, true);
  end;
  return null;
end $$;
