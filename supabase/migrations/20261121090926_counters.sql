-- How many executions there are since the beginning, and in windows that cells can say exactly.

/* Executions by status since the beginning, per workflow: of a user, or of everybody for the workflows that p_owner_id owns.
   Callers: the router. */
create function public.get_workflow_counters(p_user_id text default null, p_owner_id text default null)
returns table (workflow_id uuid, total bigint, pending bigint, running bigint, completed bigint, failed bigint, cancelled bigint,
  timed_out bigint, terminated bigint, as_of timestamptz)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_user text := case when p_owner_id is null then private.stats_user(p_user_id) else '' end;
  v_owned uuid[] := case when p_owner_id is not null then array(select w.id from public.workflows w where w.user_id = p_owner_id) end;
begin
  return query
  with tail as (
    select t.workflow_id, sum(t.n) filter (where t.status = 'pending') as pending, sum(t.n) filter (where t.status = 'running') as running,
           sum(t.n) filter (where t.status = 'completed') as completed, sum(t.n) filter (where t.status = 'failed') as failed,
           sum(t.n) filter (where t.status = 'cancelled') as cancelled, sum(t.n) filter (where t.status = 'timed_out') as timed_out,
           sum(t.n) filter (where t.status = 'terminated') as terminated
      from private.tail_in(v_user, null, '-infinity', 'infinity') t
     where v_owned is null or t.workflow_id = any (v_owned) group by 1),
  cell as (
    select s.workflow_id, s.pending, s.running, s.completed, s.failed, s.cancelled, s.timed_out, s.terminated
      from public.execution_stats s
     where s.created_by = v_user and s.grain = 'life' and s.workflow_id > '00000000-0000-0000-0000-000000000000'
       and (v_owned is null or s.workflow_id = any (v_owned))),
  merged as (
    select coalesce(c.workflow_id, t.workflow_id) as workflow_id, coalesce(c.pending, 0) + coalesce(t.pending, 0) as pending,
           coalesce(c.running, 0) + coalesce(t.running, 0) as running, coalesce(c.completed, 0) + coalesce(t.completed, 0) as completed,
           coalesce(c.failed, 0) + coalesce(t.failed, 0) as failed, coalesce(c.cancelled, 0) + coalesce(t.cancelled, 0) as cancelled,
           coalesce(c.timed_out, 0) + coalesce(t.timed_out, 0) as timed_out, coalesce(c.terminated, 0) + coalesce(t.terminated, 0) as terminated
      from cell c full join tail t on t.workflow_id = c.workflow_id)
  select b.workflow_id, b.pending + b.running + b.completed + b.failed + b.cancelled + b.timed_out + b.terminated,
         b.pending, b.running, b.completed, b.failed, b.cancelled, b.timed_out, b.terminated, statement_timestamp()
    from merged b
   where b.pending + b.running + b.completed + b.failed + b.cancelled + b.timed_out + b.terminated > 0
   order by 1;
end $$;

/* How many executions there are, from the counters; null where they cannot say it exactly: a window off the hour, or off
   the day where hour cells are no longer kept. Callers: count_executions. */
create function private.count_from_cells(p_user_id text, p_workflow_id uuid, p_from timestamptz, p_to timestamptz, p_statuses text[])
returns bigint
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_user text := private.stats_user(p_user_id);
  v_workflow uuid := private.stats_workflow(p_workflow_id, v_user);
  w record;
  v_n bigint;
begin
  if p_from > p_to then return 0; end if;
  select * into w from private.stats_window(p_from, p_to);
  if w.starts_at <> coalesce(p_from, '-infinity') or w.ends_at <> coalesce(p_to, 'infinity') then return null; end if;
  with cell as (
    select s.* from private.cells_in(v_user, v_workflow, w.starts_at, w.days_from, w.days_to, w.ends_at) s where p_from is not null or p_to is not null
    union all
    select s.* from public.execution_stats s
     where p_from is null and p_to is null and s.created_by = v_user and s.grain = 'life'
       and (s.workflow_id = v_workflow or (v_workflow is null and s.workflow_id > '00000000-0000-0000-0000-000000000000')))
  select coalesce(sum(x.n), 0) into v_n from (
    select u.n from cell c, lateral (values ('pending', c.pending), ('running', c.running), ('completed', c.completed), ('failed', c.failed),
      ('cancelled', c.cancelled), ('timed_out', c.timed_out), ('terminated', c.terminated)) u (status, n)
     where p_statuses is null or cardinality(p_statuses) = 0 or u.status = any (p_statuses)
    union all
    select t.n from private.tail_in(v_user, v_workflow, w.starts_at, w.ends_at) t
     where p_statuses is null or cardinality(p_statuses) = 0 or t.status = any (p_statuses)) x;
  return v_n;
end $$;

/* Runs of a user, of one workflow if given, that completed or failed, pruned ones included.
   Callers: ExecutionService.getRunCount, record_outcomes, the users' own code. */
create function public.get_user_workflow_run_count(p_user_id text, p_workflow_id uuid default null) returns integer
language sql stable
return case when p_user_id is null then 0 else
  private.count_from_cells(p_user_id, p_workflow_id, null, null, array['completed', 'failed'])::int end;

/* The same per user and workflow; last_run_at is the newest start of any execution that is still kept. */
create or replace view public.workflow_run_counts with (security_invoker = on) as
  select x.user_id, x.workflow_id, sum(x.completed)::bigint as completed_count, sum(x.failed)::bigint as failed_count,
         sum(x.completed + x.failed)::bigint as total_count,
         (select max(e.started_at) from public.workflow_executions e
           where e.workflow_id = x.workflow_id and e.created_by = x.user_id) as last_run_at
    from (
      select s.created_by as user_id, s.workflow_id, s.completed, s.failed,
             s.pending + s.running + s.completed + s.failed + s.cancelled + s.timed_out + s.terminated as total
        from public.execution_stats s
       where s.grain = 'life' and s.created_by <> '' and s.workflow_id <> '00000000-0000-0000-0000-000000000000'
      union all
      select d.created_by, d.workflow_id, v.n * (v.status = 'completed')::int, v.n * (v.status = 'failed')::int, v.n
        from public.execution_deltas d, lateral private.signs_of(d) v
       where d.xid >= (select private.folded_below())) x
   group by x.user_id, x.workflow_id having sum(x.total) > 0;
