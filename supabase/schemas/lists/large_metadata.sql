/* Bytes of metadata that rows of a list come without, as they are more than 2,500; null of others. Two hundred rows may
   have three megabytes: whoever shows a list reads those of as many rows as are worth one page (listed_metadata).
   Callers: execution_rows, execution_summaries, look_at_executions. */
-- for: service_role, authenticated
create function runledger_private.large_metadata(p_metadata jsonb) returns integer
language sql immutable parallel safe
return nullif(greatest(octet_length(p_metadata::text), 2500), 2500);
