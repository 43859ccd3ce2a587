-- Rows that changed and are to be looked at: of the old table by their key, or executions by their id, which are to be
-- written back. Appended only, so that no writer waits for another, and gone once they are settled.
create table runledger.forwarded_rows (
  id bigint generated always as identity primary key,
  source text not null,
  source_id text,
  execution_id uuid,
  -- Why it could not be settled the last time; it is tried again then.
  problem text,
  due_at timestamptz not null default clock_timestamp(),
  constraint a_row_or_an_execution_changed check (num_nonnulls(source_id, execution_id) = 1)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

create index idx_forwarded_rows_source on runledger.forwarded_rows (source, source_id) where source_id is not null;
create index idx_forwarded_rows_execution on runledger.forwarded_rows (source, execution_id)
  where execution_id is not null;

alter table runledger.forwarded_rows enable row level security;
create policy "only the service role sees what is to be forwarded" on runledger.forwarded_rows
  for select to authenticated using (false);

create trigger refuse_truncate before truncate on runledger.forwarded_rows
  for each statement execute function runledger_private.refuse_truncate();

grant all on runledger.forwarded_rows to service_role;
