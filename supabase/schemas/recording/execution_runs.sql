-- One Temporal run of a chain each.
create table runledger.execution_runs (
  execution_id uuid not null,
  run_id text not null,
  created_by text not null,
  cause text not null,
  -- The run that handed on to it, or that it was reset from.
  previous_run_id text,
  status text not null,
  started_at timestamptz not null,
  closed_at timestamptz,
  error_message text,
  primary key (execution_id, run_id),
  constraint run_cause_is_known check (cause in ('start', 'continue_as_new', 'retry', 'cron', 'reset')),
  constraint run_status_is_known check (status in
    ('running', 'continued_as_new', 'completed', 'failed', 'cancelled', 'timed_out', 'terminated', 'unknown')),
  constraint run_error_message_has_at_most_4000_characters check (length(error_message) <= 4000)
);

create index idx_execution_runs_run on runledger.execution_runs (run_id);

alter table runledger.execution_runs enable row level security;
create policy "a user sees the runs of their executions" on runledger.execution_runs
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_runs
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_runs to authenticated;
grant all on runledger.execution_runs to service_role;
