/* Takes our triggers off the host's tables, but for those of p_names on p_source. One on a table of another owner, as
   auth.users may be, stays and does nothing. Callers: follow_users, unfollow_users. */
-- for: service_role
create function runledger_private.drop_user_triggers(p_source regclass default null, p_names text[] default '{}')
returns void
language plpgsql
set search_path = ''
as $$
declare
  t record;
begin
  for t in
    select g.tgname, g.tgrelid::regclass as source from pg_catalog.pg_trigger g
      join pg_catalog.pg_proc p on p.oid = g.tgfoid
     where p.pronamespace = 'runledger_private'::regnamespace and not g.tgisinternal and g.tgparentid = 0
       and g.tgname in ('runledger_users_came', 'runledger_users_left', 'runledger_user_changed')
       and (g.tgrelid = p_source and g.tgname = any (p_names)) is not true
     order by g.tgname
  loop
    begin
      execute format('drop trigger %I on %s', t.tgname, t.source);
    exception when insufficient_privilege then
      raise notice 'The trigger % stays on %, which has another owner, and does nothing.', t.tgname, t.source;
    end;
  end loop;
end $$;
