-- How the ledger is to start an execution, where its request says otherwise than its workflow; no row where it does
-- not.
create table runledger.execution_start_options (
  execution_id uuid primary key,
  created_by text not null,
  start_delay_ms bigint,
  execution_timeout text,
  run_timeout text,
  constraint a_start_delay_is_positive check (start_delay_ms > 0)
);

alter table runledger.execution_start_options enable row level security;
create policy "a user sees how their executions were to be started" on runledger.execution_start_options
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_start_options
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_start_options to authenticated;
grant all on runledger.execution_start_options to service_role;
