/* Counts and run times of a window by workflow, most executions first; of these workflows alone where some are given.
   Callers: get_top_workflows. */
-- for: service_role, authenticated
create function runledger_private.workflows_in(p_user text, p_starts_at timestamptz, p_days_from timestamptz,
  p_days_to timestamptz, p_ends_at timestamptz, p_workflows uuid[], p_limit integer)
returns table (workflow_id uuid, total bigint, counts jsonb, success_rate double precision,
  avg_duration_ms double precision, p95_duration_ms double precision)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
begin
  return query
  with cell as materialized (
    select s.* from runledger_private.cells_in(p_user, null, p_starts_at, p_days_from, p_days_to, p_ends_at) s
     where p_workflows is null or s.workflow_id = any (p_workflows)),
  tail as materialized (
    select t.* from runledger_private.tail_in(p_user, null, p_starts_at, p_ends_at) t
     where p_workflows is null or t.workflow_id = any (p_workflows)),
  status_count as (
    select workflow_id, status, sum(n) as n from (
      select c.workflow_id, u.place as status, u.n from cell c, unnest(c.counts) with ordinality u (n, place)
      union all
      select t.workflow_id, runledger_private.status_number(t.status), t.n from tail t) x
     group by 1, 2 having sum(n) <> 0),
  counted as (
    select workflow_id, sum(n)::bigint as total, jsonb_object_agg(x.name, n) as counts,
           sum(n) filter (where runledger_private.is_end(x.name)) as ended,
           coalesce(sum(n) filter (where x.name = 'completed'), 0) as completed
      from status_count, lateral (select runledger_private.status_at(status) as name) x
     group by 1 having sum(n) > 0 order by total desc, workflow_id limit p_limit),
  timed as (
    select workflow_id, sum(duration_count) as duration_count, sum(duration_sum) as duration_sum,
           min(duration_min) as duration_min, max(duration_max) as duration_max from (
      select c.workflow_id, c.duration_count, c.duration_sum, c.duration_min, c.duration_max from cell c
      union all
      select t.workflow_id, t.n, t.n * t.duration_ms, case when t.n > 0 then t.duration_ms end,
             case when t.n > 0 then t.duration_ms end
        from tail t where t.duration_ms is not null) x
     group by 1),
  ranked as (
    select workflow_id, bucket, sum(sum(n)) over (partition by workflow_id order by bucket) as upto,
           sum(sum(n)) over (partition by workflow_id) as n_all from (
      select c.workflow_id, u.bucket, u.n from cell c, unnest(c.duration_buckets, c.duration_counts) u (bucket, n)
       where c.workflow_id in (select k.workflow_id from counted k)
      union all
      select t.workflow_id, runledger_private.bucket_of(t.duration_ms), t.n from tail t
       where t.duration_ms is not null) x
     group by 1, 2),
  slowest as (
    select workflow_id, min(bucket) filter (where upto >= 0.95 * n_all) as p95 from ranked where n_all > 0 group by 1)
  select c.workflow_id, c.total, c.counts, round(100.0 * c.completed / nullif(c.ended, 0), 1)::float8,
         (t.duration_sum / nullif(t.duration_count, 0))::float8,
         runledger_private.clamp_bucket(s.p95, t.duration_min, t.duration_max)
    from counted c left join timed t using (workflow_id) left join slowest s using (workflow_id)
   order by c.total desc, c.workflow_id;
end $$;
