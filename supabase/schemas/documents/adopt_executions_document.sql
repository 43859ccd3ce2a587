/* Callers: Ledger.adopt. */
-- for: service_role
create function runledger.adopt_executions_document(p_runs jsonb) returns jsonb
language sql volatile
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from runledger.adopt_executions(p_runs) r; $$;
