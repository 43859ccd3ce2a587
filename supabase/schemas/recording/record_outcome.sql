/* Records one end, by the engine or by a report. One guarded statement each. Callers: record_outcomes. */
-- for: service_role
create function runledger_private.record_outcome(p_id uuid, p jsonb) returns text
language plpgsql
set search_path = ''
-- Postgres would plan statements anew by each call: with their arguments known, they look cheaper than they are.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_authority text := coalesce(p ->> 'authority', 'reported');
  v_run text := p ->> 'runId';
  v_report uuid := (p ->> 'reportId')::uuid;
  v_asked jsonb := case when jsonb_typeof(p -> 'cancelRequest') = 'object' then p -> 'cancelRequest' end;
  v_result text;
  -- It was cancelled as somebody had asked, and nobody else says who that was.
  is_asked boolean;
  -- It ended before a request to cancel reached it.
  is_late boolean;
  e runledger.workflow_executions;
begin
  select * into e from runledger.workflow_executions x where x.id = p_id for no key update;
  if not found then return 'not_found'; end if;

  if v_report is not null then
    select case when r.execution_id = p_id then r.result else 'conflict' end into v_result
      from runledger.execution_reports r where r.report_id = v_report;
    if found then return v_result; end if;
  end if;
  if v_authority = 'engine' then
    if e.engine = 'none' or e.temporal_run_id <> p ->> 'firstRunId' then return 'conflict'; end if;
    if e.temporal_run_id is null and v_run is not null and runledger_private.is_taken_chain(e, p ->> 'firstRunId') then
      return 'other_execution';
    end if;
    perform runledger_private.merge_runs(p_id, e.created_by, p -> 'runs');
    if jsonb_array_length(coalesce(p -> 'runs', '[]')) > 1 then
      perform runledger_private.record_unseen_ends(p_id, p);
      select * into e from runledger.workflow_executions x where x.id = p_id;
    end if;
    -- A run that began and ended before anybody saw it open is opened first: a reset, or the next one after a request
    -- to cancel, which was not about it.
    if v_run <> e.current_run_id and (e.outcome_authority = 'engine' or e.cancel_requested_at is not null)
       and not runledger_private.is_superseded_run(p_id, v_run, e.current_run_id) then
      perform runledger_private.record_open_run(p_id, p - 'engineStartedAt' - 'firstTaskAt' - 'runs');
      select * into e from runledger.workflow_executions x where x.id = p_id;
    end if;
  end if;

  is_asked := p ->> 'status' = 'cancelled' and (v_run is null or v_run = e.current_run_id);
  is_late := coalesce(v_authority = 'engine' and p ->> 'status' <> 'cancelled' and p -> 'cancelRequested' = 'false'
    and e.cancel_requested_at is not null and e.outcome_authority is distinct from 'engine'
    and not runledger_private.is_superseded_run(p_id, v_run, e.current_run_id), false);
  if is_late and runledger_private.is_open(e.status) then
    perform runledger_private.note_spent_cancel(e, v_run, p ->> 'source', true);
  end if;
  update runledger.workflow_executions x
     set status = p ->> 'status',
         outcome_authority = v_authority,
         input = coalesce(x.input, nullif(p #> '{input,value}', 'null')),
         input_note = case when x.input is null then coalesce(p #>> '{input,note}', x.input_note) else x.input_note end,
         cancel_requested_at = case when not is_late
           then coalesce(x.cancel_requested_at, (v_asked ->> 'at')::timestamptz) end,
         cancel_requested_by = case when is_late then null when x.cancel_requested_at is null then v_asked ->> 'by'
           else x.cancel_requested_by end,
         cancel_reason = case when is_late then null when x.cancel_requested_at is null then v_asked ->> 'reason'
           else x.cancel_reason end,
         temporal_run_id = coalesce(x.temporal_run_id, p ->> 'firstRunId'),
         current_run_id = case when v_authority = 'engine' then coalesce(v_run, x.current_run_id)
           else x.current_run_id end,
         closing_run_id = case when x.engine = 'none' then null when v_authority = 'engine' then v_run
                               else coalesce(v_run, x.current_run_id) end,
         run_count = case when v_authority = 'engine'
           then greatest(x.run_count, runledger_private.count_runs(x.id, p -> 'runs')) else x.run_count end,
         engine_started_at = coalesce(x.engine_started_at, (p ->> 'engineStartedAt')::timestamptz),
         first_task_at = coalesce(x.first_task_at, (p ->> 'firstTaskAt')::timestamptz),
         completed_at = coalesce((p ->> 'completedAt')::timestamptz, clock_timestamp()),
         duration_ms = (p ->> 'durationMs')::bigint,
         -- A payload that the monitor cannot read leaves the one that was reported.
         output = case when p ->> 'status' <> 'completed' then null
                       when p ? 'output' and p -> 'output' <> 'null' then p -> 'output'
                       when x.status = 'completed' then x.output end,
         output_note = case when p -> 'output' = 'null' and x.status = 'completed' and x.output is not null then null
                            else p ->> 'outputNote' end,
         error_message = left(p ->> 'errorMessage', 4000),
         failure = case when p -> 'failure' <> 'null' then p -> 'failure' end,
         state_snapshot = coalesce(p -> 'stateSnapshot', x.state_snapshot),
         verdict = coalesce(p ->> 'verdict', x.verdict),
         activities_executed = coalesce((p ->> 'activitiesExecuted')::int, x.activities_executed),
         last_transition = jsonb_build_object('source', p ->> 'source', 'authority', v_authority,
           'actor', coalesce(p ->> 'actor', case when is_asked then x.cancel_requested_by end),
           'reason', left(coalesce(p ->> 'reason', case when is_asked then x.cancel_reason end), 4000),
           'reportId', v_report, 'at', clock_timestamp())
   where x.id = p_id
     and not runledger_private.is_superseded_run(x.id, v_run, x.current_run_id)
     and case v_authority
       when 'reported' then runledger_private.is_open(x.status) and (not exists (
         select from runledger.execution_transitions t
          where t.execution_id = x.id and t.authority = 'reported' and not runledger_private.is_open(t.to_status)
            and t.run_id is not distinct from coalesce(case when x.engine = 'temporal' then v_run end,
              x.current_run_id))
         -- What the engine has lost it cannot contradict.
         or exists (select from runledger.execution_checks c where c.execution_id = x.id and c.health = 'lost'))
       else x.engine = 'temporal' and x.outcome_authority is distinct from 'engine'
     end;
  if found then
    v_result := 'applied';
    if v_authority = 'engine' and v_run <> e.temporal_run_id
      then perform runledger_private.close_passed_runs(p_id, v_run); end if;
  else
    select * into e from runledger.workflow_executions x where x.id = p_id;
    -- Deleted while the update waited for it.
    if not found then return 'not_found'; end if;
    v_result := case when runledger_private.is_open(e.status)
                       and not runledger_private.is_superseded_run(p_id, v_run, e.current_run_id)
                     then 'conflict' else 'already_terminal' end;
    if v_authority = 'engine' and e.outcome_authority = 'engine' and e.closing_run_id is not distinct from v_run then
      perform runledger_private.complete_parts(p_id, p);
    end if;
    if v_authority = 'reported' then
      update runledger.execution_checks set next_check_at = now() where execution_id = p_id;
      -- The business may speak after the engine.
      update runledger.workflow_executions x set verdict = p ->> 'verdict'
       where x.id = p_id and x.verdict is distinct from p ->> 'verdict' and p ->> 'verdict' is not null;
    end if;
  end if;
  if v_report is not null then
    insert into runledger.execution_reports (report_id, execution_id, created_by, status, run_id, actor, result)
      values (v_report, p_id, e.created_by, p ->> 'status', v_run, p ->> 'actor', v_result)
      on conflict (report_id) do nothing;
    if not found then
      select r.result into v_result from runledger.execution_reports r
       where r.report_id = v_report and r.execution_id = p_id;
      if not found then
        raise exception 'The report id % is being used for another execution.', v_report
          using errcode = 'PT409', detail = 'conflict',
            hint = 'Give each report an id of its own; only its repeats carry it again.';
      end if;
    end if;
  end if;
  return v_result;
end $$;
