create table runledger.idempotency_keys (
  user_id text not null references runledger.users (id) on update cascade on delete cascade,
  workflow_id uuid not null references runledger.workflows (id) on delete cascade,
  key text not null,
  input_hash text not null,
  execution_id uuid not null references runledger.workflow_executions (id) on delete cascade,
  expires_at timestamptz not null,
  primary key (user_id, workflow_id, key),
  constraint idempotency_key_has_1_to_255_characters check (length(key) between 1 and 255)
);

create index idx_idempotency_keys_workflow on runledger.idempotency_keys (workflow_id);
create index idx_idempotency_keys_execution on runledger.idempotency_keys (execution_id);
create index idx_idempotency_keys_expires_at on runledger.idempotency_keys (expires_at);

alter table runledger.idempotency_keys enable row level security;
create policy "a user sees their own idempotency keys" on runledger.idempotency_keys
  for select to authenticated using (user_id = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.idempotency_keys
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.idempotency_keys to authenticated;
grant all on runledger.idempotency_keys to service_role;
