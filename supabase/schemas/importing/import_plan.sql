/* How a table is read: its key, what each column holds, and the options. Callers: import_workflow_runs, compare_import,
   forward_runs, forwarded_plan. */
-- for: service_role
create function runledger_private.import_plan(p_source text, p_options jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_table constant regclass := runledger_private.import_source(p_source);
  v_options constant jsonb := coalesce(runledger_private.unwrap(p_options), '{}');
begin
  perform runledger_private.check_import_options(v_options);
  return (
    select jsonb_build_object('source', v_table, 'key', k.name, 'keyType', k.type, 'row', (
               -- Of the row t. A column of the type json may hold what jsonb cannot.
               select case when not bool_or(a.atttypid = 'pg_catalog.json'::regtype) then 'to_jsonb(t)'
                 else format('to_jsonb((select r from (select %s) r))', string_agg(format(case
                   when a.atttypid = 'pg_catalog.json'::regtype then 'runledger_private.json_or_text(t.%1$I) as %1$I'
                   else 't.%1$I' end, a.attname), ', ' order by a.attnum)) end
                 from pg_catalog.pg_attribute a
                where a.attrelid = v_table and a.attnum > 0 and not a.attisdropped),
              'options', v_options,
             'columns', runledger_private.import_columns(v_table, v_options))
      from runledger_private.import_key(v_table, v_options) k);
end $$;
