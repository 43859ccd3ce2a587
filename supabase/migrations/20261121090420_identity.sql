-- Which chain an execution is: what Temporal calls the first run, whatever the caller said.

/* Takes over what an execution lacks from another that turned out to be the same, and everything that was written about it.
   Callers: correct_first_run. */
create function private.take_over(p_kept public.workflow_executions, p_gone public.workflow_executions, p_source text)
returns void
language plpgsql
set search_path = ''
as $$
begin
  update public.workflow_executions x
     set input = coalesce(x.input, p_gone.input),
         tags = case when x.tags = '{}' then p_gone.tags else x.tags end,
         metadata = p_gone.metadata || x.metadata,
         state_snapshot = coalesce(x.state_snapshot, p_gone.state_snapshot),
         verdict = coalesce(x.verdict, p_gone.verdict),
         run_count = greatest(x.run_count, p_gone.run_count)
   where x.id = p_kept.id;
  update public.execution_reports r set execution_id = p_kept.id where r.execution_id = p_gone.id;
  update public.idempotency_keys k set execution_id = p_kept.id where k.execution_id = p_gone.id;
  insert into public.execution_runs (execution_id, run_id, created_by, cause, previous_run_id, status, started_at, closed_at,
                                     error_message)
    select p_kept.id, r.run_id, r.created_by, r.cause, r.previous_run_id, r.status, r.started_at, r.closed_at, r.error_message
      from public.execution_runs r where r.execution_id = p_gone.id
    on conflict (execution_id, run_id) do nothing;
  -- Whoever holds the other's id is led here by the transition.
  update public.execution_transitions t set execution_id = p_kept.id
   where t.execution_id = p_gone.id and t.merged_execution_id is not null;
  delete from public.workflow_executions x where x.id = p_gone.id;
  insert into public.execution_transitions (execution_id, created_by, from_status, to_status, source, authority, run_id,
                                            reason, revision, merged_execution_id)
    select x.id, x.created_by, x.status, x.status, p_source, 'engine', p_gone.temporal_run_id,
           'It was registered once more, by a later run of its chain: both are one execution.', x.revision, p_gone.id
      from public.workflow_executions x where x.id = p_kept.id;
  update public.execution_checks c set next_check_at = clock_timestamp() where c.execution_id = p_kept.id;
end $$;

/* Says which run Temporal calls the first of an execution's chain. Where another execution has that chain already, the two
   become one: the one with the first run stays, what the other held goes into it, and the other's id leads to it.
   Answers `corrected`, `merged` (then `executionId` is the one that stays), `unchanged`, `not_found`, or `conflict` where the
   two belong to different users.
   Callers: Ledger.correctFirstRun. Returns { result, executionId }. */
create function public.correct_first_run(p_execution uuid, p_first_run text, p_source text) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  e public.workflow_executions;
  k public.workflow_executions;
  answer text;
begin
  select * into e from public.workflow_executions x where x.id = p_execution;
  if not found then return jsonb_build_object('result', 'not_found', 'executionId', p_execution); end if;
  -- The application may be registering the chain at this moment.
  perform private.lock_workflow_ids(array[e.temporal_namespace || ':' || e.temporal_workflow_id]);
  perform from public.workflow_executions x
    where x.id = p_execution
       or (x.temporal_namespace = e.temporal_namespace and x.temporal_workflow_id = e.temporal_workflow_id
           and x.temporal_run_id = p_first_run)
    order by x.id for update;
  select * into e from public.workflow_executions x where x.id = p_execution;
  select * into k from public.workflow_executions x
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
    update public.workflow_executions x set temporal_run_id = p_first_run where x.id = p_execution;
    -- A transition to an end would count as one.
    insert into public.execution_transitions (execution_id, created_by, from_status, to_status, source, authority, run_id,
                                              reason, revision)
      select e.id, e.created_by, e.status, e.status, p_source, 'engine', e.temporal_run_id,
             'It was registered by a later run; Temporal calls another the first.', e.revision + 1
       where e.status in ('pending', 'running');
  elsif answer = 'merged' then
    perform private.take_over(k, e, p_source);
  end if;
  return jsonb_build_object('result', answer,
    'executionId', case when answer in ('merged', 'conflict') then k.id else p_execution end);
end $$;
