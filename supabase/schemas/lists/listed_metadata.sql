/* Metadata as rows of a list have it; null where it is large. Callers: execution_rows, execution_summaries,
   look_at_executions. */
-- for: service_role, authenticated
create function runledger_private.listed_metadata(p_metadata jsonb) returns jsonb
language sql immutable parallel safe
return case when runledger_private.large_metadata(p_metadata) is null then p_metadata end;
