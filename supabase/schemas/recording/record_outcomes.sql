/* Records ends: engine outcomes from the monitor, reports from callers, in one call and in the order of the executions'
   ids. Answers come in the order of the items.
   Callers: Ledger.recordOutcomes, every mark method, updateExecution. */
-- for: service_role
create function runledger.record_outcomes(p_outcomes jsonb, p_count_runs boolean default false)
returns table (ordinal integer, execution_id uuid, result text, status text, authority text, revision bigint,
               cancel_requested_at timestamptz, cancel_requested_by text, cancel_reason text, run_count bigint)
language plpgsql
set search_path = ''
as $$
declare
  v_items constant jsonb := runledger_private.unwrap(p_outcomes);
  v_ids constant uuid[] := array(
    select runledger_private.find_execution(t.value ->> 'execution')
      from jsonb_array_elements(v_items) with ordinality t order by t.ordinality);
  i record;
begin
  perform runledger_private.lock_what_is_written_twice(v_items, v_ids);
  for i in
    select t.ordinality::int as n, t.value as item, v_ids[t.ordinality] as id
      from jsonb_array_elements(v_items) with ordinality t order by 3, 1
  loop
    ordinal := i.n;
    execution_id := i.id;
    result := runledger_private.record_outcome(i.id, i.item);
    select x.status, x.outcome_authority, x.revision, x.cancel_requested_at, x.cancel_requested_by, x.cancel_reason,
           case when p_count_runs then runledger.get_user_workflow_run_count(x.created_by, x.workflow_id) end
      into status, authority, revision, cancel_requested_at, cancel_requested_by, cancel_reason, run_count
      from runledger.workflow_executions x where x.id = i.id;
    return next;
  end loop;
end $$;
