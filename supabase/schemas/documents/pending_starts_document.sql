/* An array, not jsonb_agg: inputs have any number of keys (see record_starts). Callers: Ledger.pendingStarts. */
-- for: service_role
create function runledger.pending_starts_document(p_namespace text, p_older_than_ms integer,
  p_limit integer) returns jsonb
language sql stable
set search_path = ''
as $$ select coalesce(to_jsonb(array_agg(to_jsonb(r))), '[]')
  from runledger.pending_starts(p_namespace, p_older_than_ms, p_limit) r; $$;
