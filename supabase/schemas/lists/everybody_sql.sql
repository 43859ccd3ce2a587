/* What everybody's executions are, as SQL over e: all of them, in the words of the indexes for that. Callers: whatever
   reads everybody's. */
-- for: service_role
create function runledger_private.everybody_sql() returns text
language sql immutable parallel safe
return 'e.id <> ''00000000-0000-0000-0000-000000000000''';
