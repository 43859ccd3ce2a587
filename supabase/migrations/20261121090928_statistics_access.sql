-- Who may ask for statistics. Row-level security decides what they see.

do $$
declare
  f regprocedure;
begin
  for f in select p.oid from pg_catalog.pg_proc p where p.pronamespace = 'private'::regnamespace and p.proname in (
    'hours_from', 'refuse_marker', 'stats_user', 'stats_workflow', 'stats_window', 'cells_in', 'tail_in', 'labels_in', 'read_stats', 'clamp_bucket',
    'series_points', 'failure_edge', 'count_from_cells') loop
    execute format('revoke execute on function %s from public, anon', f);
    execute format('grant execute on function %s to authenticated, service_role', f);
  end loop;
  foreach f in array array[
    'public.get_execution_stats(uuid, text, timestamptz, timestamptz, boolean, boolean)',
    'public.get_execution_series(uuid, text, timestamptz, timestamptz, text, text)',
    'public.get_top_workflows(text, timestamptz, timestamptz, integer)',
    'public.get_top_failures(uuid, text, timestamptz, timestamptz, integer)',
    'public.get_workflow_counters(text, text)', 'public.get_user_workflow_run_count(text, uuid)'
  ]::regprocedure[] loop
    execute format('revoke execute on function %s from public, anon', f);
    execute format('grant execute on function %s to authenticated, service_role', f);
  end loop;
end $$;
