/* The statuses that an execution ends as. With those of is_open there are no others.
   Callers: whatever asks whether a status ends an execution. */
-- for: service_role
create function runledger_private.is_end(status text) returns boolean
language sql immutable parallel safe
return status in ('completed', 'failed', 'cancelled', 'timed_out', 'terminated');
