-- How far an execution has got, as it was last reported; kept as last seen once it has ended. Apart from the execution,
-- so that a report writes one narrow row and no revision.
create table runledger.execution_progress (
  execution_id uuid primary key,
  created_by text not null,
  -- The run that it is about: the next one begins anew.
  run_id text,
  step bigint,
  steps bigint,
  percent numeric(4, 1),
  message text,
  reported_at timestamptz not null default clock_timestamp(),
  -- Grows with every report that was taken.
  counter bigint not null default 1,
  constraint progress_is_within_bounds
    check (step between 0 and 1000000000 and steps between 1 and 1000000000 and percent between 0 and 100),
  constraint progress_message_is_short check (length(message) between 1 and 500)
);

alter table runledger.execution_progress enable row level security;
create policy "a user sees the progress of their executions" on runledger.execution_progress
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_progress
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_progress to authenticated;
grant all on runledger.execution_progress to service_role;
