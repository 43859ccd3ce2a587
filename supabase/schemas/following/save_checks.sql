/* Notes checks and when the next ones are due. The one writer that has no lock of the executions themselves, so it
   never waits: what another transaction is about to change, delete or check anew is passed over, and stays due.
   Callers: Ledger.saveChecks. */
-- for: service_role
create function runledger.save_checks(p_checks jsonb) returns integer
language plpgsql
set search_path = ''
as $$
declare
  n integer;
begin
  with item as materialized (
    select t.value as item, (t.value ->> 'execution')::uuid as id
      from jsonb_array_elements(runledger_private.unwrap(p_checks)) t),
  free as materialized (
    select k.execution_id from item i
     cross join lateral (
       select x.execution_id from runledger.execution_checks x
         where x.execution_id = i.id limit 1 for update skip locked) k)
  update runledger.execution_checks c
     set last_check_at = clock_timestamp(),
         health = i.item ->> 'health',
         reason = left(i.item ->> 'reason', 1000),
         remedy = left(i.item ->> 'remedy', 1000),
         next_check_at = clock_timestamp() + make_interval(secs => (i.item ->> 'nextCheckInMs')::float8 / 1000)
    from item i
   -- The array makes it a look at these, never a scan of all checks.
   where c.execution_id = i.id and c.execution_id = any (array(select f.execution_id from free f));
  get diagnostics n = row_count;
  return n;
end $$;
