/* Runs of a user, of one workflow if given, that completed or failed, pruned ones included.
   Callers: ExecutionService.getRunCount, record_outcomes, the users' own code. */
-- for: service_role, authenticated
create function runledger.get_user_workflow_run_count(p_user_id text, p_workflow_id uuid default null) returns integer
language sql stable
return case when p_user_id is null then 0 else
  runledger_private.count_from_cells(p_user_id, p_workflow_id, null, null, array['completed', 'failed'])::int end;
