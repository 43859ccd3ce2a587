/* Whether an error message is hidden where these pointers are redacted: by every pointer into the failure but those to
   its details or its stack. These hide a message only where it is the error itself as JSON.
   Callers: execution_filter_sql, get_failure_groups, get_top_failures. The same rule as `hidesError` of contracts. */
-- for: service_role, authenticated
create function runledger_private.hides_error(p_redact text[], p_message text) returns boolean
language sql immutable parallel safe
return (select coalesce(bool_or(r !~ '^/failure/(details|stack)(/|$)' or p_message ~ '^\s*[[{]'), false)
          from unnest(p_redact) r where r ~ '^/failure(/|$)');
