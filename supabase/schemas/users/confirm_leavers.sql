/* Confirms that most users have indeed left: for an hour, nobody asks whether that many can be gone. Whose row is back
   within the grace keeps everything all the same. Callers: hosts, after sync_users refused.
   Raises not_found: no source is followed. */
-- for: service_role
create function runledger.confirm_leavers() returns void
language plpgsql security definer
set search_path = ''
as $$
begin
  update runledger.user_source s set confirmed_until = clock_timestamp() + interval '1 hour', refused_at = null,
                                     problem = null;
  if not found then
    raise exception 'Users come from no table or view.'
      using errcode = 'PT404', detail = 'not_found', hint = 'runledger.follow_users names one.';
  end if;
end $$;
