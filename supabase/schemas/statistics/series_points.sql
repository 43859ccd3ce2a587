-- Statistics by hour and day, ready to draw.

/* Where the points of a series begin and end that counters can say: hours or days of UTC, or days of another zone,
   which are made of whole UTC hours and so rounded to the nearest where the zone is off the hour (and to UTC days
   before hour cells are kept).
   Callers: get_execution_series. */
-- for: service_role, authenticated
create function runledger_private.series_points(p_from timestamptz, p_to timestamptz, p_step text, p_time_zone text)
returns table (edges timestamptz[], are_rounded boolean[])
language plpgsql stable
set search_path = ''
as $$
declare
  v_hours_from timestamptz := runledger_private.hours_from();
  v_exact timestamptz[] := runledger_private.exact_points(p_from, p_to, p_step, p_time_zone);
begin
  if p_step = '5min' then
    raise exception 'Counters are kept by hour and day, not by 5min.'
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Pass hour or day; get_filtered_series takes 5min.';
  elsif p_step = 'hour' and p_from < v_hours_from then
    raise exception 'Hours are kept since %.', v_hours_from
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Ask for days, or for a later start.';
  elsif p_step = 'hour' then
    edges := v_exact;
  else
    edges := array(select case when x.at < v_hours_from
        then date_trunc('day', x.at + interval '12 hours', 'UTC')
        else date_trunc('hour', x.at + interval '30 minutes', 'UTC') end from unnest(v_exact) with ordinality x (at, n)
          order by x.n);
  end if;
  are_rounded := array(select a.at <> b.at or lead(a.at <> b.at) over (order by a.n)
    from unnest(v_exact) with ordinality a (at, n) join unnest(edges) with ordinality b (at, n) using (n) order by a.n);
  return next;
end $$;
