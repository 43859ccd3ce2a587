/* A column of an imported table as an expression over an execution `e`: what row_of_execution writes into it, and what
   the import kept of a column that it does not read. Callers: read_back. */
-- for: nobody
create function runledger_private.read_back_column(p_plan jsonb, p_spellings jsonb, p_column text, p_type regtype)
returns text
language plpgsql stable
set search_path = ''
as $$
declare
  v_what constant text := (select c.key from jsonb_each_text(p_plan -> 'columns') c
                            where c.value = p_column and c.key <> 'id' limit 1);
  v_is_number constant boolean := (select y.typcategory = 'N' from pg_catalog.pg_type y where y.oid = p_type);
  v_is_json constant boolean := p_type in ('json'::regtype, 'jsonb'::regtype);
begin
  return case
    when p_column = p_plan ->> 'key' then runledger_private.read_back_key(p_plan, 'key', p_type)
    when p_column = p_plan -> 'columns' ->> 'id' then runledger_private.read_back_key(p_plan, 'id', p_type)
    when v_what is null then format('e.metadata #>> %L', array['imported', p_column]::text)
    when v_what = 'user' then 'e.created_by'
    when v_what = 'workflow' then format('coalesce(%L::jsonb ->> e.workflow_id::text, e.workflow_id::text)',
      (select coalesce(jsonb_object_agg(w.value, w.key), '{}')
         from jsonb_each_text(p_plan -> 'options' -> 'workflows') w))
    when v_what = 'workflow_name' then '(select w.name from runledger.workflows w where w.id = e.workflow_id)'
    when v_what = 'status' then format('%L::jsonb ->> e.status', p_spellings)
    when v_what = 'temporal_workflow_id'
      then $x$coalesce(e.temporal_workflow_id, e.metadata #>> '{imported,temporalWorkflowId}', e.id::text)$x$
    when v_what = 'metadata' then $x$(e.metadata - 'imported')$x$
    when v_what = 'failure' and not p_plan -> 'columns' ? 'error_message'
      then $x$coalesce(e.failure, case when e.error_message is not null
        then jsonb_build_object('message', e.error_message) end)$x$
    when v_what in ('started_at', 'completed_at', 'engine_started_at', 'first_task_at', 'cancel_requested_at')
         and v_is_number then format('round(extract(epoch from e.%I) * 1000)', v_what)
    when v_what = 'tags' and v_is_json then 'to_jsonb(e.tags)'
    else format('e.%I', v_what) end;
end $$;
