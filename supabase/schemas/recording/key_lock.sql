/* What whoever uses an idempotency key waits for. Callers: admit_execution, admit_executions. */
-- for: service_role
create function runledger_private.key_lock(p_user text, p_workflow uuid, p_key text) returns bigint
language sql immutable
set search_path = ''
as $$ select hashtextextended('runledger:key:' || p_user || ':' || p_workflow || ':' || p_key, 0) $$;
