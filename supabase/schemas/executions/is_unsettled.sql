/* Whether the engine has yet to say how an execution ends, or to confirm it.
   Callers: follow_execution_change, follow_new_executions. */
-- for: service_role
create function runledger_private.is_unsettled(engine text, outcome_authority text, lost_at timestamptz) returns boolean
language sql immutable parallel safe
return engine = 'temporal' and outcome_authority is distinct from 'engine' and lost_at is null;
