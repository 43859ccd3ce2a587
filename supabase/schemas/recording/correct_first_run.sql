/* Says which run Temporal calls the first of an execution's chain. Where another execution has that chain already, the
   two become one: the one with the first run stays, what the other held goes into it, and the other's id leads to it.
   Answers `corrected`, `merged` (then `executionId` is the one that stays), `unchanged`, `not_found`, or `conflict`
   where the two belong to different users.
   Callers: Ledger.correctFirstRun. Returns { result, executionId }. */
-- for: service_role
create function runledger.correct_first_run(p_execution uuid, p_first_run text, p_source text) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  e runledger.workflow_executions;
  k runledger.workflow_executions;
  answer text;
begin
  select * into e from runledger.workflow_executions x where x.id = p_execution;
  if not found then return jsonb_build_object('result', 'not_found', 'executionId', p_execution); end if;
  -- The application may be registering the chain at this moment.
  perform runledger_private.lock_workflow_ids(array[e.temporal_namespace || ':' || e.temporal_workflow_id]);
  perform from runledger.workflow_executions x
    where x.id = p_execution
       or (x.temporal_namespace = e.temporal_namespace and x.temporal_workflow_id = e.temporal_workflow_id
           and x.temporal_run_id = p_first_run)
    order by x.id for update;
  select * into e from runledger.workflow_executions x where x.id = p_execution;
  select * into k from runledger.workflow_executions x
   where x.temporal_namespace = e.temporal_namespace and x.temporal_workflow_id = e.temporal_workflow_id
     and x.temporal_run_id = p_first_run and x.id <> p_execution;
  answer := case
    when e.id is null then 'not_found'
    when e.temporal_run_id is null or e.temporal_run_id = p_first_run then 'unchanged'
    when k.id is null then 'corrected'
    when k.created_by <> e.created_by then 'conflict'
    else 'merged' end;
  perform set_config('runledger.correcting', pg_current_xact_id()::text, true);
  if answer = 'corrected' then
    update runledger.workflow_executions x set temporal_run_id = p_first_run where x.id = p_execution;
    -- A transition to an end would count as one.
    insert into runledger.execution_transitions (execution_id, created_by, from_status, to_status, source, authority,
      run_id,
                                              reason, revision)
      select e.id, e.created_by, e.status, e.status, p_source, 'engine', e.temporal_run_id,
             'It was registered by a later run; Temporal calls another the first.', e.revision + 1
       where runledger_private.is_open(e.status);
  elsif answer = 'merged' then
    perform runledger_private.take_over(k, e, p_source);
  end if;
  return jsonb_build_object('result', answer,
    'executionId', case when answer in ('merged', 'conflict') then k.id else p_execution end);
end $$;
