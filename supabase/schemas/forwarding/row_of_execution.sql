/* An execution as a row of the table has it: only the columns that the import reads. A time in a column of numbers is
   in milliseconds since 1970.
   Callers: return_some. */
-- for: service_role
create function runledger_private.row_of_execution(e runledger.workflow_executions, p_plan jsonb, p_spellings jsonb)
returns jsonb
language sql stable
set search_path = ''
as $$
  select json_object_agg(c.value, case
           when c.key in ('started_at', 'completed_at', 'engine_started_at', 'first_task_at', 'cancel_requested_at')
                and a.typcategory = 'N'
             then to_jsonb(round(extract(epoch from (to_jsonb(e) ->> c.key)::timestamptz) * 1000)::bigint)
           else v.value end)::jsonb
    from jsonb_each_text(p_plan -> 'columns') c
    join lateral (
      select y.typcategory from pg_catalog.pg_attribute t join pg_catalog.pg_type y on y.oid = t.atttypid
       where t.attrelid = (p_plan ->> 'source')::regclass and t.attname = c.value) a on true
   cross join lateral (select case c.key
      when 'user' then to_jsonb(e.created_by)
      when 'workflow' then to_jsonb(coalesce(
        (select w.key from jsonb_each_text(p_plan -> 'options' -> 'workflows') w
          where w.value = e.workflow_id::text limit 1), e.workflow_id::text))
      when 'workflow_name' then (select to_jsonb(w.name) from runledger.workflows w where w.id = e.workflow_id)
      when 'status' then p_spellings -> e.status
      when 'failure' then coalesce(e.failure, case when not p_plan -> 'columns' ? 'error_message'
        and e.error_message is not null then jsonb_build_object('message', e.error_message) end)
      when 'metadata' then e.metadata - 'imported'
      when 'temporal_workflow_id' then to_jsonb(coalesce(e.temporal_workflow_id,
        e.metadata #>> '{imported,temporalWorkflowId}', e.id::text))
      else to_jsonb(e) -> c.key end as value) v
   where c.key <> 'id' and c.value <> p_plan ->> 'key';
$$;
