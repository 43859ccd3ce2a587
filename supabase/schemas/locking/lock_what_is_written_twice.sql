/* Locks the owners of what a batch may write more than once: Postgres checks the foreign keys of a row again when it is
   written a second time by one transaction. That is where a run is not the one that the ledger has, or not the only
   one.
   Callers: record_outcomes, record_open. */
-- for: service_role
create function runledger_private.lock_what_is_written_twice(p_items jsonb, p_ids uuid[]) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_ids uuid[];
begin
  select array_agg(e.id) into v_ids
    from jsonb_array_elements(p_items) with ordinality t
    -- The limit makes each a look into the key. A join is planned once, maybe while there are few executions, and then
    -- reads all of them for ever.
   cross join lateral (select x.id, x.current_run_id from runledger.workflow_executions x
                        where x.id = p_ids[t.ordinality] limit 1) e
   where t.value ->> 'runId' <> e.current_run_id
      or jsonb_array_length(case when jsonb_typeof(t.value -> 'runs') = 'array' then t.value -> 'runs'
        else '[]' end) > 1;
  if v_ids is not null then perform runledger_private.lock_owners(v_ids); end if;
end $$;
