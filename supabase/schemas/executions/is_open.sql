/* The statuses of an execution that has not ended. An expression: Postgres puts it inline, so that indexes serve it.
   Callers: whatever asks whether an execution is open. */
-- for: service_role
create function runledger_private.is_open(status text) returns boolean
language sql immutable parallel safe
return status in ('pending', 'running');
