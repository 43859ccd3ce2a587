/* A row of the table as an execution, or the reason why it cannot be one. Reads nothing but its arguments.
   Callers: read_rows. */
-- for: service_role
create function runledger_private.read_run(p jsonb, p_key text, p_source text, c jsonb, o jsonb,
                                 out e runledger.workflow_executions, out reason text, out detail text)
language plpgsql stable
set search_path = ''
as $$
declare
  v_id constant text := coalesce(p ->> (c ->> 'id'), p_key);
  v_workflow constant text := coalesce(nullif(p ->> (c ->> 'workflow'), ''), nullif(p ->> (c ->> 'workflow_name'), ''));
  v_failure constant jsonb := runledger_private.unwrap_object(p -> (c ->> 'failure'));
  v_metadata constant jsonb := runledger_private.unwrap_object(p -> (c ->> 'metadata'));
  v_cuts constant boolean := coalesce((o ->> 'cut')::boolean, false);
  v_end record;
  v_done runledger.workflow_executions;
  v_rule text;
  v_is_uuid constant text := '^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$';
  -- What has no column of its own.
  v_rest jsonb := '{}';
begin
  e.id := case when v_id ~ v_is_uuid then v_id::uuid
    else runledger_private.named_uuid('run:' || p_source || ':' || v_id) end;
  e.created_by := coalesce(nullif(p ->> (c ->> 'user'), ''), o ->> 'user');
  e.workflow_id := case
    when o -> 'workflows' ? v_workflow then (o -> 'workflows' ->> v_workflow)::uuid
    when v_workflow ~ v_is_uuid then v_workflow::uuid
    when v_workflow is not null then runledger_private.named_uuid('workflow:' || v_workflow)
    else (o ->> 'workflow')::uuid end;
  e.status := runledger_private.read_status(p ->> (c ->> 'status'), o -> 'statuses');
  e.started_at := runledger_private.read_time(p -> (c ->> 'started_at'));
  e.temporal_workflow_id := nullif(p ->> (c ->> 'temporal_workflow_id'), '');
  e.temporal_run_id := case when e.temporal_workflow_id is not null
    then nullif(p ->> (c ->> 'temporal_run_id'), '') end;
  e.tags := coalesce(runledger_private.read_tags(p -> (c ->> 'tags')), '{}');
  e.verdict := nullif(p ->> (c ->> 'verdict'), '');
  if v_cuts then
    e.tags := e.tags[:50];
    e.verdict := left(e.verdict, 100);
  end if;

  reason := case
    when e.created_by is null then 'it names no user'
    when octet_length(e.created_by) > 1000 then 'its user id has more than 1,000 bytes'
    when e.workflow_id is null then 'it names no workflow'
    when e.status is null then 'its status is not known'
    when e.started_at is null then 'its start is missing, or cannot be read'
    when e.started_at > clock_timestamp() + interval '1 day' then 'its start lies in the future'
    when cardinality(e.tags) > 50 then 'it has more than 50 tags'
    when octet_length(e.temporal_workflow_id) > 1000 then 'its Temporal workflow id has more than 1,000 bytes'
    when length(e.verdict) > 100 then 'its verdict has more than 100 characters' end;
  if reason is not null then
    detail := left(case
      when e.created_by is null or e.workflow_id is null then null
      when octet_length(e.created_by) > 1000 then e.created_by
      when e.status is null then coalesce(p ->> (c ->> 'status'), 'none')
      when e.started_at is null then p ->> (c ->> 'started_at')
      when e.started_at > clock_timestamp() + interval '1 day' then e.started_at::text
      when cardinality(e.tags) > 50 then cardinality(e.tags)::text
      when octet_length(e.temporal_workflow_id) > 1000 then e.temporal_workflow_id
      else e.verdict end, 500);
    return;
  end if;

  if runledger_private.is_open(e.status) then
    e.status := case when e.temporal_run_id is not null then 'running' else e.status end;
    v_rest := jsonb_build_object('completedAt', p -> (c ->> 'completed_at'), 'durationMs', p -> (c ->> 'duration_ms'));
  else
    e.outcome_authority := 'reported';
    v_end := runledger_private.read_end(p, c, o, e.started_at);
    reason := v_end.reason;
    detail := v_end.detail;
    if reason is not null then return; end if;
    e.started_at := v_end.started_at;
    e.completed_at := v_end.completed_at;
    e.duration_ms := v_end.duration_ms;
    v_rest := coalesce(v_end.dropped, '{}');
    if e.temporal_workflow_id is not null and e.temporal_run_id is null then
      -- Nothing tells which run this was: the next run under this workflow id would be taken for it.
      v_rest := v_rest || jsonb_build_object('temporalWorkflowId', e.temporal_workflow_id);
      e.temporal_workflow_id := null;
    end if;
  end if;
  e.engine := case when e.temporal_workflow_id is null then 'none' else 'temporal' end;
  e.temporal_namespace := case when e.engine = 'temporal'
    then coalesce(nullif(p ->> (c ->> 'temporal_namespace'), ''), o ->> 'namespace', 'default') end;

  e.input := runledger_private.unwrap_object(nullif(p -> (c ->> 'input'), 'null'));
  e.output := runledger_private.unwrap_object(nullif(p -> (c ->> 'output'), 'null'));
  e.state_snapshot := runledger_private.unwrap_object(nullif(p -> (c ->> 'state_snapshot'), 'null'));
  e.activities_executed := runledger_private.read_number(p ->> (c ->> 'activities_executed'));
  e.engine_started_at := runledger_private.read_time(p -> (c ->> 'engine_started_at'));
  e.first_task_at := runledger_private.read_time(p -> (c ->> 'first_task_at'));
  e.cancel_requested_at := runledger_private.read_time(p -> (c ->> 'cancel_requested_at'));
  if e.cancel_requested_at is not null then
    e.cancel_requested_by := coalesce(nullif(p ->> (c ->> 'cancel_requested_by'), ''), e.created_by);
    e.cancel_reason := left(p ->> (c ->> 'cancel_reason'), 4000);
  end if;
  e.failure := case when jsonb_typeof(v_failure) in ('object', 'array') then v_failure
                    when length(v_failure #>> '{}') > 4000 then v_failure end;
  e.error_message := left(coalesce(nullif(p ->> (c ->> 'error_message'), ''),
    case when jsonb_typeof(v_failure) = 'object'
      then coalesce(v_failure ->> 'message', v_failure ->> 'error', v_failure #>> '{}')
         else nullif(v_failure #>> '{}', '') end), 4000);
  if runledger_private.is_unsuccessful(e.status) then
    e.error_message := coalesce(e.error_message, 'The execution ended as ' || e.status || '; no reason was given.');
  end if;
  if coalesce((o ->> 'keep_rest')::boolean, false) then
    select v_rest || coalesce(json_object_agg(r.key, r.value)::jsonb, '{}') into v_rest
      from jsonb_each(p) r where not exists (select from jsonb_each_text(c) x where x.value = r.key);
  end if;
  if p_key <> e.id::text then
    -- Whoever knows it by its key still finds it.
    v_rest := v_rest || jsonb_build_object('row', jsonb_strip_nulls(
      jsonb_build_object('table', p_source, 'key', p_key, 'id', nullif(v_id, p_key))));
  end if;
  v_rest := jsonb_strip_nulls(v_rest);
  e.metadata := case when jsonb_typeof(v_metadata) = 'object' then v_metadata
                     when coalesce(v_metadata, 'null') <> 'null' then jsonb_build_object('metadata', v_metadata)
                       else '{}' end
    || case when v_rest <> '{}' then jsonb_build_object('imported', v_rest) else '{}' end;

  -- As the guard completes it, so that a dry run knows every rule of the ledger that the import would break.
  v_done := runledger_private.complete_new_execution(e);
  if not runledger_private.is_open(e.status) then v_done := runledger_private.complete_ended_execution(v_done); end if;
  begin
    perform runledger_private.check_execution(v_done.engine, v_done.temporal_namespace, v_done.temporal_workflow_id,
      v_done.temporal_run_id, v_done.current_run_id, v_done.closing_run_id, 1, v_done.status, v_done.outcome_authority,
      v_done.error_message, v_done.completed_at, v_done.duration_ms, v_done.activities_executed, v_done.verdict,
      v_done.tags, 'object', v_done.cancel_requested_at, v_done.cancel_requested_by, null, v_done.recorded_at, 'object',
      null);
  exception when check_violation then
    get stacked diagnostics v_rule = constraint_name;
    reason := format('it breaks the rule "%s"', v_rule);
  end;
end $$;
