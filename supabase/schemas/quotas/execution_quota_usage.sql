-- What one user has used of one quota in the present hour, day and month, by UTC. One row, however long it goes on.
create table runledger.execution_quota_usage (
  quota_id uuid not null references runledger.execution_quotas (id) on delete cascade,
  user_id text not null references runledger.users (id) on update cascade on delete cascade,
  hour timestamptz not null default '-infinity',
  hour_used bigint not null default 0,
  day timestamptz not null default '-infinity',
  day_used bigint not null default 0,
  month timestamptz not null default '-infinity',
  month_used bigint not null default 0,
  primary key (quota_id, user_id),
  constraint usage_is_not_negative check (hour_used >= 0 and day_used >= 0 and month_used >= 0)
) with (fillfactor = 80);

create index idx_execution_quota_usage_user on runledger.execution_quota_usage (user_id);

alter table runledger.execution_quota_usage enable row level security;
create policy "a user sees what they have used" on runledger.execution_quota_usage
  for select to authenticated using (user_id = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_quota_usage
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_quota_usage to authenticated;
grant all on runledger.execution_quota_usage to service_role;
