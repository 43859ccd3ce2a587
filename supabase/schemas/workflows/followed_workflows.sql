-- The table or view of the host's whose rows are definitions: at most one.
create table runledger.followed_workflows (
  one boolean primary key default true,
  -- With its schema, quoted where needed.
  host_table text not null,
  key_column text not null,
  -- What a row `r` of it says, as the list of a select.
  reads text not null,
  -- The columns of ours that it decides.
  follows text[] not null,
  -- Where sync_workflows goes on: among the host's rows by their key, then among ours by their id.
  sync_phase text not null default 'host',
  sync_after text,
  synced_at timestamptz,
  -- Why definitions cannot be followed, as a sentence; null: nothing is wrong.
  problem text,
  constraint one_table_is_followed check (one),
  constraint sync_phase_is_host_or_ours check (sync_phase in ('host', 'ours'))
);

alter table runledger.followed_workflows enable row level security;
create policy "only the service role sees which table is followed" on runledger.followed_workflows
  for select to authenticated using (false);

create trigger refuse_truncate before truncate on runledger.followed_workflows
  for each statement execute function runledger_private.refuse_truncate();

grant all on runledger.followed_workflows to service_role;

-- A row of the host's, as a definition. `published` is null where the host's table does not decide it.
create type runledger_private.host_workflow as (host_id text, owner text, name text, workflow_type text,
  task_queue text, temporal_namespace text, published boolean);
