-- Counting: every counted change leaves a signed delta in its own transaction; a folder moves deltas into cells; a read
-- adds cells and the deltas not folded yet, in one snapshot. docs/counting.md says why this is exact.
-- Functions with `return` or `begin atomic` have their names bound when they are made, so they need no search path, and
-- without one Postgres puts them inline.

-- Buckets are numbered up to some hundreds, and what one holds of a cell are executions of an hour, a day or a life.
-- squawk-ignore-file prefer-bigint-over-int, prefer-bigint-over-smallint

-- Appended by the trigger below, deleted by the folder. What left and what came; null: nothing.
create table public.execution_deltas (
  xid xid8 not null default pg_current_xact_id(),
  created_by text not null,
  workflow_id uuid not null,
  -- The UTC hour of started_at.
  hour timestamptz not null,
  old_status text,
  new_status text,
  old_duration_ms bigint,
  new_duration_ms bigint,
  old_queue_ms bigint,
  new_queue_ms bigint,
  old_verdict text,
  new_verdict text,
  old_failure_group text,
  new_failure_group text,
  -- Describes new_failure_group.
  failure_shape text
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0,
        autovacuum_vacuum_insert_threshold = -1);
-- The folder's range, and a reader's own tail: both begin above the dead rows.
create index idx_execution_deltas_xid on public.execution_deltas (xid);
create index idx_execution_deltas_user on public.execution_deltas (created_by, xid);
create index idx_execution_deltas_workflow on public.execution_deltas (workflow_id, xid);
-- A key would cost each write another index; without either, a publication of all tables would refuse the folder's delete.
alter table public.execution_deltas replica identity full;

-- Folded cells. Scopes: a user and a workflow; a user (workflow_id is the nil uuid); a workflow (created_by is empty).
create table public.execution_stats (
  created_by text not null,
  workflow_id uuid not null,
  grain text not null,
  -- UTC; -infinity for the whole life.
  starts_at timestamptz not null,
  pending bigint not null default 0,
  running bigint not null default 0,
  completed bigint not null default 0,
  failed bigint not null default 0,
  cancelled bigint not null default 0,
  timed_out bigint not null default 0,
  terminated bigint not null default 0,
  duration_count bigint not null default 0,
  duration_sum bigint not null default 0,
  duration_min bigint,
  duration_max bigint,
  -- Log buckets (private.bucket_of) and how many each holds; none for the whole life, which is read from its days.
  duration_buckets smallint[],
  duration_counts integer[],
  queue_count bigint not null default 0,
  queue_sum bigint not null default 0,
  queue_min bigint,
  queue_max bigint,
  queue_buckets smallint[],
  queue_counts integer[],
  -- A smallest or largest value may have left: they are found anew by the next folds.
  is_stale boolean not null default false,
  primary key (created_by, grain, workflow_id, starts_at),
  constraint grain_is_hour_day_or_life check (grain in ('hour', 'day', 'life'))
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
create index idx_execution_stats_hours on public.execution_stats (starts_at) where grain = 'hour';
create index idx_execution_stats_stale on public.execution_stats (starts_at) where is_stale;

-- The same cells for verdicts and for kinds of failures.
create table public.execution_label_stats (
  created_by text not null,
  workflow_id uuid not null,
  grain text not null,
  starts_at timestamptz not null,
  kind text not null,
  label text not null,
  description text,
  executions bigint not null,
  primary key (created_by, kind, grain, workflow_id, starts_at, label),
  constraint label_grain_is_hour_day_or_life check (grain in ('hour', 'day', 'life')),
  constraint label_kind_is_verdict_or_failure check (kind in ('verdict', 'failure'))
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
create index idx_execution_label_stats_hours on public.execution_label_stats (starts_at) where grain = 'hour';

-- What was pruned, so that counters never shrink by it: hours while there are hour cells, else days.
create table public.execution_stats_pruned (
  created_by text not null references public.users (id) on update cascade on delete cascade,
  workflow_id uuid not null references public.workflows (id) on delete cascade,
  grain text not null,
  starts_at timestamptz not null,
  completed bigint not null default 0,
  failed bigint not null default 0,
  cancelled bigint not null default 0,
  timed_out bigint not null default 0,
  terminated bigint not null default 0,
  duration_count bigint not null default 0,
  duration_sum bigint not null default 0,
  duration_min bigint,
  duration_max bigint,
  duration_buckets smallint[],
  duration_counts integer[],
  queue_count bigint not null default 0,
  queue_sum bigint not null default 0,
  queue_min bigint,
  queue_max bigint,
  queue_buckets smallint[],
  queue_counts integer[],
  -- Label to number of executions.
  verdicts jsonb not null default '{}',
  failures jsonb not null default '{}',
  primary key (created_by, workflow_id, grain, starts_at),
  constraint pruned_grain_is_hour_or_day check (grain in ('hour', 'day'))
);
create index idx_execution_stats_pruned_workflow on public.execution_stats_pruned (workflow_id);

create table public.fold_state (
  one boolean primary key default true,
  -- No delta below this transaction id of this cluster is left: where scans begin.
  folded_below xid8 not null default '0',
  cluster bigint,
  -- Hour cells are kept from here on.
  hours_from timestamptz not null default '-infinity',
  folded_at timestamptz,
  constraint there_is_one_fold_state check (one)
) with (fillfactor = 10);
insert into public.fold_state default values;

/* The log bucket of a time in milliseconds (DDSketch, Masson et al. 2019): bucket i holds (g^(i-1), g^i] with
   g = 1.02 / 0.98, so its middle is within 2 % of all it holds; -1 holds 0. Callers: everything that counts times. */
create function private.bucket_of(ms bigint) returns smallint
language sql immutable parallel safe
return case when ms <= 0 then -1 else ceil(ln(ms::float8) / ln(1.02::float8 / 0.98::float8)) end::smallint;

/* The time in milliseconds that stands for a bucket. Callers: everything that reads percentiles. */
create function private.bucket_ms(bucket integer) returns double precision
language sql immutable parallel safe
return case when bucket < 0 then 0 else
  2 * power(1.02::float8 / 0.98::float8, bucket) / (1.02::float8 / 0.98::float8 + 1) end;

/* Milliseconds between the request and the first workflow task. Callers: the trigger below, recounts. */
create function private.queue_ms(started_at timestamptz, first_task_at timestamptz) returns bigint
language sql immutable parallel safe
return case when first_task_at is not null
  then greatest(0, round(extract(epoch from first_task_at - started_at) * 1000)) end::bigint;

/* Appends what a change of an execution takes from the counters and what it adds. A prune moves counts by itself.
   Callers: the triggers below. */
create function private.count_execution_change() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  stays boolean := tg_op = 'UPDATE' and old.created_by = new.created_by and old.workflow_id = new.workflow_id;
begin
  if tg_op = 'DELETE' and current_setting('runledger.pruning', true) = pg_current_xact_id()::text then
    return null;
  end if;
  if tg_op <> 'INSERT' and not stays then
    insert into public.execution_deltas (created_by, workflow_id, hour, old_status, old_duration_ms, old_queue_ms,
                                         old_verdict, old_failure_group)
      values (old.created_by, old.workflow_id, date_trunc('hour', old.started_at, 'UTC'), old.status, old.duration_ms,
              private.queue_ms(old.started_at, old.first_task_at), old.verdict, old.failure_group);
  end if;
  if stays then
    insert into public.execution_deltas (created_by, workflow_id, hour, old_status, new_status, old_duration_ms,
        new_duration_ms, old_queue_ms, new_queue_ms, old_verdict, new_verdict, old_failure_group, new_failure_group,
        failure_shape)
      values (new.created_by, new.workflow_id, date_trunc('hour', new.started_at, 'UTC'), old.status, new.status,
              old.duration_ms, new.duration_ms,
              private.queue_ms(old.started_at, old.first_task_at), private.queue_ms(new.started_at, new.first_task_at),
              old.verdict, new.verdict, old.failure_group, new.failure_group,
              case when new.failure_group is not null then private.failure_shape(new.failure, new.error_message) end);
  elsif tg_op <> 'DELETE' then
    insert into public.execution_deltas (created_by, workflow_id, hour, new_status, new_duration_ms, new_queue_ms,
                                         new_verdict, new_failure_group, failure_shape)
      values (new.created_by, new.workflow_id, date_trunc('hour', new.started_at, 'UTC'), new.status, new.duration_ms,
              private.queue_ms(new.started_at, new.first_task_at), new.verdict, new.failure_group,
              case when new.failure_group is not null then private.failure_shape(new.failure, new.error_message) end);
  end if;
  return null;
end $$;

create trigger count_execution after insert or delete on public.workflow_executions
  for each row execute function private.count_execution_change();
create trigger recount_execution after update on public.workflow_executions
  for each row when (
    (new.status, new.created_by, new.workflow_id) is distinct from (old.status, old.created_by, old.workflow_id)
    or (new.duration_ms, new.first_task_at) is distinct from (old.duration_ms, old.first_task_at)
    or (new.verdict, new.failure_group) is distinct from (old.verdict, old.failure_group))
  execute function private.count_execution_change();

/* Where unfolded deltas begin. A bound that came from another cluster, with a dump or a copy, says nothing of this one's
   transaction ids, whichever are larger: then all deltas are unfolded. Callers: every read, the folder. */
create function private.folded_below() returns xid8
language sql stable security definer
set search_path = ''
return (select case when s.cluster = (select c.system_identifier from pg_control_system() c)
                         and s.folded_below <= pg_snapshot_xmax(pg_current_snapshot()) then s.folded_below else '0'::xid8 end
          from public.fold_state s);

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
    select x.ctid from public.execution_stats x where x.grain = 'hour' and x.starts_at < v_from limit p_limit));
  delete from public.execution_label_stats s where s.ctid = any (array(
    select x.ctid from public.execution_label_stats x where x.grain = 'hour' and x.starts_at < v_from limit p_limit));
end $$;

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
  perform from public.users u where u.id in (
    select e.created_by from public.workflow_executions e where e.id = any (p_ids)) order by u.id for key share;
  perform from public.workflows w where w.id in (
    select e.workflow_id from public.workflow_executions e where e.id = any (p_ids)) order by w.id for key share;
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

/* Every number that is counted, in long form, as the rows and what was pruned have it. Callers: verify_execution_stats. */
create function private.recount(p_user text, p_workflow uuid, p_hours_from timestamptz)
returns table (created_by text, workflow_id uuid, grain text, starts_at timestamptz, field text, n numeric)
language sql stable
set search_path = ''
as $$
  with row_field as (
    select e.created_by, e.workflow_id, 'hour' as grain, date_trunc('hour', e.started_at, 'UTC') as starts_at, f.field, sum(f.n) as n
      from public.workflow_executions e,
           lateral (select private.queue_ms(e.started_at, e.first_task_at) as ms) q,
           lateral (values (e.status, 1::bigint),
             ('duration_count', case when e.duration_ms is not null then 1 end), ('duration_sum', e.duration_ms),
             ('duration ' || private.bucket_of(e.duration_ms), 1),
             ('queue_count', case when q.ms is not null then 1 end), ('queue_sum', q.ms),
             ('queue ' || private.bucket_of(q.ms), 1),
             ('verdict ' || e.verdict, 1), ('failure ' || e.failure_group, 1)) f (field, n)
     where f.field is not null and f.n is not null
       and (p_user is null or e.created_by = p_user) and (p_workflow is null or e.workflow_id = p_workflow)
     group by 1, 2, 3, 4, 5),
  pruned_field as (
    select p.created_by, p.workflow_id, p.grain, p.starts_at, f.field, f.n
      from public.execution_stats_pruned p,
           lateral (
             select * from (values ('completed', p.completed), ('failed', p.failed), ('cancelled', p.cancelled),
               ('timed_out', p.timed_out), ('terminated', p.terminated), ('duration_count', p.duration_count),
               ('duration_sum', p.duration_sum), ('queue_count', p.queue_count), ('queue_sum', p.queue_sum)) v
             union all select 'duration ' || d.bucket, d.n from unnest(p.duration_buckets, p.duration_counts) d (bucket, n)
             union all select 'queue ' || d.bucket, d.n from unnest(p.queue_buckets, p.queue_counts) d (bucket, n)
             union all select 'verdict ' || v.key, v.value::bigint from jsonb_each_text(p.verdicts) v
             union all select 'failure ' || v.key, v.value::bigint from jsonb_each_text(p.failures) v) f (field, n)
     where (p_user is null or p.created_by = p_user) and (p_workflow is null or p.workflow_id = p_workflow))
  select k.created_by, k.workflow_id, k.grain, k.starts_at, a.field, sum(a.n)
    from (select * from row_field union all select * from pruned_field) a,
         lateral private.cells_of(a.created_by, a.workflow_id, a.starts_at, p_hours_from, a.grain) k
   where k.grain <> 'life' or (a.field not like 'duration %' and a.field not like 'queue %')
   group by 1, 2, 3, 4, 5;
$$;

/* The same numbers as cells and tail have them. Callers: verify_execution_stats. */
create function private.counted(p_user text, p_workflow uuid, p_hours_from timestamptz)
returns table (created_by text, workflow_id uuid, grain text, starts_at timestamptz, field text, n numeric)
language sql stable
set search_path = ''
as $$
  with tail as (
    select d.created_by, d.workflow_id, d.hour, f.field, sum(f.n) as n
      from public.execution_deltas d, lateral private.signs_of(d) s,
           lateral (values (s.status, s.n::bigint),
             ('duration_count', case when s.duration_ms is not null then s.n end), ('duration_sum', s.n * s.duration_ms),
             ('duration ' || private.bucket_of(s.duration_ms), s.n),
             ('queue_count', case when s.queue_ms is not null then s.n end), ('queue_sum', s.n * s.queue_ms),
             ('queue ' || private.bucket_of(s.queue_ms), s.n),
             ('verdict ' || s.verdict, s.n), ('failure ' || s.failure_group, s.n)) f (field, n)
     where f.field is not null and f.n is not null and d.xid >= private.folded_below()
       and (p_user is null or d.created_by = p_user) and (p_workflow is null or d.workflow_id = p_workflow)
     group by 1, 2, 3, 4),
  folded as (
    select c.created_by, c.workflow_id, c.grain, c.starts_at, f.field, f.n
      from public.execution_stats c,
           lateral (
             select * from (values ('pending', c.pending), ('running', c.running), ('completed', c.completed),
               ('failed', c.failed), ('cancelled', c.cancelled), ('timed_out', c.timed_out), ('terminated', c.terminated),
               ('duration_count', c.duration_count), ('duration_sum', c.duration_sum),
               ('queue_count', c.queue_count), ('queue_sum', c.queue_sum)) v
             union all select 'duration ' || d.bucket, d.n from unnest(c.duration_buckets, c.duration_counts) d (bucket, n)
             union all select 'queue ' || d.bucket, d.n from unnest(c.queue_buckets, c.queue_counts) d (bucket, n)) f (field, n)
    union all
    select l.created_by, l.workflow_id, l.grain, l.starts_at, l.kind || ' ' || l.label, l.executions
      from public.execution_label_stats l)
  select a.created_by, a.workflow_id, a.grain, a.starts_at, a.field, sum(a.n)
    from (
      select * from folded f where f.grain <> 'hour' or f.starts_at >= p_hours_from
      union all
      select k.created_by, k.workflow_id, k.grain, k.starts_at, t.field, t.n
        from tail t, lateral private.cells_of(t.created_by, t.workflow_id, t.hour, p_hours_from) k
       where k.grain <> 'life' or (t.field not like 'duration %' and t.field not like 'queue %')) a
   group by 1, 2, 3, 4, 5;
$$;

/* Recounts all executions (of a user, of a workflow, if given) and answers every number in which cells and tail differ:
   none, ever. Reads every row: seconds for a million. p_user_id checks the user's cells; p_workflow_id those of the
   workflow; both, those of the pair. Smallest and largest values are checked where they are said to be exact.
   Callers: `runledger verify`, rebuild_execution_stats, tests. */
create function public.verify_execution_stats(p_user_id text default null, p_workflow_id uuid default null)
returns table (created_by text, workflow_id uuid, grain text, starts_at timestamptz, field text, counted numeric, recounted numeric)
language plpgsql stable
set search_path = ''
as $$
declare
  v_hours_from timestamptz := (select s.hours_from from public.fold_state s);
  v_below xid8 := private.folded_below();
  v_nil uuid := '00000000-0000-0000-0000-000000000000';
begin
  return query
  with difference as (
    select a.created_by, a.workflow_id, a.grain, a.starts_at, a.field, sum(a.counted) as counted, sum(a.recounted) as recounted
      from (select c.created_by, c.workflow_id, c.grain, c.starts_at, c.field, c.n as counted, 0::numeric as recounted
              from private.counted(p_user_id, p_workflow_id, v_hours_from) c
            union all
            select r.created_by, r.workflow_id, r.grain, r.starts_at, r.field, 0, r.n
              from private.recount(p_user_id, p_workflow_id, v_hours_from) r) a
     group by 1, 2, 3, 4, 5 having sum(a.counted) <> sum(a.recounted)),
  extreme as (
    select c.created_by, c.workflow_id, c.grain, c.starts_at, x.field, x.counted::numeric, x.recounted::numeric
      from public.execution_stats c
      cross join lateral private.extremes_of_rows(c.created_by, c.workflow_id,
        c.starts_at, case c.grain when 'hour' then c.starts_at + interval '1 hour' when 'day' then c.starts_at + interval '1 day' else 'infinity' end) r
      cross join lateral (values ('duration_min', c.duration_min, r.duration_min), ('duration_max', c.duration_max, r.duration_max),
        ('queue_min', c.queue_min, r.queue_min), ('queue_max', c.queue_max, r.queue_max)) x (field, counted, recounted)
     where not c.is_stale and (c.grain <> 'hour' or c.starts_at >= v_hours_from)
       and (p_user_id is null or c.created_by = p_user_id) and (p_workflow_id is null or c.workflow_id = p_workflow_id)
       and x.counted is distinct from x.recounted
       -- Where deltas wait, smallest and largest are those of cell and tail together.
       and not exists (
         select from public.execution_deltas d
          where d.xid >= v_below and (c.created_by = '' or d.created_by = c.created_by)
            and (c.workflow_id = v_nil or d.workflow_id = c.workflow_id)))
  select d.created_by, d.workflow_id, d.grain, d.starts_at, d.field, d.counted, d.recounted
    from difference d
   where (p_user_id is null or d.created_by = p_user_id)
     and (p_workflow_id is null or d.workflow_id = p_workflow_id)
  union all
  select * from extreme
  order by 1, 3, 2, 4, 5;
end $$;

/* Repairs the counters, under the lock of the folder: adds to each cell what verify_execution_stats says it lacks.
   Answers how many numbers it changed: none, unless somebody wrote to the tables behind the triggers.
   Callers: `runledger verify --repair`. */
create function public.rebuild_execution_stats(p_user_id text default null, p_workflow_id uuid default null) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_cells private.cell_change[];
  v_buckets private.bucket_change[];
  v_labels private.label_change[];
  v_fields integer;
begin
  perform from public.fold_state for update;
  while public.fold_execution_stats() = 20000 loop end loop;
  with drift as materialized (
    select v.*, v.recounted - v.counted as n,
           dense_rank() over (order by v.created_by, v.workflow_id, v.grain, v.starts_at)::int as cell
      from public.verify_execution_stats(p_user_id, p_workflow_id) v)
  select (select count(*) from drift),
         (select array_agg(c.change order by c.cell) from (
            select d.cell, row(min(d.created_by), (array_agg(d.workflow_id))[1], min(d.grain), min(d.starts_at),
                   coalesce(sum(n) filter (where field = 'pending'), 0), coalesce(sum(n) filter (where field = 'running'), 0),
                   coalesce(sum(n) filter (where field = 'completed'), 0), coalesce(sum(n) filter (where field = 'failed'), 0),
                   coalesce(sum(n) filter (where field = 'cancelled'), 0), coalesce(sum(n) filter (where field = 'timed_out'), 0),
                   coalesce(sum(n) filter (where field = 'terminated'), 0),
                   coalesce(sum(n) filter (where field = 'duration_count'), 0), coalesce(sum(n) filter (where field = 'duration_sum'), 0),
                   null, null, null, null,
                   coalesce(sum(n) filter (where field = 'queue_count'), 0), coalesce(sum(n) filter (where field = 'queue_sum'), 0),
                   null, null, null, null, min(d.grain) <> 'life', min(d.grain) <> 'life')::private.cell_change as change
              from drift d group by 1) c),
         (select array_agg(row(d.cell, d.field like 'queue %', split_part(d.field, ' ', 2)::smallint, d.n)::private.bucket_change)
            from drift d where d.field like 'duration %' or d.field like 'queue %'),
         (select array_agg(row(d.created_by, d.workflow_id, d.grain, d.starts_at, split_part(d.field, ' ', 1),
                               substr(d.field, strpos(d.field, ' ') + 1), null, d.n)::private.label_change)
            from drift d where d.field like 'verdict %' or d.field like 'failure %')
    into v_fields, v_cells, v_buckets, v_labels;
  if v_fields > 0 then
    perform private.merge_cells(v_cells, v_buckets, v_labels);
    update public.execution_stats s set is_stale = true from unnest(v_cells) c
     where s.created_by = c.created_by and s.grain = c.grain and s.workflow_id = c.workflow_id and s.starts_at = c.starts_at;
    perform private.find_extremes(1000000);
  end if;
  return v_fields;
end $$;

alter table public.execution_deltas enable row level security;
alter table public.execution_stats enable row level security;
alter table public.execution_label_stats enable row level security;
alter table public.execution_stats_pruned enable row level security;
alter table public.fold_state enable row level security;
create policy "a user sees the deltas of their executions" on public.execution_deltas
  for select to authenticated using (created_by = (select private.current_user_id()));
create policy "a user sees their own statistics" on public.execution_stats
  for select to authenticated using (created_by = (select private.current_user_id()));
create policy "a user sees the verdicts and failures of their executions" on public.execution_label_stats
  for select to authenticated using (created_by = (select private.current_user_id()));
create policy "a user sees what was pruned of theirs" on public.execution_stats_pruned
  for select to authenticated using (created_by = (select private.current_user_id()));
create policy "only the service role sees the state of the folder" on public.fold_state
  for select to authenticated using (false);

revoke all on public.execution_deltas, public.execution_stats, public.execution_label_stats, public.execution_stats_pruned,
  public.fold_state from anon, authenticated;
grant select on public.execution_deltas, public.execution_stats, public.execution_label_stats, public.execution_stats_pruned
  to authenticated;
grant all on public.execution_deltas, public.execution_stats, public.execution_label_stats, public.execution_stats_pruned,
  public.fold_state to service_role;

do $$
declare
  f regprocedure;
begin
  for f in select p.oid from pg_catalog.pg_proc p where p.pronamespace = 'private'::regnamespace and p.proname in (
    'bucket_of', 'bucket_ms', 'queue_ms', 'count_execution_change', 'folded_below', 'merge_cells', 'cells_of', 'signs_of',
    'extremes_of_rows', 'find_extremes', 'trim_hours', 'add_histograms', 'add_labels', 'prune_counted', 'add_pruned',
    'recount_pruned', 'recount', 'counted') loop
    execute format('revoke execute on function %s from public, anon, authenticated', f);
    execute format('grant execute on function %s to service_role', f);
  end loop;
  foreach f in array array['private.bucket_of(bigint)', 'private.bucket_ms(integer)', 'private.folded_below()',
    'private.signs_of(public.execution_deltas)']::regprocedure[] loop
    execute format('grant execute on function %s to authenticated', f);
  end loop;
  foreach f in array array['public.fold_execution_stats(integer)', 'public.verify_execution_stats(text, uuid)',
    'public.rebuild_execution_stats(text, uuid)']::regprocedure[] loop
    execute format('revoke execute on function %s from public, anon, authenticated', f);
    execute format('grant execute on function %s to service_role', f);
  end loop;
  if exists (select from pg_catalog.pg_extension where extname = 'pg_cron') then
    perform cron.schedule('runledger-fold', '5 seconds', 'select public.fold_execution_stats()');
  end if;
end $$;
