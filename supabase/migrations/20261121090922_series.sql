-- Statistics by hour and day, ready to draw.

/* Where the points of a series begin and end: hours or days of UTC, or days of another zone, which are made of whole
   UTC hours and so rounded to the nearest where the zone is off the hour (and to UTC days before hour cells are kept).
   Callers: get_execution_series. */
create function private.series_points(p_from timestamptz, p_to timestamptz, p_step text, p_time_zone text)
returns table (edges timestamptz[], are_rounded boolean[])
language plpgsql stable
set search_path = ''
as $$
declare
  v_hours_from timestamptz := private.hours_from();
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
    raise exception 'A series needs a start and a later end, not % and %.', coalesce(p_from::text, 'null'), coalesce(p_to::text, 'null')
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
        date_trunc('day', (p_to - interval '1 microsecond') at time zone p_time_zone) + interval '1 day', interval '1 day') g);
    edges := array(select case when x.at < v_hours_from
        then date_trunc('day', x.at + interval '12 hours', 'UTC')
        else date_trunc('hour', x.at + interval '30 minutes', 'UTC') end from unnest(v_exact) with ordinality x (at, n) order by x.n);
  end if;
  are_rounded := array(select a.at <> b.at or lead(a.at <> b.at) over (order by a.n)
    from unnest(v_exact) with ordinality a (at, n) join unnest(edges) with ordinality b (at, n) using (n) order by a.n);
  return next;
end $$;

/* Counts by status and run times in milliseconds per hour or day of a window, empty points included; at most 1,000.
   Callers: the router. */
create function public.get_execution_series(p_workflow_id uuid default null, p_user_id text default null,
  p_from timestamptz default null, p_to timestamptz default null, p_step text default 'day', p_time_zone text default 'UTC')
returns table (starts_at timestamptz, ends_at timestamptz, is_rounded boolean, total bigint, pending bigint, running bigint,
  completed bigint, failed bigint, cancelled bigint, timed_out bigint, terminated bigint, avg_duration_ms double precision,
  p50_duration_ms double precision, p95_duration_ms double precision, as_of timestamptz)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_user text := private.stats_user(p_user_id);
  v_workflow uuid := private.stats_workflow(p_workflow_id, v_user);
  v_edges timestamptz[];
  v_rounded boolean[];
  v_first timestamptz;
  v_last timestamptz;
  -- Cells are days up to here and hours from here.
  v_split timestamptz;
begin
  select s.edges, s.are_rounded into v_edges, v_rounded from private.series_points(p_from, p_to, p_step, p_time_zone) s;
  v_first := v_edges[1];
  v_last := v_edges[array_length(v_edges, 1)];
  v_split := case
    when p_step = 'day' and not exists (select from unnest(v_edges) x (at) where x.at <> date_trunc('day', x.at, 'UTC')) then v_last
    else least(v_last, greatest(v_first, private.hours_from())) end;
  return query
  with cell as materialized (
    select width_bucket(c.starts_at, v_edges) as point, c.* from private.cells_in(v_user, v_workflow, v_first, v_first, v_split, v_split) c
    union all
    select width_bucket(c.starts_at, v_edges), c.* from private.cells_in(v_user, v_workflow, v_split, v_last, v_last, v_last) c),
  tail as materialized (
    select width_bucket(t.hour, v_edges) as point, t.* from private.tail_in(v_user, v_workflow, v_first, v_last) t),
  counted as (
    select point, sum(pending) as pending, sum(running) as running, sum(completed) as completed, sum(failed) as failed,
           sum(cancelled) as cancelled, sum(timed_out) as timed_out, sum(terminated) as terminated,
           sum(duration_count) as duration_count, sum(duration_sum) as duration_sum, min(duration_min) as duration_min,
           max(duration_max) as duration_max
      from (
        select point, pending, running, completed, failed, cancelled, timed_out, terminated, duration_count, duration_sum,
               duration_min, duration_max from cell
        union all
        select point, (n * (status = 'pending')::int), (n * (status = 'running')::int), (n * (status = 'completed')::int),
               (n * (status = 'failed')::int), (n * (status = 'cancelled')::int), (n * (status = 'timed_out')::int),
               (n * (status = 'terminated')::int), case when duration_ms is null then 0 else n end, coalesce(n * duration_ms, 0),
               case when n > 0 then duration_ms end, case when n > 0 then duration_ms end
          from tail) x
     group by 1),
  bucket as (
    select point, bucket, sum(n) as n from (
      select c.point, u.bucket, u.n from cell c, unnest(c.duration_buckets, c.duration_counts) u (bucket, n)
      union all
      select point, private.bucket_of(duration_ms), n from tail where duration_ms is not null) b
     group by 1, 2),
  ranked as (
    select point, bucket, sum(n) over (partition by point order by bucket) as upto, sum(n) over (partition by point) as n_all from bucket),
  quantile as (
    select point, min(bucket) filter (where upto >= 0.50 * n_all) as p50, min(bucket) filter (where upto >= 0.95 * n_all) as p95
      from ranked where n_all > 0 group by 1)
  select v_edges[p.point], v_edges[p.point + 1], v_rounded[p.point],
         coalesce(c.pending + c.running + c.completed + c.failed + c.cancelled + c.timed_out + c.terminated, 0)::bigint,
         coalesce(c.pending, 0)::bigint, coalesce(c.running, 0)::bigint, coalesce(c.completed, 0)::bigint, coalesce(c.failed, 0)::bigint,
         coalesce(c.cancelled, 0)::bigint, coalesce(c.timed_out, 0)::bigint, coalesce(c.terminated, 0)::bigint,
         (c.duration_sum / nullif(c.duration_count, 0))::float8,
         private.clamp_bucket(q.p50, c.duration_min, c.duration_max), private.clamp_bucket(q.p95, c.duration_min, c.duration_max),
         statement_timestamp()
    from generate_series(1, array_length(v_edges, 1) - 1) p (point)
    left join counted c using (point)
    left join quantile q using (point)
   order by p.point;
end $$;
