/* The points of get_execution_series by steps of five minutes, an hour or a day, of the executions that a filter finds,
   started (p_by start) or ended (end) in them: exact, percentiles too, and of what is kept. Refused where that were too
   many to look at, see rows_in_window.
   Callers: StatisticsReader.series. Returns { points, counts_are_exact }: false where some may have been pruned. */
-- for: service_role
create function runledger.get_filtered_series(p_user_id text default null, p_workflow_id uuid default null,
  p_from timestamptz default null, p_to timestamptz default null, p_step text default 'day',
  p_time_zone text default 'UTC', p_by text default 'start', p_filter jsonb default '{}',
  p_everybody boolean default false) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_filter constant jsonb := runledger_private.check_execution_search(p_user_id, p_workflow_id,
    runledger_private.unwrap(p_filter), p_everybody => p_everybody);
  v_edges constant timestamptz[] := runledger_private.exact_points(p_from, p_to, p_step, p_time_zone);
begin
  return (
    with row as materialized (
      select width_bucket(r.at, v_edges) as point, r.status, r.duration_ms
        from runledger_private.rows_in_window(p_user_id, p_workflow_id, v_filter, p_by, v_edges[1],
          v_edges[cardinality(v_edges)]) r),
    counted as (
      select c.point, sum(c.n) as total, jsonb_object_agg(c.status, c.n) as counts
        from (select r.point, r.status, count(*) as n from row r group by 1, 2) c group by 1),
    timed as (
      select r.point, avg(r.duration_ms)::float8 as average,
             percentile_disc(array[0.5, 0.95]) within group (order by r.duration_ms) as quantiles
        from row r where r.duration_ms is not null group by 1)
    select jsonb_build_object('counts_are_exact', runledger_private.has_all_since(v_edges[1]), 'points',
             jsonb_agg(jsonb_build_object('starts_at', v_edges[p.point], 'ends_at', v_edges[p.point + 1],
               'is_rounded', false, 'total', coalesce(c.total, 0), 'counts', coalesce(c.counts, '{}'),
               'avg_duration_ms', t.average, 'p50_duration_ms', t.quantiles[1], 'p95_duration_ms', t.quantiles[2],
               'as_of', statement_timestamp()) order by p.point))
      from generate_series(1, cardinality(v_edges) - 1) p (point)
      left join counted c on c.point = p.point
      left join timed t on t.point = p.point);
end $$;
