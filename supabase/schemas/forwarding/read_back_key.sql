/* A column of keys as an expression over an execution `e`: what the import kept of it, else the id here. Where keys are
   numbers, executions that never were a row of this table have none. Callers: read_back_column. */
-- for: nobody
create function runledger_private.read_back_key(p_plan jsonb, p_kept text, p_type regtype) returns text
language sql stable
set search_path = ''
as $$
  select case when y.oid = 'uuid'::regtype then 'e.id' else format('case when e.metadata #>> %L = %L
      then e.metadata #>> %L %s end', '{imported,row,table}', p_plan ->> 'source',
      array['imported', 'row', p_kept]::text,
      case when y.typcategory = 'S' then 'else e.id::text' else '' end) end
    from pg_catalog.pg_type y where y.oid = p_type;
$$;
