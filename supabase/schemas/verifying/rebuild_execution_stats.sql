/* Repairs the counters of everybody, of a user, of a workflow or of a pair in one transaction. Answers how many numbers
   it changed: none, unless somebody wrote to the tables behind the triggers. Callers: tests, people. */
-- for: service_role
create function runledger.rebuild_execution_stats(p_user_id text default null,
  p_workflow_id uuid default null) returns integer
language plpgsql
set search_path = ''
as $$
begin
  return runledger_private.repair_stats(
    case when p_user_id is not null then array[p_user_id] end, case
      when p_workflow_id is not null then array[p_workflow_id] end,
    null, null, false);
end $$;
