-- Statistics: cells and the tail of deltas, read in one snapshot. Windows go by started_at and are whole UTC hours, or
-- days where hour cells are no longer kept: a window is widened to them, and the answer names the window it is of.
-- Callers see what row-level security lets them see: a user their own cells, the service role all.

/* From where hour cells are kept. Callers: every read of a window. */
create function private.hours_from() returns timestamptz
language sql stable security definer
set search_path = ''
return (select s.hours_from from public.fold_state s);

/* Whose cells are read: those of a user, or, where no user is named or known, those of all ('').
   Callers: every function of statistics. */
create function private.stats_user(p_user_id text) returns text
language sql stable
set search_path = ''
return coalesce(p_user_id, private.current_user_id(), '');

/* Which cells make up a window: hours [starts_at, days_from), days [days_from, days_to), hours [days_to, ends_at).
   Null is open. Callers: every function of statistics. */
create function private.stats_window(p_from timestamptz, p_to timestamptz,
  out starts_at timestamptz, out days_from timestamptz, out days_to timestamptz, out ends_at timestamptz)
language plpgsql stable
set search_path = ''
as $$
declare
  v_hours_from timestamptz := private.hours_from();
begin
  if p_to < p_from then
    raise exception 'The window ends (%) before it starts (%).', p_to, p_from
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Pass the earlier time as the start.';
  end if;
  starts_at := date_trunc('hour', coalesce(p_from, '-infinity'), 'UTC');
  ends_at := date_trunc('hour', coalesce(p_to, 'infinity'), 'UTC');
  if ends_at < p_to then ends_at := ends_at + interval '1 hour'; end if;
  if starts_at < v_hours_from then starts_at := date_trunc('day', starts_at, 'UTC'); end if;
  if ends_at < v_hours_from and ends_at > date_trunc('day', ends_at, 'UTC') then
    ends_at := date_trunc('day', ends_at, 'UTC') + interval '1 day';
  end if;
  days_from := date_trunc('day', starts_at, 'UTC');
  if days_from < starts_at then days_from := days_from + interval '1 day'; end if;
  days_from := least(days_from, ends_at);
  days_to := greatest(days_from, date_trunc('day', ends_at, 'UTC'));
end $$;

/* The cells of a window. The nil uuid: all workflows of the user together; null: each workflow of the user, or of
   everybody. Callers: every function of statistics. */
create function private.cells_in(p_user text, p_workflow uuid, p_starts_at timestamptz, p_days_from timestamptz,
                                 p_days_to timestamptz, p_ends_at timestamptz) returns setof public.execution_stats
language plpgsql stable
set search_path = ''
as $$
begin
  if p_workflow is null then
    return query
      select * from public.execution_stats s where s.created_by = p_user and s.grain = 'day'
         and s.workflow_id > '00000000-0000-0000-0000-000000000000' and s.starts_at >= p_days_from and s.starts_at < p_days_to
      union all
      select * from public.execution_stats s where s.created_by = p_user and s.grain = 'hour'
         and s.workflow_id > '00000000-0000-0000-0000-000000000000' and s.starts_at >= p_starts_at and s.starts_at < p_days_from
      union all
      select * from public.execution_stats s where s.created_by = p_user and s.grain = 'hour'
         and s.workflow_id > '00000000-0000-0000-0000-000000000000' and s.starts_at >= p_days_to and s.starts_at < p_ends_at;
  else
    return query
      select * from public.execution_stats s where s.created_by = p_user and s.grain = 'day'
         and s.workflow_id = p_workflow and s.starts_at >= p_days_from and s.starts_at < p_days_to
      union all
      select * from public.execution_stats s where s.created_by = p_user and s.grain = 'hour'
         and s.workflow_id = p_workflow and s.starts_at >= p_starts_at and s.starts_at < p_days_from
      union all
      select * from public.execution_stats s where s.created_by = p_user and s.grain = 'hour'
         and s.workflow_id = p_workflow and s.starts_at >= p_days_to and s.starts_at < p_ends_at;
  end if;
end $$;

/* What is not folded yet, of a window, as signed rows. Callers: every function of statistics. */
create function private.tail_in(p_user text, p_workflow uuid, p_starts_at timestamptz, p_ends_at timestamptz)
returns table (workflow_id uuid, hour timestamptz, n integer, status text, duration_ms bigint, queue_ms bigint, verdict text,
               failure_group text, failure_shape text)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_below xid8 := private.folded_below();
begin
  if p_user <> '' then
    return query
      select d.workflow_id, d.hour, v.* from public.execution_deltas d, lateral private.signs_of(d) v
       where d.created_by = p_user and d.xid >= v_below and d.hour >= p_starts_at and d.hour < p_ends_at
         and (p_workflow is null or p_workflow = '00000000-0000-0000-0000-000000000000' or d.workflow_id = p_workflow);
  elsif p_workflow is not null then
    return query
      select d.workflow_id, d.hour, v.* from public.execution_deltas d, lateral private.signs_of(d) v
       where d.workflow_id = p_workflow and d.xid >= v_below and d.hour >= p_starts_at and d.hour < p_ends_at;
  else
    return query
      select d.workflow_id, d.hour, v.* from public.execution_deltas d, lateral private.signs_of(d) v
       where d.xid >= v_below and d.hour >= p_starts_at and d.hour < p_ends_at;
  end if;
end $$;

/* The same of verdicts and failures: cells and tail together, one row per label and workflow, zeros left out.
   Callers: get_execution_stats, get_top_failures. */
create function private.labels_in(p_kind text, p_user text, p_workflow uuid, p_starts_at timestamptz, p_days_from timestamptz,
                                  p_days_to timestamptz, p_ends_at timestamptz)
returns table (label text, description text, n bigint)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
begin
  return query
    select x.label, max(x.description), sum(x.n)::bigint from (
      select l.label, l.description, l.executions as n from public.execution_label_stats l
       where l.created_by = p_user and l.kind = p_kind and l.grain = 'day'
         and (l.workflow_id = p_workflow or (p_workflow is null and l.workflow_id > '00000000-0000-0000-0000-000000000000'))
         and l.starts_at >= p_days_from and l.starts_at < p_days_to
      union all
      select l.label, l.description, l.executions from public.execution_label_stats l
       where l.created_by = p_user and l.kind = p_kind and l.grain = 'hour'
         and (l.workflow_id = p_workflow or (p_workflow is null and l.workflow_id > '00000000-0000-0000-0000-000000000000'))
         and ((l.starts_at >= p_starts_at and l.starts_at < p_days_from) or (l.starts_at >= p_days_to and l.starts_at < p_ends_at))
      union all
      select case p_kind when 'verdict' then t.verdict else t.failure_group end, t.failure_shape, t.n
        from private.tail_in(p_user, p_workflow, p_starts_at, p_ends_at) t
       where case p_kind when 'verdict' then t.verdict else t.failure_group end is not null) x
     group by x.label having sum(x.n) > 0;
end $$;

create type private.stats as (
  total bigint, pending bigint, running bigint, completed bigint, failed bigint, cancelled bigint, timed_out bigint,
  terminated bigint, success_rate double precision,
  avg_duration_ms double precision, min_duration_ms bigint, max_duration_ms bigint, p50_duration_ms double precision,
  p90_duration_ms double precision, p95_duration_ms double precision, p99_duration_ms double precision,
  avg_queue_ms double precision, min_queue_ms bigint, max_queue_ms bigint, p50_queue_ms double precision,
  p90_queue_ms double precision, p95_queue_ms double precision, p99_queue_ms double precision,
  extremes_are_exact boolean);

/* Counts and times of one window. Callers: get_execution_stats. */
create function private.read_stats(p_user text, p_workflow uuid, p_starts_at timestamptz, p_days_from timestamptz,
                                   p_days_to timestamptz, p_ends_at timestamptz, p_with_queue boolean) returns private.stats
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  r private.stats;
begin
  with cell as materialized (select * from private.cells_in(p_user, p_workflow, p_starts_at, p_days_from, p_days_to, p_ends_at)),
  tail as materialized (select * from private.tail_in(p_user, p_workflow, p_starts_at, p_ends_at)),
  total as (
    select sum(pending) as pending, sum(running) as running, sum(completed) as completed, sum(failed) as failed,
           sum(cancelled) as cancelled, sum(timed_out) as timed_out, sum(terminated) as terminated,
           sum(duration_count) as duration_count, sum(duration_sum) as duration_sum, min(duration_min) as duration_min,
           max(duration_max) as duration_max, sum(queue_count) as queue_count, sum(queue_sum) as queue_sum,
           min(queue_min) as queue_min, max(queue_max) as queue_max, bool_or(is_stale) as is_stale,
           max(lost_duration_max) as lost_duration_max, min(lost_duration_min) as lost_duration_min,
           max(lost_queue_max) as lost_queue_max, min(lost_queue_min) as lost_queue_min
      from (
        select pending, running, completed, failed, cancelled, timed_out, terminated, duration_count, duration_sum, duration_min,
               duration_max, queue_count, queue_sum, queue_min, queue_max, is_stale, null::bigint as lost_duration_min,
               null::bigint as lost_duration_max, null::bigint as lost_queue_min, null::bigint as lost_queue_max
          from cell
        union all
        select coalesce(sum(n) filter (where status = 'pending'), 0), coalesce(sum(n) filter (where status = 'running'), 0),
               coalesce(sum(n) filter (where status = 'completed'), 0), coalesce(sum(n) filter (where status = 'failed'), 0),
               coalesce(sum(n) filter (where status = 'cancelled'), 0), coalesce(sum(n) filter (where status = 'timed_out'), 0),
               coalesce(sum(n) filter (where status = 'terminated'), 0),
               coalesce(sum(n) filter (where duration_ms is not null), 0), coalesce(sum(n * duration_ms), 0),
               min(duration_ms) filter (where n > 0), max(duration_ms) filter (where n > 0),
               coalesce(sum(n) filter (where queue_ms is not null), 0), coalesce(sum(n * queue_ms), 0),
               min(queue_ms) filter (where n > 0), max(queue_ms) filter (where n > 0), false,
               min(duration_ms) filter (where n < 0), max(duration_ms) filter (where n < 0),
               min(queue_ms) filter (where n < 0), max(queue_ms) filter (where n < 0)
          from tail) x),
  bucket as (
    select kind, bucket, sum(n) as n from (
      select 'duration' as kind, u.bucket, u.n from cell c, unnest(c.duration_buckets, c.duration_counts) u (bucket, n)
      union all
      select 'queue', u.bucket, u.n from cell c, unnest(c.queue_buckets, c.queue_counts) u (bucket, n) where p_with_queue
      union all
      select 'duration', private.bucket_of(duration_ms), n from tail where duration_ms is not null
      union all
      select 'queue', private.bucket_of(queue_ms), n from tail where queue_ms is not null and p_with_queue) b
     group by 1, 2),
  ranked as (
    select kind, bucket, sum(n) over (partition by kind order by bucket) as upto, sum(n) over (partition by kind) as n_all from bucket),
  quantile as (
    select kind, min(bucket) filter (where upto >= 0.50 * n_all) as p50, min(bucket) filter (where upto >= 0.90 * n_all) as p90,
           min(bucket) filter (where upto >= 0.95 * n_all) as p95, min(bucket) filter (where upto >= 0.99 * n_all) as p99
      from ranked where n_all > 0 group by 1)
  select t.pending + t.running + t.completed + t.failed + t.cancelled + t.timed_out + t.terminated,
         t.pending, t.running, t.completed, t.failed, t.cancelled, t.timed_out, t.terminated,
         round(100.0 * t.completed / nullif(t.completed + t.failed + t.cancelled + t.timed_out + t.terminated, 0), 1)::float8,
         (t.duration_sum / nullif(t.duration_count, 0))::float8,
         case when t.duration_count > 0 then t.duration_min end, case when t.duration_count > 0 then t.duration_max end,
         private.clamp_bucket(d.p50, t.duration_min, t.duration_max), private.clamp_bucket(d.p90, t.duration_min, t.duration_max),
         private.clamp_bucket(d.p95, t.duration_min, t.duration_max), private.clamp_bucket(d.p99, t.duration_min, t.duration_max),
         (t.queue_sum / nullif(t.queue_count, 0))::float8,
         case when t.queue_count > 0 then t.queue_min end, case when t.queue_count > 0 then t.queue_max end,
         private.clamp_bucket(q.p50, t.queue_min, t.queue_max), private.clamp_bucket(q.p90, t.queue_min, t.queue_max),
         private.clamp_bucket(q.p95, t.queue_min, t.queue_max), private.clamp_bucket(q.p99, t.queue_min, t.queue_max),
         not coalesce(t.is_stale, false)
           and (t.duration_count = 0 or ((t.lost_duration_min <= t.duration_min) is not true and (t.lost_duration_max >= t.duration_max) is not true))
           and (t.queue_count = 0 or ((t.lost_queue_min <= t.queue_min) is not true and (t.lost_queue_max >= t.queue_max) is not true))
    into r
    from total t
    left join quantile d on d.kind = 'duration'
    left join quantile q on q.kind = 'queue';
  return r;
end $$;

/* The time that stands for a bucket, inside what is known of smallest and largest. Callers: everything with percentiles. */
create function private.clamp_bucket(p_bucket integer, p_min bigint, p_max bigint) returns double precision
language sql immutable parallel safe
return case when p_bucket is not null then greatest(p_min, least(p_max, private.bucket_ms(p_bucket))) end;

/* Counts by status, run times and queue times (first_task_at - started_at) in milliseconds, and the success rate in
   percent (completed of ended; null where none has ended) of executions started in a window; with p_with_previous also
   of the window of the same length before. Percentiles are the smallest time that so many percent do not exceed
   (percentile_disc), within 2 %. Smallest and largest may be wider than true where extremes_are_exact is false.
   Callers: ExecutionService.getStats, the router. */
create function public.get_execution_stats(p_workflow_id uuid default null, p_user_id text default null,
  p_from timestamptz default null, p_to timestamptz default null, p_with_previous boolean default false,
  p_with_queue boolean default true)
returns table (period text, starts_at timestamptz, ends_at timestamptz, total bigint, pending bigint, running bigint,
  completed bigint, failed bigint, cancelled bigint, timed_out bigint, terminated bigint, success_rate double precision,
  avg_duration_ms double precision, min_duration_ms bigint, max_duration_ms bigint, p50_duration_ms double precision,
  p90_duration_ms double precision, p95_duration_ms double precision, p99_duration_ms double precision,
  avg_queue_ms double precision, min_queue_ms bigint, max_queue_ms bigint, p50_queue_ms double precision,
  p90_queue_ms double precision, p95_queue_ms double precision, p99_queue_ms double precision,
  extremes_are_exact boolean, verdicts jsonb, as_of timestamptz)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_user text := private.stats_user(p_user_id);
  v_workflow uuid := case when p_workflow_id is null and v_user <> '' then '00000000-0000-0000-0000-000000000000' else p_workflow_id end;
  w record;
begin
  select * into w from private.stats_window(p_from, p_to);
  return query
    select 'current', case when isfinite(w.starts_at) then w.starts_at end, case when isfinite(w.ends_at) then w.ends_at end,
           s.*, (select coalesce(jsonb_object_agg(l.label, l.n), '{}') from private.labels_in('verdict', v_user, v_workflow,
                   w.starts_at, w.days_from, w.days_to, w.ends_at) l), statement_timestamp()
      from private.read_stats(v_user, v_workflow, w.starts_at, w.days_from, w.days_to, w.ends_at, p_with_queue) s;
  if not p_with_previous or not isfinite(w.starts_at) or not isfinite(w.ends_at) then return; end if;
  select * into w from private.stats_window(w.starts_at - (w.ends_at - w.starts_at), w.starts_at);
  return query
    select 'previous', w.starts_at, w.ends_at,
           s.*, (select coalesce(jsonb_object_agg(l.label, l.n), '{}') from private.labels_in('verdict', v_user, v_workflow,
                   w.starts_at, w.days_from, w.days_to, w.ends_at) l), statement_timestamp()
      from private.read_stats(v_user, v_workflow, w.starts_at, w.days_from, w.days_to, w.ends_at, p_with_queue) s;
end $$;

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
  v_workflow uuid := case when p_workflow_id is null and v_user <> '' then '00000000-0000-0000-0000-000000000000' else p_workflow_id end;
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

/* The workflows with most executions started in a window. Callers: the router. */
create function public.get_top_workflows(p_user_id text default null, p_from timestamptz default null, p_to timestamptz default null,
                                         p_limit integer default 10)
returns table (workflow_id uuid, total bigint, pending bigint, running bigint, completed bigint, failed bigint, cancelled bigint,
  timed_out bigint, terminated bigint, success_rate double precision, avg_duration_ms double precision, as_of timestamptz)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_user text := private.stats_user(p_user_id);
  w record;
begin
  select * into w from private.stats_window(p_from, p_to);
  return query
  select x.workflow_id,
         sum(x.pending + x.running + x.completed + x.failed + x.cancelled + x.timed_out + x.terminated)::bigint as total,
         sum(x.pending)::bigint, sum(x.running)::bigint, sum(x.completed)::bigint, sum(x.failed)::bigint, sum(x.cancelled)::bigint,
         sum(x.timed_out)::bigint, sum(x.terminated)::bigint,
         round(100.0 * sum(x.completed) / nullif(sum(x.completed + x.failed + x.cancelled + x.timed_out + x.terminated), 0), 1)::float8,
         (sum(x.duration_sum) / nullif(sum(x.duration_count), 0))::float8, statement_timestamp()
    from (
      select c.workflow_id, c.pending, c.running, c.completed, c.failed, c.cancelled, c.timed_out, c.terminated, c.duration_count, c.duration_sum
        from private.cells_in(v_user, null, w.starts_at, w.days_from, w.days_to, w.ends_at) c
      union all
      select t.workflow_id, t.n * (t.status = 'pending')::int, t.n * (t.status = 'running')::int, t.n * (t.status = 'completed')::int,
             t.n * (t.status = 'failed')::int, t.n * (t.status = 'cancelled')::int, t.n * (t.status = 'timed_out')::int,
             t.n * (t.status = 'terminated')::int, case when t.duration_ms is null then 0 else t.n end, coalesce(t.n * t.duration_ms, 0)
        from private.tail_in(v_user, null, w.starts_at, w.ends_at) t) x
   group by 1
  having sum(x.pending + x.running + x.completed + x.failed + x.cancelled + x.timed_out + x.terminated) > 0
   order by total desc, x.workflow_id
   limit least(greatest(p_limit, 1), 200);
end $$;

/* The kinds of failures with most executions started in a window: type, failing activity and shape of the message; when
   the first and the last of those still kept were started, and the last one's id. Callers: the router. */
create function public.get_top_failures(p_workflow_id uuid default null, p_user_id text default null, p_from timestamptz default null,
                                        p_to timestamptz default null, p_limit integer default 10)
returns table (failure_group text, failure_type text, activity_type text, message text, executions bigint,
               first_started_at timestamptz, last_started_at timestamptz, last_execution_id uuid, as_of timestamptz)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_user text := private.stats_user(p_user_id);
  v_workflow uuid := case when p_workflow_id is null and v_user <> '' then '00000000-0000-0000-0000-000000000000' else p_workflow_id end;
  w record;
begin
  select * into w from private.stats_window(p_from, p_to);
  return query
  select l.label, nullif(split_part(l.description, E'\n', 1), '-'), nullif(split_part(l.description, E'\n', 2), '-'),
         split_part(l.description, E'\n', 3), l.n, a.at, z.at, z.id, statement_timestamp()
    from (select * from private.labels_in('failure', v_user, v_workflow, w.starts_at, w.days_from, w.days_to, w.ends_at)
           order by n desc, label limit least(greatest(p_limit, 1), 100)) l
    left join lateral private.failure_edge(l.label, v_user, p_workflow_id, w.starts_at, w.ends_at, true) a on true
    left join lateral private.failure_edge(l.label, v_user, p_workflow_id, w.starts_at, w.ends_at, false) z on true
   order by l.n desc, l.label;
end $$;

/* The first or last execution of a kind of failure that was started in a window. Callers: get_top_failures. */
create function private.failure_edge(p_group text, p_user text, p_workflow uuid, p_from timestamptz, p_to timestamptz, p_first boolean,
                                     out at timestamptz, out id uuid)
language plpgsql stable
set search_path = ''
as $$
begin
  -- A branch each, so that each walks its index from its end.
  if p_user <> '' and p_first then
    select e.started_at, e.id into at, id from public.workflow_executions e
     where e.created_by = p_user and e.failure_group = p_group and (p_workflow is null or e.workflow_id = p_workflow)
       and e.started_at >= p_from and e.started_at < p_to
     order by e.started_at, e.id limit 1;
  elsif p_user <> '' then
    select e.started_at, e.id into at, id from public.workflow_executions e
     where e.created_by = p_user and e.failure_group = p_group and (p_workflow is null or e.workflow_id = p_workflow)
       and e.started_at >= p_from and e.started_at < p_to
     order by e.started_at desc, e.id desc limit 1;
  elsif p_first then
    select e.started_at, e.id into at, id from public.workflow_executions e
     where e.workflow_id = p_workflow and e.failure_group = p_group and e.started_at >= p_from and e.started_at < p_to
     order by e.started_at, e.id limit 1;
  else
    select e.started_at, e.id into at, id from public.workflow_executions e
     where e.workflow_id = p_workflow and e.failure_group = p_group and e.started_at >= p_from and e.started_at < p_to
     order by e.started_at desc, e.id desc limit 1;
  end if;
end $$;

/* Executions by status since the beginning, per workflow: of a user, or of everybody for the workflows that p_owner_id owns.
   Callers: the router. */
create function public.get_workflow_counters(p_user_id text default null, p_owner_id text default null)
returns table (workflow_id uuid, total bigint, pending bigint, running bigint, completed bigint, failed bigint, cancelled bigint,
  timed_out bigint, terminated bigint, as_of timestamptz)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_user text := case when p_owner_id is null then private.stats_user(p_user_id) else '' end;
  v_owned uuid[] := case when p_owner_id is not null then array(select w.id from public.workflows w where w.user_id = p_owner_id) end;
begin
  return query
  with tail as (
    select t.workflow_id, sum(t.n) filter (where t.status = 'pending') as pending, sum(t.n) filter (where t.status = 'running') as running,
           sum(t.n) filter (where t.status = 'completed') as completed, sum(t.n) filter (where t.status = 'failed') as failed,
           sum(t.n) filter (where t.status = 'cancelled') as cancelled, sum(t.n) filter (where t.status = 'timed_out') as timed_out,
           sum(t.n) filter (where t.status = 'terminated') as terminated
      from private.tail_in(v_user, null, '-infinity', 'infinity') t
     where v_owned is null or t.workflow_id = any (v_owned) group by 1),
  cell as (
    select s.workflow_id, s.pending, s.running, s.completed, s.failed, s.cancelled, s.timed_out, s.terminated
      from public.execution_stats s
     where s.created_by = v_user and s.grain = 'life' and s.workflow_id > '00000000-0000-0000-0000-000000000000'
       and (v_owned is null or s.workflow_id = any (v_owned))),
  merged as (
    select coalesce(c.workflow_id, t.workflow_id) as workflow_id, coalesce(c.pending, 0) + coalesce(t.pending, 0) as pending,
           coalesce(c.running, 0) + coalesce(t.running, 0) as running, coalesce(c.completed, 0) + coalesce(t.completed, 0) as completed,
           coalesce(c.failed, 0) + coalesce(t.failed, 0) as failed, coalesce(c.cancelled, 0) + coalesce(t.cancelled, 0) as cancelled,
           coalesce(c.timed_out, 0) + coalesce(t.timed_out, 0) as timed_out, coalesce(c.terminated, 0) + coalesce(t.terminated, 0) as terminated
      from cell c full join tail t on t.workflow_id = c.workflow_id)
  select b.workflow_id, b.pending + b.running + b.completed + b.failed + b.cancelled + b.timed_out + b.terminated,
         b.pending, b.running, b.completed, b.failed, b.cancelled, b.timed_out, b.terminated, statement_timestamp()
    from merged b
   where b.pending + b.running + b.completed + b.failed + b.cancelled + b.timed_out + b.terminated > 0
   order by 1;
end $$;

/* How many executions there are, from the counters; null where they cannot say it exactly: a window off the hour, or off
   the day where hour cells are no longer kept. Callers: count_executions. */
create function private.count_from_cells(p_user_id text, p_workflow_id uuid, p_from timestamptz, p_to timestamptz, p_statuses text[])
returns bigint
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_user text := private.stats_user(p_user_id);
  v_workflow uuid := case when p_workflow_id is null and v_user <> '' then '00000000-0000-0000-0000-000000000000' else p_workflow_id end;
  w record;
  v_n bigint;
begin
  if p_from > p_to then return 0; end if;
  select * into w from private.stats_window(p_from, p_to);
  if w.starts_at <> coalesce(p_from, '-infinity') or w.ends_at <> coalesce(p_to, 'infinity') then return null; end if;
  with cell as (
    select s.* from private.cells_in(v_user, v_workflow, w.starts_at, w.days_from, w.days_to, w.ends_at) s where p_from is not null or p_to is not null
    union all
    select s.* from public.execution_stats s
     where p_from is null and p_to is null and s.created_by = v_user and s.grain = 'life'
       and (s.workflow_id = v_workflow or (v_workflow is null and s.workflow_id > '00000000-0000-0000-0000-000000000000')))
  select coalesce(sum(x.n), 0) into v_n from (
    select u.n from cell c, lateral (values ('pending', c.pending), ('running', c.running), ('completed', c.completed), ('failed', c.failed),
      ('cancelled', c.cancelled), ('timed_out', c.timed_out), ('terminated', c.terminated)) u (status, n)
     where p_statuses is null or cardinality(p_statuses) = 0 or u.status = any (p_statuses)
    union all
    select t.n from private.tail_in(v_user, v_workflow, w.starts_at, w.ends_at) t
     where p_statuses is null or cardinality(p_statuses) = 0 or t.status = any (p_statuses)) x;
  return v_n;
end $$;

/* Runs of a user, of one workflow if given, that completed or failed, pruned ones included.
   Callers: ExecutionService.getRunCount, record_outcomes, the users' own code. */
create function public.get_user_workflow_run_count(p_user_id text, p_workflow_id uuid default null) returns integer
language sql stable
set search_path = ''
as $$
  select case when p_user_id is null then 0 else
    private.count_from_cells(p_user_id, p_workflow_id, null, null, array['completed', 'failed'])::int end;
$$;

/* The same per user and workflow; last_run_at is the newest start of any execution that is still kept. */
create or replace view public.workflow_run_counts with (security_invoker = on) as
  select x.user_id, x.workflow_id, sum(x.completed)::bigint as completed_count, sum(x.failed)::bigint as failed_count,
         sum(x.completed + x.failed)::bigint as total_count,
         (select max(e.started_at) from public.workflow_executions e
           where e.workflow_id = x.workflow_id and e.created_by = x.user_id) as last_run_at
    from (
      select s.created_by as user_id, s.workflow_id, s.completed, s.failed,
             s.pending + s.running + s.completed + s.failed + s.cancelled + s.timed_out + s.terminated as total
        from public.execution_stats s
       where s.grain = 'life' and s.created_by <> '' and s.workflow_id <> '00000000-0000-0000-0000-000000000000'
      union all
      select d.created_by, d.workflow_id, v.n * (v.status = 'completed')::int, v.n * (v.status = 'failed')::int, v.n
        from public.execution_deltas d, lateral private.signs_of(d) v
       where d.xid >= (select private.folded_below())) x
   group by x.user_id, x.workflow_id having sum(x.total) > 0;

do $$
declare
  f regprocedure;
begin
  for f in select p.oid from pg_catalog.pg_proc p where p.pronamespace = 'private'::regnamespace and p.proname in (
    'hours_from', 'stats_user', 'stats_window', 'cells_in', 'tail_in', 'labels_in', 'read_stats', 'clamp_bucket',
    'series_points', 'failure_edge', 'count_from_cells') loop
    execute format('revoke execute on function %s from public, anon', f);
    execute format('grant execute on function %s to authenticated, service_role', f);
  end loop;
  foreach f in array array[
    'public.get_execution_stats(uuid, text, timestamptz, timestamptz, boolean, boolean)',
    'public.get_execution_series(uuid, text, timestamptz, timestamptz, text, text)',
    'public.get_top_workflows(text, timestamptz, timestamptz, integer)',
    'public.get_top_failures(uuid, text, timestamptz, timestamptz, integer)',
    'public.get_workflow_counters(text, text)', 'public.get_user_workflow_run_count(text, uuid)'
  ]::regprocedure[] loop
    execute format('revoke execute on function %s from public, anon', f);
    execute format('grant execute on function %s to authenticated, service_role', f);
  end loop;
end $$;
