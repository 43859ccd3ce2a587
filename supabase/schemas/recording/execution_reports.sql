-- Every report and the answer it got, so that a repeat gets the same one.
create table runledger.execution_reports (
  report_id uuid primary key,
  execution_id uuid not null,
  created_by text not null,
  reported_at timestamptz not null default clock_timestamp(),
  status text not null,
  run_id text,
  actor text,
  result text not null,
  constraint report_result_is_known check (result in ('applied', 'already_terminal', 'conflict')),
  constraint reported_status_is_terminal
    check (status in ('completed', 'failed', 'cancelled', 'timed_out', 'terminated'))
);

create index idx_execution_reports_execution on runledger.execution_reports (execution_id);

alter table runledger.execution_reports enable row level security;
create policy "a user sees the reports on their executions" on runledger.execution_reports
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_reports
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_reports to authenticated;
grant all on runledger.execution_reports to service_role;
