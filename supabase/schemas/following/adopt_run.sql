/* Makes one execution of a run that was started elsewhere. Callers: adopt_executions. */
-- for: service_role
create function runledger_private.adopt_run(p jsonb, out result text, out execution_id uuid)
language plpgsql
set search_path = ''
as $$
declare
  v_namespace text := p ->> 'namespace';
  v_temporal_workflow_id text := p ->> 'temporalWorkflowId';
  v_run text := p ->> 'firstRunId';
  v_workflow uuid;
begin
  select x.id into execution_id from runledger.workflow_executions x
   where x.temporal_namespace = v_namespace and x.temporal_workflow_id = v_temporal_workflow_id
     and (x.temporal_run_id = v_run or x.temporal_run_id is null)
   limit 1;
  if found then
    result := 'known';
    return;
  end if;
  if not runledger_private.bring_user(p ->> 'userId') then
    result := 'unknown_user';
    return;
  end if;
  v_workflow := runledger_private.workflow_of_run(p);
  if v_workflow is null then
    result := 'unknown_workflow';
    return;
  end if;
  insert into runledger.workflow_executions (workflow_id, created_by, temporal_namespace, temporal_workflow_id,
      temporal_run_id, started_at, last_transition)
    values (v_workflow, p ->> 'userId', v_namespace, v_temporal_workflow_id, v_run, (p ->> 'startedAt')::timestamptz,
      case when p ->> 'trackedBy' is null
        then jsonb_build_object('source', 'feed', 'reason', 'It was started elsewhere, and adopted by rule.')
        else jsonb_build_object('source', 'user', 'actor', p ->> 'trackedBy',
                                'reason', 'It was started elsewhere, and taken over.') end)
    returning id into execution_id;
  result := 'adopted';
end $$;
