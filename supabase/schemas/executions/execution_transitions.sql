-- One change of status each; append only. Confirming a report keeps the status and changes the authority.
-- What has a fixed width comes first, so that no byte is left between.
create table runledger.execution_transitions (
  -- Whose change it was: subscriptions and the monitor read transitions by it (runledger_private.changes_between).
  xid xid8 not null default pg_current_xact_id(),
  at timestamptz not null default clock_timestamp(),
  revision bigint not null,
  execution_id uuid not null,
  created_by text not null,
  from_status text,
  to_status text not null,
  source text not null,
  authority text not null,
  actor text,
  run_id text,
  reason text,
  report_id uuid,
  -- The execution that turned out to be this one, and whose row is gone.
  merged_execution_id uuid,
  -- The end of an execution that the engine does not know. It may come once more, where the engine takes one back and
  -- loses the execution again.
  is_lost boolean not null default false,
  constraint transition_source_is_known
    check (source in ('service', 'report', 'feed', 'watch', 'reconciler', 'user')),
  constraint transition_authority_is_engine_or_reported check (authority in ('engine', 'reported'))
);

create index idx_execution_transitions_xid on runledger.execution_transitions (xid);
create index idx_execution_transitions_execution on runledger.execution_transitions (execution_id, revision);
-- Duplicate hints and concurrent monitors end here. The statuses are written out, as in every index: a function is put
-- in only where the role that plans may call it. A test compares them with runledger_private.is_end.
create unique index an_end_is_recorded_once_per_run_and_authority
  on runledger.execution_transitions (execution_id, run_id, authority) nulls not distinct
  where to_status in ('completed', 'failed', 'cancelled', 'timed_out', 'terminated')
    and merged_execution_id is null and not is_lost;
create index idx_execution_transitions_merged on runledger.execution_transitions (merged_execution_id)
  where merged_execution_id is not null;

-- A key would cost each write another index; without either, a publication of all tables would refuse to delete.
alter table runledger.execution_transitions replica identity full;

alter table runledger.execution_transitions enable row level security;
create policy "a user sees the transitions of their executions" on runledger.execution_transitions
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_transitions
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_transitions to authenticated;
grant all on runledger.execution_transitions to service_role;
