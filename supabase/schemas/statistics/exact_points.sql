/* Where the steps of a series begin and end, as its window says: five minutes, hours of UTC, or days of a time zone.
   Callers: series_points, get_filtered_series. */
-- for: service_role, authenticated
create function runledger_private.exact_points(p_from timestamptz, p_to timestamptz, p_step text, p_time_zone text)
returns timestamptz[]
language plpgsql stable
set search_path = ''
as $$
declare
  v_last constant timestamptz := p_to - interval '1 microsecond';
  v_most constant interval := case p_step when '5min' then '1 day' when 'hour' then '1000 hours' else '1000 days' end;
begin
  if p_step not in ('5min', 'hour', 'day') or p_step is null then
    raise exception 'A series has steps of 5min, hour or day, not of %.', coalesce(p_step, 'null')
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Pass 5min, hour or day.';
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
  if p_to - p_from > v_most then
    raise exception 'A series by % is of % at most.', p_step,
      case p_step when '5min' then 'a day' when 'hour' then '1,000 hours' else '1,000 days' end
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Ask for longer steps, or for a shorter window.';
  end if;
  return case p_step
    when '5min' then array(
      select generate_series(date_bin('5 minutes', p_from, 'epoch'),
        date_bin('5 minutes', v_last, 'epoch') + interval '5 minutes', '5 minutes'))
    when 'hour' then array(
      select generate_series(date_trunc('hour', p_from, 'UTC'), date_trunc('hour', v_last, 'UTC') + interval '1 hour',
        '1 hour'))
    else array(
      select g at time zone p_time_zone
        from generate_series(date_trunc('day', p_from at time zone p_time_zone),
          date_trunc('day', v_last at time zone p_time_zone) + interval '1 day', interval '1 day') g) end;
end $$;
