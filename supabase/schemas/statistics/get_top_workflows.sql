-- The busiest workflows and the most frequent failures.

/* The workflows with most executions started in a window. Callers: the router. */
-- for: service_role, authenticated
create function runledger.get_top_workflows(p_user_id text default null, p_from timestamptz default null,
  p_to timestamptz default null,
                                         p_limit integer default 10)
returns table (workflow_id uuid, total bigint, counts jsonb, success_rate double precision,
  avg_duration_ms double precision, as_of timestamptz)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_user text := runledger_private.stats_user(p_user_id);
  w record;
begin
  select * into w from runledger_private.stats_window(p_from, p_to);
  return query
  with cell as materialized (
    select * from runledger_private.cells_in(v_user, null, w.starts_at, w.days_from, w.days_to, w.ends_at)),
  tail as materialized (select * from runledger_private.tail_in(v_user, null, w.starts_at, w.ends_at)),
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
     group by 1 having sum(n) > 0 order by total desc, workflow_id limit least(greatest(p_limit, 1), 200)),
  timed as (
    select workflow_id, sum(duration_count) as duration_count, sum(duration_sum) as duration_sum from (
      select c.workflow_id, c.duration_count, c.duration_sum from cell c
      union all
      select t.workflow_id, t.n, t.n * t.duration_ms from tail t where t.duration_ms is not null) x
     group by 1)
  select c.workflow_id, c.total, c.counts, round(100.0 * c.completed / nullif(c.ended, 0), 1)::float8,
         (t.duration_sum / nullif(t.duration_count, 0))::float8, statement_timestamp()
    from counted c left join timed t using (workflow_id)
   order by c.total desc, c.workflow_id;
end $$;
