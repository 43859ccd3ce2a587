/* A count as people store it; null for anything else, and for what no count can be. Callers: read_run. */
-- for: service_role
create function runledger_private.read_number(p text) returns bigint
language sql immutable
return case when p ~ '^\d{1,15}(\.\d+)?$' then round(p::numeric)::bigint end;
