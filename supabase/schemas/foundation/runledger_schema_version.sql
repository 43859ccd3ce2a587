/* The version of this schema; a package that needs a newer one says so. Callers: anybody. */
-- for: service_role, authenticated
create function runledger.runledger_schema_version() returns integer
language sql immutable
set search_path = ''
as $$ select 5; $$;
