/* A row of the table as an execution, or the reason why it cannot be one. Reads nothing but its arguments.
   Callers: import_run. */
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
  v_duration constant text := p ->> (c ->> 'duration_ms');
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
  e.tags := runledger_private.read_tags(p -> (c ->> 'tags'));

  select x.reason, left(x.detail, 500) into reason, detail from (values
    (e.created_by is null, 'it names no user', null),
    (e.workflow_id is null, 'it names no workflow', null),
    (e.status is null, 'its status is not known', coalesce(p ->> (c ->> 'status'), 'none')),
    (e.started_at is null, 'its start is missing, or is no time', p ->> (c ->> 'started_at')),
    (e.started_at > clock_timestamp() + interval '1 day', 'its start lies in the future', e.started_at::text),
    (cardinality(e.tags) > 50, 'it has more than 50 tags', cardinality(e.tags)::text),
    (octet_length(e.temporal_workflow_id) > 1000, 'its Temporal workflow id has more than 1,000 bytes',
      e.temporal_workflow_id),
    (length(p ->> (c ->> 'verdict')) > 100, 'its verdict has more than 100 characters', p ->> (c ->> 'verdict'))
    ) x (is_so, reason, detail) where x.is_so limit 1;
  if reason is not null then return; end if;

  if runledger_private.is_open(e.status) then
    e.status := case when e.temporal_run_id is not null then 'running' else e.status end;
    v_rest := jsonb_build_object('completedAt', p -> (c ->> 'completed_at'), 'durationMs', p -> (c ->> 'duration_ms'));
  else
    e.outcome_authority := 'reported';
    e.duration_ms := case when v_duration ~ '^\d{1,15}(\.\d+)?$' then round(v_duration::numeric)::bigint end;
    e.completed_at := coalesce(runledger_private.read_time(p -> (c ->> 'completed_at')),
      e.started_at + make_interval(secs => e.duration_ms / 1000.0));
    if e.completed_at is null or e.completed_at > clock_timestamp() + interval '1 day' then
      reason := case when e.completed_at is null then 'it has ended, but neither its end nor its duration can be read'
                     else 'its end lies in the future' end;
      detail := left(p ->> (c ->> 'completed_at'), 500);
      return;
    end if;
    if e.temporal_workflow_id is not null and e.temporal_run_id is null then
      -- Nothing tells which run this was: the next run under this workflow id would be taken for it.
      v_rest := jsonb_build_object('temporalWorkflowId', e.temporal_workflow_id);
      e.temporal_workflow_id := null;
    end if;
  end if;
  e.engine := case when e.temporal_workflow_id is null then 'none' else 'temporal' end;
  e.temporal_namespace := case when e.engine = 'temporal'
    then coalesce(nullif(p ->> (c ->> 'temporal_namespace'), ''), o ->> 'namespace', 'default') end;

  e.input := runledger_private.unwrap_object(nullif(p -> (c ->> 'input'), 'null'));
  e.output := runledger_private.unwrap_object(nullif(p -> (c ->> 'output'), 'null'));
  e.state_snapshot := runledger_private.unwrap_object(nullif(p -> (c ->> 'state_snapshot'), 'null'));
  e.verdict := nullif(p ->> (c ->> 'verdict'), '');
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
    select v_rest || coalesce(jsonb_object_agg(r.key, r.value), '{}') into v_rest
      from jsonb_each(p) r where not exists (select from jsonb_each_text(c) x where x.value = r.key);
  end if;
  v_rest := jsonb_strip_nulls(v_rest);
  e.metadata := case when jsonb_typeof(v_metadata) = 'object' then v_metadata
                     when coalesce(v_metadata, 'null') <> 'null' then jsonb_build_object('metadata', v_metadata)
                       else '{}' end
    || case when v_rest <> '{}' then jsonb_build_object('imported', v_rest) else '{}' end;
end $$;
