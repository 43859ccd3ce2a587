/* What an execution keeps of what was given to it and came of it, in bytes as they are stored: compressed, and without
   the row around them. Of columns, for a whole row would be unpacked first.
   Callers: follow_new_executions, follow_execution_change, prune_counted, storage_differences. */
-- for: service_role
create function runledger_private.payload_bytes(p_input jsonb, p_output jsonb, p_failure jsonb, p_error text,
  p_snapshot jsonb, p_metadata jsonb) returns bigint
language sql stable parallel safe
return coalesce(pg_column_size(p_input), 0)::bigint + coalesce(pg_column_size(p_output), 0)
  + coalesce(pg_column_size(p_failure), 0) + coalesce(pg_column_size(p_error), 0)
  + coalesce(pg_column_size(p_snapshot), 0) + coalesce(pg_column_size(p_metadata), 0);
