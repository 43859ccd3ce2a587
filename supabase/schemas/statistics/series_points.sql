-- Statistics by hour and day, ready to draw.

/* Where the points of a series begin and end: hours or days of UTC, or days of another zone, which are made of whole
   UTC hours and so rounded to the nearest where the zone is off the hour (and to UTC days before hour cells are kept).
   Callers: get_execution_series. */
-- for: service_role, authenticated
create function runledger_private.series_points(p_from timestamptz, p_to timestamptz, p_step text, p_time_zone text)
returns table (edges timestamptz[], are_rounded boolean[])
language plpgsql stable
set search_path = ''
as $$
declare
  v_hours_from timestamptz := runledger_private.hours_from();
  v_exact timestamptz[];
begin
  if p_step not in ('hour', 'day') or p_step is null then
    raise exception 'A series has steps of an hour or a day, not of %.', coalesce(p_step, 'null')
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Pass hour or day.';
  end if;
  -- Tried, not looked up: pg_timezone_names reads every file of zones there is, 40 ms. What only looks like a rule
  -- (POSIX: Mars3) would be believed.
  begin
    if (p_time_zone ~ '^[A-Za-z_]+(/[A-Za-z0-9_+-]+)*$') is not true then raise invalid_parameter_value; end if;
    perform now() at time zone p_time_zone;
  exception when invalid_parameter_value then
    raise exception 'There is no time zone %.', coalesce(p_time_zone, 'null')
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Pass a name as in Europe/Berlin.';
  end;
  if p_from is null or p_to is null or not isfinite(p_from) or not isfinite(p_to) or p_to <= p_from then
    raise exception 'A series needs a start and a later end, not % and %.', coalesce(p_from::text, 'null'),
    coalesce(p_to::text, 'null')
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Pass both, the earlier one first.';
  end if;
  if p_step = 'hour' then
    if p_from < v_hours_from then
      raise exception 'Hours are kept since %.', v_hours_from
        using errcode = 'PT400', detail = 'invalid_input', hint = 'Ask for days, or for a later start.';
    end if;
    if p_to - p_from > interval '1000 hours' then
      raise exception 'A series has at most 1,000 points.'
        using errcode = 'PT400', detail = 'invalid_input', hint = 'Ask for days, or for a shorter window.';
    end if;
    v_exact := array(select generate_series(date_trunc('hour', p_from, 'UTC'),
      date_trunc('hour', p_to - interval '1 microsecond', 'UTC') + interval '1 hour', interval '1 hour'));
    edges := v_exact;
  else
    if p_to - p_from > interval '1000 days' then
      raise exception 'A series has at most 1,000 points.'
        using errcode = 'PT400', detail = 'invalid_input', hint = 'Ask for a shorter window.';
    end if;
    v_exact := array(select g at time zone p_time_zone
      from generate_series(date_trunc('day', p_from at time zone p_time_zone),
        date_trunc('day', (p_to - interval '1 microsecond') at time zone p_time_zone) + interval '1 day',
        interval '1 day') g);
    edges := array(select case when x.at < v_hours_from
        then date_trunc('day', x.at + interval '12 hours', 'UTC')
        else date_trunc('hour', x.at + interval '30 minutes', 'UTC') end from unnest(v_exact) with ordinality x (at, n)
          order by x.n);
  end if;
  are_rounded := array(select a.at <> b.at or lead(a.at <> b.at) over (order by a.n)
    from unnest(v_exact) with ordinality a (at, n) join unnest(edges) with ordinality b (at, n) using (n) order by a.n);
  return next;
end $$;
