/* Notes that the source gave a user another id or account, or says that they left or are back. Whatever goes wrong is
   left to sync_users.
   Callers: the trigger runledger_user_changed on the source. Its arguments: key columns, account column, left column. */
-- for: service_role
create function runledger_private.user_changed() returns trigger
language plpgsql security definer
set search_path = ''
set lock_timeout = '100ms'
as $$
declare
  v_old text;
  v_new text;
  v_account uuid;
  v_has_left boolean;
begin
  begin
    if current_setting('runledger.users_later', true) = pg_current_xact_id()::text then return null; end if;
    execute format('select %s, %s, %s, %s', runledger_private.user_id_sql(tg_argv[0]::text[], '($1)'),
        runledger_private.user_id_sql(tg_argv[0]::text[], '($2)'),
        case when tg_argv[1] = '' then 'null' else format('($2).%I::uuid', tg_argv[1]) end,
        case when tg_argv[2] = '' then 'false' else format('($2).%I is not null', tg_argv[2]) end)
      into v_old, v_new, v_account, v_has_left using old, new;
    if v_old <> v_new then
      update runledger.users u set moved_to = v_new where u.id = v_old and u.is_followed;
      if found then return null; end if;
    end if;
    if v_has_left then
      update runledger.users u set left_at = clock_timestamp()
        where u.id = v_new and u.is_followed and u.left_at is null;
    else
      perform runledger_private.bring_users(array[v_new], case when tg_argv[1] <> '' then array[v_account] end);
    end if;
  exception when others then
    perform set_config('runledger.users_later', pg_current_xact_id()::text, true);
  end;
  return null;
end $$;
