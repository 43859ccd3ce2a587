/* Whose cells are read: those of a user, or, where no user is named or known, those of all ('').
   Callers: every function of statistics. */
-- for: service_role, authenticated
create function runledger_private.stats_user(p_user_id text) returns text
language sql stable
return case when p_user_id = '' then runledger_private.refuse_marker('user id')
  else coalesce(p_user_id, runledger.current_user_id(), '') end;
