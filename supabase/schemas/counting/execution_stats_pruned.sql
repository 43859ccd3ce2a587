-- Buckets are numbered up to some hundreds, and what one holds are executions of an hour, a day or a life.
-- squawk-ignore-file prefer-bigint-over-int, prefer-bigint-over-smallint

-- What was pruned, so that counters never shrink by it: hours while there are hour cells, else days.
create table runledger.execution_stats_pruned (
  created_by text not null references runledger.users (id) on update cascade on delete cascade,
  workflow_id uuid not null references runledger.workflows (id) on delete cascade,
  grain text not null,
  starts_at timestamptz not null,
  -- By status, as in execution_stats.
  counts bigint[] not null default '{}',
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

create index idx_execution_stats_pruned_workflow on runledger.execution_stats_pruned (workflow_id);

alter table runledger.execution_stats_pruned enable row level security;
create policy "a user sees what was pruned of theirs" on runledger.execution_stats_pruned
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_stats_pruned
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_stats_pruned to authenticated;
grant all on runledger.execution_stats_pruned to service_role;
