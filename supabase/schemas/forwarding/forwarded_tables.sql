-- While an application moves: what its old table tells is forwarded to the ledger, and on request back.
-- docs/cut-over.md says how. Triggers only note what changed, in the writer's own transaction; the service role
-- does the rest, in parts.

-- The tables that are forwarded, each as an import reads it.
create table runledger.forwarded_tables (
  source text primary key,
  plan jsonb not null,
  -- Whether executions are written back into it, and how it spells each status.
  returns boolean not null default false,
  spellings jsonb not null default '{}',
  -- Its name before a view over the ledger took that; null: it has its own.
  replaced_name text,
  since timestamptz not null default clock_timestamp()
);

create unique index one_table_gets_executions_back on runledger.forwarded_tables (returns) where returns;

alter table runledger.forwarded_tables enable row level security;
create policy "only the service role sees what is forwarded" on runledger.forwarded_tables
  for select to authenticated using (false);

create trigger refuse_truncate before truncate on runledger.forwarded_tables
  for each statement execute function runledger_private.refuse_truncate();

grant all on runledger.forwarded_tables to service_role;
