-- The rows of a function as one JSON document. The API cuts rows at its limit (PostgREST's max-rows) without saying so;
-- a document is one value, which it never cuts. Whoever calls the functions in SQL has their rows.

/* Callers: Ledger.recordOutcomes. */
-- for: service_role
create function runledger.record_outcomes_document(p_outcomes jsonb, p_count_runs boolean default false) returns jsonb
language sql volatile
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from runledger.record_outcomes(p_outcomes, p_count_runs) r; $$;
