/* Callers: Ledger.recordOpen. */
-- for: service_role
create function runledger.record_open_document(p_runs jsonb) returns jsonb
language sql volatile
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from runledger.record_open(p_runs) r; $$;
