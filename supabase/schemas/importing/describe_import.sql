-- Bringing a hand-written table in: what would happen, and doing it.

/* What an import would read: the columns, the statuses with their numbers, how many rows. Reads the whole table once,
   so it carries a time-out of its own, which PostgREST applies to the transaction (db-hoisted-tx-settings): hosted
   gateways wait 60 s.
   Callers: ImportService.describe. Returns { source, key, rows, columns: [{ column, type, takenAs }], statuses:
   [{ status, becomes, rows }] }. */
-- for: service_role
create function runledger.describe_import(p_source text default null, p_options jsonb default '{}') returns jsonb
language plpgsql stable
set search_path = ''
set statement_timeout = '55s'
as $$
declare
  v_table constant regclass := runledger_private.import_source(p_source);
  v_key constant text := (runledger_private.import_key(v_table,
    runledger_private.unwrap(p_options))).name;
  v_columns constant jsonb := runledger_private.import_columns(v_table, runledger_private.unwrap(p_options));
  v_statuses jsonb;
  v_rows bigint;
begin
  perform runledger_private.check_import_options(runledger_private.unwrap(p_options));
  execute format('select coalesce(sum(s.n), 0), coalesce(jsonb_agg(jsonb_build_object(''status'', s.status, ''becomes'',
      runledger_private.read_status(s.status, $1), ''rows'', s.n) order by s.n desc, s.status), ''[]'')
    from (select left(%s, 200) as status, count(*) as n from %s t group by 1) s',
    case when v_columns ? 'status' then format('case when btrim(t.%1$I::text) <> '''' then t.%1$I::text end',
      v_columns ->> 'status') else 'null::text' end, v_table)
    into v_rows, v_statuses using runledger_private.unwrap(p_options) -> 'statuses';
  return jsonb_build_object('source', v_table, 'key', v_key, 'rows', v_rows, 'statuses', v_statuses, 'columns', (
    select jsonb_agg(jsonb_build_object('column', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'takenAs',
             (select string_agg(c.key, ', ' order by c.key) from jsonb_each_text(v_columns) c
               where c.value = a.attname)) order by a.attnum)
      from pg_catalog.pg_attribute a where a.attrelid = v_table and a.attnum > 0 and not a.attisdropped));
end $$;
