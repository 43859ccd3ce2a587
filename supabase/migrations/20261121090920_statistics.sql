-- Statistics: cells and the tail of deltas, read in one snapshot. Windows go by started_at and are whole UTC hours, or
-- days where hour cells are no longer kept: a window is widened to them, and the answer names the window it is of.
-- Callers see what row-level security lets them see: a user their own cells, the service role all.

/* From where hour cells are kept. Callers: every read of a window. */
create function private.hours_from() returns timestamptz
language plpgsql stable security definer
set search_path = ''
as $$
begin
  return (select s.hours_from from public.fold_state s);
end $$;

/* Refuses an id that stands for "all" in the cells: nobody's own. Not immutable: it would be called when a plan is made.
   Callers: stats_user, stats_workflow. */
create function private.refuse_marker(p_what text) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  raise exception 'No % is empty.', p_what
    using errcode = 'PT400', detail = 'invalid_input', hint = 'Leave it out to ask for all.';
end $$;

/* Whose cells are read: those of a user, or, where no user is named or known, those of all ('').
   Callers: every function of statistics. */
create function private.stats_user(p_user_id text) returns text
language sql stable
return case when p_user_id = '' then private.refuse_marker('user id') else coalesce(p_user_id, private.current_user_id(), '') end;

/* Which cells are read: those of a workflow, or, where none is named, those of all of a user (the nil uuid) or of everybody
   (null). Callers: every function of statistics. */
create function private.stats_workflow(p_workflow_id uuid, p_user text) returns uuid
language sql stable
return case when p_workflow_id = '00000000-0000-0000-0000-000000000000' then private.refuse_marker('workflow id')::uuid
            when p_workflow_id is null and p_user <> '' then '00000000-0000-0000-0000-000000000000'
            else p_workflow_id end;

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
  v_workflow uuid := private.stats_workflow(p_workflow_id, v_user);
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
