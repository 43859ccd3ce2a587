/* When a row ended and how long it ran, by the options that say what to do with times that contradict each other; or
   the reason why it cannot be told. As reports, ends have five minutes for clocks that differ.
   Callers: read_run. */
-- for: service_role
create function runledger_private.read_end(p jsonb, c jsonb, o jsonb, inout started_at timestamptz,
  out completed_at timestamptz, out duration_ms bigint, out dropped jsonb, out reason text, out detail text)
language plpgsql stable
set search_path = ''
as $$
declare
  v_now constant timestamptz := clock_timestamp();
  v_given constant text := p ->> (c ->> 'completed_at');
  v_duration constant text := p ->> (c ->> 'duration_ms');
  v_drops constant boolean := coalesce((o ->> 'drop_end')::boolean, false);
  v_is_ahead boolean;
begin
  if v_duration like '-%' and not coalesce((o ->> 'drop_duration')::boolean, false) then
    reason := 'its duration is negative';
    detail := v_duration;
    return;
  end if;
  duration_ms := runledger_private.read_number(v_duration);
  completed_at := runledger_private.read_time(p -> (c ->> 'completed_at'));
  v_is_ahead := completed_at > v_now + interval '5 minutes';
  if v_is_ahead or completed_at < least(started_at, v_now) - interval '5 minutes' then
    if not v_is_ahead and coalesce((o ->> 'swap_times')::boolean, false) then
      select started_at, completed_at into completed_at, started_at;
    elsif v_drops then
      dropped := jsonb_build_object('completedAt', v_given);
      completed_at := null;
    else
      reason := case when v_is_ahead then 'its end lies in the future' else 'its end lies before its start' end;
      detail := left(v_given, 500);
      return;
    end if;
  end if;
  completed_at := coalesce(completed_at, started_at + make_interval(secs => duration_ms / 1000.0));
  if completed_at is null or completed_at > v_now + interval '5 minutes' then
    reason := 'it has ended, but neither its end nor its duration can be read';
    detail := left(v_given, 500);
  end if;
end $$;
