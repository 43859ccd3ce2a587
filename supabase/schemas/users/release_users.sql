/* Nobody is followed any more, and nobody leaves by that. One caller at a time.
   Callers: follow_users, unfollow_users. */
-- for: service_role
create function runledger_private.release_users() returns void
language plpgsql
set search_path = ''
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('runledger:users', 0));
  perform from runledger.user_source x for update;
  delete from runledger.user_source x;
  update runledger.users u set is_followed = false where u.id in (
    select x.id from runledger.users x where x.is_followed and x.left_at is null order by x.id for no key update);
end $$;
