/* Takes a jsonb parameter as it was meant: some clients encode it twice, so that it arrives as a JSON string.
   Callers: every function with a jsonb parameter. */
-- for: service_role
create function runledger_private.unwrap(p jsonb) returns jsonb
language sql immutable parallel safe
return case when jsonb_typeof(p) = 'string' then (p #>> '{}')::jsonb else p end;
