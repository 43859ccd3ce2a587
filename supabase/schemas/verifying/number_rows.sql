/* As many rows as are asked for, up to 1,000: those that come are what the API lets through.
   Callers: Ledger.rowLimit. */
-- for: service_role
create function runledger.number_rows(p_rows integer) returns setof integer
language sql immutable
set search_path = ''
as $$ select generate_series(1, least(p_rows, 1000)); $$;
