/* What get_execution_stats says, of the executions that a filter finds, started (p_by start) or ended (end) in a
   window: exact, and of what is kept. counts_are_exact is false where some may have been pruned. Refused where that
   were too many to look at, see rows_in_window.
   Callers: StatisticsReader.stats. Returns a list of one row, or two with the window of the same length before. */
-- for: service_role
create function runledger.get_filtered_stats(p_user_id text default null, p_workflow_id uuid default null,
  p_from timestamptz default null, p_to timestamptz default null, p_by text default 'start',
  p_filter jsonb default '{}',
  p_with_previous boolean default false, p_everybody boolean default false) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_filter constant jsonb := runledger_private.check_execution_search(p_user_id, p_workflow_id,
    runledger_private.unwrap(p_filter), p_everybody => p_everybody);
  v_from constant timestamptz := nullif(p_from, '-infinity');
  v_to constant timestamptz := nullif(p_to, 'infinity');
begin
  return jsonb_build_array(
      runledger_private.filtered_stats(p_user_id, p_workflow_id, v_filter, p_by, v_from, v_to))
    || case when p_with_previous and runledger_private.has_window_before(v_from, v_to) then jsonb_build_array(
         runledger_private.filtered_stats(p_user_id, p_workflow_id, v_filter, p_by, v_from - (v_to - v_from), v_from))
       else '[]' end;
end $$;
