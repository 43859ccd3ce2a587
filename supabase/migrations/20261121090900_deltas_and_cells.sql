-- Counting: every counted change leaves a signed delta in its own transaction; a folder moves deltas into cells; a read
-- adds cells and the deltas not folded yet, in one snapshot. docs/counting.md says why this is exact.

-- Buckets are numbered up to some hundreds, and what one holds of a cell are executions of an hour, a day or a life.
-- squawk-ignore-file prefer-bigint-over-int, prefer-bigint-over-smallint

-- Appended by the trigger follow_execution_change, deleted by the folder. What left and what came; null: nothing.
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

/* Milliseconds between the request and the first workflow task. Callers: follow_execution_change, recounts. */
create function private.queue_ms(started_at timestamptz, first_task_at timestamptz) returns bigint
language sql immutable parallel safe
return case when first_task_at is not null
  then greatest(0, round(extract(epoch from first_task_at - started_at) * 1000)) end::bigint;

/* Where unfolded deltas begin. A bound that came from another cluster, with a dump or a copy, says nothing of this one's
   transaction ids, whichever are larger: then all deltas are unfolded. Callers: every read, the folder. */
create function private.folded_below() returns xid8
language plpgsql stable security definer
set search_path = ''
as $$
begin
  return (select case when s.cluster = (select c.system_identifier from pg_control_system() c)
                           and s.folded_below <= pg_snapshot_xmax(pg_current_snapshot()) then s.folded_below else '0'::xid8 end
            from public.fold_state s);
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
