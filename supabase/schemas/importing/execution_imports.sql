-- Brings the rows of a hand-written table into the ledger, batch by batch. docs/importing.md says how. Service role
-- only.

-- One row per table that was imported: how far it has got, and how its present pass stands.
create table runledger.execution_imports (
  source text primary key,
  pass bigint not null default 0,
  options jsonb not null default '{}',
  -- Rows of the table when the pass began.
  total bigint not null default 0,
  rows bigint not null default 0,
  taken bigint not null default 0,
  known bigint not null default 0,
  refused bigint not null default 0,
  -- The primary key of the last row that was looked at.
  after_key text,
  started_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  constraint every_row_is_taken_known_or_refused check (rows = taken + known + refused)
);

alter table runledger.execution_imports enable row level security;
create policy "only the service role sees imports" on runledger.execution_imports
  for select to authenticated using (false);

create trigger refuse_truncate before truncate on runledger.execution_imports
  for each statement execute function runledger_private.refuse_truncate();

grant all on runledger.execution_imports to service_role;
