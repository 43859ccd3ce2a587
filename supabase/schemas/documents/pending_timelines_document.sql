/* Callers: Ledger.pendingTimelines. */
-- for: service_role
create function runledger.pending_timelines_document(p_namespace text, p_limit integer) returns jsonb
language sql stable
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from runledger.pending_timelines(p_namespace, p_limit) r; $$;
