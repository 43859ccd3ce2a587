/* One window of get_filtered_stats, in the columns of get_execution_stats; exact, percentiles too.
   Callers: get_filtered_stats. */
-- for: service_role
create function runledger_private.filtered_stats(p_user_id text, p_workflow_id uuid, p_filter jsonb, p_by text,
  p_from timestamptz, p_to timestamptz) returns jsonb
language sql stable
set search_path = ''
as $$
  with row as materialized (
    select * from runledger_private.rows_in_window(p_user_id, p_workflow_id, p_filter, p_by, p_from, p_to)),
  by_status as (select r.status, count(*) as n from row r group by 1),
  counted as (
    select coalesce(sum(s.n), 0) as total, coalesce(jsonb_object_agg(s.status, s.n), '{}') as counts,
           sum(s.n) filter (where runledger_private.is_end(s.status)) as ended,
           coalesce(sum(s.n) filter (where s.status = 'completed'), 0) as completed
      from by_status s),
  verdict as (select r.verdict as label, count(*) as n from row r where r.verdict is not null group by 1),
  timed as (
    select avg(r.duration_ms)::float8 as avg_duration_ms, min(r.duration_ms) as min_duration_ms,
           max(r.duration_ms) as max_duration_ms,
           percentile_disc(array[0.5, 0.9, 0.95, 0.99]) within group (order by r.duration_ms) as d,
           avg(r.queue_ms)::float8 as avg_queue_ms, min(r.queue_ms) as min_queue_ms, max(r.queue_ms) as max_queue_ms,
           percentile_disc(array[0.5, 0.9, 0.95, 0.99]) within group (order by r.queue_ms) as q
      from row r)
  select jsonb_build_object('starts_at', p_from, 'ends_at', p_to, 'total', c.total, 'counts', c.counts,
    'success_rate', round(100.0 * c.completed / nullif(c.ended, 0), 1)::float8,
    'avg_duration_ms', t.avg_duration_ms, 'min_duration_ms', t.min_duration_ms, 'max_duration_ms', t.max_duration_ms,
    'p50_duration_ms', t.d[1], 'p90_duration_ms', t.d[2], 'p95_duration_ms', t.d[3], 'p99_duration_ms', t.d[4],
    'avg_queue_ms', t.avg_queue_ms, 'min_queue_ms', t.min_queue_ms, 'max_queue_ms', t.max_queue_ms,
    'p50_queue_ms', t.q[1], 'p90_queue_ms', t.q[2], 'p95_queue_ms', t.q[3], 'p99_queue_ms', t.q[4],
    'extremes_are_exact', true, 'verdicts', coalesce((select jsonb_object_agg(v.label, v.n) from verdict v), '{}'),
    'as_of', statement_timestamp(), 'counts_are_exact', runledger_private.has_all_since(p_from))
    from counted c cross join timed t;
$$;
