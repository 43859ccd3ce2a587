-- The folder: moves deltas into cells.

-- Buckets are numbered up to some hundreds, and what one holds are executions of an hour, a day or a life.
-- squawk-ignore-file prefer-bigint-over-int, prefer-bigint-over-smallint

-- What is to be added to a cell; minus subtracts. `lost` values have left.
create type private.cell_change as (
  created_by text, workflow_id uuid, grain text, starts_at timestamptz,
  pending bigint, running bigint, completed bigint, failed bigint, cancelled bigint, timed_out bigint, terminated bigint,
  duration_count bigint, duration_sum bigint, duration_min bigint, duration_max bigint,
  lost_duration_min bigint, lost_duration_max bigint,
  queue_count bigint, queue_sum bigint, queue_min bigint, queue_max bigint, lost_queue_min bigint, lost_queue_max bigint,
  -- Whether its histograms change.
  has_durations boolean, has_queues boolean);
-- `cell` counts the changes of cells from 1.
create type private.bucket_change as (cell integer, is_queue boolean, bucket smallint, n integer);
create type private.label_change as (
  created_by text, workflow_id uuid, grain text, starts_at timestamptz, kind text, label text, description text, n bigint);

/* Adds changes to the cells. The only writer of cells; its callers hold the lock of the folder.
   Planned anew each time, for the length of the arrays decides; the limit makes every cell a look into the key, never a
   scan of all. Callers: fold_execution_stats, rebuild_execution_stats, add_pruned. */
create function private.merge_cells(p_cells private.cell_change[], p_buckets private.bucket_change[],
                                    p_labels private.label_change[]) returns void
language plpgsql
set search_path = ''
set work_mem = '64MB'
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
begin
  with known as materialized (
    select c.*, s.duration_buckets, s.duration_counts, s.queue_buckets, s.queue_counts,
           -- What left may have been the smallest or largest of the cell, or of what comes with it.
           -- Not true also where the cell knows of none: what left may have yet to come, with later deltas.
           (c.lost_duration_min is not null and (c.lost_duration_min > least(s.duration_min, c.duration_min)
              and c.lost_duration_max < greatest(s.duration_max, c.duration_max)) is not true)
             or (c.lost_queue_min is not null and (c.lost_queue_min > least(s.queue_min, c.queue_min)
              and c.lost_queue_max < greatest(s.queue_max, c.queue_max)) is not true) as is_stale
      from unnest(p_cells) with ordinality c (created_by, workflow_id, grain, starts_at, pending, running, completed, failed,
             cancelled, timed_out, terminated, duration_count, duration_sum, duration_min, duration_max, lost_duration_min,
             lost_duration_max, queue_count, queue_sum, queue_min, queue_max, lost_queue_min, lost_queue_max, has_durations,
             has_queues, cell)
      left join lateral (
        select * from public.execution_stats s
         where s.created_by = c.created_by and s.grain = c.grain and s.workflow_id = c.workflow_id and s.starts_at = c.starts_at
         limit 1) s on true),
  bucket as (
    select cell, is_queue, bucket, sum(n)::int as n from (
      select * from unnest(p_buckets)
      union all
      select k.cell, false, u.bucket, u.n from known k, unnest(k.duration_buckets, k.duration_counts) u (bucket, n) where k.has_durations
      union all
      select k.cell, true, u.bucket, u.n from known k, unnest(k.queue_buckets, k.queue_counts) u (bucket, n) where k.has_queues) b
     group by 1, 2, 3),
  histogram as materialized (
    select cell, is_queue, coalesce(array_agg(bucket order by bucket) filter (where n <> 0), '{}') as buckets,
           coalesce(array_agg(n order by bucket) filter (where n <> 0), '{}') as counts
      from bucket group by 1, 2)
  insert into public.execution_stats as s (created_by, workflow_id, grain, starts_at,
      pending, running, completed, failed, cancelled, timed_out, terminated,
      duration_count, duration_sum, duration_min, duration_max, queue_count, queue_sum, queue_min, queue_max,
      duration_buckets, duration_counts, queue_buckets, queue_counts, is_stale)
    select k.created_by, k.workflow_id, k.grain, k.starts_at,
           k.pending, k.running, k.completed, k.failed, k.cancelled, k.timed_out, k.terminated,
           k.duration_count, k.duration_sum, k.duration_min, k.duration_max, k.queue_count, k.queue_sum, k.queue_min, k.queue_max,
           coalesce(d.buckets, k.duration_buckets), coalesce(d.counts, k.duration_counts),
           coalesce(q.buckets, k.queue_buckets), coalesce(q.counts, k.queue_counts), k.is_stale
      from known k
      left join histogram d on d.cell = k.cell and not d.is_queue
      left join histogram q on q.cell = k.cell and q.is_queue
  on conflict (created_by, grain, workflow_id, starts_at) do update set
      pending = s.pending + excluded.pending, running = s.running + excluded.running,
      completed = s.completed + excluded.completed, failed = s.failed + excluded.failed,
      cancelled = s.cancelled + excluded.cancelled, timed_out = s.timed_out + excluded.timed_out,
      terminated = s.terminated + excluded.terminated,
      duration_count = s.duration_count + excluded.duration_count, duration_sum = s.duration_sum + excluded.duration_sum,
      duration_min = least(s.duration_min, excluded.duration_min),
      duration_max = greatest(s.duration_max, excluded.duration_max),
      queue_count = s.queue_count + excluded.queue_count, queue_sum = s.queue_sum + excluded.queue_sum,
      queue_min = least(s.queue_min, excluded.queue_min), queue_max = greatest(s.queue_max, excluded.queue_max),
      duration_buckets = excluded.duration_buckets, duration_counts = excluded.duration_counts,
      queue_buckets = excluded.queue_buckets, queue_counts = excluded.queue_counts,
      is_stale = s.is_stale or excluded.is_stale;

  -- A cell that nothing is left in goes, so that a deleted user leaves nothing behind; a stale one when it is looked at.
  delete from public.execution_stats s where s.ctid = any (array(
    select x.ctid from unnest(p_cells) c
      cross join lateral (
        select s.ctid from public.execution_stats s
         where s.created_by = c.created_by and s.grain = c.grain and s.workflow_id = c.workflow_id and s.starts_at = c.starts_at
           and not s.is_stale and (s.pending, s.running, s.completed, s.failed, s.cancelled, s.timed_out, s.terminated) = (0, 0, 0, 0, 0, 0, 0)
           and (s.duration_count, s.duration_sum, s.queue_count, s.queue_sum) = (0, 0, 0, 0)
         limit 1) x
     where c.pending + c.running + c.completed + c.failed + c.cancelled + c.timed_out + c.terminated < 0));

  if p_labels is null then return; end if;
  insert into public.execution_label_stats as s (created_by, workflow_id, grain, starts_at, kind, label, description, executions)
    select created_by, workflow_id, grain, starts_at, kind, label, description, n from unnest(p_labels)
  on conflict (created_by, kind, grain, workflow_id, starts_at, label) do update
    set executions = s.executions + excluded.executions, description = coalesce(s.description, excluded.description);
  delete from public.execution_label_stats s where s.ctid = any (array(
    select x.ctid from unnest(p_labels) c
      cross join lateral (
        select s.ctid from public.execution_label_stats s
         where s.created_by = c.created_by and s.kind = c.kind and s.grain = c.grain and s.workflow_id = c.workflow_id
           and s.starts_at = c.starts_at and s.label = c.label and s.executions = 0
         limit 1) x
     where c.n < 0));
end $$;

/* Every cell that an hour of a user's workflow counts in. Callers: the folder, prunes, recounts. */
create function private.cells_of(p_user text, p_workflow uuid, p_from timestamptz, p_hours_from timestamptz, p_grain text default 'hour')
returns table (created_by text, workflow_id uuid, grain text, starts_at timestamptz)
language sql immutable parallel safe
begin atomic
  select case when k.by_user then p_user else '' end,
         case when k.by_workflow then p_workflow else '00000000-0000-0000-0000-000000000000' end,
         g.grain,
         case g.grain when 'hour' then p_from when 'day' then date_trunc('day', p_from, 'UTC') else '-infinity' end
    from (values (true, true), (true, false), (false, true)) k (by_user, by_workflow),
         (values ('hour'), ('day'), ('life')) g (grain)
   where g.grain <> 'hour' or (p_grain = 'hour' and p_from >= p_hours_from);
end;

/* What a delta takes away (n = -1) and adds (n = 1). A time that stays is in neither, so that it does not look like a
   loss. Callers: the folder, every read of the tail. */
create function private.signs_of(d public.execution_deltas)
returns table (n integer, status text, duration_ms bigint, queue_ms bigint, verdict text, failure_group text, failure_shape text)
language sql immutable parallel safe
begin atomic
  select v.*
    from (values
      (-1, d.old_status,
       case when d.old_duration_ms is distinct from d.new_duration_ms then d.old_duration_ms end,
       case when d.old_queue_ms is distinct from d.new_queue_ms then d.old_queue_ms end,
       case when d.old_verdict is distinct from d.new_verdict then d.old_verdict end,
       case when d.old_failure_group is distinct from d.new_failure_group then d.old_failure_group end, null),
      (1, d.new_status,
       case when d.old_duration_ms is distinct from d.new_duration_ms then d.new_duration_ms end,
       case when d.old_queue_ms is distinct from d.new_queue_ms then d.new_queue_ms end,
       case when d.old_verdict is distinct from d.new_verdict then d.new_verdict end,
       case when d.old_failure_group is distinct from d.new_failure_group then d.new_failure_group end, d.failure_shape))
      v (n, status, duration_ms, queue_ms, verdict, failure_group, failure_shape)
   where v.status is not null;
end;

/* Folds at most so many deltas into the cells and finds smallest and largest values anew where one may have left.
   Answers how many it folded; -1: somebody else is folding. Call it again while it answers p_limit.
   Callers: pg_cron where it exists, Ledger.fold, tests. */
create function public.fold_execution_stats(p_limit integer default 20000) returns integer
language plpgsql
set search_path = ''
set work_mem = '64MB'
-- Deltas are many more than the planner thinks.
set enable_nestloop = off
as $$
declare
  v_below xid8;
  v_undecided xid8;
  v_last xid8;
  v_hours_from timestamptz;
  v_folded integer;
  v_cells private.cell_change[];
  v_buckets private.bucket_change[];
  v_labels private.label_change[];
begin
  select s.hours_from into v_hours_from from public.fold_state s for update skip locked;
  if not found then return -1; end if;
  v_below := private.folded_below();
  -- Before the snapshot of the delete: whatever that does not see has this transaction id or a later one.
  v_undecided := pg_snapshot_xmin(pg_current_snapshot());

  with gone as (
    delete from public.execution_deltas d
     where d.ctid = any (array(select x.ctid from public.execution_deltas x where x.xid >= v_below order by x.xid limit p_limit))
    returning d.*),
  sign as materialized (
    select dense_rank() over (order by g.created_by, g.workflow_id, g.hour) as place, g.created_by, g.workflow_id, g.hour, v.*
      from gone g, lateral private.signs_of(g) v),
  counted as materialized (
    select place, min(created_by) as created_by, (array_agg(workflow_id))[1] as workflow_id, min(hour) as hour,
           coalesce(sum(n) filter (where status = 'pending'), 0)::int as pending,
           coalesce(sum(n) filter (where status = 'running'), 0)::int as running,
           coalesce(sum(n) filter (where status = 'completed'), 0)::int as completed,
           coalesce(sum(n) filter (where status = 'failed'), 0)::int as failed,
           coalesce(sum(n) filter (where status = 'cancelled'), 0)::int as cancelled,
           coalesce(sum(n) filter (where status = 'timed_out'), 0)::int as timed_out,
           coalesce(sum(n) filter (where status = 'terminated'), 0)::int as terminated,
           coalesce(sum(n) filter (where duration_ms is not null), 0)::int as duration_count,
           coalesce(sum(n * duration_ms), 0) as duration_sum,
           min(duration_ms) filter (where n > 0) as duration_min, max(duration_ms) filter (where n > 0) as duration_max,
           min(duration_ms) filter (where n < 0) as lost_duration_min, max(duration_ms) filter (where n < 0) as lost_duration_max,
           coalesce(sum(n) filter (where queue_ms is not null), 0)::int as queue_count,
           coalesce(sum(n * queue_ms), 0) as queue_sum,
           min(queue_ms) filter (where n > 0) as queue_min, max(queue_ms) filter (where n > 0) as queue_max,
           min(queue_ms) filter (where n < 0) as lost_queue_min, max(queue_ms) filter (where n < 0) as lost_queue_max,
           bool_or(duration_ms is not null) as has_durations, bool_or(queue_ms is not null) as has_queues
      from sign group by 1),
  part as materialized (
    select c.place, dense_rank() over (order by k.created_by, k.workflow_id, k.grain, k.starts_at)::int as cell, k.*
      from counted c, lateral private.cells_of(c.created_by, c.workflow_id, c.hour, v_hours_from) k),
  cell as (
    select k.cell, row(min(k.created_by), (array_agg(k.workflow_id))[1], min(k.grain), min(k.starts_at),
           sum(pending), sum(running), sum(completed), sum(failed), sum(cancelled), sum(timed_out), sum(terminated),
           sum(duration_count), sum(duration_sum), min(duration_min), max(duration_max), min(lost_duration_min), max(lost_duration_max),
           sum(queue_count), sum(queue_sum), min(queue_min), max(queue_max), min(lost_queue_min), max(lost_queue_max),
           bool_or(has_durations) and min(k.grain) <> 'life', bool_or(has_queues) and min(k.grain) <> 'life')::private.cell_change as change
      from part k join counted c using (place) group by k.cell),
  bucket as (
    select k.cell, b.is_queue, b.bucket, sum(b.n)::int
      from (
        select s.place, t.is_queue, private.bucket_of(t.ms) as bucket, sum(s.n)::int as n
          from sign s, lateral (values (false, s.duration_ms), (true, s.queue_ms)) t (is_queue, ms)
         where t.ms is not null group by 1, 2, 3 having sum(s.n) <> 0) b
      join part k using (place)
     where k.grain <> 'life'
     group by 1, 2, 3),
  label as (
    select k.created_by, k.workflow_id, k.grain, k.starts_at, l.kind, l.label, max(l.description), sum(l.n)
      from (
        select s.created_by, s.workflow_id, s.hour, t.kind, t.label, max(t.description) as description, sum(s.n) as n
          from sign s, lateral (values ('verdict', s.verdict, null), ('failure', s.failure_group, s.failure_shape)) t (kind, label, description)
         where t.label is not null group by 1, 2, 3, 4, 5 having sum(s.n) <> 0) l,
           lateral private.cells_of(l.created_by, l.workflow_id, l.hour, v_hours_from) k
     group by 1, 2, 3, 4, 5, 6 having sum(l.n) <> 0)
  select (select count(*) from gone), (select (array_agg(g.xid order by g.xid desc))[1] from gone g),
         (select array_agg(c.change order by c.cell) from cell c),
         (select array_agg(row(b.*)::private.bucket_change) from bucket b),
         (select array_agg(row(l.*)::private.label_change) from label l)
    into v_folded, v_last, v_cells, v_buckets, v_labels;

  if v_folded > 0 then
    perform private.merge_cells(v_cells, v_buckets, v_labels);
  end if;
  update public.fold_state set folded_at = clock_timestamp(), cluster = (select c.system_identifier from pg_control_system() c),
    folded_below = case when v_folded < p_limit then v_undecided else least(v_undecided, v_last) end;
  -- Only what is folded to its end: of a part, a value may have left whose coming is in the next part.
  if v_folded < p_limit then
    perform private.find_extremes(200);
  end if;
  perform private.trim_hours(5000);
  return v_folded;
end $$;

/* Smallest and largest times of a scope's executions started in [p_from, p_to), pruned ones included.
   Callers: find_extremes. */
create function private.extremes_of_rows(p_user text, p_workflow uuid, p_from timestamptz, p_to timestamptz,
  out duration_min bigint, out duration_max bigint, out queue_min bigint, out queue_max bigint)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_variable
begin
  -- A branch each, so that each has its index.
  if p_user = '' then
    select min(e.duration_ms), max(e.duration_ms), min(private.queue_ms(e.started_at, e.first_task_at)),
           max(private.queue_ms(e.started_at, e.first_task_at))
      into duration_min, duration_max, queue_min, queue_max
      from public.workflow_executions e
     where e.workflow_id = p_workflow and e.started_at >= p_from and e.started_at < p_to;
  elsif p_workflow = '00000000-0000-0000-0000-000000000000' then
    select min(e.duration_ms), max(e.duration_ms), min(private.queue_ms(e.started_at, e.first_task_at)),
           max(private.queue_ms(e.started_at, e.first_task_at))
      into duration_min, duration_max, queue_min, queue_max
      from public.workflow_executions e
     where e.created_by = p_user and e.started_at >= p_from and e.started_at < p_to;
  else
    select min(e.duration_ms), max(e.duration_ms), min(private.queue_ms(e.started_at, e.first_task_at)),
           max(private.queue_ms(e.started_at, e.first_task_at))
      into duration_min, duration_max, queue_min, queue_max
      from public.workflow_executions e
     where e.created_by = p_user and e.workflow_id = p_workflow and e.started_at >= p_from and e.started_at < p_to;
  end if;
  select least(duration_min, min(p.duration_min)), greatest(duration_max, max(p.duration_max)),
         least(queue_min, min(p.queue_min)), greatest(queue_max, max(p.queue_max))
    into duration_min, duration_max, queue_min, queue_max
    from public.execution_stats_pruned p
   where (p_user = '' or p.created_by = p_user)
     and (p_workflow = '00000000-0000-0000-0000-000000000000' or p.workflow_id = p_workflow)
     and p.starts_at >= p_from and p.starts_at < p_to;
end $$;

/* Finds smallest and largest values of stale cells anew: hours from rows, days from their hours while these are kept,
   a life from its days. What is not folded yet may be in them already; folding it changes nothing then, and its leaving
   makes the cell stale again. Its callers have folded all there was to fold, and hold the lock of the folder.
   Callers: fold_execution_stats, rebuild_execution_stats. */
create function private.find_extremes(p_limit integer) returns void
language plpgsql
set search_path = ''
as $$
declare
  c public.execution_stats;
  v_hours_from timestamptz;
  v_span interval;
  v_from_rows boolean;
  v_parts text;
  x record;
begin
  delete from public.execution_stats s
   where s.is_stale and (s.pending, s.running, s.completed, s.failed, s.cancelled, s.timed_out, s.terminated) = (0, 0, 0, 0, 0, 0, 0)
     and (s.duration_count, s.duration_sum, s.queue_count, s.queue_sum) = (0, 0, 0, 0);
  select s.hours_from into v_hours_from from public.fold_state s;
  for c in
    select * from public.execution_stats s where s.is_stale
     order by array_position(array['hour', 'day', 'life'], s.grain) limit p_limit
  loop
    v_span := case c.grain when 'hour' then interval '1 hour' else interval '1 day' end;
    v_from_rows := c.grain = 'hour' or (c.grain = 'day' and c.starts_at < v_hours_from);
    if v_from_rows then
      select * into x from private.extremes_of_rows(c.created_by, c.workflow_id, c.starts_at, c.starts_at + v_span);
    else
      v_parts := case c.grain when 'day' then 'hour' else 'day' end;
      select min(s.duration_min) as duration_min, max(s.duration_max) as duration_max, min(s.queue_min) as queue_min,
             max(s.queue_max) as queue_max, bool_or(s.is_stale) as waits
        into x
        from public.execution_stats s
       where s.created_by = c.created_by and s.workflow_id = c.workflow_id and s.grain = v_parts
         and (c.grain = 'life' or (s.starts_at >= c.starts_at and s.starts_at < c.starts_at + v_span));
      continue when x.waits;
    end if;
    update public.execution_stats s
       set duration_min = x.duration_min, duration_max = x.duration_max, queue_min = x.queue_min, queue_max = x.queue_max,
           is_stale = false
     where s.created_by = c.created_by and s.grain = c.grain and s.workflow_id = c.workflow_id and s.starts_at = c.starts_at;
  end loop;
end $$;

/* Moves on, once a day, from where hour cells are kept (35 days), and deletes some of the older ones.
   Callers: fold_execution_stats. */
create function private.trim_hours(p_limit integer) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_from timestamptz;
begin
  update public.fold_state s set hours_from = date_trunc('day', now() - interval '35 days', 'UTC')
   where s.hours_from < date_trunc('day', now() - interval '35 days', 'UTC');
  select s.hours_from into v_from from public.fold_state s;
  delete from public.execution_stats s where s.ctid = any (array(
    select x.ctid from public.execution_stats x where x.grain = 'hour' and x.starts_at < v_from order by x.starts_at limit p_limit));
  delete from public.execution_label_stats s where s.ctid = any (array(
    select x.ctid from public.execution_label_stats x where x.grain = 'hour' and x.starts_at < v_from order by x.starts_at limit p_limit));
end $$;
