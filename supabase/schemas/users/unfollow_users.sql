/* Follows no source any more and takes the triggers off the host's table. Users stay; nobody leaves by it.
   Callers: hosts, as the owner of the table. */
-- for: service_role
create function runledger.unfollow_users() returns void
language plpgsql
set search_path = ''
set lock_timeout = '3s'
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('runledger:users', 0));
  delete from runledger.user_source x;
  update runledger.users u set left_at = null, keep_until = null
   where u.left_at is not null and u.keep_until is not null;
  perform runledger_private.drop_user_triggers();
end $$;
