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
    select jsonb_build_object('source', v_table, 'key', k.name, 'keyType', k.type, 'options', v_options,
             'columns', runledger_private.import_columns(v_table, v_options))
      from runledger_private.import_key(v_table) k);
end $$;
