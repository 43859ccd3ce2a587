-- Who may do what. Users read their own rows and write nothing; the service role writes; anon does nothing.

alter table public.workflow_executions enable row level security;
alter table public.execution_transitions enable row level security;
alter table public.execution_runs enable row level security;
alter table public.execution_checks enable row level security;
alter table public.execution_reports enable row level security;
alter table public.execution_timelines enable row level security;
alter table public.execution_changes enable row level security;
alter table public.idempotency_keys enable row level security;
alter table public.monitor_state enable row level security;

create policy "a user sees their own executions" on public.workflow_executions
  for select to authenticated using (created_by = (select private.current_user_id()));
create policy "a user sees the transitions of their executions" on public.execution_transitions
  for select to authenticated using (created_by = (select private.current_user_id()));
create policy "a user sees the runs of their executions" on public.execution_runs
  for select to authenticated using (created_by = (select private.current_user_id()));
create policy "a user sees the checks of their executions" on public.execution_checks
  for select to authenticated using (created_by = (select private.current_user_id()));
create policy "a user sees the reports on their executions" on public.execution_reports
  for select to authenticated using (created_by = (select private.current_user_id()));
create policy "a user sees the timelines of their executions" on public.execution_timelines
  for select to authenticated using (created_by = (select private.current_user_id()));
create policy "a user sees the changes of their executions" on public.execution_changes
  for select to authenticated using (created_by = (select private.current_user_id()));
create policy "a user sees their own idempotency keys" on public.idempotency_keys
  for select to authenticated using (user_id = (select private.current_user_id()));
create policy "only the service role sees the state of the monitor" on public.monitor_state
  for select to authenticated using (false);

revoke all on public.workflow_executions, public.execution_transitions, public.execution_runs,
  public.execution_checks, public.execution_reports, public.execution_timelines, public.execution_changes, public.idempotency_keys,
  public.monitor_state, public.workflow_runs, public.workflow_run_counts from anon, authenticated;
grant select on public.workflow_executions, public.execution_transitions, public.execution_runs,
  public.execution_checks, public.execution_reports, public.execution_timelines, public.execution_changes, public.idempotency_keys,
  public.workflow_runs, public.workflow_run_counts to authenticated;
grant all on public.workflow_executions, public.execution_transitions, public.execution_runs,
  public.execution_checks, public.execution_reports, public.execution_timelines, public.execution_changes, public.idempotency_keys,
  public.monitor_state, public.workflow_runs, public.workflow_run_counts to service_role;

do $$
declare
  f regprocedure;
begin
  -- By name: the schema may hold functions of others.
  for f in select p.oid from pg_catalog.pg_proc p where p.pronamespace = 'private'::regnamespace and p.proname in (
    'uuid_v7', 'failure_shape', 'failure_group', 'check_execution', 'current_user_id', 'unwrap', 'add_user',
    'touch_workflow', 'complete_new_execution', 'complete_ended_execution', 'check_status_change',
    'check_reported_time', 'guard_execution', 'count_gone', 'follow_execution_change', 'keep_transition', 'find_execution',
    'text_array', 'is_known_run', 'merge_runs', 'close_passed_runs', 'is_superseded_run', 'count_runs', 'is_taken_chain',
    'record_unseen_ends', 'note_spent_cancel', 'complete_parts', 'take_over',
    'record_open_run', 'record_outcome', 'end_lost', 'change_feed_blocker', 'unwrap_object', 'followed', 'adopt_run') loop
    execute format('revoke execute on function %s from public, anon, authenticated', f);
    execute format('grant execute on function %s to service_role', f);
  end loop;
  grant execute on function private.current_user_id() to authenticated;
  foreach f in array array[
    'public.create_execution(jsonb)', 'public.admit_execution(jsonb)', 'public.record_outcomes(jsonb, boolean)',
    'public.record_open(jsonb)', 'public.correct_first_run(uuid, text, text)', 'public.request_cancel(uuid, text, text)',
    'public.delete_workflow_executions(uuid, text, integer)',
    'public.youngest_unsettled(text, integer, timestamptz, uuid)', 'public.due_checks(text, integer)',
    'public.unsettled_by_ids(text, uuid[])', 'public.save_checks(jsonb)',
    'public.pending_starts(text, integer, integer)', 'public.visible_workflows(text, uuid, text, uuid, integer)', 'public.find_runs(text, jsonb)',
    'public.adopt_executions(jsonb)', 'public.usual_durations(uuid[])', 'public.pending_timelines(text, integer)',
    'public.save_timelines(jsonb)', 'public.ledger_figures(text)', 'public.own_figures(text, text)',
    'public.unproven_namespaces()', 'public.end_lost_executions(jsonb)',
    'public.lost_executions(text, integer, bigint, boolean, timestamptz, uuid)',
    'public.execution_story(text)',
    'public.changes_since(text, integer)', 'public.trim_changes(integer)', 'public.save_monitor_state(text, jsonb, jsonb)',
    'public.complete_workflow_run(uuid, text, integer, jsonb, jsonb)',
    'public.complete_workflow_run_and_get_count(uuid, text, integer, jsonb, jsonb)', 'public.fix_stuck_runs(interval)'
  ]::regprocedure[] loop
    execute format('revoke execute on function %s from public, anon, authenticated', f);
    execute format('grant execute on function %s to service_role', f);
  end loop;
  revoke execute on function public.runledger_schema_version() from public, anon;
  grant execute on function public.runledger_schema_version() to authenticated, service_role;
end $$;
