-- One row per execution, and what is kept beside it.

create table runledger.workflow_executions (
  id uuid primary key default runledger_private.uuid_v7(),
  workflow_id uuid not null,
  created_by text not null,
  engine text not null,
  temporal_namespace text,
  temporal_workflow_id text,
  temporal_run_id text,
  current_run_id text,
  closing_run_id text,
  -- A run each second would take 68 years to fill it.
  -- squawk-ignore prefer-bigint-over-int
  run_count integer not null default 1,
  status text not null,
  outcome_authority text,
  input jsonb,
  -- Why there is no input although something was given, or what was changed in it: docs/payloads.md.
  input_note text,
  output jsonb,
  -- Why there is no output although something was returned, or what was changed in it: docs/payloads.md.
  output_note text,
  error_message text,
  failure jsonb,
  -- Made by the guard from the failure, never written by hand.
  failure_group text,
  state_snapshot jsonb,
  started_at timestamptz not null default now(),
  engine_started_at timestamptz,
  first_task_at timestamptz,
  completed_at timestamptz,
  duration_ms bigint,
  -- A run ends at 51,200 events.
  -- squawk-ignore prefer-bigint-over-int
  activities_executed integer,
  verdict text,
  tags text[] not null default '{}',
  metadata jsonb not null default '{}',
  cancel_requested_at timestamptz,
  cancel_requested_by text,
  cancel_reason text,
  start_by timestamptz,
  recorded_at timestamptz,
  -- Since when it is settled although the engine does not know it: a person or a report said how it ended. Nobody knows
  -- how long it ran.
  lost_at timestamptz,
  -- Who ended it, and why, as far as somebody did; never part of a sentence. Made by the guard.
  ended_by text,
  end_reason text,
  revision bigint not null default 1,
  -- What the writer says of the latest change of status: { source, authority, actor, reason, reportId, at }.
  last_transition jsonb,

  constraint an_execution_obeys_its_rules check (runledger_private.check_execution(
    engine, temporal_namespace, temporal_workflow_id, temporal_run_id, current_run_id, closing_run_id, run_count,
    status,
    outcome_authority, error_message, completed_at, duration_ms, activities_executed, verdict, tags,
    jsonb_typeof(metadata),
    cancel_requested_at, cancel_requested_by, start_by, recorded_at, jsonb_typeof(last_transition), lost_at)),
  -- In this order, for it is that of their locks: a user before a workflow.
  constraint the_user_is_known foreign key (created_by) references runledger.users (id) on update cascade
    on delete cascade,
  constraint the_workflow_is_known foreign key (workflow_id) references runledger.workflows (id) on delete cascade,
  -- It stands for all users in the counters; the users may be a table of the application's own, with no such rule.
  constraint user_id_is_not_empty check (created_by <> '')
);

-- Temporal lets a workflow id be used again, so the first run is part of the identity.
create unique index an_engine_run_is_recorded_once
  on runledger.workflow_executions (temporal_namespace, temporal_workflow_id, temporal_run_id)
  where temporal_run_id is not null;
create unique index one_execution_per_workflow_id_waits_for_its_run
  on runledger.workflow_executions (temporal_namespace, temporal_workflow_id)
  where temporal_run_id is null;
create index idx_workflow_executions_temporal_workflow_id
  on runledger.workflow_executions (temporal_workflow_id, started_at desc, id desc);
-- Every list there is. By request: of a user, of a user's workflow, of a workflow by its owner, of a user by any status
-- but the common one, by verdict, by kind of failure, and of whatever says what went wrong.
create index idx_workflow_executions_created_by on runledger.workflow_executions (created_by, started_at desc, id desc);
create index idx_workflow_executions_workflow
  on runledger.workflow_executions (workflow_id, created_by, started_at desc, id desc);
create index idx_workflow_executions_workflow_started
  on runledger.workflow_executions (workflow_id, started_at desc, id desc);
create index idx_workflow_executions_user_status
  on runledger.workflow_executions (created_by, status, started_at desc, id desc) where status <> 'completed';
create index idx_workflow_executions_user_verdict
  on runledger.workflow_executions (created_by, verdict, started_at desc, id desc) where verdict is not null;
create index idx_workflow_executions_user_failure
  on runledger.workflow_executions (created_by, failure_group, started_at, id) where failure_group is not null;
create index idx_workflow_executions_workflow_failure
  on runledger.workflow_executions (workflow_id, failure_group, started_at, id) where failure_group is not null;
create index idx_workflow_executions_user_error
  on runledger.workflow_executions (created_by, started_at, id) where error_message is not null;
create index idx_workflow_executions_workflow_error
  on runledger.workflow_executions (workflow_id, started_at, id) where error_message is not null;
-- What is open, or ended by a report only: by health, and what runs of a workflow. A user's open ones are found by
-- their status.
create index idx_workflow_executions_user_reported on runledger.workflow_executions (created_by, started_at, id)
  where engine = 'temporal' and outcome_authority = 'reported' and lost_at is null;
create index idx_workflow_executions_workflow_unsettled on runledger.workflow_executions (workflow_id, started_at, id)
  where outcome_authority is null or (engine = 'temporal' and outcome_authority = 'reported' and lost_at is null);
-- Everybody's, for operators: newest first, by any status but the common one, by kind of failure, by health. All rows
-- have such an id. A user's lists do not say so (runledger_private.everybody_sql does), which keeps them to their own
-- indexes.
create index idx_workflow_executions_started on runledger.workflow_executions (started_at desc, id desc)
  where id <> '00000000-0000-0000-0000-000000000000';
create index idx_workflow_executions_status on runledger.workflow_executions (status, started_at desc, id desc)
  where status <> 'completed' and id <> '00000000-0000-0000-0000-000000000000';
create index idx_workflow_executions_failure on runledger.workflow_executions (failure_group, started_at, id)
  where failure_group is not null and id <> '00000000-0000-0000-0000-000000000000';
create index idx_workflow_executions_reported on runledger.workflow_executions (started_at, id)
  where engine = 'temporal' and outcome_authority = 'reported' and lost_at is null
    and id <> '00000000-0000-0000-0000-000000000000';
-- What the ledger itself has yet to start: few, and soon gone.
create index idx_workflow_executions_waiting on runledger.workflow_executions (temporal_namespace, started_at)
  where status = 'pending' and start_by is not null;
-- By end: ended executions only.
create index idx_workflow_executions_user_completed
  on runledger.workflow_executions (created_by, completed_at, id) where completed_at is not null;
create index idx_workflow_executions_workflow_user_completed
  on runledger.workflow_executions (workflow_id, created_by, completed_at, id) where completed_at is not null;
create index idx_workflow_executions_workflow_completed
  on runledger.workflow_executions (workflow_id, completed_at, id) where completed_at is not null;
create index idx_workflow_executions_user_status_completed
  on runledger.workflow_executions (created_by, status, completed_at, id)
  where status in ('failed', 'cancelled', 'timed_out', 'terminated');
-- By run time.
create index idx_workflow_executions_user_duration
  on runledger.workflow_executions (created_by, duration_ms, id) where duration_ms is not null;
create index idx_workflow_executions_workflow_duration
  on runledger.workflow_executions (workflow_id, duration_ms, id) where duration_ms is not null;

-- As in every table: users read their own rows and write nothing; the service role writes; anon does nothing.
alter table runledger.workflow_executions enable row level security;
create policy "a user sees their own executions" on runledger.workflow_executions
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.workflow_executions
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.workflow_executions to authenticated;
grant all on runledger.workflow_executions to service_role;
