/* Which executions rows of a table are, by what the import kept of them. Callers: forward_some, compare_import. */
-- for: service_role
create function runledger_private.imported_as(p_source text, p_keys text[])
returns table (key text, execution_id uuid)
language sql stable
set search_path = ''
as $$
  select r.source_id, r.execution_id from runledger.execution_import_rows r
   where r.source = p_source and r.source_id = any (p_keys) and r.execution_id is not null;
$$;
