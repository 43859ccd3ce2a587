/* Whether this transaction writes what came from the other side: that is not sent back. Callers: the triggers. */
-- for: nobody
create function runledger_private.is_forwarding() returns boolean
language sql stable
return current_setting('runledger.forwarding', true) is not distinct from pg_current_xact_id()::text;
