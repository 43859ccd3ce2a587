/* Takes a report of how far an execution has got: { execution, user, runId, step, steps, percent, message }; what is
   left out stays. Within a run nothing goes back; a run of the chain that is over is not listened to. With a user,
   only of their own executions.
   Callers: ExecutionService.reportProgress, Ledger.reportProgress. Returns { result, execution_id, counter }:
   applied, behind, ended or not_found. */
-- for: service_role
create function runledger.report_progress(p_report jsonb) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  p constant jsonb := runledger_private.unwrap(p_report);
  v_id constant uuid := runledger_private.find_execution(p ->> 'execution');
  v_step constant bigint := (p ->> 'step')::bigint;
  v_percent numeric := round((p ->> 'percent')::numeric, 1);
  v_run text;
  e runledger.workflow_executions;
  o runledger.execution_progress;
begin
  select * into e from runledger.workflow_executions x where x.id = v_id for no key update;
  if not found or e.created_by <> coalesce(p ->> 'user', e.created_by) then
    return jsonb_build_object('result', 'not_found');
  end if;
  if not runledger_private.is_open(e.status) then
    return jsonb_build_object('result', 'ended', 'execution_id', e.id);
  end if;
  v_run := coalesce(p ->> 'runId', e.current_run_id);
  if v_run <> e.current_run_id and runledger_private.is_known_run(e.id, v_run) then
    return jsonb_build_object('result', 'behind', 'execution_id', e.id);
  end if;
  select * into o from runledger.execution_progress x where x.execution_id = e.id;
  if o.run_id <> v_run then
    o.step := null;
    o.steps := null;
    o.percent := null;
    o.message := null;
  end if;
  if v_percent is null and v_step is not null then
    v_percent := round(least(100, 100.0 * v_step / coalesce((p ->> 'steps')::bigint, o.steps)), 1);
  end if;
  if v_step < o.step or v_percent < o.percent then
    return jsonb_build_object('result', 'behind', 'execution_id', e.id, 'counter', o.counter);
  end if;
  insert into runledger.execution_progress as x (execution_id, created_by, run_id, step, steps, percent, message)
    values (e.id, e.created_by, v_run, coalesce(v_step, o.step), coalesce((p ->> 'steps')::bigint, o.steps),
      coalesce(v_percent, o.percent), coalesce(left(p ->> 'message', 500), o.message))
    on conflict (execution_id) do update
      set run_id = excluded.run_id, step = excluded.step, steps = excluded.steps, percent = excluded.percent,
          message = excluded.message, reported_at = excluded.reported_at, counter = x.counter + 1
    returning * into o;
  -- For subscriptions; the revision is that of the execution, which has not changed.
  insert into runledger.execution_changes (execution_id, created_by, workflow_id, revision)
    values (e.id, e.created_by, e.workflow_id, e.revision);
  return jsonb_build_object('result', 'applied', 'execution_id', e.id, 'counter', o.counter);
end $$;
