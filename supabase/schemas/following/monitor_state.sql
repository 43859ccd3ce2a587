create table runledger.monitor_state (
  temporal_namespace text primary key,
  watermarks jsonb not null default '{}',
  proof jsonb,
  updated_at timestamptz not null default now(),
  constraint watermarks_are_an_object check (jsonb_typeof(watermarks) = 'object')
);

alter table runledger.monitor_state enable row level security;
create policy "only the service role sees the state of the monitor" on runledger.monitor_state
  for select to authenticated using (false);

create trigger refuse_truncate before truncate on runledger.monitor_state
  for each statement execute function runledger_private.refuse_truncate();

grant all on runledger.monitor_state to service_role;
