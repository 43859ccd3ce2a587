/* Refuses the time of a reported end that lies ahead, or before the start: a clock or a unit that is wrong (seconds
   where milliseconds are meant are in 1970). Five minutes are left to clocks. What the engine says is never
   refused. Callers: guard_execution. */
-- for: service_role
create function runledger_private.check_reported_time(e runledger.workflow_executions, note jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_now constant timestamptz := clock_timestamp();
  v_fault constant text := case
    when e.completed_at > v_now + interval '5 minutes' then 'lies ahead: it is '
      || to_char(v_now at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"')
    when e.completed_at < least(e.started_at, v_now) - interval '5 minutes'
      then 'lies before the start, ' || to_char(e.started_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"') end;
begin
  if v_fault is null or e.outcome_authority = 'engine' or note ->> 'source' in ('feed', 'watch', 'reconciler') then
    return;
  end if;
  raise exception 'Execution %: the reported end, %, %.', e.id, e.completed_at, v_fault
    using errcode = 'PT400', detail = 'invalid_input '
      || jsonb_build_object('completedAt', jsonb_build_array(v_fault))::text,
          hint = 'Pass a time with its zone, or milliseconds since 1970, or leave it out: then it is now.';
end $$;
