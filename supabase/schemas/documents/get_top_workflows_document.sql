/* Callers: StatisticsReader.topWorkflows. */
-- for: service_role, authenticated
create function runledger.get_top_workflows_document(p_user_id text default null, p_from timestamptz default null,
  p_to timestamptz default null, p_limit integer default 10, p_with_previous boolean default false) returns jsonb
language sql stable
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]')
  from runledger.get_top_workflows(p_user_id, p_from, p_to, p_limit, p_with_previous) r; $$;
