-- What the parts of a dry run would have taken so far: a later part of it meets them as the import itself would. Gone
-- with the dry run.
create table runledger.execution_import_previews (
  pass bigint not null,
  -- An id, a Temporal run, or a workflow id that is open or waits for its run, made into a uuid.
  claim uuid not null,
  execution_id uuid not null,
  -- The user and workflow of that execution.
  owners text not null,
  noted_at timestamptz not null default clock_timestamp(),
  primary key (pass, claim)
);

create index idx_execution_import_previews_noted on runledger.execution_import_previews (noted_at);

alter table runledger.execution_import_previews enable row level security;
create policy "only the service role sees dry runs" on runledger.execution_import_previews
  for select to authenticated using (false);

create trigger refuse_truncate before truncate on runledger.execution_import_previews
  for each statement execute function runledger_private.refuse_truncate();

grant all on runledger.execution_import_previews to service_role;

-- A row of the table as an import judges it: `e` is what it becomes, `name` what the row calls its workflow.
create type runledger_private.import_item as (at integer, key text, status text, result text, reason text, detail text,
  execution_id uuid, name text, e runledger.workflow_executions);
