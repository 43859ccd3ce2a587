-- What subscriptions and the monitor read: append only, kept for an hour.
create table runledger.execution_changes (
  xid xid8 not null default pg_current_xact_id(),
  execution_id uuid not null,
  created_by text not null,
  workflow_id uuid not null,
  revision bigint not null,
  deleted boolean not null default false,
  changed_at timestamptz not null default now(),
  primary key (xid, execution_id, revision, deleted)
);

-- Rows come in this order, so that a summary of pages is enough; a write enters nothing into it.
create index idx_execution_changes_changed_at on runledger.execution_changes using brin (changed_at)
  with (pages_per_range = 16, autosummarize = on);

alter table runledger.execution_changes enable row level security;
create policy "a user sees the changes of their executions" on runledger.execution_changes
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_changes
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_changes to authenticated;
grant all on runledger.execution_changes to service_role;
