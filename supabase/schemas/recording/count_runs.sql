/* How many runs the ledger knows of, or was told of. Callers: record_outcome, record_open_run. */
-- for: service_role
create function runledger_private.count_runs(p_execution uuid, p_runs jsonb) returns integer
language plpgsql stable
set search_path = ''
as $$
begin
  return greatest(1, (select count(*)::int from runledger.execution_runs k where k.execution_id = p_execution),
    (select max((r ->> 'runNumber')::int)
       from jsonb_array_elements(case when jsonb_typeof(p_runs) = 'array' then p_runs else '[]' end) r));
end $$;
