/* Takes the triggers off the host's table and follows no source any more. Users stay; nobody leaves by it.
   Callers: hosts, as the owner of the table; follow_users. */
-- for: service_role
create function runledger.unfollow_users() returns void
language plpgsql
set search_path = ''
set lock_timeout = '3s'
as $$
declare
  t record;
begin
  perform from runledger.user_source x for update;
  for t in
    select g.tgname, g.tgrelid::regclass as source from pg_catalog.pg_trigger g
      join pg_catalog.pg_proc p on p.oid = g.tgfoid
     where p.pronamespace = 'runledger_private'::regnamespace and not g.tgisinternal and g.tgparentid = 0
       and g.tgname in ('runledger_users_came', 'runledger_users_left', 'runledger_user_changed')
     order by g.tgname
  loop
    execute format('drop trigger %I on %s', t.tgname, t.source);
  end loop;
  delete from runledger.user_source x;
  update runledger.users u set is_followed = false where u.is_followed and u.left_at is null;
end $$;
