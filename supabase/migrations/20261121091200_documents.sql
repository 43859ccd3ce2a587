-- The rows of a function as one JSON document. The API cuts rows at its limit (PostgREST's max-rows) without saying so; a
-- document is one value, which it never cuts. Whoever calls the functions in SQL has their rows.

/* Callers: Ledger.recordOutcomes. */
create function public.record_outcomes_document(p_outcomes jsonb, p_count_runs boolean default false) returns jsonb
language sql volatile
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from public.record_outcomes(p_outcomes, p_count_runs) r; $$;

/* Callers: Ledger.recordOpen. */
create function public.record_open_document(p_runs jsonb) returns jsonb
language sql volatile
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from public.record_open(p_runs) r; $$;

/* Callers: Ledger.endLost. */
create function public.end_lost_executions_document(p_items jsonb) returns jsonb
language sql volatile
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from public.end_lost_executions(p_items) r; $$;

/* Callers: Ledger.adopt. */
create function public.adopt_executions_document(p_runs jsonb) returns jsonb
language sql volatile
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from public.adopt_executions(p_runs) r; $$;

/* Callers: Ledger.pendingStarts. */
create function public.pending_starts_document(p_namespace text, p_older_than_ms integer, p_limit integer) returns jsonb
language sql stable
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from public.pending_starts(p_namespace, p_older_than_ms, p_limit) r; $$;

/* Callers: Ledger.pendingTimelines. */
create function public.pending_timelines_document(p_namespace text, p_limit integer) returns jsonb
language sql stable
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from public.pending_timelines(p_namespace, p_limit) r; $$;

/* Callers: Ledger.usualDurations. */
create function public.usual_durations_document(p_workflow_ids uuid[]) returns jsonb
language sql stable
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from public.usual_durations(p_workflow_ids) r; $$;

/* Callers: StatisticsReader.series. */
create function public.get_execution_series_document(p_workflow_id uuid default null, p_user_id text default null,
  p_from timestamptz default null, p_to timestamptz default null, p_step text default 'day', p_time_zone text default 'UTC') returns jsonb
language sql stable
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from public.get_execution_series(p_workflow_id, p_user_id, p_from, p_to, p_step, p_time_zone) r; $$;

/* Callers: StatisticsReader.topWorkflows. */
create function public.get_top_workflows_document(p_user_id text default null, p_from timestamptz default null,
  p_to timestamptz default null, p_limit integer default 10) returns jsonb
language sql stable
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from public.get_top_workflows(p_user_id, p_from, p_to, p_limit) r; $$;

/* Callers: StatisticsReader.topFailures. */
create function public.get_top_failures_document(p_workflow_id uuid default null, p_user_id text default null,
  p_from timestamptz default null, p_to timestamptz default null, p_limit integer default 10) returns jsonb
language sql stable
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from public.get_top_failures(p_workflow_id, p_user_id, p_from, p_to, p_limit) r; $$;

/* Callers: StatisticsReader.workflowCounters. */
create function public.get_workflow_counters_document(p_user_id text default null, p_owner_id text default null) returns jsonb
language sql stable
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from public.get_workflow_counters(p_user_id, p_owner_id) r; $$;

do $$
declare
  f regprocedure;
begin
  foreach f in array array[
    'public.record_outcomes_document(jsonb, boolean)',
    'public.record_open_document(jsonb)',
    'public.end_lost_executions_document(jsonb)',
    'public.adopt_executions_document(jsonb)',
    'public.pending_starts_document(text, integer, integer)',
    'public.pending_timelines_document(text, integer)',
    'public.usual_durations_document(uuid[])',
    'public.get_execution_series_document(uuid, text, timestamptz, timestamptz, text, text)',
    'public.get_top_workflows_document(text, timestamptz, timestamptz, integer)',
    'public.get_top_failures_document(uuid, text, timestamptz, timestamptz, integer)',
    'public.get_workflow_counters_document(text, text)'
  ]::regprocedure[] loop
    execute format('revoke execute on function %s from public, anon, authenticated', f);
    execute format('grant execute on function %s to service_role', f);
  end loop;
  -- Row-level security decides what they see.
  foreach f in array array[
    'public.get_execution_series_document(uuid, text, timestamptz, timestamptz, text, text)',
    'public.get_top_workflows_document(text, timestamptz, timestamptz, integer)',
    'public.get_top_failures_document(uuid, text, timestamptz, timestamptz, integer)',
    'public.get_workflow_counters_document(text, text)'
  ]::regprocedure[] loop
    execute format('grant execute on function %s to authenticated', f);
  end loop;
end $$;
