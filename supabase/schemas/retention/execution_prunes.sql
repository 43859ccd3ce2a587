-- Retention: payloads, timelines and rows of executions that ended long ago go, and statistics stay. Service role only.

-- One row per run of the retention: what it was told, how far it has got, what it has done.
create table runledger.execution_prunes (
  id uuid primary key,
  policy jsonb not null,
  payloads_before timestamptz,
  timelines_before timestamptz,
  rows_before timestamptz,
  -- Executions are walked in the order of their ids.
  after_id uuid,
  examined bigint not null default 0,
  had_payloads bigint not null default 0,
  payloads bigint not null default 0,
  had_timelines bigint not null default 0,
  timelines bigint not null default 0,
  rows bigint not null default 0,
  -- Old enough, but not settled: the monitor still follows them.
  unsettled bigint not null default 0,
  started_at timestamptz not null default clock_timestamp(),
  beat_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz
);

create index idx_execution_prunes_started_at on runledger.execution_prunes (started_at);

alter table runledger.execution_prunes enable row level security;
create policy "only the service role sees the runs of the retention" on runledger.execution_prunes
  for select to authenticated using (false);

create trigger refuse_truncate before truncate on runledger.execution_prunes
  for each statement execute function runledger_private.refuse_truncate();

grant all on runledger.execution_prunes to service_role;
