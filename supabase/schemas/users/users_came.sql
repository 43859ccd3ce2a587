/* Brings who was inserted into the source. A sign-up never fails or waits because of the ledger: whatever goes wrong is
   left to sync_users, and after one lock that was not to be had this transaction asks for no other.
   Callers: the trigger runledger_users_came on the source. Its arguments: key columns, account column, left column. */
-- for: service_role
create function runledger_private.users_came() returns trigger
language plpgsql security definer
set search_path = ''
set lock_timeout = '100ms'
as $$
declare
  v_ids text[];
  v_accounts uuid[];
begin
  begin
    if current_setting('runledger.users_later', true) = pg_current_xact_id()::text
       or not runledger_private.is_user_source(tg_relid) then return null; end if;
    execute format('select array_agg(r.id), array_agg(r.account) from (select %s from new_rows s) r
                     where r.id is not null and not r.has_left',
        runledger_private.user_columns_sql(tg_argv[0]::text[], tg_argv[1], tg_argv[2]))
      into v_ids, v_accounts;
    perform runledger_private.bring_users(v_ids, case when tg_argv[1] <> '' then v_accounts end);
  exception when others then
    perform set_config('runledger.users_later', pg_current_xact_id()::text, true);
  end;
  return null;
end $$;
