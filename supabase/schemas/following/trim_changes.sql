/* Removes changes older than an hour and idempotency keys that have expired, at most p_limit of each: call it again
   while it answers that many or more. Callers: Ledger.trimChanges. */
-- for: service_role
create function runledger.trim_changes(p_limit integer default 20000) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_keys integer;
  v_changes integer;
begin
  -- What another transaction is deleting or using anew is left to it.
  delete from runledger.idempotency_keys k where k.ctid = any (array(
    select x.ctid from runledger.idempotency_keys x where x.expires_at < clock_timestamp()
     order by x.expires_at limit p_limit for update skip locked));
  get diagnostics v_keys = row_count;
  delete from runledger.execution_changes c where c.ctid = any (array(
    select x.ctid from runledger.execution_changes x where x.changed_at < clock_timestamp() - interval '1 hour'
     limit p_limit for update skip locked));
  get diagnostics v_changes = row_count;
  return v_keys + v_changes;
end $$;
