/* Callers: Ledger.endLost. */
-- for: service_role
create function runledger.end_lost_executions_document(p_items jsonb) returns jsonb
language sql volatile
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from runledger.end_lost_executions(p_items) r; $$;
