/* The one column that tells a table's rows apart, and its type: `key` of the options, else what a unique index says.
   Whether the rows of a key that was given bear it out, `check_import_key` says.
   Callers: describe_import, import_plan. */
-- for: service_role
create function runledger_private.import_key(p_table regclass, p_options jsonb, out name text, out type text)
language plpgsql stable
set search_path = ''
as $$
begin
  if p_options ->> 'key' is not null then
    select a.attname, format_type(a.atttypid, a.atttypmod) into name, type
      from pg_catalog.pg_attribute a
     where a.attrelid = p_table and a.attname = p_options ->> 'key' and a.attnum > 0 and not a.attisdropped;
    if found then return; end if;
    raise exception '% has no column %.', p_table, p_options ->> 'key'
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Name the column that tells its rows apart.';
  end if;
  select a.attname, format_type(a.atttypid, a.atttypmod) into name, type
    from pg_catalog.pg_index i
    join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0] and a.attnotnull
   where i.indrelid = p_table and i.indisunique and i.indisvalid and i.indnkeyatts = 1 and i.indpred is null
     and i.indkey[0] > 0
   order by i.indisprimary desc, a.attnum limit 1;
  if not found then
    raise exception '% has no key of one column, so that nothing says what tells its rows apart.', p_table
      using errcode = 'PT400', detail = 'invalid_input',
            hint = 'Say which column does: --key id (key of the options).' || case
              when (select c.relkind = 'r' from pg_catalog.pg_class c where c.oid = p_table)
                then format(' Where none does: alter table %s add column import_id bigint generated always as identity '
                  || 'unique.', p_table) else '' end;
  end if;
end $$;
