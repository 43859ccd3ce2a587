/* Counts by status (those above 0) and run times in milliseconds per hour or day of a window, empty points included; at
   most 1,000.
   Callers: the router. */
-- for: service_role, authenticated
create function runledger.get_execution_series(p_workflow_id uuid default null, p_user_id text default null,
  p_from timestamptz default null, p_to timestamptz default null, p_step text default 'day',
  p_time_zone text default 'UTC')
returns table (starts_at timestamptz, ends_at timestamptz, is_rounded boolean, total bigint, counts jsonb,
  avg_duration_ms double precision, p50_duration_ms double precision, p95_duration_ms double precision,
  as_of timestamptz)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_user text := runledger_private.stats_user(p_user_id);
  v_workflow uuid := runledger_private.stats_workflow(p_workflow_id, v_user);
  v_edges timestamptz[];
  v_rounded boolean[];
  v_first timestamptz;
  v_last timestamptz;
  -- Cells are days up to here and hours from here.
  v_split timestamptz;
begin
  select s.edges, s.are_rounded into v_edges, v_rounded
    from runledger_private.series_points(p_from, p_to, p_step, p_time_zone) s;
  v_first := v_edges[1];
  v_last := v_edges[array_length(v_edges, 1)];
  v_split := case
    when p_step = 'day' and not exists (select from unnest(v_edges) x (at)
      where x.at <> date_trunc('day', x.at, 'UTC')) then v_last
    else least(v_last, greatest(v_first, runledger_private.hours_from())) end;
  return query
  with cell as materialized (
    select width_bucket(c.starts_at, v_edges) as point, c.*
      from runledger_private.cells_in(v_user, v_workflow, v_first, v_first, v_split, v_split) c
    union all
    select width_bucket(c.starts_at, v_edges), c.*
      from runledger_private.cells_in(v_user, v_workflow, v_split, v_last, v_last, v_last) c),
  tail as materialized (
    select width_bucket(t.hour, v_edges) as point, t.*
      from runledger_private.tail_in(v_user, v_workflow, v_first, v_last) t),
  status_count as (
    select point, status, sum(n) as n from (
      select c.point, u.place as status, u.n from cell c, unnest(c.counts) with ordinality u (n, place)
      union all
      select t.point, runledger_private.status_number(t.status), t.n from tail t) x
     group by 1, 2 having sum(n) <> 0),
  counted as (
    select point, sum(n) as total, jsonb_object_agg(runledger_private.status_at(status), n) as counts
      from status_count group by 1),
  timed as (
    select point, sum(duration_count) as duration_count, sum(duration_sum) as duration_sum,
           min(duration_min) as duration_min, max(duration_max) as duration_max
      from (
        select point, duration_count, duration_sum, duration_min, duration_max from cell
        union all
        select point, n, n * duration_ms, case when n > 0 then duration_ms end, case when n > 0 then duration_ms end
          from tail where duration_ms is not null) x
     group by 1),
  bucket as (
    select point, bucket, sum(n) as n from (
      select c.point, u.bucket, u.n from cell c, unnest(c.duration_buckets, c.duration_counts) u (bucket, n)
      union all
      select point, runledger_private.bucket_of(duration_ms), n from tail where duration_ms is not null) b
     group by 1, 2),
  ranked as (
    select point, bucket, sum(n) over (partition by point order by bucket) as upto,
           sum(n) over (partition by point) as n_all from bucket),
  quantile as (
    select point, min(bucket) filter (where upto >= 0.50 * n_all) as p50,
           min(bucket) filter (where upto >= 0.95 * n_all) as p95
      from ranked where n_all > 0 group by 1)
  select v_edges[p.point], v_edges[p.point + 1], v_rounded[p.point],
         coalesce(c.total, 0)::bigint, coalesce(c.counts, '{}'),
         (t.duration_sum / nullif(t.duration_count, 0))::float8,
         runledger_private.clamp_bucket(q.p50, t.duration_min, t.duration_max),
         runledger_private.clamp_bucket(q.p95, t.duration_min, t.duration_max),
         statement_timestamp()
    from generate_series(1, array_length(v_edges, 1) - 1) p (point)
    left join counted c using (point)
    left join timed t using (point)
    left join quantile q using (point)
   order by p.point;
end $$;
