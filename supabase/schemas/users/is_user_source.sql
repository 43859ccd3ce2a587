/* Whether users come from this table: a trigger of ours that could not be taken off another one does nothing.
   Callers: the triggers on the source. */
-- for: service_role
create function runledger_private.is_user_source(p_table oid) returns boolean
language sql stable
return exists (select from runledger.user_source s where to_regclass(s.source) = p_table);
