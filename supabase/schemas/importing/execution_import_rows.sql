-- What became of each row. One that was taken is never taken again, even when its execution is gone since.
create table runledger.execution_import_rows (
  source text not null,
  source_id text not null,
  -- As the table spells it.
  status text,
  result text not null,
  -- Why it was refused, or what is to be known of one that was taken.
  reason text,
  detail text,
  execution_id uuid,
  primary key (source, source_id),
  constraint import_result_is_known check (result in ('taken', 'known', 'refused')),
  constraint a_refused_row_says_why check (result <> 'refused' or reason is not null)
);

alter table runledger.execution_import_rows enable row level security;
create policy "only the service role sees the rows of imports" on runledger.execution_import_rows
  for select to authenticated using (false);

create trigger refuse_truncate before truncate on runledger.execution_import_rows
  for each statement execute function runledger_private.refuse_truncate();

grant all on runledger.execution_import_rows to service_role;
