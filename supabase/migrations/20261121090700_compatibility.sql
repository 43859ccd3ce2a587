-- The names that hand-written ledgers use, over the same rows and the same guards.

create view public.workflow_runs with (security_invoker = on) as
  select e.id, e.created_by as user_id, e.workflow_id, e.status, e.started_at, e.completed_at, e.duration_ms,
         e.failure as error_details, e.state_snapshot
    from public.workflow_executions e;

/* total_count is what get_user_workflow_run_count counts: completed and failed. last_run_at is the newest start of any. */
create view public.workflow_run_counts with (security_invoker = on) as
  select e.created_by as user_id, e.workflow_id,
         count(*) filter (where e.status = 'completed') as completed_count,
         count(*) filter (where e.status = 'failed') as failed_count,
         count(*) filter (where e.status in ('completed', 'failed')) as total_count,
         max(e.started_at) as last_run_at
    from public.workflow_executions e
   group by e.created_by, e.workflow_id;

/* Reports the end of a run; duration in milliseconds. A run that had ended stays as it is.
   Callers: the users' own code, with the service role. Returns applied, already_terminal or conflict. */
create function public.complete_workflow_run(run_id uuid, status text, duration integer default null,
                                             error_details jsonb default null, state_snapshot jsonb default null)
returns text
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_details jsonb := private.unwrap_object(complete_workflow_run.error_details);
  v_result text;
begin
  if complete_workflow_run.status is null
     or complete_workflow_run.status not in ('completed', 'failed', 'cancelled', 'timed_out', 'terminated') then
    raise exception 'A run ends as completed, failed, cancelled, timed_out or terminated, not as %.',
        coalesce(complete_workflow_run.status, 'null')
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Pass one of these.';
  end if;
  select r.result into v_result from public.record_outcomes(jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
    'execution', complete_workflow_run.run_id, 'status', complete_workflow_run.status, 'authority', 'reported',
    'source', 'report', 'durationMs', complete_workflow_run.duration, 'failure', v_details,
    'stateSnapshot', private.unwrap_object(complete_workflow_run.state_snapshot),
    'reason', coalesce(v_details ->> 'message', v_details ->> 'error'))))) r;
  if v_result = 'not_found' then
    raise exception 'There is no workflow run %.', complete_workflow_run.run_id
      using errcode = 'PT404', detail = 'not_found', hint = 'Insert it into workflow_runs first.';
  end if;
  return v_result;
end $$;

/* Like unwrap, but leaves a string that holds no object or array: hand-written code passes plain messages.
   Callers: complete_workflow_run. */
create function private.unwrap_object(p jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  if jsonb_typeof(p) = 'string' and (p #>> '{}') ~ '^\s*[\[{]' then
    return (p #>> '{}')::jsonb;
  end if;
  return p;
-- No JSON, or JSON that jsonb cannot hold: NUL, a number beyond numeric, nesting beyond the stack. It stays the text it is.
exception when invalid_text_representation or untranslatable_character or numeric_value_out_of_range
            or statement_too_complex then
  return p;
end $$;

/* The same, and the new count of the user's completed and failed runs of this workflow.
   Callers: the users' own code, with the service role. */
create function public.complete_workflow_run_and_get_count(run_id uuid, status text, duration integer default null,
                                                           error_details jsonb default null, state_snapshot jsonb default null)
returns integer
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
begin
  perform public.complete_workflow_run(complete_workflow_run_and_get_count.run_id,
    complete_workflow_run_and_get_count.status, complete_workflow_run_and_get_count.duration,
    complete_workflow_run_and_get_count.error_details, complete_workflow_run_and_get_count.state_snapshot);
  return (select public.get_user_workflow_run_count(e.created_by, e.workflow_id)
            from public.workflow_executions e where e.id = complete_workflow_run_and_get_count.run_id);
end $$;

/* Ends direct executions that have been open for longer than older_than as failed: by hand only, nothing calls it.
   Executions with an engine are never touched: the monitor knows how they end. Returns how many. */
create function public.fix_stuck_runs(older_than interval default '1 hour') returns integer
language plpgsql
set search_path = ''
as $$
declare
  n integer;
begin
  with stuck as (
    select x.id from public.workflow_executions x
     where x.engine = 'none' and x.status in ('pending', 'running') and x.started_at < clock_timestamp() - older_than
     order by x.id for no key update)
  update public.workflow_executions e
     set status = 'failed',
         error_message = 'No end was reported within ' || older_than::text || '.',
         failure = jsonb_build_object('type', 'StuckRun', 'message', 'No end was reported within ' || older_than::text || '.'),
         last_transition = jsonb_build_object('source', 'user', 'actor', 'fix_stuck_runs',
           'reason', 'open for longer than ' || older_than::text, 'at', clock_timestamp())
    from stuck
   where e.id = stuck.id;
  get diagnostics n = row_count;
  return n;
end $$;
