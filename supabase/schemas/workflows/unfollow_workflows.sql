/* Follows the host's table no longer. The definitions stay, as the users' own, with their executions.
   Callers: the host's owner; follow_workflows. Returns whether one was followed. */
-- for: nobody
create function runledger.unfollow_workflows() returns boolean
language plpgsql
set search_path = ''
as $$
declare
  t record;
  v_was_followed boolean;
begin
  -- One at a time; the row before the host's table, as a sync takes them.
  perform pg_advisory_xact_lock(hashtextextended('runledger:follow_workflows', 0));
  perform set_config('lock_timeout', '3s', true);
  delete from runledger.followed_workflows where one;
  v_was_followed := found;
  for t in
    select g.tgname, g.tgrelid::regclass as host_table from pg_catalog.pg_trigger g
     where g.tgfoid = 'runledger_private.follow_host_rows'::regproc
  loop
    begin
      execute format('drop trigger %I on %s', t.tgname, t.host_table);
    exception when insufficient_privilege then
      raise notice 'The trigger % stays on %, which has another owner, and does nothing.', t.tgname, t.host_table;
    end;
  end loop;
  return v_was_followed;
end $$;
