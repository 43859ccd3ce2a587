-- Changes that no transition tells, and deletions: append only, kept for an hour. With the transitions they are what
-- subscriptions and the monitor read (runledger_private.changes_between).
create table runledger.execution_changes (
  xid xid8 not null default pg_current_xact_id(),
  execution_id uuid not null,
  created_by text not null,
  workflow_id uuid not null,
  revision bigint not null,
  deleted boolean not null default false,
  -- Null where neither did: its workflow went, or its user, or somebody by SQL.
  deleted_by text check (deleted_by in ('owner', 'retention')),
  changed_at timestamptz not null default now()
);

create index idx_execution_changes_xid on runledger.execution_changes (xid);

-- Rows come in this order, so that a summary of pages is enough; a write enters nothing into it.
create index idx_execution_changes_changed_at on runledger.execution_changes using brin (changed_at)
  with (pages_per_range = 16, autosummarize = on);

-- Of a log that is read by ranges nothing is looked up by a key; without either, a publication of all tables would
-- refuse to trim it.
alter table runledger.execution_changes replica identity full;

alter table runledger.execution_changes enable row level security;
create policy "a user sees the changes of their executions" on runledger.execution_changes
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_changes
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_changes to authenticated;
grant all on runledger.execution_changes to service_role;
