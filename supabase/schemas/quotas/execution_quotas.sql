-- Optional limits of what users start through the API, and what of them is used. Service role only, but for reading
-- one's own.

create table runledger.execution_quotas (
  id uuid primary key default runledger_private.uuid_v7(),
  -- Null: every user, each by itself.
  user_id text
    constraint the_user_is_known references runledger.users (id) on update cascade on delete cascade,
  -- Null: all workflows together.
  workflow_id uuid
    constraint the_workflow_is_known references runledger.workflows (id) on delete cascade,
  executions_per_hour bigint,
  executions_per_day bigint,
  executions_per_month bigint,
  concurrent_executions bigint,
  -- Bytes that a user keeps, of all workflows together.
  stored_bytes bigint,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint there_is_one_quota_for_a_user_and_a_workflow unique nulls not distinct (user_id, workflow_id),
  constraint limits_are_not_negative
    check (executions_per_hour >= 0 and executions_per_day >= 0 and executions_per_month >= 0
      and concurrent_executions >= 0 and stored_bytes >= 0),
  constraint bytes_are_limited_in_all_workflows_together check (stored_bytes is null or workflow_id is null)
);

create index idx_execution_quotas_workflow on runledger.execution_quotas (workflow_id);

alter table runledger.execution_quotas enable row level security;
create policy "a user sees the quotas that name them" on runledger.execution_quotas
  for select to authenticated using (user_id = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_quotas
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_quotas to authenticated;
grant all on runledger.execution_quotas to service_role;
