-- Every status of an execution, once: those of STATUSES in @runledger/contracts. Expressions: Postgres evaluates or
-- inlines them when it plans, so that a condition costs what a list costs, and indexes serve it.

/* All statuses, in the order in which counters keep their numbers: a new one comes last.
   Callers: whatever counts by status or checks one. */
-- for: service_role, authenticated
create function runledger_private.statuses() returns text[]
language sql immutable parallel safe
return array['pending', 'running', 'completed', 'failed', 'cancelled', 'timed_out', 'terminated'];

/* Those of an execution that has not ended. Callers: is_open, lists of open executions. */
-- for: service_role, authenticated
create function runledger_private.open_statuses() returns text[]
language sql immutable parallel safe
return array['pending', 'running'];

/* Whether an execution with this status has not ended. Callers: whatever asks. */
-- for: service_role
create function runledger_private.is_open(status text) returns boolean
language sql immutable parallel safe
return status = any (runledger_private.open_statuses());

/* Whether a status ends an execution; false for what is not a status. Callers: whatever asks. */
-- for: service_role, authenticated
create function runledger_private.is_end(status text) returns boolean
language sql immutable parallel safe
return status = any (runledger_private.statuses()) and status <> all (runledger_private.open_statuses());

/* The ends of an execution that did not complete. Callers: is_unsuccessful, lists of what went wrong. */
-- for: service_role
create function runledger_private.unsuccessful_statuses() returns text[]
language sql immutable parallel safe
return array['failed', 'cancelled', 'timed_out', 'terminated'];

/* Whether an execution with this status ended and did not complete. Callers: whatever asks. */
-- for: service_role
create function runledger_private.is_unsuccessful(status text) returns boolean
language sql immutable parallel safe
return status = any (runledger_private.unsuccessful_statuses());

/* Where counters keep the number of a status; null for what is not a status. Callers: whatever counts by status. */
-- for: service_role, authenticated
create function runledger_private.status_number(status text) returns integer
language sql immutable parallel safe
return array_position(runledger_private.statuses(), status);

/* The status whose number counters keep there. Callers: whatever reads counters by status. */
-- for: service_role, authenticated
create function runledger_private.status_at(number bigint) returns text
language sql immutable parallel safe
return (runledger_private.statuses())[number];
