/* Callers: StatisticsReader.series. */
-- for: service_role, authenticated
create function runledger.get_execution_series_document(p_workflow_id uuid default null, p_user_id text default null,
  p_from timestamptz default null, p_to timestamptz default null, p_step text default 'day',
  p_time_zone text default 'UTC') returns jsonb
language sql stable
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]')
  from runledger.get_execution_series(p_workflow_id, p_user_id, p_from, p_to, p_step, p_time_zone) r; $$;
