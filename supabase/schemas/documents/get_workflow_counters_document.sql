/* Callers: StatisticsReader.workflowCounters. */
-- for: service_role, authenticated
create function runledger.get_workflow_counters_document(p_user_id text default null,
  p_owner_id text default null) returns jsonb
language sql stable
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from runledger.get_workflow_counters(p_user_id, p_owner_id) r; $$;
