-- Statistics and counts. Callers see what row-level security lets them see.

/* Counts by status, durations of ended executions in milliseconds and the success rate in percent (completed of ended,
   null where none has ended), over executions started in [p_from, p_to).
   Callers: ExecutionService.getStats, the router. */
create function public.get_execution_stats(p_workflow_id uuid default null, p_user_id text default null,
                                           p_from timestamptz default null, p_to timestamptz default null)
returns table (total bigint, pending bigint, running bigint, completed bigint, failed bigint, cancelled bigint,
               timed_out bigint, terminated bigint, avg_duration_ms double precision, min_duration_ms bigint,
               max_duration_ms bigint, success_rate double precision, verdicts jsonb, as_of timestamptz)
language sql stable
set search_path = ''
as $$
  with scoped as (
    select e.* from public.workflow_executions e
     where (p_workflow_id is null or e.workflow_id = p_workflow_id)
       and (p_user_id is null or e.created_by = p_user_id)
       and (p_from is null or e.started_at >= p_from)
       and (p_to is null or e.started_at < p_to))
  select count(*),
         count(*) filter (where e.status = 'pending'),
         count(*) filter (where e.status = 'running'),
         count(*) filter (where e.status = 'completed'),
         count(*) filter (where e.status = 'failed'),
         count(*) filter (where e.status = 'cancelled'),
         count(*) filter (where e.status = 'timed_out'),
         count(*) filter (where e.status = 'terminated'),
         avg(e.duration_ms)::float8,
         min(e.duration_ms),
         max(e.duration_ms),
         round(100.0 * count(*) filter (where e.status = 'completed')
               / nullif(count(*) filter (where e.status not in ('pending', 'running')), 0), 1)::float8,
         (select coalesce(jsonb_object_agg(v.verdict, v.n), '{}')
            from (select s.verdict, count(*) as n from scoped s where s.verdict is not null group by 1) v),
         now()
    from scoped e;
$$;

/* Runs of a user, of one workflow if given, that completed or failed.
   Callers: ExecutionService.getRunCount, record_outcomes, the users' own code. */
create function public.get_user_workflow_run_count(p_user_id text, p_workflow_id uuid default null) returns integer
language sql stable
set search_path = ''
as $$
  select count(*)::int from public.workflow_executions e
   where e.created_by = p_user_id and (p_workflow_id is null or e.workflow_id = p_workflow_id)
     and e.status in ('completed', 'failed') and e.completed_at is not null;
$$;

/* What a user may start: their own workflows and all published ones, by name; archived ones only by id.
   Callers: WorkflowService.listWorkflows, getWorkflow. */
create function public.visible_workflows(p_user_id text, p_id uuid default null) returns setof public.workflows
language sql stable
set search_path = ''
as $$
  select * from public.workflows w
   where (w.user_id = p_user_id or w.visibility = 'published')
     and case when p_id is null then w.archived_at is null else w.id = p_id end
   order by w.name, w.id
   limit 500;
$$;
