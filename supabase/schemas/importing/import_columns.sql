/* Which column holds what: by name in snake_case or camelCase, unless `columns` of the options says otherwise (null:
   none). Callers: describe_import, import_workflow_runs. */
-- for: service_role
create function runledger_private.import_columns(p_table regclass, p_options jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_given constant jsonb := coalesce(p_options -> 'columns', '{}');
  v_columns jsonb;
  v_wrong text;
begin
  select string_agg(g.key || '=' || coalesce(g.value, 'null'), ', ' order by g.key) into v_wrong
    from jsonb_each_text(v_given) g
   where g.key not in ('id', 'user', 'workflow', 'workflow_name', 'status', 'started_at', 'completed_at', 'duration_ms',
     'error_message',
                       'failure', 'input', 'output', 'temporal_namespace', 'temporal_workflow_id', 'temporal_run_id',
                       'metadata', 'tags', 'state_snapshot', 'verdict', 'activities_executed', 'engine_started_at',
                       'first_task_at', 'cancel_requested_at', 'cancel_requested_by', 'cancel_reason')
      or (g.value is not null and not exists (
        select from pg_catalog.pg_attribute a where a.attrelid = p_table and a.attname = g.value and a.attnum > 0
          and not a.attisdropped));
  if v_wrong is not null then
    raise exception 'Columns of % cannot be read like this: %.', p_table, v_wrong
      using errcode = 'PT400', detail = 'invalid_input',
            hint = 'Write what=column, where what is one of id, user, workflow, workflow_name, status, started_at, '
              || 'completed_at, duration_ms, error_message, failure, input, output, temporal_namespace, '
              || 'temporal_workflow_id, temporal_run_id, metadata, tags, state_snapshot, verdict, activities_executed, '
              || 'engine_started_at, first_task_at, cancel_requested_at, cancel_requested_by and cancel_reason.';
  end if;
  select coalesce(jsonb_object_agg(f.target, f.name), '{}') into v_columns
    from (select distinct on (c.target) c.target, a.attname as name
            from (values ('id', 'id', 1), ('id', 'execution_id', 2), ('id', 'run_id', 3),
              ('user', 'created_by', 1), ('user', 'user_id', 2), ('user', 'owner_id', 3),
              ('workflow', 'workflow_id', 1), ('workflow_name', 'workflow_name', 1),
              ('workflow_name', 'workflow_type', 2),
              ('status', 'status', 1), ('status', 'state', 2), ('started_at', 'started_at', 1),
              ('started_at', 'start_time', 2), ('started_at', 'created_at', 3),
              ('completed_at', 'completed_at', 1), ('completed_at', 'finished_at', 2), ('completed_at', 'ended_at', 3),
              ('completed_at', 'closed_at', 4), ('completed_at', 'end_time', 5), ('duration_ms', 'duration_ms', 1),
              ('duration_ms', 'execution_time_ms', 2),
              ('error_message', 'error_message', 1), ('error_message', 'failure_reason', 2),
              ('failure', 'error_details', 1), ('failure', 'failure', 2), ('failure', 'error', 3),
              ('input', 'input', 1), ('input', 'input_data', 2), ('output', 'output', 1), ('output', 'result', 2),
              ('output', 'output_data', 3),
              ('temporal_namespace', 'temporal_namespace', 1), ('temporal_workflow_id', 'temporal_workflow_id', 1),
              ('temporal_run_id', 'temporal_run_id', 1), ('metadata', 'metadata', 1), ('tags', 'tags', 1),
              ('state_snapshot', 'state_snapshot', 1), ('verdict', 'verdict', 1),
              ('activities_executed', 'activities_executed', 1), ('activities_executed', 'activity_count', 2),
              ('engine_started_at', 'engine_started_at', 1), ('first_task_at', 'first_task_at', 1),
              ('cancel_requested_at', 'cancel_requested_at', 1), ('cancel_requested_by', 'cancel_requested_by', 1),
              ('cancel_reason', 'cancel_reason', 1)) c (target, name, rank)
            join pg_catalog.pg_attribute a on a.attrelid = p_table and a.attnum > 0 and not a.attisdropped
             and lower(regexp_replace(a.attname, '([a-z0-9])([A-Z])', '\1_\2', 'g')) = c.name
           where not v_given ? c.target
             -- A column that was given for something is nothing else.
             and not exists (select from jsonb_each_text(v_given) g where g.value = a.attname)
           order by c.target, c.rank) f;
  return v_columns || jsonb_strip_nulls(v_given);
end $$;
