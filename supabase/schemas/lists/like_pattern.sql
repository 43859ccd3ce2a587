/* A text as a pattern that finds it anywhere. Callers: execution_filter_sql, rare_executions. */
-- for: service_role
create function runledger_private.like_pattern(p_text text) returns text
language sql immutable parallel safe
return '%' || regexp_replace(p_text, '([\\%_])', '\\\1', 'g') || '%';
