/* Records what the engine says is open, in the order of the executions' ids. Answers come in the order of the items.
   Callers: Ledger.recordOpen. */
-- for: service_role
create function runledger.record_open(p_runs jsonb)
returns table (ordinal integer, execution_id uuid, result text, status text, authority text, revision bigint,
               cancel_requested_at timestamptz, cancel_requested_by text, cancel_reason text)
language plpgsql
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_items constant jsonb := runledger_private.unwrap(p_runs);
  v_ids constant uuid[] := array(
    select (t.value ->> 'execution')::uuid from jsonb_array_elements(v_items) with ordinality t order by t.ordinality);
  i record;
begin
  perform runledger_private.lock_what_is_written_twice(v_items, v_ids);
  for i in
    select t.ordinality::int as n, t.value as item, v_ids[t.ordinality] as id
      from jsonb_array_elements(v_items) with ordinality t order by 3, 1
  loop
    ordinal := i.n;
    execution_id := i.id;
    result := runledger_private.record_open_run(i.id, i.item);
    select x.status, x.outcome_authority, x.revision, x.cancel_requested_at, x.cancel_requested_by, x.cancel_reason
      into status, authority, revision, cancel_requested_at, cancel_requested_by, cancel_reason
      from runledger.workflow_executions x where x.id = i.id;
    return next;
  end loop;
end $$;
