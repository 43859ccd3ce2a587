/* Counts and times of one window. Callers: get_execution_stats. */
-- for: service_role, authenticated
create function runledger_private.read_stats(p_user text, p_workflow uuid, p_starts_at timestamptz,
  p_days_from timestamptz,
                                   p_days_to timestamptz, p_ends_at timestamptz,
                                   p_with_queue boolean) returns runledger_private.stats
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  r runledger_private.stats;
begin
  with cell as materialized (select * from runledger_private.cells_in(p_user, p_workflow, p_starts_at, p_days_from,
    p_days_to, p_ends_at)),
  tail as materialized (select * from runledger_private.tail_in(p_user, p_workflow, p_starts_at, p_ends_at)),
  status_count as (
    select status, sum(n) as n from (
      select u.place as status, u.n from cell c, unnest(c.counts) with ordinality u (n, place)
      union all
      select runledger_private.status_number(t.status), t.n from tail t) x
     group by 1 having sum(n) <> 0),
  counted as (
    select coalesce(sum(n), 0) as total, coalesce(jsonb_object_agg(x.name, n), '{}') as counts,
           sum(n) filter (where runledger_private.is_end(x.name)) as ended,
           coalesce(sum(n) filter (where x.name = 'completed'), 0) as completed
      from status_count, lateral (select runledger_private.status_at(status) as name) x),
  total as (
    select sum(duration_count) as duration_count, sum(duration_sum) as duration_sum, min(duration_min) as duration_min,
           max(duration_max) as duration_max, sum(queue_count) as queue_count, sum(queue_sum) as queue_sum,
           min(queue_min) as queue_min, max(queue_max) as queue_max, bool_or(is_stale) as is_stale,
           max(lost_duration_max) as lost_duration_max, min(lost_duration_min) as lost_duration_min,
           max(lost_queue_max) as lost_queue_max, min(lost_queue_min) as lost_queue_min
      from (
        select duration_count, duration_sum, duration_min, duration_max, queue_count, queue_sum, queue_min, queue_max,
               is_stale, null::bigint as lost_duration_min, null::bigint as lost_duration_max,
               null::bigint as lost_queue_min, null::bigint as lost_queue_max
          from cell
        union all
        select coalesce(sum(n) filter (where duration_ms is not null), 0), coalesce(sum(n * duration_ms), 0),
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
      select 'queue', u.bucket, u.n from cell c, unnest(c.queue_buckets, c.queue_counts) u (bucket, n)
        where p_with_queue
      union all
      select 'duration', runledger_private.bucket_of(duration_ms), n from tail where duration_ms is not null
      union all
      select 'queue', runledger_private.bucket_of(queue_ms), n from tail where queue_ms is not null and p_with_queue) b
     group by 1, 2),
  ranked as (
    select kind, bucket, sum(n) over (partition by kind order by bucket) as upto,
           sum(n) over (partition by kind) as n_all from bucket),
  quantile as (
    select kind, min(bucket) filter (where upto >= 0.50 * n_all) as p50,
           min(bucket) filter (where upto >= 0.90 * n_all) as p90,
           min(bucket) filter (where upto >= 0.95 * n_all) as p95,
           min(bucket) filter (where upto >= 0.99 * n_all) as p99
      from ranked where n_all > 0 group by 1)
  select c.total, c.counts, round(100.0 * c.completed / nullif(c.ended, 0), 1)::float8,
         (t.duration_sum / nullif(t.duration_count, 0))::float8,
         case when t.duration_count > 0 then t.duration_min end, case when t.duration_count > 0 then t.duration_max end,
         runledger_private.clamp_bucket(d.p50, t.duration_min, t.duration_max),
         runledger_private.clamp_bucket(d.p90, t.duration_min, t.duration_max),
         runledger_private.clamp_bucket(d.p95, t.duration_min, t.duration_max),
         runledger_private.clamp_bucket(d.p99, t.duration_min, t.duration_max),
         (t.queue_sum / nullif(t.queue_count, 0))::float8,
         case when t.queue_count > 0 then t.queue_min end, case when t.queue_count > 0 then t.queue_max end,
         runledger_private.clamp_bucket(q.p50, t.queue_min, t.queue_max),
         runledger_private.clamp_bucket(q.p90, t.queue_min, t.queue_max),
         runledger_private.clamp_bucket(q.p95, t.queue_min, t.queue_max),
         runledger_private.clamp_bucket(q.p99, t.queue_min, t.queue_max),
         not coalesce(t.is_stale, false)
           and (t.duration_count = 0 or ((t.lost_duration_min <= t.duration_min) is not true
             and (t.lost_duration_max >= t.duration_max) is not true))
           and (t.queue_count = 0 or ((t.lost_queue_min <= t.queue_min) is not true
             and (t.lost_queue_max >= t.queue_max) is not true))
    into r
    from total t
    cross join counted c
    left join quantile d on d.kind = 'duration'
    left join quantile q on q.kind = 'queue';
  return r;
end $$;
