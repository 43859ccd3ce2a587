/* Runs of the chain that are over, and whose end Temporal no longer told: only the newest one can be open.
   Callers: record_outcome, record_open_run. */
-- for: service_role
create function runledger_private.close_passed_runs(p_execution uuid, p_newest text) returns void
language plpgsql
set search_path = ''
as $$
begin
  update runledger.execution_runs k set status = 'unknown'
   where k.execution_id = p_execution and k.status = 'running' and k.run_id <> p_newest;
end $$;
