/* Fills what an end left out: time, duration, message, authority. Callers: guard_execution. */
-- for: service_role
create function runledger_private.complete_ended_execution(e runledger.workflow_executions)
  returns runledger.workflow_executions
language plpgsql
set search_path = ''
as $$
begin
  e.outcome_authority := coalesce(e.outcome_authority, 'reported');
  e.completed_at := coalesce(e.completed_at, clock_timestamp());
  e.recorded_at := clock_timestamp();
  if e.engine = 'none' then
    e.closing_run_id := null;
  elsif e.outcome_authority = 'reported' then
    e.closing_run_id := coalesce(e.closing_run_id, e.current_run_id);
  end if;
  -- Nobody knows when an execution ended that the engine has lost, so its run time is in no statistics.
  e.duration_ms := case when e.lost_at is null then coalesce(e.duration_ms, greatest(0, round(
    extract(epoch from e.completed_at - coalesce(e.engine_started_at, e.started_at)) * 1000)::bigint)) end;
  if e.status <> 'completed' and e.error_message is null then
    e.error_message := left(coalesce(e.failure ->> 'message', e.failure ->> 'error', e.failure #>> '{}',
      e.last_transition ->> 'reason', 'The execution ended as ' || e.status || '; no reason was given.'), 4000);
  end if;
  return e;
end $$;
