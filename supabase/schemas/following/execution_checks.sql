-- What the monitor still has to follow: one row per unsettled execution, gone once it is settled.
create table runledger.execution_checks (
  execution_id uuid primary key,
  created_by text not null,
  temporal_namespace text not null,
  started_at timestamptz not null,
  next_check_at timestamptz not null default now(),
  last_check_at timestamptz,
  health text,
  reason text,
  remedy text,
  constraint health_is_known check (health in ('live', 'late', 'wedged', 'cancelling', 'lost'))
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

create index idx_execution_checks_due on runledger.execution_checks (temporal_namespace, next_check_at);
create index idx_execution_checks_youngest on runledger.execution_checks (temporal_namespace, started_at, execution_id);

alter table runledger.execution_checks enable row level security;
create policy "a user sees the checks of their executions" on runledger.execution_checks
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_checks
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_checks to authenticated;
grant all on runledger.execution_checks to service_role;
