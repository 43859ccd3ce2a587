/* Whether a run is one of those that the ledger knows of an execution. Callers: create_execution. */
-- for: service_role
create function runledger_private.is_known_run(p_execution uuid, p_run text) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  return p_run is not null
     and exists (select from runledger.execution_runs k where k.execution_id = p_execution and k.run_id = p_run);
end $$;
