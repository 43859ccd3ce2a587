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
  -- The user's own first. Another user's is taken only where the rule names it, or its owner.
  select w.id into v_workflow from runledger.workflows w
   where w.archived_at is null
     and case when p ->> 'workflowId' is not null then w.id = (p ->> 'workflowId')::uuid
              else w.temporal_namespace = v_namespace and w.workflow_type = p ->> 'workflowType'
                   and w.task_queue = p ->> 'taskQueue'
                   and (w.user_id = p ->> 'userId'
                        or (w.user_id = p ->> 'workflowOwner' and w.visibility = 'published')) end
   order by w.user_id = p ->> 'userId' desc, w.created_at, w.id limit 1;
  if not found then
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
