/* Records what a caller started. A run that is known already, the first or a later one of its chain, gives its row,
   with what it lacked filled in.
   Callers: ExecutionService.createExecution. Returns { execution, created }. */
-- for: service_role
create function runledger.create_execution(p_execution jsonb) returns jsonb
language plpgsql
set search_path = ''
-- Postgres would plan statements anew by each call: with their arguments known, they look cheaper than they are.
set plan_cache_mode = force_generic_plan
as $$
declare
  p jsonb := runledger_private.unwrap(p_execution);
  v_namespace text := coalesce(p ->> 'temporal_namespace', 'default');
  v_workflow_id text := p ->> 'temporal_workflow_id';
  v_run_id text := p ->> 'temporal_run_id';
  v_workflow constant uuid := runledger_private.workflow_id_of(p ->> 'workflow_id');
  e runledger.workflow_executions;
begin
  if v_workflow is null then
    raise exception 'There is no workflow %.', p ->> 'workflow_id'
      using errcode = 'PT404', detail = 'not_found',
            hint = 'Insert it into runledger.workflows first, or let runledger.follow_workflows follow '
              || 'the table that it is in.';
  end if;
  if (p ->> 'started_at')::timestamptz not between '2000-01-01' and clock_timestamp() + interval '5 minutes' then
    raise exception 'An execution cannot have started at %.', p ->> 'started_at'
      using errcode = 'PT400', detail = 'invalid_input {"startedAt": ["lies ahead, or before 2000"]}',
            hint = 'Pass a time with its zone, or milliseconds since 1970, or leave it out: then it is now.';
  end if;
  if v_workflow_id is not null then
    -- A workflow id with and without its run id is one execution: two callers may not insert both at once.
    perform runledger_private.lock_workflow_ids(array[v_namespace || ':' || v_workflow_id]);
    select * into e from runledger.workflow_executions x
     where x.temporal_namespace = v_namespace and x.temporal_workflow_id = v_workflow_id
       -- Without a run id it is what is open: an execution that has ended does not come back by its workflow id.
       and (x.temporal_run_id = v_run_id or x.temporal_run_id is null
            or (v_run_id is null and runledger_private.is_open(x.status))
            or runledger_private.is_known_run(x.id, v_run_id))
     order by x.temporal_run_id is not distinct from v_run_id desc, runledger_private.is_known_run(x.id, v_run_id) desc,
              x.started_at desc limit 1;
    if found and (e.created_by, e.workflow_id) is distinct from (p ->> 'created_by', v_workflow) then
      raise exception 'The run % of workflow id % is recorded for another user or workflow.', v_run_id, v_workflow_id
        using errcode = 'PT409', detail = 'conflict',
          hint = 'A Temporal run belongs to one execution: check which user and workflow started it.';
    end if;
    if found then
      update runledger.workflow_executions x
         set temporal_run_id = coalesce(x.temporal_run_id, v_run_id),
             status = case when x.status = 'pending' and v_run_id is not null then 'running' else x.status end,
             last_transition = case when x.status = 'pending' and v_run_id is not null
               then jsonb_build_object('source', 'service', 'at', clock_timestamp()) else x.last_transition end,
             input = coalesce(x.input, p -> 'input'),
             input_note = case when x.input is null then coalesce(p ->> 'input_note', x.input_note)
               else x.input_note end,
             tags = case when x.tags = '{}' then runledger_private.text_array(p -> 'tags') else x.tags end,
             metadata = coalesce(p -> 'metadata', '{}') || x.metadata
       where x.id = e.id returning * into e;
      return jsonb_build_object('execution', to_jsonb(e), 'created', false);
    end if;
  end if;
  insert into runledger.workflow_executions (id, workflow_id, created_by, temporal_namespace, temporal_workflow_id,
      temporal_run_id, input, input_note, tags, metadata, started_at, last_transition)
    values (coalesce((p ->> 'id')::uuid, runledger_private.uuid_v7()), v_workflow, p ->> 'created_by',
      case when v_workflow_id is not null then v_namespace end,
      v_workflow_id, v_run_id, p -> 'input', p ->> 'input_note', runledger_private.text_array(p -> 'tags'),
      coalesce(p -> 'metadata', '{}'),
      coalesce((p ->> 'started_at')::timestamptz, now()),
      jsonb_build_object('source', 'service', 'actor', p ->> 'created_by'))
    on conflict (id) do nothing
    returning * into e;
  if not found then
    -- The caller's own attempt came through and only its answer was lost.
    select * into e from runledger.workflow_executions x where x.id = (p ->> 'id')::uuid;
    return jsonb_build_object('execution', to_jsonb(e), 'created', false);
  end if;
  return jsonb_build_object('execution', to_jsonb(e), 'created', true);
end $$;
