-- Counting: every counted change leaves a signed delta in its own transaction; a folder moves deltas into cells; a read
-- adds cells and the deltas not folded yet, in one snapshot. docs/counting.md says why this is exact.

-- Buckets are numbered up to some hundreds, and what one holds of a cell are executions of an hour, a day or a life.
-- squawk-ignore-file prefer-bigint-over-int, prefer-bigint-over-smallint

-- Appended by the triggers of executions that follow changes, deleted by the folder. What left and what came;
-- null: nothing.
create table runledger.execution_deltas (
  xid xid8 not null default pg_current_xact_id(),
  created_by text not null,
  workflow_id uuid not null,
  -- The UTC hour of started_at.
  hour timestamptz not null,
  old_status text,
  new_status text,
  old_duration_ms bigint,
  new_duration_ms bigint,
  old_queue_ms bigint,
  new_queue_ms bigint,
  old_verdict text,
  new_verdict text,
  old_failure_group text,
  new_failure_group text,
  -- Describes new_failure_group.
  failure_shape text,
  -- How many bytes more, or fewer, the user's executions keep; null: as many. Where nothing else changed, no status.
  bytes bigint
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0,
        autovacuum_vacuum_insert_threshold = -1);

-- The folder's range, and a reader's own tail: both begin above the dead rows.
create index idx_execution_deltas_xid on runledger.execution_deltas (xid);
create index idx_execution_deltas_user on runledger.execution_deltas (created_by, xid);
create index idx_execution_deltas_workflow on runledger.execution_deltas (workflow_id, xid);

-- A key would cost each write another index; without either, a publication of all tables would refuse the folder's
-- delete.
alter table runledger.execution_deltas replica identity full;

alter table runledger.execution_deltas enable row level security;
create policy "a user sees the deltas of their executions" on runledger.execution_deltas
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_deltas
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_deltas to authenticated;
grant all on runledger.execution_deltas to service_role;
