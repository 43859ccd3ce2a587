/* How a column of the host's table is compared with a text and put in order: `ordered` is the column in a query where
   p_row names the row, and `cast_to` what the text is cast to. A type of Postgres with an order of its own uses the
   column's index; any other (citext, an enum, json) is compared as text. Null: there is no such column.
   Callers: whatever goes through a table of the host in parts. */
-- for: service_role
create function runledger_private.key_order(p_table regclass, p_column text, p_row text,
                                            out ordered text, out cast_to text)
language sql stable
set search_path = ''
as $$
  select case when o.is_native then format('%s.%I', p_row, p_column)
              else format('(%s.%I::text collate "C")', p_row, p_column) end,
         case when o.is_native then pg_catalog.format_type(t.oid,
           case when d.oid is null then a.atttypmod else d.typtypmod end)
              else 'text collate "C"' end
    from pg_catalog.pg_attribute a
    left join pg_catalog.pg_type d on d.oid = a.atttypid and d.typtype = 'd'
    join pg_catalog.pg_type t on t.oid = coalesce(d.typbasetype, a.atttypid)
   cross join lateral (
     select t.typnamespace = 'pg_catalog'::regnamespace and (t.oid = 'varchar'::regtype or exists (
       select from pg_catalog.pg_opclass c join pg_catalog.pg_am m on m.oid = c.opcmethod and m.amname = 'btree'
        where c.opcdefault and c.opcintype = t.oid)) as is_native) o
   where a.attrelid = p_table and a.attname = p_column and a.attnum > 0 and not a.attisdropped;
$$;
