-- The busiest workflows and the most frequent failures.

/* The workflows with most executions started in a window. Callers: the router. */
-- for: service_role, authenticated
create function runledger.get_top_workflows(p_user_id text default null, p_from timestamptz default null,
  p_to timestamptz default null,
                                         p_limit integer default 10)
returns table (workflow_id uuid, total bigint, pending bigint, running bigint, completed bigint, failed bigint,
  cancelled bigint,
  timed_out bigint, terminated bigint, success_rate double precision, avg_duration_ms double precision,
  as_of timestamptz)
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
  select x.workflow_id,
         sum(x.pending + x.running + x.completed + x.failed + x.cancelled + x.timed_out + x.terminated)::bigint
           as total,
         sum(x.pending)::bigint, sum(x.running)::bigint, sum(x.completed)::bigint, sum(x.failed)::bigint,
         sum(x.cancelled)::bigint,
         sum(x.timed_out)::bigint, sum(x.terminated)::bigint,
         round(100.0 * sum(x.completed) / nullif(sum(x.completed + x.failed + x.cancelled + x.timed_out + x.terminated),
           0), 1)::float8,
         (sum(x.duration_sum) / nullif(sum(x.duration_count), 0))::float8, statement_timestamp()
    from (
      select c.workflow_id, c.pending, c.running, c.completed, c.failed, c.cancelled, c.timed_out, c.terminated,
             c.duration_count, c.duration_sum
        from runledger_private.cells_in(v_user, null, w.starts_at, w.days_from, w.days_to, w.ends_at) c
      union all
      select t.workflow_id, t.n * (t.status = 'pending')::int, t.n * (t.status = 'running')::int,
             t.n * (t.status = 'completed')::int,
             t.n * (t.status = 'failed')::int, t.n * (t.status = 'cancelled')::int, t.n * (t.status = 'timed_out')::int,
             t.n * (t.status = 'terminated')::int, case when t.duration_ms is null then 0 else t.n end,
             coalesce(t.n * t.duration_ms, 0)
        from runledger_private.tail_in(v_user, null, w.starts_at, w.ends_at) t) x
   group by 1
  having sum(x.pending + x.running + x.completed + x.failed + x.cancelled + x.timed_out + x.terminated) > 0
   order by total desc, x.workflow_id
   limit least(greatest(p_limit, 1), 200);
end $$;
