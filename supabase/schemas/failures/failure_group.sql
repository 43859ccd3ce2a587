/* Names a kind of failure in 16 characters; null for an execution that did not fail or time out.
   Callers: guard_execution. */
-- for: service_role
create function runledger_private.failure_group(p_status text, p_failure jsonb, p_message text) returns text
language sql immutable parallel safe
return case when p_status in ('failed', 'timed_out')
  then left(md5(runledger_private.failure_shape(p_failure, p_message)), 16) end;
