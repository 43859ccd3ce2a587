/* Recounts all executions (of a user, of a workflow, if given) in one snapshot and answers every number in which cells
   and tail differ: none, ever. Reads every row, some hundred thousand in 8 s: the parts below have no such limit.
   p_user_id checks the user's cells; p_workflow_id those of the workflow; both, those of the pair. Smallest and largest
   values are checked where they are marked exact. Callers: tests, people. */
-- for: service_role
create function runledger.verify_execution_stats(p_user_id text default null, p_workflow_id uuid default null)
returns table (created_by text, workflow_id uuid, grain text, starts_at timestamptz, field text, counted numeric,
  recounted numeric)
language plpgsql stable
set search_path = ''
as $$
begin
  return query select * from runledger_private.stats_differences(
    case when p_user_id is not null then array[p_user_id] end, case
      when p_workflow_id is not null then array[p_workflow_id] end,
    null, null, false);
end $$;
