/* Takes the next notes of a table away, of rows or of executions, and returns what they name, each once.
   Callers: forward_changes, return_changes. */
-- for: service_role
create function runledger_private.take_changes(p_source text, p_is_execution boolean, p_limit integer) returns text[]
language sql
set search_path = ''
as $$
  with next as (
    select r.id from runledger.forwarded_rows r
     where r.source = p_source and (r.execution_id is not null) = p_is_execution and r.due_at <= clock_timestamp()
     order by r.id limit p_limit for update skip locked),
  gone as (
    delete from runledger.forwarded_rows r using next n where r.id = n.id
    returning r.id, coalesce(r.source_id, r.execution_id::text) as name)
  select coalesce(array_agg(g.name order by g.id), '{}') from (select name, min(id) as id from gone group by 1) g;
$$;
