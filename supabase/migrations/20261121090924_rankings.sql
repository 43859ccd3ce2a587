-- The busiest workflows and the most frequent failures.

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
  v_workflow uuid := private.stats_workflow(p_workflow_id, v_user);
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
