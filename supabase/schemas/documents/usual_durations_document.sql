/* Callers: Ledger.usualDurations. */
-- for: service_role
create function runledger.usual_durations_document(p_workflow_ids uuid[]) returns jsonb
language sql stable
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from runledger.usual_durations(p_workflow_ids) r; $$;
