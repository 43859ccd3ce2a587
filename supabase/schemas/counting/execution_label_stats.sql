-- The same cells for verdicts and for kinds of failures.
create table runledger.execution_label_stats (
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

create index idx_execution_label_stats_hours on runledger.execution_label_stats (starts_at) where grain = 'hour';

alter table runledger.execution_label_stats enable row level security;
create policy "a user sees the verdicts and failures of their executions" on runledger.execution_label_stats
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_label_stats
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_label_stats to authenticated;
grant all on runledger.execution_label_stats to service_role;
