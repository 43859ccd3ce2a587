/* Adds to what the executions of users keep, by what deltas say. Who keeps nothing is not named any more.
   Callers: fold_execution_stats, repair_stats. */
-- for: service_role
create function runledger_private.store_bytes(p_users text[], p_bytes bigint[]) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into runledger.execution_storage as s (created_by, bytes)
    select u.id, u.bytes from unnest(p_users, p_bytes) u (id, bytes)
    on conflict (created_by) do update set bytes = s.bytes + excluded.bytes;
  delete from runledger.execution_storage s where s.created_by = any (p_users) and s.bytes = 0;
end $$;
