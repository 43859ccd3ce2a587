-- How many bytes the executions of a user keep (runledger_private.payload_bytes), as folded; the rest is in the deltas.
create table runledger.execution_storage (
  created_by text primary key,
  bytes bigint not null
) with (fillfactor = 80);

alter table runledger.execution_storage enable row level security;
create policy "a user sees what their executions keep" on runledger.execution_storage
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_storage
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_storage to authenticated;
grant all on runledger.execution_storage to service_role;
