-- Buckets are numbered up to some hundreds, and what one holds are executions of an hour, a day or a life.
-- squawk-ignore-file prefer-bigint-over-int, prefer-bigint-over-smallint

-- Folded cells. Scopes: a user and a workflow; a user (workflow_id is the nil uuid); a workflow (created_by is empty).
create table runledger.execution_stats (
  created_by text not null,
  workflow_id uuid not null,
  grain text not null,
  -- UTC; -infinity for the whole life.
  starts_at timestamptz not null,
  -- How many executions there are by status, at the place of each (runledger_private.status_number); 0 where it ends.
  counts bigint[] not null default '{}',
  duration_count bigint not null default 0,
  duration_sum bigint not null default 0,
  duration_min bigint,
  duration_max bigint,
  -- Log buckets (runledger_private.bucket_of) and how many each holds; none for the whole life, which is read from its
  -- days.
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

create index idx_execution_stats_hours on runledger.execution_stats (starts_at) where grain = 'hour';
create index idx_execution_stats_stale on runledger.execution_stats (starts_at) where is_stale;

alter table runledger.execution_stats enable row level security;
create policy "a user sees their own statistics" on runledger.execution_stats
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_stats
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_stats to authenticated;
grant all on runledger.execution_stats to service_role;
