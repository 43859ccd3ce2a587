/* The user on whose behalf a statement runs: null without a token, and for who has left. The rule itself is
   runledger_private.current_user_id, which a host may replace.
   Callers: every policy; the API, once for each token. */
-- for: service_role, authenticated
create function runledger.current_user_id() returns text
language sql stable parallel safe
return runledger_private.unless_left(runledger_private.current_user_id());
