/* The same for one part, as verify_execution_stats_part takes it. Callers: Ledger.repairDrift. */
-- for: service_role
create function runledger.rebuild_execution_stats_part(p_users text[] default null, p_workflows uuid[] default null,
  p_from timestamptz default null, p_to timestamptz default null, p_lives boolean default false) returns integer
language plpgsql
set search_path = ''
as $$
begin
  return runledger_private.repair_stats(p_users, p_workflows, p_from, p_to, p_lives);
end $$;
