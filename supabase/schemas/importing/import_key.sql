/* The one column that tells a table's rows apart, and its type. Callers: describe_import, import_workflow_runs. */
-- for: service_role
create function runledger_private.import_key(p_table regclass, out name text, out type text)
language plpgsql stable
set search_path = ''
as $$
begin
  select a.attname, format_type(a.atttypid, a.atttypmod) into name, type
    from pg_catalog.pg_index i
    join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0] and a.attnotnull
   where i.indrelid = p_table and i.indisunique and i.indisvalid and i.indnkeyatts = 1 and i.indpred is null
     and i.indkey[0] > 0
   order by i.indisprimary desc, a.attnum limit 1;
  if not found then
    raise exception '% has no primary key of one column, so that its rows cannot be told apart.', p_table
      using errcode = 'PT400', detail = 'invalid_input',
            hint = format('Give it one: alter table %s add primary key (id), '
              || 'or add column import_id bigint generated always as identity primary key.', p_table);
  end if;
end $$;
