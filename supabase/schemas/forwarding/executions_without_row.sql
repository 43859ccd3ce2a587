/* Executions that a table which gets them back does not have, counted; nothing for other tables.
   Callers: compare_import. */
-- for: service_role
create function runledger_private.executions_without_row(p_plan jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_count bigint;
  v_example text;
begin
  if not exists (select from runledger.forwarded_tables t where t.source = p_plan ->> 'source' and t.returns) then
    return '[]';
  end if;
  execute format('select count(*), min(x.id::text) from runledger.workflow_executions x
    where not exists (select from runledger.execution_import_rows r join %s t on t.%I::text = r.source_id
                       where r.source = %L and r.execution_id = x.id)',
    p_plan ->> 'source', p_plan ->> 'key', p_plan ->> 'source') into v_count, v_example;
  if v_count = 0 then return '[]'; end if;
  return jsonb_build_array(jsonb_build_object('what', 'it is not in the table', 'rows', v_count, 'example', v_example,
    'theirs', null, 'ours', null));
end $$;
