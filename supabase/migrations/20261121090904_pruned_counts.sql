-- What was pruned goes on counting.

/* Two histograms in one. Callers: prune_counted. */
create function private.add_histograms(a_buckets smallint[], a_counts integer[], b_buckets smallint[], b_counts integer[],
  out buckets smallint[], out counts integer[])
language sql immutable parallel safe
set search_path = ''
as $$
  select array_agg(x.bucket order by x.bucket), array_agg(x.n order by x.bucket)
    from (select u.bucket, sum(u.n)::int as n
            from (select * from unnest(a_buckets, a_counts) a (bucket, n)
                  union all select * from unnest(b_buckets, b_counts) b (bucket, n)) u
           where u.bucket is not null group by 1) x;
$$;

/* Two maps of label to number in one. Callers: prune_counted. */
create function private.add_labels(a jsonb, b jsonb) returns jsonb
language sql immutable parallel safe
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(x.key, x.n), '{}')
    from (select u.key, sum(u.value::bigint) as n
            from (select * from jsonb_each_text(a) union all select * from jsonb_each_text(b)) u group by 1) x;
$$;

/* Deletes ended executions and, in the same transaction, keeps what they count: cells and tail do not change.
   Users and workflows are locked first, in the order in which their own deletion goes through the tables.
   Callers: the retention functions. */
create function private.prune_counted(p_ids uuid[]) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_hours_from timestamptz := (select s.hours_from from public.fold_state s);
  v_deleted integer;
begin
  perform private.lock_owners(p_ids);
  perform set_config('runledger.pruning', pg_current_xact_id()::text, true);
  with gone as (
    delete from public.workflow_executions e where e.id = any (p_ids) and e.status not in ('pending', 'running')
    returning e.created_by, e.workflow_id, e.status, e.duration_ms, private.queue_ms(e.started_at, e.first_task_at) as queue_ms,
              e.verdict, e.failure_group, date_trunc('hour', e.started_at, 'UTC') as hour),
  part as materialized (
    select g.*, case when g.hour >= v_hours_from then 'hour' else 'day' end as grain,
           case when g.hour >= v_hours_from then g.hour else date_trunc('day', g.hour, 'UTC') end as starts_at
      from gone g),
  histogram as (
    select h.created_by, h.workflow_id, h.grain, h.starts_at, h.kind,
           array_agg(h.bucket order by h.bucket) as buckets, array_agg(h.n order by h.bucket) as counts
      from (select p.created_by, p.workflow_id, p.grain, p.starts_at, t.kind, private.bucket_of(t.ms) as bucket, count(*)::int as n
              from part p, lateral (values ('duration', p.duration_ms), ('queue', p.queue_ms)) t (kind, ms)
             where t.ms is not null group by 1, 2, 3, 4, 5, 6) h
     group by 1, 2, 3, 4, 5),
  label as (
    select l.created_by, l.workflow_id, l.grain, l.starts_at, l.kind, jsonb_object_agg(l.label, l.n) as labels
      from (select p.created_by, p.workflow_id, p.grain, p.starts_at, t.kind, t.label, count(*) as n
              from part p, lateral (values ('verdict', p.verdict), ('failure', p.failure_group)) t (kind, label)
             where t.label is not null group by 1, 2, 3, 4, 5, 6) l
     group by 1, 2, 3, 4, 5),
  total as (
    select created_by, workflow_id, grain, starts_at,
           count(*) filter (where status = 'completed') as completed, count(*) filter (where status = 'failed') as failed,
           count(*) filter (where status = 'cancelled') as cancelled, count(*) filter (where status = 'timed_out') as timed_out,
           count(*) filter (where status = 'terminated') as terminated,
           count(duration_ms) as duration_count, coalesce(sum(duration_ms), 0) as duration_sum,
           min(duration_ms) as duration_min, max(duration_ms) as duration_max,
           count(queue_ms) as queue_count, coalesce(sum(queue_ms), 0) as queue_sum, min(queue_ms) as queue_min, max(queue_ms) as queue_max
      from part group by 1, 2, 3, 4),
  kept as (
    insert into public.execution_stats_pruned as s (created_by, workflow_id, grain, starts_at,
        completed, failed, cancelled, timed_out, terminated, duration_count, duration_sum, duration_min, duration_max,
        duration_buckets, duration_counts, queue_count, queue_sum, queue_min, queue_max, queue_buckets, queue_counts,
        verdicts, failures)
      select t.created_by, t.workflow_id, t.grain, t.starts_at, t.completed, t.failed, t.cancelled, t.timed_out, t.terminated,
             t.duration_count, t.duration_sum, t.duration_min, t.duration_max, d.buckets, d.counts,
             t.queue_count, t.queue_sum, t.queue_min, t.queue_max, q.buckets, q.counts,
             coalesce(v.labels, '{}'), coalesce(f.labels, '{}')
        from total t
        left join (select * from histogram where kind = 'duration') d using (created_by, workflow_id, grain, starts_at)
        left join (select * from histogram where kind = 'queue') q using (created_by, workflow_id, grain, starts_at)
        left join (select * from label where kind = 'verdict') v using (created_by, workflow_id, grain, starts_at)
        left join (select * from label where kind = 'failure') f using (created_by, workflow_id, grain, starts_at)
    on conflict (created_by, workflow_id, grain, starts_at) do update set
        completed = s.completed + excluded.completed, failed = s.failed + excluded.failed,
        cancelled = s.cancelled + excluded.cancelled, timed_out = s.timed_out + excluded.timed_out,
        terminated = s.terminated + excluded.terminated,
        duration_count = s.duration_count + excluded.duration_count, duration_sum = s.duration_sum + excluded.duration_sum,
        duration_min = least(s.duration_min, excluded.duration_min), duration_max = greatest(s.duration_max, excluded.duration_max),
        (duration_buckets, duration_counts) = (select * from private.add_histograms(
          s.duration_buckets, s.duration_counts, excluded.duration_buckets, excluded.duration_counts)),
        queue_count = s.queue_count + excluded.queue_count, queue_sum = s.queue_sum + excluded.queue_sum,
        queue_min = least(s.queue_min, excluded.queue_min), queue_max = greatest(s.queue_max, excluded.queue_max),
        (queue_buckets, queue_counts) = (select * from private.add_histograms(
          s.queue_buckets, s.queue_counts, excluded.queue_buckets, excluded.queue_counts)),
        verdicts = private.add_labels(s.verdicts, excluded.verdicts),
        failures = private.add_labels(s.failures, excluded.failures))
  select count(*) into v_deleted from gone;
  perform set_config('runledger.pruning', '', true);
  return v_deleted;
end $$;

/* What was pruned as changes of cells, times p_sign. Callers: recount_pruned. */
create function private.add_pruned(p_rows public.execution_stats_pruned[], p_sign integer) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_hours_from timestamptz;
  v_cells private.cell_change[];
  v_buckets private.bucket_change[];
  v_labels private.label_change[];
begin
  -- Waits for the folder: only one writes cells.
  select s.hours_from into v_hours_from from public.fold_state s for update;
  with part as materialized (
    select dense_rank() over (order by k.created_by, k.workflow_id, k.grain, k.starts_at)::int as cell, k.created_by as cell_user,
           k.workflow_id as cell_workflow, k.grain as cell_grain, k.starts_at as cell_starts_at, p.*
      from unnest(p_rows) p, lateral private.cells_of(p.created_by, p.workflow_id, p.starts_at, v_hours_from, p.grain) k),
  cell as (
    select p.cell, row(min(cell_user), (array_agg(cell_workflow))[1], min(cell_grain), min(cell_starts_at), 0, 0,
           p_sign * sum(p.completed), p_sign * sum(p.failed), p_sign * sum(p.cancelled), p_sign * sum(p.timed_out),
           p_sign * sum(p.terminated), p_sign * sum(p.duration_count), p_sign * sum(p.duration_sum),
           case when p_sign > 0 then min(p.duration_min) end, case when p_sign > 0 then max(p.duration_max) end,
           case when p_sign < 0 then min(p.duration_min) end, case when p_sign < 0 then max(p.duration_max) end,
           p_sign * sum(p.queue_count), p_sign * sum(p.queue_sum),
           case when p_sign > 0 then min(p.queue_min) end, case when p_sign > 0 then max(p.queue_max) end,
           case when p_sign < 0 then min(p.queue_min) end, case when p_sign < 0 then max(p.queue_max) end,
           min(cell_grain) <> 'life', min(cell_grain) <> 'life')::private.cell_change as change
      from part p group by 1),
  bucket as (
    select p.cell, h.is_queue, h.bucket, (p_sign * sum(h.n))::int
      from part p, lateral (
        select false as is_queue, d.* from unnest(p.duration_buckets, p.duration_counts) d (bucket, n)
        union all select true, q.* from unnest(p.queue_buckets, p.queue_counts) q (bucket, n)) h
     where p.cell_grain <> 'life' group by 1, 2, 3)
  select (select array_agg(c.change order by c.cell) from cell c), (select array_agg(row(b.*)::private.bucket_change) from bucket b)
    into v_cells, v_buckets;
  select array_agg(row(l.*)::private.label_change) into v_labels from (
    select k.created_by, k.workflow_id, k.grain, k.starts_at, t.kind, t.label, null::text, p_sign * sum(t.n::bigint)
      from unnest(p_rows) p
      cross join lateral (
        select 'verdict' as kind, v.* from jsonb_each_text(p.verdicts) v (label, n)
        union all select 'failure', f.* from jsonb_each_text(p.failures) f (label, n)) t
      cross join lateral private.cells_of(p.created_by, p.workflow_id, p.starts_at, v_hours_from, p.grain) k
     group by 1, 2, 3, 4, 5, 6) l;
  perform private.merge_cells(v_cells, v_buckets, v_labels);
end $$;

/* A user or workflow that goes takes along what was pruned of theirs; one that is renamed keeps it.
   Callers: the triggers below. */
create function private.recount_pruned() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if current_setting('runledger.pruning', true) = pg_current_xact_id()::text then return null; end if;
  if exists (select from gone) then
    perform private.add_pruned(array(select row(g.*)::public.execution_stats_pruned from gone g), -1);
  end if;
  if tg_op = 'UPDATE' then
    perform private.add_pruned(array(select row(k.*)::public.execution_stats_pruned from kept k), 1);
  end if;
  return null;
end $$;

create trigger recount_deleted after delete on public.execution_stats_pruned
  referencing old table as gone for each statement execute function private.recount_pruned();
create trigger recount_renamed after update on public.execution_stats_pruned
  referencing old table as gone new table as kept for each statement execute function private.recount_pruned();
