-- What an ended execution did, condensed from its history; a row is made with the end and filled after it.
create table runledger.execution_timelines (
  execution_id uuid primary key,
  created_by text not null,
  temporal_namespace text not null,
  state text not null default 'pending',
  steps jsonb not null default '[]',
  omitted jsonb not null default '{}',
  -- A run ends at 51,200 events.
  -- squawk-ignore prefer-bigint-over-int
  activities_executed integer not null default 0,
  next_try_at timestamptz not null default now(),
  read_at timestamptz,
  constraint timeline_state_is_known check (state in ('pending', 'complete', 'cut', 'missing')),
  constraint steps_are_a_list check (jsonb_typeof(steps) = 'array'),
  constraint omitted_is_an_object check (jsonb_typeof(omitted) = 'object'),
  constraint only_a_pending_timeline_was_not_read check ((state = 'pending') = (read_at is null))
);

create index idx_execution_timelines_pending
  on runledger.execution_timelines (temporal_namespace, next_try_at) where state = 'pending';

alter table runledger.execution_timelines enable row level security;
create policy "a user sees the timelines of their executions" on runledger.execution_timelines
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_timelines
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_timelines to authenticated;
grant all on runledger.execution_timelines to service_role;
