/* Archives definitions whose rows the host has deleted, so that executions and counts stay. What others are writing at
   this moment is left to the next sync. Returns how many. Callers: follow_host_rows, sync_workflows. */
-- for: nobody
create function runledger_private.archive_gone_workflows(p_table text, p_host_ids text[]) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_gone uuid[];
begin
  v_gone := array(select w.id from runledger.workflows w
    where w.host_table = p_table and w.host_id = any (p_host_ids) and w.host_deleted_at is null
    order by w.id for no key update skip locked);
  update runledger.workflows w
     set archived_at = coalesce(w.archived_at, clock_timestamp()), host_deleted_at = clock_timestamp()
   where w.id = any (v_gone);
  return cardinality(v_gone);
end $$;
