/* Records that the engine says an execution is open in a run: a start, the next run of the chain, a reset, or that a
   report was wrong (only where `takeBackRevision` is still the row's revision). A report that was faster than the
   start's record stands. A request to cancel is about the runs
   that were open when it was made: a run that began later has none, unless the engine says so.
   Callers: record_open, record_outcome. */
-- for: service_role
create function runledger_private.record_open_run(p_id uuid, p jsonb) returns text
language plpgsql
set search_path = ''
-- Postgres would plan statements anew by each call: with their arguments known, they look cheaper than they are.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_run text := p ->> 'runId';
  v_asked jsonb := case when jsonb_typeof(p -> 'cancelRequest') = 'object' then p -> 'cancelRequest' end;
  e runledger.workflow_executions;
  goes_on boolean;
  is_spent boolean;
  is_told boolean;
begin
  select * into e from runledger.workflow_executions x where x.id = p_id for no key update;
  if not found then return 'not_found'; end if;
  if e.engine = 'none' or e.temporal_run_id <> p ->> 'firstRunId' then return 'conflict'; end if;
  if e.temporal_run_id is null and runledger_private.is_taken_chain(e, p ->> 'firstRunId')
    then return 'other_execution'; end if;
  perform runledger_private.merge_runs(p_id, e.created_by, p -> 'runs');
  if jsonb_array_length(coalesce(p -> 'runs', '[]')) > 1 then
    perform runledger_private.record_unseen_ends(p_id, p);
    select * into e from runledger.workflow_executions x where x.id = p_id;
  end if;
  goes_on := e.current_run_id is not null and e.current_run_id <> v_run;
  is_spent := e.cancel_requested_at is not null and goes_on and not coalesce((p ->> 'cancelRequested')::boolean, false)
    and not exists (select from runledger.execution_runs k
                     where k.execution_id = p_id and k.run_id = v_run and k.started_at <= e.cancel_requested_at);

  -- A worker may report before the start is recorded: the report stands, and the start adds its run. Whoever stopped
  -- it before it began was wrong where it has begun all the same.
  is_told := e.outcome_authority = 'reported' and e.temporal_run_id is null
    and e.last_transition ->> 'source' = 'report'
    and e.revision is distinct from (p ->> 'takeBackRevision')::bigint;

  update runledger.workflow_executions x
     set status = case when is_told then x.status else 'running' end,
         temporal_run_id = coalesce(x.temporal_run_id, p ->> 'firstRunId', v_run),
         current_run_id = v_run,
         run_count = greatest(x.run_count, runledger_private.count_runs(x.id, p -> 'runs')),
         engine_started_at = coalesce(x.engine_started_at, (p ->> 'engineStartedAt')::timestamptz),
         first_task_at = coalesce(x.first_task_at, (p ->> 'firstTaskAt')::timestamptz),
         input = coalesce(x.input, nullif(p #> '{input,value}', 'null')),
         input_note = case when x.input is null then coalesce(p #>> '{input,note}', x.input_note) else x.input_note end,
         cancel_requested_at = case when is_spent then null
           when goes_on or x.cancel_requested_at is null
             then coalesce((v_asked ->> 'at')::timestamptz, x.cancel_requested_at) else x.cancel_requested_at end,
         cancel_requested_by = case when is_spent then null
           when goes_on or x.cancel_requested_at is null
             then coalesce(v_asked ->> 'by', x.cancel_requested_by) else x.cancel_requested_by end,
         cancel_reason = case when is_spent then null
           when v_asked is not null and (goes_on or x.cancel_requested_at is null) then v_asked ->> 'reason'
           else x.cancel_reason end,
         last_transition = case when x.status = 'running' or is_told then x.last_transition else jsonb_build_object(
           'source', p ->> 'source', 'authority', 'engine', 'at', clock_timestamp(), 'reason',
           case when x.status = 'pending' then null
                when x.outcome_authority = 'reported' then 'The engine says that it is still running.'
                else 'It was reset.' end) end
   where x.id = p_id and x.engine = 'temporal'
     and coalesce(x.temporal_run_id = p ->> 'firstRunId', true)
     and not runledger_private.is_superseded_run(x.id, v_run, x.current_run_id)
     and case
       when x.status = 'pending' then true
       when x.status = 'running' then
         x.current_run_id is distinct from v_run
         or (x.engine_started_at is null and p ->> 'engineStartedAt' is not null)
         or (x.first_task_at is null and p ->> 'firstTaskAt' is not null)
         or (x.cancel_requested_at is null and v_asked is not null)
         or (x.input is null and x.input_note is null
             and (p #> '{input,value}' <> 'null' or p #>> '{input,note}' is not null))
         or x.run_count < runledger_private.count_runs(x.id, p -> 'runs')
       when x.outcome_authority = 'reported' then
         x.temporal_run_id is null or x.revision = (p ->> 'takeBackRevision')::bigint
       else x.closing_run_id is distinct from v_run
     end;
  if found then
    if goes_on then perform runledger_private.close_passed_runs(p_id, v_run); end if;
    if is_spent and e.status = 'running' then perform runledger_private.note_spent_cancel(e, v_run,
      p ->> 'source'); end if;
    return 'applied';
  end if;
  select * into e from runledger.workflow_executions x where x.id = p_id;
  return case when runledger_private.is_open(e.status)
    and not runledger_private.is_superseded_run(p_id, v_run, e.current_run_id)
              then 'unchanged' else 'already_terminal' end;
end $$;
