-- One row per execution, and what is kept beside it.

-- Foreign keys lock public.users, which may be busy: better no migration than every sign-up waiting behind it.
set local lock_timeout = '3s';

create table public.workflow_executions (
  id uuid primary key default private.uuid_v7(),
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

  constraint an_execution_obeys_its_rules check (private.check_execution(
    engine, temporal_namespace, temporal_workflow_id, temporal_run_id, current_run_id, closing_run_id, run_count, status,
    outcome_authority, error_message, completed_at, duration_ms, activities_executed, verdict, tags, jsonb_typeof(metadata),
    cancel_requested_at, cancel_requested_by, start_by, recorded_at, jsonb_typeof(last_transition), lost_at)),
  -- In this order, for it is that of their locks: a user before a workflow.
  constraint the_user_is_known foreign key (created_by) references public.users (id) on update cascade on delete cascade,
  constraint the_workflow_is_known foreign key (workflow_id) references public.workflows (id) on delete cascade,
  -- It stands for all users in the counters; the users may be a table of the application's own, with no such rule.
  constraint user_id_is_not_empty check (created_by <> '')
);

-- Temporal lets a workflow id be used again, so the first run is part of the identity.
create unique index an_engine_run_is_recorded_once
  on public.workflow_executions (temporal_namespace, temporal_workflow_id, temporal_run_id)
  where temporal_run_id is not null;
create unique index one_execution_per_workflow_id_waits_for_its_run
  on public.workflow_executions (temporal_namespace, temporal_workflow_id)
  where temporal_run_id is null;
create index idx_workflow_executions_temporal_workflow_id
  on public.workflow_executions (temporal_workflow_id, started_at desc, id desc);
-- Every list there is. By request: of a user, of a user's workflow, of a workflow by its owner, of a user by any status
-- but the common one, by verdict, by kind of failure, and of whatever says what went wrong.
create index idx_workflow_executions_created_by on public.workflow_executions (created_by, started_at desc, id desc);
create index idx_workflow_executions_workflow
  on public.workflow_executions (workflow_id, created_by, started_at desc, id desc);
create index idx_workflow_executions_workflow_started
  on public.workflow_executions (workflow_id, started_at desc, id desc);
create index idx_workflow_executions_user_status
  on public.workflow_executions (created_by, status, started_at desc, id desc) where status <> 'completed';
create index idx_workflow_executions_user_verdict
  on public.workflow_executions (created_by, verdict, started_at desc, id desc) where verdict is not null;
create index idx_workflow_executions_user_failure
  on public.workflow_executions (created_by, failure_group, started_at, id) where failure_group is not null;
create index idx_workflow_executions_workflow_failure
  on public.workflow_executions (workflow_id, failure_group, started_at, id) where failure_group is not null;
create index idx_workflow_executions_user_error
  on public.workflow_executions (created_by, started_at, id) where error_message is not null;
create index idx_workflow_executions_workflow_error
  on public.workflow_executions (workflow_id, started_at, id) where error_message is not null;
-- What is open, or ended by a report only: by health, and what runs of a workflow.
create index idx_workflow_executions_user_unsettled on public.workflow_executions (created_by, started_at, id)
  where outcome_authority is null or (engine = 'temporal' and outcome_authority = 'reported' and lost_at is null);
create index idx_workflow_executions_workflow_unsettled on public.workflow_executions (workflow_id, started_at, id)
  where outcome_authority is null or (engine = 'temporal' and outcome_authority = 'reported' and lost_at is null);
-- What the ledger itself has yet to start: few, and soon gone.
create index idx_workflow_executions_waiting on public.workflow_executions (temporal_namespace, started_at)
  where status = 'pending' and start_by is not null;
-- By end: ended executions only.
create index idx_workflow_executions_user_completed
  on public.workflow_executions (created_by, completed_at, id) where completed_at is not null;
create index idx_workflow_executions_workflow_user_completed
  on public.workflow_executions (workflow_id, created_by, completed_at, id) where completed_at is not null;
create index idx_workflow_executions_workflow_completed
  on public.workflow_executions (workflow_id, completed_at, id) where completed_at is not null;
create index idx_workflow_executions_user_status_completed
  on public.workflow_executions (created_by, status, completed_at, id)
  where status in ('failed', 'cancelled', 'timed_out', 'terminated');
-- By run time.
create index idx_workflow_executions_user_duration
  on public.workflow_executions (created_by, duration_ms, id) where duration_ms is not null;
create index idx_workflow_executions_workflow_duration
  on public.workflow_executions (workflow_id, duration_ms, id) where duration_ms is not null;

-- One change of status each; append only. Confirming a report keeps the status and changes the authority.
create table public.execution_transitions (
  id uuid primary key default private.uuid_v7(),
  execution_id uuid not null references public.workflow_executions (id) on delete cascade,
  created_by text not null,
  from_status text,
  to_status text not null,
  at timestamptz not null default clock_timestamp(),
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
  revision bigint not null,
  constraint transition_source_is_known
    check (source in ('service', 'report', 'feed', 'watch', 'reconciler', 'user')),
  constraint transition_authority_is_engine_or_reported check (authority in ('engine', 'reported'))
);
create index idx_execution_transitions_execution on public.execution_transitions (execution_id, revision);
-- Duplicate hints and concurrent monitors end here.
create unique index an_end_is_recorded_once_per_run_and_authority
  on public.execution_transitions (execution_id, run_id, authority) nulls not distinct
  where to_status not in ('pending', 'running') and merged_execution_id is null and not is_lost;
create index idx_execution_transitions_merged on public.execution_transitions (merged_execution_id)
  where merged_execution_id is not null;

-- One Temporal run of a chain each.
create table public.execution_runs (
  execution_id uuid not null references public.workflow_executions (id) on delete cascade,
  run_id text not null,
  created_by text not null,
  cause text not null,
  -- The run that handed on to it, or that it was reset from.
  previous_run_id text,
  status text not null,
  started_at timestamptz not null,
  closed_at timestamptz,
  error_message text,
  primary key (execution_id, run_id),
  constraint run_cause_is_known check (cause in ('start', 'continue_as_new', 'retry', 'cron', 'reset')),
  constraint run_status_is_known check (status in
    ('running', 'continued_as_new', 'completed', 'failed', 'cancelled', 'timed_out', 'terminated', 'unknown')),
  constraint run_error_message_has_at_most_4000_characters check (length(error_message) <= 4000)
);
create index idx_execution_runs_run on public.execution_runs (run_id);

-- What the monitor still has to follow: one row per unsettled execution, gone once it is settled.
create table public.execution_checks (
  execution_id uuid primary key references public.workflow_executions (id) on delete cascade,
  created_by text not null,
  temporal_namespace text not null,
  started_at timestamptz not null,
  next_check_at timestamptz not null default now(),
  last_check_at timestamptz,
  health text,
  reason text,
  remedy text,
  constraint health_is_known check (health in ('live', 'late', 'wedged', 'cancelling', 'lost'))
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
create index idx_execution_checks_due on public.execution_checks (temporal_namespace, next_check_at);
create index idx_execution_checks_youngest on public.execution_checks (temporal_namespace, started_at, execution_id);

-- Every report and the answer it got, so that a repeat gets the same one.
create table public.execution_reports (
  report_id uuid primary key,
  execution_id uuid not null references public.workflow_executions (id) on delete cascade,
  created_by text not null,
  reported_at timestamptz not null default clock_timestamp(),
  status text not null,
  run_id text,
  actor text,
  result text not null,
  constraint report_result_is_known check (result in ('applied', 'already_terminal', 'conflict')),
  constraint reported_status_is_terminal
    check (status in ('completed', 'failed', 'cancelled', 'timed_out', 'terminated'))
);
create index idx_execution_reports_execution on public.execution_reports (execution_id);

-- What an ended execution did, condensed from its history; a row is made with the end and filled after it.
create table public.execution_timelines (
  execution_id uuid primary key references public.workflow_executions (id) on delete cascade,
  created_by text not null,
  temporal_namespace text not null,
  state text not null default 'pending',
  steps jsonb not null default '[]',
  omitted jsonb not null default '{}',
  -- A run ends at 51,200 events.
  -- squawk-ignore prefer-bigint-over-int
  activities_executed integer not null default 0,
  next_try_at timestamptz not null default now(),
  read_at timestamptz,
  constraint timeline_state_is_known check (state in ('pending', 'complete', 'cut', 'missing')),
  constraint steps_are_a_list check (jsonb_typeof(steps) = 'array'),
  constraint omitted_is_an_object check (jsonb_typeof(omitted) = 'object'),
  constraint only_a_pending_timeline_was_not_read check ((state = 'pending') = (read_at is null))
);
create index idx_execution_timelines_pending
  on public.execution_timelines (temporal_namespace, next_try_at) where state = 'pending';

-- What subscriptions and the monitor read: append only, kept for an hour.
create table public.execution_changes (
  xid xid8 not null default pg_current_xact_id(),
  execution_id uuid not null,
  created_by text not null,
  workflow_id uuid not null,
  revision bigint not null,
  deleted boolean not null default false,
  changed_at timestamptz not null default now(),
  primary key (xid, execution_id, revision, deleted)
);
create index idx_execution_changes_changed_at on public.execution_changes (changed_at);

create table public.idempotency_keys (
  user_id text not null references public.users (id) on update cascade on delete cascade,
  workflow_id uuid not null references public.workflows (id) on delete cascade,
  key text not null,
  input_hash text not null,
  execution_id uuid not null references public.workflow_executions (id) on delete cascade,
  expires_at timestamptz not null,
  primary key (user_id, workflow_id, key),
  constraint idempotency_key_has_1_to_255_characters check (length(key) between 1 and 255)
);
create index idx_idempotency_keys_workflow on public.idempotency_keys (workflow_id);
create index idx_idempotency_keys_execution on public.idempotency_keys (execution_id);
create index idx_idempotency_keys_expires_at on public.idempotency_keys (expires_at);

create table public.monitor_state (
  temporal_namespace text primary key,
  watermarks jsonb not null default '{}',
  proof jsonb,
  updated_at timestamptz not null default now(),
  constraint watermarks_are_an_object check (jsonb_typeof(watermarks) = 'object')
);
