create schema private;

create schema public;

create type private.bucket_change as (cell integer, is_queue boolean, bucket smallint, n integer);

create type private.cell_change as (created_by text, workflow_id uuid, grain text, starts_at timestamp with time zone, pending bigint, running bigint, completed bigint, failed bigint, cancelled bigint, timed_out bigint, terminated bigint, duration_count bigint, duration_sum bigint, duration_min bigint, duration_max bigint, lost_duration_min bigint, lost_duration_max bigint, queue_count bigint, queue_sum bigint, queue_min bigint, queue_max bigint, lost_queue_min bigint, lost_queue_max bigint, has_durations boolean, has_queues boolean);

create type private.followed_execution as (execution_id uuid, definition_id uuid, temporal_namespace text, temporal_workflow_id text, temporal_run_id text, current_run_id text, closing_run_id text, status text, authority text, started_at timestamp with time zone, registered_at timestamp with time zone, engine_started_at timestamp with time zone, first_task_at timestamp with time zone, run_count integer, lacks_input boolean, reported_at timestamp with time zone, reported_for_ms bigint, cancel_requested_at timestamp with time zone, cancel_requested_by text, cancel_reason text, start_by timestamp with time zone, is_past_start_by boolean, last_check_at timestamp with time zone, health text, revision bigint, lost_at timestamp with time zone);

create type private.label_change as (created_by text, workflow_id uuid, grain text, starts_at timestamp with time zone, kind text, label text, description text, n bigint);

create type private.stats as (total bigint, pending bigint, running bigint, completed bigint, failed bigint, cancelled bigint, timed_out bigint, terminated bigint, success_rate double precision, avg_duration_ms double precision, min_duration_ms bigint, max_duration_ms bigint, p50_duration_ms double precision, p90_duration_ms double precision, p95_duration_ms double precision, p99_duration_ms double precision, avg_queue_ms double precision, min_queue_ms bigint, max_queue_ms bigint, p50_queue_ms double precision, p90_queue_ms double precision, p95_queue_ms double precision, p99_queue_ms double precision, extremes_are_exact boolean);

create table public.execution_changes (
  xid xid8 default pg_current_xact_id() not null,
  execution_id uuid not null,
  created_by text not null,
  workflow_id uuid not null,
  revision bigint not null,
  deleted boolean default false not null,
  changed_at timestamp with time zone default now() not null
);
alter table public.execution_changes enable row level security;

create table public.execution_checks (
  execution_id uuid not null,
  created_by text not null,
  temporal_namespace text not null,
  started_at timestamp with time zone not null,
  next_check_at timestamp with time zone default now() not null,
  last_check_at timestamp with time zone,
  health text,
  reason text,
  remedy text
) with (autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_threshold=500);
alter table public.execution_checks enable row level security;

create table public.execution_deltas (
  xid xid8 default pg_current_xact_id() not null,
  created_by text not null,
  workflow_id uuid not null,
  hour timestamp with time zone not null,
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
  failure_shape text
) with (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=5000, autovacuum_vacuum_cost_delay=0, autovacuum_vacuum_insert_threshold=-1);
alter table public.execution_deltas enable row level security;

create table public.execution_import_rows (
  source text not null,
  source_id text not null,
  status text,
  result text not null,
  reason text,
  detail text,
  execution_id uuid
);
alter table public.execution_import_rows enable row level security;

create table public.execution_imports (
  source text not null,
  pass bigint default 0 not null,
  options jsonb default '{}'::jsonb not null,
  total bigint default 0 not null,
  rows bigint default 0 not null,
  taken bigint default 0 not null,
  known bigint default 0 not null,
  refused bigint default 0 not null,
  after_key text,
  started_at timestamp with time zone default clock_timestamp() not null,
  updated_at timestamp with time zone default clock_timestamp() not null,
  finished_at timestamp with time zone
);
alter table public.execution_imports enable row level security;

create table public.execution_label_stats (
  created_by text not null,
  workflow_id uuid not null,
  grain text not null,
  starts_at timestamp with time zone not null,
  kind text not null,
  label text not null,
  description text,
  executions bigint not null
) with (fillfactor=80, autovacuum_vacuum_scale_factor=0.02);
alter table public.execution_label_stats enable row level security;

create table public.execution_prunes (
  id uuid not null,
  policy jsonb not null,
  payloads_before timestamp with time zone,
  timelines_before timestamp with time zone,
  rows_before timestamp with time zone,
  after_id uuid,
  examined bigint default 0 not null,
  had_payloads bigint default 0 not null,
  payloads bigint default 0 not null,
  had_timelines bigint default 0 not null,
  timelines bigint default 0 not null,
  rows bigint default 0 not null,
  unsettled bigint default 0 not null,
  started_at timestamp with time zone default clock_timestamp() not null,
  beat_at timestamp with time zone default clock_timestamp() not null,
  finished_at timestamp with time zone
);
alter table public.execution_prunes enable row level security;

create table public.execution_quota_usage (
  quota_id uuid not null,
  user_id text not null,
  hour timestamp with time zone default '-infinity'::timestamp with time zone not null,
  hour_used bigint default 0 not null,
  day timestamp with time zone default '-infinity'::timestamp with time zone not null,
  day_used bigint default 0 not null,
  month timestamp with time zone default '-infinity'::timestamp with time zone not null,
  month_used bigint default 0 not null
) with (fillfactor=80);
alter table public.execution_quota_usage enable row level security;

create table public.execution_quotas (
  id uuid default private.uuid_v7() not null,
  user_id text,
  workflow_id uuid,
  runs_per_hour bigint,
  runs_per_day bigint,
  runs_per_month bigint,
  concurrent_runs bigint,
  created_at timestamp with time zone default clock_timestamp() not null,
  updated_at timestamp with time zone default clock_timestamp() not null
);
alter table public.execution_quotas enable row level security;

create table public.execution_reports (
  report_id uuid not null,
  execution_id uuid not null,
  created_by text not null,
  reported_at timestamp with time zone default clock_timestamp() not null,
  status text not null,
  run_id text,
  actor text,
  result text not null
);
alter table public.execution_reports enable row level security;

create table public.execution_runs (
  execution_id uuid not null,
  run_id text not null,
  created_by text not null,
  cause text not null,
  previous_run_id text,
  status text not null,
  started_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  error_message text
);
alter table public.execution_runs enable row level security;

create table public.execution_stats (
  created_by text not null,
  workflow_id uuid not null,
  grain text not null,
  starts_at timestamp with time zone not null,
  pending bigint default 0 not null,
  running bigint default 0 not null,
  completed bigint default 0 not null,
  failed bigint default 0 not null,
  cancelled bigint default 0 not null,
  timed_out bigint default 0 not null,
  terminated bigint default 0 not null,
  duration_count bigint default 0 not null,
  duration_sum bigint default 0 not null,
  duration_min bigint,
  duration_max bigint,
  duration_buckets smallint[],
  duration_counts integer[],
  queue_count bigint default 0 not null,
  queue_sum bigint default 0 not null,
  queue_min bigint,
  queue_max bigint,
  queue_buckets smallint[],
  queue_counts integer[],
  is_stale boolean default false not null
) with (fillfactor=80, autovacuum_vacuum_scale_factor=0.02);
alter table public.execution_stats enable row level security;

create table public.execution_stats_pruned (
  created_by text not null,
  workflow_id uuid not null,
  grain text not null,
  starts_at timestamp with time zone not null,
  completed bigint default 0 not null,
  failed bigint default 0 not null,
  cancelled bigint default 0 not null,
  timed_out bigint default 0 not null,
  terminated bigint default 0 not null,
  duration_count bigint default 0 not null,
  duration_sum bigint default 0 not null,
  duration_min bigint,
  duration_max bigint,
  duration_buckets smallint[],
  duration_counts integer[],
  queue_count bigint default 0 not null,
  queue_sum bigint default 0 not null,
  queue_min bigint,
  queue_max bigint,
  queue_buckets smallint[],
  queue_counts integer[],
  verdicts jsonb default '{}'::jsonb not null,
  failures jsonb default '{}'::jsonb not null
);
alter table public.execution_stats_pruned enable row level security;

create table public.execution_timelines (
  execution_id uuid not null,
  created_by text not null,
  temporal_namespace text not null,
  state text default 'pending'::text not null,
  steps jsonb default '[]'::jsonb not null,
  omitted jsonb default '{}'::jsonb not null,
  activities_executed integer default 0 not null,
  next_try_at timestamp with time zone default now() not null,
  read_at timestamp with time zone
);
alter table public.execution_timelines enable row level security;

create table public.execution_transitions (
  id uuid default private.uuid_v7() not null,
  execution_id uuid not null,
  created_by text not null,
  from_status text,
  to_status text not null,
  at timestamp with time zone default clock_timestamp() not null,
  source text not null,
  authority text not null,
  actor text,
  run_id text,
  reason text,
  report_id uuid,
  merged_execution_id uuid,
  is_lost boolean default false not null,
  revision bigint not null
);
alter table public.execution_transitions enable row level security;

create table public.fold_state (
  one boolean default true not null,
  folded_below xid8 default '0'::xid8 not null,
  cluster bigint,
  hours_from timestamp with time zone default '-infinity'::timestamp with time zone not null,
  folded_at timestamp with time zone
) with (fillfactor=10);
alter table public.fold_state enable row level security;

create table public.idempotency_keys (
  user_id text not null,
  workflow_id uuid not null,
  key text not null,
  input_hash text not null,
  execution_id uuid not null,
  expires_at timestamp with time zone not null
);
alter table public.idempotency_keys enable row level security;

create table public.monitor_state (
  temporal_namespace text not null,
  watermarks jsonb default '{}'::jsonb not null,
  proof jsonb,
  updated_at timestamp with time zone default now() not null
);
alter table public.monitor_state enable row level security;

create table public.users (
  id text not null,
  created_at timestamp with time zone default now() not null
);
alter table public.users enable row level security;

create table public.workflow_executions (
  id uuid default private.uuid_v7() not null,
  workflow_id uuid not null,
  created_by text not null,
  engine text not null,
  temporal_namespace text,
  temporal_workflow_id text,
  temporal_run_id text,
  current_run_id text,
  closing_run_id text,
  run_count integer default 1 not null,
  status text not null,
  outcome_authority text,
  input jsonb,
  input_note text,
  output jsonb,
  output_note text,
  error_message text,
  failure jsonb,
  failure_group text,
  state_snapshot jsonb,
  started_at timestamp with time zone default now() not null,
  engine_started_at timestamp with time zone,
  first_task_at timestamp with time zone,
  completed_at timestamp with time zone,
  duration_ms bigint,
  activities_executed integer,
  verdict text,
  tags text[] default '{}'::text[] not null,
  metadata jsonb default '{}'::jsonb not null,
  cancel_requested_at timestamp with time zone,
  cancel_requested_by text,
  cancel_reason text,
  start_by timestamp with time zone,
  recorded_at timestamp with time zone,
  lost_at timestamp with time zone,
  ended_by text,
  end_reason text,
  revision bigint default 1 not null,
  last_transition jsonb
);
alter table public.workflow_executions enable row level security;

create table public.workflows (
  id uuid default private.uuid_v7() not null,
  user_id text not null,
  name text not null,
  description text,
  temporal_namespace text default 'default'::text not null,
  workflow_type text not null,
  task_queue text not null,
  input_schema jsonb,
  execution_timeout text,
  run_timeout text,
  retry_policy jsonb,
  visibility text default 'private'::text not null,
  archived_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null
);
alter table public.workflows enable row level security;

alter table public.execution_changes add constraint execution_changes_pkey
  PRIMARY KEY (xid, execution_id, revision, deleted);

alter table public.execution_checks add constraint health_is_known
  CHECK (health = ANY (ARRAY['live'::text, 'late'::text, 'wedged'::text, 'cancelling'::text, 'lost'::text]));

alter table public.execution_checks add constraint execution_checks_execution_id_fkey
  FOREIGN KEY (execution_id) REFERENCES public.workflow_executions(id) ON DELETE CASCADE;

alter table public.execution_checks add constraint execution_checks_pkey
  PRIMARY KEY (execution_id);

alter table public.execution_import_rows add constraint a_refused_row_says_why
  CHECK (result <> 'refused'::text OR reason IS NOT NULL);

alter table public.execution_import_rows add constraint import_result_is_known
  CHECK (result = ANY (ARRAY['taken'::text, 'known'::text, 'refused'::text]));

alter table public.execution_import_rows add constraint execution_import_rows_pkey
  PRIMARY KEY (source, source_id);

alter table public.execution_imports add constraint every_row_is_taken_known_or_refused
  CHECK (rows = (taken + known + refused));

alter table public.execution_imports add constraint execution_imports_pkey
  PRIMARY KEY (source);

alter table public.execution_label_stats add constraint label_grain_is_hour_day_or_life
  CHECK (grain = ANY (ARRAY['hour'::text, 'day'::text, 'life'::text]));

alter table public.execution_label_stats add constraint label_kind_is_verdict_or_failure
  CHECK (kind = ANY (ARRAY['verdict'::text, 'failure'::text]));

alter table public.execution_label_stats add constraint execution_label_stats_pkey
  PRIMARY KEY (created_by, kind, grain, workflow_id, starts_at, label);

alter table public.execution_prunes add constraint execution_prunes_pkey
  PRIMARY KEY (id);

alter table public.execution_quota_usage add constraint usage_is_not_negative
  CHECK (hour_used >= 0 AND day_used >= 0 AND month_used >= 0);

alter table public.execution_quota_usage add constraint execution_quota_usage_quota_id_fkey
  FOREIGN KEY (quota_id) REFERENCES public.execution_quotas(id) ON DELETE CASCADE;

alter table public.execution_quota_usage add constraint execution_quota_usage_user_id_fkey
  FOREIGN KEY (user_id) REFERENCES public.users(id) ON UPDATE CASCADE ON DELETE CASCADE;

alter table public.execution_quota_usage add constraint execution_quota_usage_pkey
  PRIMARY KEY (quota_id, user_id);

alter table public.execution_quotas add constraint limits_are_not_negative
  CHECK (runs_per_hour >= 0 AND runs_per_day >= 0 AND runs_per_month >= 0 AND concurrent_runs >= 0);

alter table public.execution_quotas add constraint the_user_is_known
  FOREIGN KEY (user_id) REFERENCES public.users(id) ON UPDATE CASCADE ON DELETE CASCADE;

alter table public.execution_quotas add constraint the_workflow_is_known
  FOREIGN KEY (workflow_id) REFERENCES public.workflows(id) ON DELETE CASCADE;

alter table public.execution_quotas add constraint execution_quotas_pkey
  PRIMARY KEY (id);

alter table public.execution_quotas add constraint there_is_one_quota_for_a_user_and_a_workflow
  UNIQUE NULLS NOT DISTINCT (user_id, workflow_id);

alter table public.execution_reports add constraint report_result_is_known
  CHECK (result = ANY (ARRAY['applied'::text, 'already_terminal'::text, 'conflict'::text]));

alter table public.execution_reports add constraint reported_status_is_terminal
  CHECK (status = ANY (ARRAY['completed'::text, 'failed'::text, 'cancelled'::text, 'timed_out'::text, 'terminated'::text]));

alter table public.execution_reports add constraint execution_reports_execution_id_fkey
  FOREIGN KEY (execution_id) REFERENCES public.workflow_executions(id) ON DELETE CASCADE;

alter table public.execution_reports add constraint execution_reports_pkey
  PRIMARY KEY (report_id);

alter table public.execution_runs add constraint run_cause_is_known
  CHECK (cause = ANY (ARRAY['start'::text, 'continue_as_new'::text, 'retry'::text, 'cron'::text, 'reset'::text]));

alter table public.execution_runs add constraint run_error_message_has_at_most_4000_characters
  CHECK (length(error_message) <= 4000);

alter table public.execution_runs add constraint run_status_is_known
  CHECK (status = ANY (ARRAY['running'::text, 'continued_as_new'::text, 'completed'::text, 'failed'::text, 'cancelled'::text, 'timed_out'::text, 'terminated'::text, 'unknown'::text]));

alter table public.execution_runs add constraint execution_runs_execution_id_fkey
  FOREIGN KEY (execution_id) REFERENCES public.workflow_executions(id) ON DELETE CASCADE;

alter table public.execution_runs add constraint execution_runs_pkey
  PRIMARY KEY (execution_id, run_id);

alter table public.execution_stats add constraint grain_is_hour_day_or_life
  CHECK (grain = ANY (ARRAY['hour'::text, 'day'::text, 'life'::text]));

alter table public.execution_stats add constraint execution_stats_pkey
  PRIMARY KEY (created_by, grain, workflow_id, starts_at);

alter table public.execution_stats_pruned add constraint pruned_grain_is_hour_or_day
  CHECK (grain = ANY (ARRAY['hour'::text, 'day'::text]));

alter table public.execution_stats_pruned add constraint execution_stats_pruned_created_by_fkey
  FOREIGN KEY (created_by) REFERENCES public.users(id) ON UPDATE CASCADE ON DELETE CASCADE;

alter table public.execution_stats_pruned add constraint execution_stats_pruned_workflow_id_fkey
  FOREIGN KEY (workflow_id) REFERENCES public.workflows(id) ON DELETE CASCADE;

alter table public.execution_stats_pruned add constraint execution_stats_pruned_pkey
  PRIMARY KEY (created_by, workflow_id, grain, starts_at);

alter table public.execution_timelines add constraint omitted_is_an_object
  CHECK (jsonb_typeof(omitted) = 'object'::text);

alter table public.execution_timelines add constraint only_a_pending_timeline_was_not_read
  CHECK ((state = 'pending'::text) = (read_at IS NULL));

alter table public.execution_timelines add constraint steps_are_a_list
  CHECK (jsonb_typeof(steps) = 'array'::text);

alter table public.execution_timelines add constraint timeline_state_is_known
  CHECK (state = ANY (ARRAY['pending'::text, 'complete'::text, 'cut'::text, 'missing'::text]));

alter table public.execution_timelines add constraint execution_timelines_execution_id_fkey
  FOREIGN KEY (execution_id) REFERENCES public.workflow_executions(id) ON DELETE CASCADE;

alter table public.execution_timelines add constraint execution_timelines_pkey
  PRIMARY KEY (execution_id);

alter table public.execution_transitions add constraint transition_authority_is_engine_or_reported
  CHECK (authority = ANY (ARRAY['engine'::text, 'reported'::text]));

alter table public.execution_transitions add constraint transition_source_is_known
  CHECK (source = ANY (ARRAY['service'::text, 'report'::text, 'feed'::text, 'watch'::text, 'reconciler'::text, 'user'::text]));

alter table public.execution_transitions add constraint execution_transitions_execution_id_fkey
  FOREIGN KEY (execution_id) REFERENCES public.workflow_executions(id) ON DELETE CASCADE;

alter table public.execution_transitions add constraint execution_transitions_pkey
  PRIMARY KEY (id);

alter table public.fold_state add constraint there_is_one_fold_state
  CHECK (one);

alter table public.fold_state add constraint fold_state_pkey
  PRIMARY KEY (one);

alter table public.idempotency_keys add constraint idempotency_key_has_1_to_255_characters
  CHECK (length(key) >= 1 AND length(key) <= 255);

alter table public.idempotency_keys add constraint idempotency_keys_execution_id_fkey
  FOREIGN KEY (execution_id) REFERENCES public.workflow_executions(id) ON DELETE CASCADE;

alter table public.idempotency_keys add constraint idempotency_keys_user_id_fkey
  FOREIGN KEY (user_id) REFERENCES public.users(id) ON UPDATE CASCADE ON DELETE CASCADE;

alter table public.idempotency_keys add constraint idempotency_keys_workflow_id_fkey
  FOREIGN KEY (workflow_id) REFERENCES public.workflows(id) ON DELETE CASCADE;

alter table public.idempotency_keys add constraint idempotency_keys_pkey
  PRIMARY KEY (user_id, workflow_id, key);

alter table public.monitor_state add constraint watermarks_are_an_object
  CHECK (jsonb_typeof(watermarks) = 'object'::text);

alter table public.monitor_state add constraint monitor_state_pkey
  PRIMARY KEY (temporal_namespace);

alter table public.users add constraint user_id_is_not_empty
  CHECK (id <> ''::text);

alter table public.users add constraint users_pkey
  PRIMARY KEY (id);

alter table public.workflow_executions add constraint an_execution_obeys_its_rules
  CHECK (private.check_execution(engine, temporal_namespace, temporal_workflow_id, temporal_run_id, current_run_id, closing_run_id, run_count, status, outcome_authority, error_message, completed_at, duration_ms, activities_executed, verdict, tags, jsonb_typeof(metadata), cancel_requested_at, cancel_requested_by, start_by, recorded_at, jsonb_typeof(last_transition), lost_at));

alter table public.workflow_executions add constraint user_id_is_not_empty
  CHECK (created_by <> ''::text);

alter table public.workflow_executions add constraint the_user_is_known
  FOREIGN KEY (created_by) REFERENCES public.users(id) ON UPDATE CASCADE ON DELETE CASCADE;

alter table public.workflow_executions add constraint the_workflow_is_known
  FOREIGN KEY (workflow_id) REFERENCES public.workflows(id) ON DELETE CASCADE;

alter table public.workflow_executions add constraint workflow_executions_pkey
  PRIMARY KEY (id);

alter table public.workflows add constraint input_schema_is_an_object_of_at_most_32_kb
  CHECK (jsonb_typeof(input_schema) = 'object'::text AND octet_length(input_schema::text) <= 65536);

alter table public.workflows add constraint retry_policy_is_an_object
  CHECK (jsonb_typeof(retry_policy) = 'object'::text);

alter table public.workflows add constraint task_queue_has_1_to_1000_bytes
  CHECK (octet_length(task_queue) >= 1 AND octet_length(task_queue) <= 1000);

alter table public.workflows add constraint temporal_namespace_has_1_to_1000_bytes
  CHECK (octet_length(temporal_namespace) >= 1 AND octet_length(temporal_namespace) <= 1000);

alter table public.workflows add constraint time_outs_are_durations
  CHECK (execution_timeout ~ '^[0-9]+(ms|s|m|h|d)$'::text AND run_timeout ~ '^[0-9]+(ms|s|m|h|d)$'::text);

alter table public.workflows add constraint workflow_description_has_at_most_2000_characters
  CHECK (length(description) <= 2000);

alter table public.workflows add constraint workflow_id_is_not_the_nil_uuid
  CHECK (id <> '00000000-0000-0000-0000-000000000000'::uuid);

alter table public.workflows add constraint workflow_name_has_1_to_200_characters
  CHECK (length(name) >= 1 AND length(name) <= 200);

alter table public.workflows add constraint workflow_type_has_1_to_1000_bytes
  CHECK (octet_length(workflow_type) >= 1 AND octet_length(workflow_type) <= 1000);

alter table public.workflows add constraint workflow_visibility_is_private_or_published
  CHECK (visibility = ANY (ARRAY['private'::text, 'published'::text]));

alter table public.workflows add constraint workflows_user_id_fkey
  FOREIGN KEY (user_id) REFERENCES public.users(id) ON UPDATE CASCADE ON DELETE CASCADE;

alter table public.workflows add constraint workflows_pkey
  PRIMARY KEY (id);

CREATE UNIQUE INDEX an_end_is_recorded_once_per_run_and_authority ON public.execution_transitions USING btree (execution_id, run_id, authority) NULLS NOT DISTINCT WHERE ((to_status <> ALL (ARRAY['pending'::text, 'running'::text])) AND (merged_execution_id IS NULL) AND (NOT is_lost));

CREATE UNIQUE INDEX an_engine_run_is_recorded_once ON public.workflow_executions USING btree (temporal_namespace, temporal_workflow_id, temporal_run_id) WHERE (temporal_run_id IS NOT NULL);

CREATE INDEX idx_execution_changes_changed_at ON public.execution_changes USING btree (changed_at);

CREATE INDEX idx_execution_checks_due ON public.execution_checks USING btree (temporal_namespace, next_check_at);

CREATE INDEX idx_execution_checks_youngest ON public.execution_checks USING btree (temporal_namespace, started_at, execution_id);

CREATE INDEX idx_execution_deltas_user ON public.execution_deltas USING btree (created_by, xid);

CREATE INDEX idx_execution_deltas_workflow ON public.execution_deltas USING btree (workflow_id, xid);

CREATE INDEX idx_execution_deltas_xid ON public.execution_deltas USING btree (xid);

CREATE INDEX idx_execution_label_stats_hours ON public.execution_label_stats USING btree (starts_at) WHERE (grain = 'hour'::text);

CREATE INDEX idx_execution_prunes_started_at ON public.execution_prunes USING btree (started_at);

CREATE INDEX idx_execution_quota_usage_user ON public.execution_quota_usage USING btree (user_id);

CREATE INDEX idx_execution_quotas_workflow ON public.execution_quotas USING btree (workflow_id);

CREATE INDEX idx_execution_reports_execution ON public.execution_reports USING btree (execution_id);

CREATE INDEX idx_execution_runs_run ON public.execution_runs USING btree (run_id);

CREATE INDEX idx_execution_stats_hours ON public.execution_stats USING btree (starts_at) WHERE (grain = 'hour'::text);

CREATE INDEX idx_execution_stats_pruned_workflow ON public.execution_stats_pruned USING btree (workflow_id);

CREATE INDEX idx_execution_stats_stale ON public.execution_stats USING btree (starts_at) WHERE is_stale;

CREATE INDEX idx_execution_timelines_pending ON public.execution_timelines USING btree (temporal_namespace, next_try_at) WHERE (state = 'pending'::text);

CREATE INDEX idx_execution_transitions_execution ON public.execution_transitions USING btree (execution_id, revision);

CREATE INDEX idx_execution_transitions_merged ON public.execution_transitions USING btree (merged_execution_id) WHERE (merged_execution_id IS NOT NULL);

CREATE INDEX idx_idempotency_keys_execution ON public.idempotency_keys USING btree (execution_id);

CREATE INDEX idx_idempotency_keys_expires_at ON public.idempotency_keys USING btree (expires_at);

CREATE INDEX idx_idempotency_keys_workflow ON public.idempotency_keys USING btree (workflow_id);

CREATE INDEX idx_workflow_executions_created_by ON public.workflow_executions USING btree (created_by, started_at DESC, id DESC);

CREATE INDEX idx_workflow_executions_error_text ON public.workflow_executions USING gin (extensions.show_trgm(error_message)) WITH (gin_pending_list_limit='256') WHERE (error_message IS NOT NULL);

CREATE INDEX idx_workflow_executions_temporal_workflow_id ON public.workflow_executions USING btree (temporal_workflow_id, started_at DESC, id DESC);

CREATE INDEX idx_workflow_executions_user_completed ON public.workflow_executions USING btree (created_by, completed_at, id) WHERE (completed_at IS NOT NULL);

CREATE INDEX idx_workflow_executions_user_duration ON public.workflow_executions USING btree (created_by, duration_ms, id) WHERE (duration_ms IS NOT NULL);

CREATE INDEX idx_workflow_executions_user_error ON public.workflow_executions USING btree (created_by, started_at, id) WHERE (error_message IS NOT NULL);

CREATE INDEX idx_workflow_executions_user_failure ON public.workflow_executions USING btree (created_by, failure_group, started_at, id) WHERE (failure_group IS NOT NULL);

CREATE INDEX idx_workflow_executions_user_status ON public.workflow_executions USING btree (created_by, status, started_at DESC, id DESC) WHERE (status <> 'completed'::text);

CREATE INDEX idx_workflow_executions_user_status_completed ON public.workflow_executions USING btree (created_by, status, completed_at, id) WHERE (status = ANY (ARRAY['failed'::text, 'cancelled'::text, 'timed_out'::text, 'terminated'::text]));

CREATE INDEX idx_workflow_executions_user_unsettled ON public.workflow_executions USING btree (created_by, started_at, id) WHERE ((outcome_authority IS NULL) OR ((engine = 'temporal'::text) AND (outcome_authority = 'reported'::text) AND (lost_at IS NULL)));

CREATE INDEX idx_workflow_executions_user_verdict ON public.workflow_executions USING btree (created_by, verdict, started_at DESC, id DESC) WHERE (verdict IS NOT NULL);

CREATE INDEX idx_workflow_executions_waiting ON public.workflow_executions USING btree (temporal_namespace, started_at) WHERE ((status = 'pending'::text) AND (start_by IS NOT NULL));

CREATE INDEX idx_workflow_executions_workflow ON public.workflow_executions USING btree (workflow_id, created_by, started_at DESC, id DESC);

CREATE INDEX idx_workflow_executions_workflow_completed ON public.workflow_executions USING btree (workflow_id, completed_at, id) WHERE (completed_at IS NOT NULL);

CREATE INDEX idx_workflow_executions_workflow_duration ON public.workflow_executions USING btree (workflow_id, duration_ms, id) WHERE (duration_ms IS NOT NULL);

CREATE INDEX idx_workflow_executions_workflow_error ON public.workflow_executions USING btree (workflow_id, started_at, id) WHERE (error_message IS NOT NULL);

CREATE INDEX idx_workflow_executions_workflow_failure ON public.workflow_executions USING btree (workflow_id, failure_group, started_at, id) WHERE (failure_group IS NOT NULL);

CREATE INDEX idx_workflow_executions_workflow_started ON public.workflow_executions USING btree (workflow_id, started_at DESC, id DESC);

CREATE INDEX idx_workflow_executions_workflow_unsettled ON public.workflow_executions USING btree (workflow_id, started_at, id) WHERE ((outcome_authority IS NULL) OR ((engine = 'temporal'::text) AND (outcome_authority = 'reported'::text) AND (lost_at IS NULL)));

CREATE INDEX idx_workflow_executions_workflow_user_completed ON public.workflow_executions USING btree (workflow_id, created_by, completed_at, id) WHERE (completed_at IS NOT NULL);

CREATE INDEX idx_workflows_published ON public.workflows USING btree (name, id) WHERE ((visibility = 'published'::text) AND (archived_at IS NULL));

CREATE INDEX idx_workflows_user ON public.workflows USING btree (user_id, name, id);

CREATE UNIQUE INDEX one_execution_per_workflow_id_waits_for_its_run ON public.workflow_executions USING btree (temporal_namespace, temporal_workflow_id) WHERE (temporal_run_id IS NULL);

create view private.execution_summaries with (security_invoker=on) as
 SELECT id,
    workflow_id,
    created_by,
    engine,
    temporal_namespace,
    temporal_workflow_id,
    temporal_run_id,
    current_run_id,
    closing_run_id,
    run_count,
    status,
    outcome_authority,
    error_message,
    started_at,
    engine_started_at,
    first_task_at,
    completed_at,
    duration_ms,
    activities_executed,
    verdict,
    tags,
    metadata,
    cancel_requested_at,
    cancel_requested_by,
    cancel_reason,
    start_by,
    recorded_at,
    lost_at,
    ended_by,
    end_reason,
    revision
   FROM public.workflow_executions;

create view public.workflow_run_counts with (security_invoker=on) as
 SELECT user_id,
    workflow_id,
    sum(completed)::bigint AS completed_count,
    sum(failed)::bigint AS failed_count,
    sum(completed + failed)::bigint AS total_count,
    ( SELECT max(e.started_at) AS max
           FROM public.workflow_executions e
          WHERE e.workflow_id = x.workflow_id AND e.created_by = x.user_id) AS last_run_at
   FROM ( SELECT s.created_by AS user_id,
            s.workflow_id,
            s.completed,
            s.failed,
            s.pending + s.running + s.completed + s.failed + s.cancelled + s.timed_out + s.terminated AS total
           FROM public.execution_stats s
          WHERE s.grain = 'life'::text AND s.created_by <> ''::text AND s.workflow_id <> '00000000-0000-0000-0000-000000000000'::uuid
        UNION ALL
         SELECT d.created_by,
            d.workflow_id,
            v.n * (v.status = 'completed'::text)::integer,
            v.n * (v.status = 'failed'::text)::integer,
            v.n
           FROM public.execution_deltas d,
            LATERAL private.signs_of(d.*) v(n, status, duration_ms, queue_ms, verdict, failure_group, failure_shape)
          WHERE d.xid >= (( SELECT private.folded_below() AS folded_below))) x
  GROUP BY user_id, workflow_id
 HAVING sum(total) > 0::numeric;

create view public.workflow_runs with (security_invoker=on) as
 SELECT id,
    created_by AS user_id,
    workflow_id,
    status,
    started_at,
    completed_at,
    duration_ms,
    failure AS error_details,
    state_snapshot
   FROM public.workflow_executions e;

CREATE OR REPLACE FUNCTION private.add_histograms(a_buckets smallint[], a_counts integer[], b_buckets smallint[], b_counts integer[], OUT buckets smallint[], OUT counts integer[])
 RETURNS record
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO ''
AS $function$
  select array_agg(x.bucket order by x.bucket), array_agg(x.n order by x.bucket)
    from (select u.bucket, sum(u.n)::int as n
            from (select * from unnest(a_buckets, a_counts) a (bucket, n)
                  union all select * from unnest(b_buckets, b_counts) b (bucket, n)) u
           where u.bucket is not null group by 1) x;
$function$;

CREATE OR REPLACE FUNCTION private.add_labels(a jsonb, b jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO ''
AS $function$
  select coalesce(jsonb_object_agg(x.key, x.n), '{}')
    from (select u.key, sum(u.value::bigint) as n
            from (select * from jsonb_each_text(a) union all select * from jsonb_each_text(b)) u group by 1) x;
$function$;

CREATE OR REPLACE FUNCTION private.add_pruned(p_rows public.execution_stats_pruned[], p_sign integer)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_hours_from timestamptz;
  v_cells private.cell_change[];
  v_buckets private.bucket_change[];
  v_labels private.label_change[];
begin
  -- Waits for the folder: only one writes cells.
  select s.hours_from into v_hours_from from public.fold_state s for update;
  with part as materialized (
    select dense_rank() over (order by k.created_by, k.workflow_id, k.grain, k.starts_at)::int as cell, k.created_by as cell_user,
           k.workflow_id as cell_workflow, k.grain as cell_grain, k.starts_at as cell_starts_at, p.*
      from unnest(p_rows) p, lateral private.cells_of(p.created_by, p.workflow_id, p.starts_at, v_hours_from, p.grain) k),
  cell as (
    select p.cell, row(min(cell_user), (array_agg(cell_workflow))[1], min(cell_grain), min(cell_starts_at), 0, 0,
           p_sign * sum(p.completed), p_sign * sum(p.failed), p_sign * sum(p.cancelled), p_sign * sum(p.timed_out),
           p_sign * sum(p.terminated), p_sign * sum(p.duration_count), p_sign * sum(p.duration_sum),
           case when p_sign > 0 then min(p.duration_min) end, case when p_sign > 0 then max(p.duration_max) end,
           case when p_sign < 0 then min(p.duration_min) end, case when p_sign < 0 then max(p.duration_max) end,
           p_sign * sum(p.queue_count), p_sign * sum(p.queue_sum),
           case when p_sign > 0 then min(p.queue_min) end, case when p_sign > 0 then max(p.queue_max) end,
           case when p_sign < 0 then min(p.queue_min) end, case when p_sign < 0 then max(p.queue_max) end,
           min(cell_grain) <> 'life', min(cell_grain) <> 'life')::private.cell_change as change
      from part p group by 1),
  bucket as (
    select p.cell, h.is_queue, h.bucket, (p_sign * sum(h.n))::int
      from part p, lateral (
        select false as is_queue, d.* from unnest(p.duration_buckets, p.duration_counts) d (bucket, n)
        union all select true, q.* from unnest(p.queue_buckets, p.queue_counts) q (bucket, n)) h
     where p.cell_grain <> 'life' group by 1, 2, 3)
  select (select array_agg(c.change order by c.cell) from cell c), (select array_agg(row(b.*)::private.bucket_change) from bucket b)
    into v_cells, v_buckets;
  select array_agg(row(l.*)::private.label_change) into v_labels from (
    select k.created_by, k.workflow_id, k.grain, k.starts_at, t.kind, t.label, null::text, p_sign * sum(t.n::bigint)
      from unnest(p_rows) p
      cross join lateral (
        select 'verdict' as kind, v.* from jsonb_each_text(p.verdicts) v (label, n)
        union all select 'failure', f.* from jsonb_each_text(p.failures) f (label, n)) t
      cross join lateral private.cells_of(p.created_by, p.workflow_id, p.starts_at, v_hours_from, p.grain) k
     group by 1, 2, 3, 4, 5, 6) l;
  perform private.merge_cells(v_cells, v_buckets, v_labels);
end $function$;

CREATE OR REPLACE FUNCTION private.add_user()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
    begin
      insert into public.users (id) values (new.id::text) on conflict (id) do nothing;
      return new;
    end $function$;

CREATE OR REPLACE FUNCTION private.admit_by_quota(p_user text, p_workflow uuid, p_execution uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  q public.execution_quotas;
  u public.execution_quota_usage;
  v_quotas uuid[];
  v_now timestamptz;
  v_refused jsonb;
begin
  select array_agg(x.id order by x.id) into v_quotas from private.quotas_for(p_user, p_workflow) x;
  if v_quotas is null then return; end if;

  -- What a deletion locks first is locked first here too, and quotas in the order of their ids: nobody waits in a circle.
  perform from public.users x where x.id = p_user for key share;
  perform from public.workflows x where x.id = p_workflow for key share;
  for q in select * from public.execution_quotas x where x.id = any (v_quotas) order by x.id for key share loop
    insert into public.execution_quota_usage (quota_id, user_id) values (q.id, p_user) on conflict do nothing;
    perform from public.execution_quota_usage x where x.quota_id = q.id and x.user_id = p_user for update;
  end loop;
  -- This attempt's predecessor may have come through while this one waited.
  perform from public.workflow_executions e where e.id = p_execution;
  if found then return; end if;

  v_now := clock_timestamp();
  select jsonb_build_object('kind', s.kind, 'limit', s.max_runs, 'used', s.used, 'freesAt', s.frees_at, 'workflowId', x.workflow_id)
    into v_refused
    from public.execution_quotas x
    join public.execution_quota_usage k on k.quota_id = x.id and k.user_id = p_user
   cross join lateral private.quota_state(x, k, p_user, v_now) s
   where x.id = any (v_quotas) and s.used >= s.max_runs
   order by s.frees_at desc nulls last, s.max_runs limit 1;
  if found then perform private.refuse_by_quota(v_refused); end if;

  update public.execution_quota_usage k
     set hour = greatest(k.hour, date_trunc('hour', v_now, 'UTC')),
         hour_used = 1 + case when k.hour >= date_trunc('hour', v_now, 'UTC') then k.hour_used else 0 end,
         day = greatest(k.day, date_trunc('day', v_now, 'UTC')),
         day_used = 1 + case when k.day >= date_trunc('day', v_now, 'UTC') then k.day_used else 0 end,
         month = greatest(k.month, date_trunc('month', v_now, 'UTC')),
         month_used = 1 + case when k.month >= date_trunc('month', v_now, 'UTC') then k.month_used else 0 end
   where k.quota_id = any (v_quotas) and k.user_id = p_user;
end $function$;

CREATE OR REPLACE FUNCTION private.adopt_run(p jsonb, OUT result text, OUT execution_id uuid)
 RETURNS record
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_namespace text := p ->> 'namespace';
  v_workflow_id text := p ->> 'workflowId';
  v_run text := p ->> 'firstRunId';
  v_definition uuid;
begin
  select x.id into execution_id from public.workflow_executions x
   where x.temporal_namespace = v_namespace and x.temporal_workflow_id = v_workflow_id
     and (x.temporal_run_id = v_run or x.temporal_run_id is null)
   limit 1;
  if found then
    result := 'known';
    return;
  end if;
  if not exists (select from public.users u where u.id = p ->> 'userId') then
    result := 'unknown_user';
    return;
  end if;
  select w.id into v_definition from public.workflows w
   where case when p ->> 'definitionId' is not null then w.id = (p ->> 'definitionId')::uuid
              else w.temporal_namespace = v_namespace and w.workflow_type = p ->> 'workflowType'
                   and w.task_queue = p ->> 'taskQueue'
                   and (w.user_id = p ->> 'userId' or w.visibility = 'published') end
   order by w.created_at, w.id limit 1;
  if not found then
    result := 'unknown_workflow';
    return;
  end if;
  insert into public.workflow_executions (workflow_id, created_by, temporal_namespace, temporal_workflow_id,
      temporal_run_id, started_at, last_transition)
    values (v_definition, p ->> 'userId', v_namespace, v_workflow_id, v_run, (p ->> 'startedAt')::timestamptz,
      jsonb_build_object('source', 'feed', 'reason', 'It was started elsewhere, and adopted by rule.'))
    returning id into execution_id;
  result := 'adopted';
end $function$;

CREATE OR REPLACE FUNCTION private.begin_prune(p_run uuid, p_policy jsonb)
 RETURNS public.execution_prunes
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  r public.execution_prunes;
  other public.execution_prunes;
begin
  -- For the transaction: it waits for the batch that is under way. In between, whoever was heard of within a minute keeps its place.
  perform pg_advisory_xact_lock(hashtextextended('runledger:prune', 0));
  select * into other from public.execution_prunes x
   where x.id <> p_run and x.finished_at is null and x.beat_at > clock_timestamp() - interval '1 minute'
   order by x.started_at limit 1;
  if found then
    raise exception 'Another prune is under way, since % UTC.', to_char(other.started_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')
      using errcode = 'PT409', detail = 'conflict', hint = 'One runs at a time; try again when it has ended, or a minute after it was broken off.';
  end if;
  insert into public.execution_prunes (id, policy, payloads_before, timelines_before, rows_before)
    values (p_run, p_policy, clock_timestamp() - (p_policy ->> 'payloads')::interval,
      clock_timestamp() - (p_policy ->> 'timelines')::interval, clock_timestamp() - (p_policy ->> 'rows')::interval)
    on conflict (id) do nothing;
  select * into r from public.execution_prunes x where x.id = p_run;
  return r;
end $function$;

CREATE OR REPLACE FUNCTION private.beyond_sql(p_list jsonb, p_after jsonb, p_column text, p_id text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE
 SET search_path TO ''
AS $function$
begin
  return concat_ws(' and ',
    p_column || ' is not null',
    p_column || ' >= ' || quote_literal(p_list ->> 'atLeast'),
    p_column || ' < ' || quote_literal(p_list ->> 'below'),
    p_column || ' <= ' || quote_literal(p_list ->> 'atMost'),
    format('(%s, %s) %s (%L, %L)', p_column, p_id, case p_list ->> 'direction' when 'asc' then '>' else '<' end,
           p_after ->> 'value', p_after ->> 'id')
      || case when p_after is null then null else '' end);
end $function$;

CREATE OR REPLACE FUNCTION private.bucket_ms(bucket integer)
 RETURNS double precision
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN (bucket < 0) THEN (0)::double precision ELSE (((2)::double precision * power(((1.02)::double precision / (0.98)::double precision), (bucket)::double precision)) / (((1.02)::double precision / (0.98)::double precision) + (1)::double precision)) END;

CREATE OR REPLACE FUNCTION private.bucket_of(ms bigint)
 RETURNS smallint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN (CASE WHEN (ms <= 0) THEN ('-1'::integer)::double precision ELSE ceil((ln((ms)::double precision) / ln(((1.02)::double precision / (0.98)::double precision)))) END)::smallint;

CREATE OR REPLACE FUNCTION private.buffers_read()
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  return (select pg_catalog.pg_stat_get_xact_blocks_fetched(c.oid)
         + 3 * pg_catalog.pg_stat_get_xact_blocks_fetched(c.reltoastrelid)
         + 4 * pg_catalog.pg_stat_get_xact_blocks_fetched('public.execution_checks'::regclass)
    from pg_catalog.pg_class c where c.oid = 'public.workflow_executions'::regclass);
end $function$;

CREATE OR REPLACE FUNCTION private.cells_in(p_user text, p_workflow uuid, p_starts_at timestamp with time zone, p_days_from timestamp with time zone, p_days_to timestamp with time zone, p_ends_at timestamp with time zone)
 RETURNS SETOF public.execution_stats
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
begin
  if p_workflow is null then
    return query
      select * from public.execution_stats s where s.created_by = p_user and s.grain = 'day'
         and s.workflow_id > '00000000-0000-0000-0000-000000000000' and s.starts_at >= p_days_from and s.starts_at < p_days_to
      union all
      select * from public.execution_stats s where s.created_by = p_user and s.grain = 'hour'
         and s.workflow_id > '00000000-0000-0000-0000-000000000000' and s.starts_at >= p_starts_at and s.starts_at < p_days_from
      union all
      select * from public.execution_stats s where s.created_by = p_user and s.grain = 'hour'
         and s.workflow_id > '00000000-0000-0000-0000-000000000000' and s.starts_at >= p_days_to and s.starts_at < p_ends_at;
  else
    return query
      select * from public.execution_stats s where s.created_by = p_user and s.grain = 'day'
         and s.workflow_id = p_workflow and s.starts_at >= p_days_from and s.starts_at < p_days_to
      union all
      select * from public.execution_stats s where s.created_by = p_user and s.grain = 'hour'
         and s.workflow_id = p_workflow and s.starts_at >= p_starts_at and s.starts_at < p_days_from
      union all
      select * from public.execution_stats s where s.created_by = p_user and s.grain = 'hour'
         and s.workflow_id = p_workflow and s.starts_at >= p_days_to and s.starts_at < p_ends_at;
  end if;
end $function$;

CREATE OR REPLACE FUNCTION private.cells_of(p_user text, p_workflow uuid, p_from timestamp with time zone, p_hours_from timestamp with time zone, p_grain text DEFAULT 'hour'::text)
 RETURNS TABLE(created_by text, workflow_id uuid, grain text, starts_at timestamp with time zone)
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
 SELECT
         CASE
             WHEN k.by_user THEN cells_of.p_user
             ELSE ''::text
         END AS "case",
         CASE
             WHEN k.by_workflow THEN cells_of.p_workflow
             ELSE '00000000-0000-0000-0000-000000000000'::uuid
         END AS "case",
     g.grain,
         CASE g.grain
             WHEN 'hour'::text THEN cells_of.p_from
             WHEN 'day'::text THEN date_trunc('day'::text, cells_of.p_from, 'UTC'::text)
             ELSE '-infinity'::timestamp with time zone
         END AS "case"
    FROM ( VALUES (true,true), (true,false), (false,true)) k(by_user, by_workflow),
     ( VALUES ('hour'::text), ('day'::text), ('life'::text)) g(grain)
   WHERE ((g.grain <> 'hour'::text) OR ((cells_of.p_grain = 'hour'::text) AND (cells_of.p_from >= cells_of.p_hours_from)));
END;

CREATE OR REPLACE FUNCTION private.change_feed_blocker(p_after interval DEFAULT '00:00:10'::interval)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_xmin constant xid8 := pg_snapshot_xmin(pg_current_snapshot());
  v_blocker jsonb;
  v_since timestamptz;
  v_unread timestamptz;
begin
  select jsonb_build_object('kind', 'session', 'pid', a.pid, 'application', nullif(a.application_name, ''),
           'database', a.datname, 'state', a.state, 'gid', null), a.xact_start
    into v_blocker, v_since
    from pg_catalog.pg_stat_activity a where a.backend_xid = v_xmin::xid limit 1;
  if v_blocker is null then
    select jsonb_build_object('kind', 'prepared', 'pid', null, 'application', null,
             'database', p.database, 'state', 'prepared', 'gid', p.gid), p.prepared
      into v_blocker, v_since
      from pg_catalog.pg_prepared_xacts p where p.transaction = v_xmin::xid limit 1;
  end if;
  -- The oldest change that nobody can read yet, and whose transaction has ended.
  select c.changed_at into v_unread from public.execution_changes c where c.xid >= v_xmin order by c.xid limit 1;
  if v_blocker is null then
    -- Nobody is at it, unless other roles' sessions are hidden.
    if v_xmin = pg_snapshot_xmax(pg_current_snapshot()) then return null; end if;
    v_blocker := jsonb_build_object('kind', 'unknown', 'pid', null, 'application', null, 'database', null, 'state', null, 'gid', null);
  end if;
  if coalesce(v_since, v_unread, 'infinity') > clock_timestamp() - p_after then return null; end if;
  return v_blocker || jsonb_build_object('since', coalesce(v_since, v_unread), 'waitingMs',
    (extract(epoch from clock_timestamp() - v_unread) * 1000)::bigint);
end $function$;

CREATE OR REPLACE FUNCTION private.check_execution(engine text, temporal_namespace text, temporal_workflow_id text, temporal_run_id text, current_run_id text, closing_run_id text, run_count integer, status text, outcome_authority text, error_message text, completed_at timestamp with time zone, duration_ms bigint, activities_executed integer, verdict text, tags text[], metadata_type text, cancel_requested_at timestamp with time zone, cancel_requested_by text, start_by timestamp with time zone, recorded_at timestamp with time zone, last_transition_type text, lost_at timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO ''
AS $function$
declare
  is_open constant boolean := status in ('pending', 'running');
  is_temporal constant boolean := engine = 'temporal';
  rule constant text := case
    when engine not in ('temporal', 'none') then 'engine_is_temporal_or_none'
    when status not in ('pending', 'running', 'completed', 'failed', 'cancelled', 'timed_out', 'terminated')
      then 'status_is_one_of_seven'
    when outcome_authority not in ('engine', 'reported') then 'outcome_authority_is_engine_or_reported'
    when case when is_open then num_nonnulls(outcome_authority, completed_at, duration_ms, recorded_at, closing_run_id) > 0
              else num_nulls(outcome_authority, completed_at, recorded_at) > 0
                   or (duration_ms is null and lost_at is null) end
      then 'only_an_ended_execution_has_authority_end_and_duration'
    when lost_at is not null and (is_open or outcome_authority <> 'reported' or not is_temporal)
      then 'only_a_reported_end_is_of_an_execution_that_the_engine_lost'
    when not is_open and status <> 'completed' and error_message is null then 'an_execution_that_did_not_complete_says_why'
    when duration_ms < 0 then 'duration_is_not_negative'
    when is_temporal <> (temporal_workflow_id is not null) or is_temporal <> (temporal_namespace is not null)
      then 'an_engine_execution_names_namespace_and_workflow_id'
    when not is_temporal and (num_nonnulls(temporal_run_id, current_run_id, closing_run_id, start_by) > 0
                              or outcome_authority = 'engine')
      then 'a_direct_execution_has_no_run'
    when start_by is not null and status = 'running' and temporal_run_id is null
      then 'an_execution_that_the_ledger_starts_runs_with_its_run_id'
    when octet_length(temporal_workflow_id) not between 1 and 1000 then 'temporal_workflow_id_has_1_to_1000_bytes'
    when run_count < 1 then 'run_count_is_positive'
    when activities_executed < 0 then 'activities_executed_is_not_negative'
    when length(error_message) > 4000 then 'error_message_has_at_most_4000_characters'
    when length(verdict) > 100 then 'verdict_has_at_most_100_characters'
    when cardinality(tags) > 50 then 'at_most_50_tags'
    when metadata_type <> 'object' then 'metadata_is_an_object'
    when (cancel_requested_at is null) <> (cancel_requested_by is null) then 'a_cancel_request_says_who'
    when last_transition_type <> 'object' then 'last_transition_is_an_object'
  end;
begin
  if rule is null then return true; end if;
  raise exception 'An execution breaks the rule "%".', rule
    using errcode = 'check_violation', schema = 'public', table = 'workflow_executions', constraint = rule;
end $function$;

CREATE OR REPLACE FUNCTION private.check_execution_search(p_user_id text, p_workflow_id uuid, p_filter jsonb, p_order_by text DEFAULT 'started_at'::text)
 RETURNS jsonb
 LANGUAGE plpgsql
 IMMUTABLE
 SET search_path TO ''
AS $function$
declare
  parts constant text[] := array['status', 'from', 'to', 'verdict', 'minDurationMs', 'maxDurationMs', 'tags', 'allTags',
                                 'health', 'failureGroup', 'text', 'ids'];
  filter jsonb := coalesce((select jsonb_object_agg(f.key, f.value) from jsonb_each(p_filter) f
                             where f.value not in ('null', '[]', '""')), '{}');
  wrong text := case
    when p_user_id is null and p_workflow_id is null then 'A list is of a user, of a workflow, or of both.'
    when filter - parts <> '{}'
      then format('There is no filter by %s.', (select string_agg(k, ', ') from jsonb_object_keys(filter - parts) k))
    when p_order_by is null or p_order_by not in ('started_at', 'completed_at', 'duration')
      then format('There is no order by %s.', p_order_by)
    when filter ? 'ids' and p_order_by <> 'started_at' then 'A list of ids is ordered by started_at.'
    when jsonb_array_length(case when filter ? 'ids' then filter -> 'ids' else '[]' end) > 100
      then 'A list is of 100 ids at most.'
    end;
begin
  if wrong is not null then
    raise exception '%', wrong using errcode = 'PT400', detail = 'invalid_input',
      hint = 'See ExecutionFilter and ListExecutionsOptions in @runledger/contracts.';
  end if;
  return filter;
end $function$;

CREATE OR REPLACE FUNCTION private.check_import_options(o jsonb)
 RETURNS void
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
declare
  v_wrong text;
begin
  select string_agg(format('%s=%s', w.key, w.value), ', ') into v_wrong
    from (select * from jsonb_each_text(o -> 'workflows') union all select 'workflow', o ->> 'workflow' where o ->> 'workflow' is not null) w
   where not exists (select from public.workflows x where x.id::text = lower(w.value));
  if v_wrong is not null then
    raise exception 'There is no such workflow: %.', v_wrong
      using errcode = 'PT404', detail = 'not_found', hint = 'Create it first, or leave it out: workflows that are missing are made.';
  end if;
  select string_agg(format('%s=%s', w.key, w.value), ', ') into v_wrong from jsonb_each_text(o -> 'statuses') w
   where w.value not in ('pending', 'running', 'completed', 'failed', 'cancelled', 'timed_out', 'terminated');
  if v_wrong is not null then
    raise exception 'The ledger has no such status: %.', v_wrong
      using errcode = 'PT400', detail = 'invalid_input',
            hint = 'Map to pending, running, completed, failed, cancelled, timed_out or terminated.';
  end if;
end $function$;

CREATE OR REPLACE FUNCTION private.check_reported_time(e public.workflow_executions, note jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_now constant timestamptz := clock_timestamp();
  v_fault constant text := case
    when e.completed_at > v_now + interval '5 minutes' then 'lies ahead: it is ' || to_char(v_now at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"')
    when e.completed_at < least(e.started_at, v_now) - interval '5 minutes'
      then 'lies before the start, ' || to_char(e.started_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"') end;
begin
  if v_fault is null or e.outcome_authority = 'engine' or note ->> 'source' in ('feed', 'watch', 'reconciler')
     or note ->> 'reason' = 'imported' then
    return;
  end if;
  raise exception 'Execution %: the reported end, %, %.', e.id, e.completed_at, v_fault
    using errcode = 'PT400', detail = 'invalid_input ' || jsonb_build_object('completedAt', jsonb_build_array(v_fault))::text,
          hint = 'Pass a time with its zone, or milliseconds since 1970, or leave it out: then it is now.';
end $function$;

CREATE OR REPLACE FUNCTION private.check_status_change(old_row public.workflow_executions, new_row public.workflow_executions, authority text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  if new_row.status <> 'pending' then
    if old_row.status in ('pending', 'running') then return; end if;
    if authority = 'engine' and (
      old_row.outcome_authority = 'reported'
      or (new_row.status = 'running' and new_row.current_run_id is distinct from old_row.closing_run_id
          and new_row.current_run_id is not null)) then
      return;
    end if;
  end if;
  raise exception 'Execution % is % (%): it cannot become % by %.', old_row.id, old_row.status,
      coalesce(old_row.outcome_authority, 'open'), new_row.status,
      case authority when 'engine' then 'the engine' else 'report' end
    using errcode = 'PT409', detail = 'illegal_transition',
          hint = 'An end that was recorded stands; only Temporal itself corrects a report or reopens an execution by a reset.';
end $function$;

CREATE OR REPLACE FUNCTION private.clamp_bucket(p_bucket integer, p_min bigint, p_max bigint)
 RETURNS double precision
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN (p_bucket IS NOT NULL) THEN GREATEST((p_min)::double precision, LEAST((p_max)::double precision, private.bucket_ms(p_bucket))) ELSE NULL::double precision END;

CREATE OR REPLACE FUNCTION private.close_passed_runs(p_execution uuid, p_newest text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  update public.execution_runs k set status = 'unknown'
   where k.execution_id = p_execution and k.status = 'running' and k.run_id <> p_newest;
end $function$;

CREATE OR REPLACE FUNCTION private.complete_ended_execution(e public.workflow_executions)
 RETURNS public.workflow_executions
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  e.outcome_authority := coalesce(e.outcome_authority, 'reported');
  e.completed_at := coalesce(e.completed_at, clock_timestamp());
  e.recorded_at := clock_timestamp();
  if e.engine = 'none' then
    e.closing_run_id := null;
  elsif e.outcome_authority = 'reported' then
    e.closing_run_id := coalesce(e.closing_run_id, e.current_run_id);
  end if;
  -- Nobody knows when an execution ended that the engine has lost, so its run time is in no statistics.
  e.duration_ms := case when e.lost_at is null then coalesce(e.duration_ms, greatest(0, round(
    extract(epoch from e.completed_at - coalesce(e.engine_started_at, e.started_at)) * 1000)::bigint)) end;
  if e.status <> 'completed' and e.error_message is null then
    e.error_message := left(coalesce(e.failure ->> 'message', e.failure ->> 'error', e.failure #>> '{}',
      e.last_transition ->> 'reason', 'The execution ended as ' || e.status || '; no reason was given.'), 4000);
  end if;
  return e;
end $function$;

CREATE OR REPLACE FUNCTION private.complete_new_execution(e public.workflow_executions)
 RETURNS public.workflow_executions
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  if e.temporal_workflow_id is not null then
    e.temporal_namespace := coalesce(e.temporal_namespace, 'default');
  end if;
  e.engine := coalesce(e.engine, case when e.temporal_workflow_id is null then 'none' else 'temporal' end);
  e.status := coalesce(e.status,
    case when e.engine = 'temporal' and e.temporal_run_id is null then 'pending' else 'running' end);
  e.current_run_id := coalesce(e.current_run_id, e.temporal_run_id);
  e.revision := 1;
  return e;
end $function$;

CREATE OR REPLACE FUNCTION private.complete_parts(p_id uuid, p jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  update public.workflow_executions x
     set run_count = greatest(x.run_count, private.count_runs(x.id, p -> 'runs')),
         engine_started_at = coalesce(x.engine_started_at, (p ->> 'engineStartedAt')::timestamptz),
         first_task_at = coalesce(x.first_task_at, (p ->> 'firstTaskAt')::timestamptz),
         cancel_requested_at = coalesce(x.cancel_requested_at, (p #>> '{cancelRequest,at}')::timestamptz),
         cancel_requested_by = case when x.cancel_requested_at is null then p #>> '{cancelRequest,by}' else x.cancel_requested_by end,
         cancel_reason = case when x.cancel_requested_at is null then p #>> '{cancelRequest,reason}' else x.cancel_reason end
   where x.id = p_id
     and ((x.cancel_requested_at is null and p #>> '{cancelRequest,at}' is not null)
          or x.run_count < private.count_runs(x.id, p -> 'runs')
          or (x.engine_started_at is null and p ->> 'engineStartedAt' is not null)
          or (x.first_task_at is null and p ->> 'firstTaskAt' is not null));
  perform private.close_passed_runs(p_id, p ->> 'runId');
end $function$;

CREATE OR REPLACE FUNCTION private.count_from_cells(p_user_id text, p_workflow_id uuid, p_from timestamp with time zone, p_to timestamp with time zone, p_statuses text[])
 RETURNS bigint
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
#variable_conflict use_column
declare
  v_user text := private.stats_user(p_user_id);
  v_workflow uuid := private.stats_workflow(p_workflow_id, v_user);
  w record;
  v_n bigint;
begin
  if p_from > p_to then return 0; end if;
  select * into w from private.stats_window(p_from, p_to);
  if w.starts_at <> coalesce(p_from, '-infinity') or w.ends_at <> coalesce(p_to, 'infinity') then return null; end if;
  with cell as (
    select s.* from private.cells_in(v_user, v_workflow, w.starts_at, w.days_from, w.days_to, w.ends_at) s where p_from is not null or p_to is not null
    union all
    select s.* from public.execution_stats s
     where p_from is null and p_to is null and s.created_by = v_user and s.grain = 'life'
       and (s.workflow_id = v_workflow or (v_workflow is null and s.workflow_id > '00000000-0000-0000-0000-000000000000')))
  select coalesce(sum(x.n), 0) into v_n from (
    select u.n from cell c, lateral (values ('pending', c.pending), ('running', c.running), ('completed', c.completed), ('failed', c.failed),
      ('cancelled', c.cancelled), ('timed_out', c.timed_out), ('terminated', c.terminated)) u (status, n)
     where p_statuses is null or cardinality(p_statuses) = 0 or u.status = any (p_statuses)
    union all
    select t.n from private.tail_in(v_user, v_workflow, w.starts_at, w.ends_at) t
     where p_statuses is null or cardinality(p_statuses) = 0 or t.status = any (p_statuses)) x;
  return v_n;
end $function$;

CREATE OR REPLACE FUNCTION private.count_gone(e public.workflow_executions)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  insert into public.execution_deltas (created_by, workflow_id, hour, old_status, old_duration_ms, old_queue_ms,
                                       old_verdict, old_failure_group)
    values (e.created_by, e.workflow_id, date_trunc('hour', e.started_at, 'UTC'), e.status, e.duration_ms,
            private.queue_ms(e.started_at, e.first_task_at), e.verdict, e.failure_group);
end $function$;

CREATE OR REPLACE FUNCTION private.count_open(p_user text, p_workflow uuid, p_limit bigint)
 RETURNS bigint
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
begin
  -- Two statements, so that each has the plan that serves it: both read the user's open executions and nothing else.
  if p_workflow is null then
    return (select count(*) from (
      select from public.workflow_executions e
       where e.created_by = p_user and e.status in ('pending', 'running') and private.takes_a_place(e) limit p_limit) o);
  end if;
  return (select count(*) from (
    select from public.workflow_executions e
     where e.created_by = p_user and e.status in ('pending', 'running') and e.workflow_id = p_workflow
       and private.takes_a_place(e) limit p_limit) o);
end $function$;

CREATE OR REPLACE FUNCTION private.count_pruned(p_user_id text, p_workflow_id uuid, p_from timestamp with time zone, p_to timestamp with time zone, p_statuses text[])
 RETURNS bigint
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
begin
  return (with pruned as materialized (
    select p.completed, p.failed, p.cancelled, p.timed_out, p.terminated from public.execution_stats_pruned p
     where (p_user_id is null or p.created_by = p_user_id) and (p_workflow_id is null or p.workflow_id = p_workflow_id)
       and (p_from is null or p.starts_at >= p_from) and (p_to is null or p.starts_at < p_to)
     limit 1001)
  select case when (select count(*) from pruned) <= 1000 then coalesce(sum(s.n), 0)::bigint end
    from pruned p, lateral (values ('completed', p.completed), ('failed', p.failed), ('cancelled', p.cancelled),
                                   ('timed_out', p.timed_out), ('terminated', p.terminated)) s (status, n)
   where p_statuses is null or s.status = any (p_statuses));
end $function$;

CREATE OR REPLACE FUNCTION private.count_runs(p_execution uuid, p_runs jsonb)
 RETURNS integer
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
begin
  return greatest(1, (select count(*)::int from public.execution_runs k where k.execution_id = p_execution),
    (select max((r ->> 'runNumber')::int)
       from jsonb_array_elements(case when jsonb_typeof(p_runs) = 'array' then p_runs else '[]' end) r));
end $function$;

CREATE OR REPLACE FUNCTION private.counted(p_users text[], p_workflows uuid[], p_from timestamp with time zone, p_to timestamp with time zone, p_hours_from timestamp with time zone)
 RETURNS TABLE(created_by text, workflow_id uuid, grain text, starts_at timestamp with time zone, field text, is_total boolean, n numeric)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
 SET work_mem TO '64MB'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
#variable_conflict use_column
declare
  v_below xid8 := private.folded_below();
  v_nil constant uuid := '00000000-0000-0000-0000-000000000000';
begin
  return query
  with delta as materialized (
    select d.* from public.execution_deltas d
     where d.xid >= v_below
       and (p_users is null or d.created_by = any (p_users)) and (p_workflows is null or d.workflow_id = any (p_workflows))),
  tail as materialized (
    select d.created_by, d.workflow_id, d.hour, f.field, sum(f.n) as n
      from delta d, lateral private.signs_of(row(d.*)::public.execution_deltas) s,
           lateral (values (s.status, s.n::bigint),
             ('duration_count', case when s.duration_ms is not null then s.n end), ('duration_sum', s.n * s.duration_ms),
             ('duration ' || private.bucket_of(s.duration_ms), s.n),
             ('queue_count', case when s.queue_ms is not null then s.n end), ('queue_sum', s.n * s.queue_ms),
             ('queue ' || private.bucket_of(s.queue_ms), s.n),
             ('verdict ' || s.verdict, s.n), ('failure ' || s.failure_group, s.n)) f (field, n)
     where f.field is not null and f.n is not null and (p_from is null or (d.hour >= p_from and d.hour < p_to))
     group by 1, 2, 3, 4),
  cell as materialized (
    select c.* from public.execution_stats c
     where (p_users is null or c.created_by = any (p_users)) and (p_workflows is null or c.workflow_id = any (p_workflows))
       and (p_from is null or (c.grain <> 'life' and c.starts_at >= p_from and c.starts_at < p_to))
       and (c.grain <> 'hour' or c.starts_at >= p_hours_from)),
  folded as (
    select c.created_by, c.workflow_id, c.grain, c.starts_at, f.field, c.created_by = '' or c.workflow_id = v_nil as is_total, f.n
      from cell c,
           lateral (
             select * from (values ('pending', c.pending), ('running', c.running), ('completed', c.completed),
               ('failed', c.failed), ('cancelled', c.cancelled), ('timed_out', c.timed_out), ('terminated', c.terminated),
               ('duration_count', c.duration_count), ('duration_sum', c.duration_sum),
               ('queue_count', c.queue_count), ('queue_sum', c.queue_sum)) v
             union all select 'duration ' || d.bucket, d.n from unnest(c.duration_buckets, c.duration_counts) d (bucket, n)
             union all select 'queue ' || d.bucket, d.n from unnest(c.queue_buckets, c.queue_counts) d (bucket, n)) f (field, n)
    union all
    select l.created_by, l.workflow_id, l.grain, l.starts_at, l.kind || ' ' || l.label, l.created_by = '' or l.workflow_id = v_nil,
           l.executions
      from public.execution_label_stats l
     where (p_users is null or l.created_by = any (p_users)) and (p_workflows is null or l.workflow_id = any (p_workflows))
       and (p_from is null or (l.grain <> 'life' and l.starts_at >= p_from and l.starts_at < p_to))
       and (l.grain <> 'hour' or l.starts_at >= p_hours_from)
    union all
    select k.created_by, k.workflow_id, k.grain, k.starts_at, t.field, k.created_by = '' or k.workflow_id = v_nil, t.n
      from tail t, lateral private.cells_of(t.created_by, t.workflow_id, t.hour, p_hours_from) k
     where (k.grain <> 'life' or (p_from is null and t.field not like 'duration %' and t.field not like 'queue %'))
       and (p_users is null or k.created_by <> '') and (p_workflows is null or k.workflow_id <> v_nil))
  select f.created_by, f.workflow_id, f.grain, f.starts_at, f.field, f.is_total, sum(f.n) from folded f group by 1, 2, 3, 4, 5, 6
  union all
  select c.created_by, c.workflow_id, c.grain, c.starts_at, x.field, c.created_by = '' or c.workflow_id = v_nil, x.n
    from cell c,
         lateral (values ('duration_min', c.duration_min), ('duration_max', c.duration_max), ('queue_min', c.queue_min),
                         ('queue_max', c.queue_max)) x (field, n)
   where not c.is_stale
     and case when c.created_by = '' then c.workflow_id not in (select d.workflow_id from delta d)
              when c.workflow_id = v_nil then c.created_by not in (select d.created_by from delta d)
              else (c.created_by, c.workflow_id) not in (select d.created_by, d.workflow_id from delta d) end;
end $function$;

CREATE OR REPLACE FUNCTION private.current_user_id()
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (auth.uid())::text;

CREATE OR REPLACE FUNCTION private.end_lost(p_id uuid, p jsonb)
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  e public.workflow_executions;
begin
  update public.workflow_executions x
     set status = case when x.status in ('pending', 'running') then p ->> 'status' else x.status end,
         outcome_authority = 'reported',
         lost_at = clock_timestamp(),
         error_message = case when x.status not in ('pending', 'running') then x.error_message
                              when p ->> 'status' <> 'completed' then left(p ->> 'reason', 4000) end,
         last_transition = jsonb_build_object('source', coalesce(p ->> 'source', 'user'), 'actor', p ->> 'actor',
           'reason', left(p ->> 'reason', 4000), 'at', clock_timestamp())
   where x.id = p_id and x.engine = 'temporal' and x.outcome_authority is distinct from 'engine' and x.lost_at is null
     and not (x.status = 'pending' and coalesce(x.start_by > clock_timestamp(), false))
     and (x.revision = (p ->> 'unknownAtRevision')::bigint
          or (x.status = 'pending' and x.temporal_run_id is null and x.start_by <= clock_timestamp())
          or exists (select from public.execution_checks c where c.execution_id = x.id and c.health = 'lost'));
  if found then return 'applied'; end if;
  select * into e from public.workflow_executions x where x.id = p_id;
  return case when not found then 'not_found'
              when e.outcome_authority = 'engine' or e.lost_at is not null
                or (e.engine = 'none' and e.outcome_authority is not null) then 'already_terminal'
              else 'conflict' end;
end $function$;

CREATE OR REPLACE FUNCTION private.execution_filter_sql(p_user_id text, p_workflow_id uuid, p_filter jsonb)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
begin
  return concat_ws(' and ',
    'e.created_by = ' || quote_literal(p_user_id),
    'e.workflow_id = ' || quote_literal(p_workflow_id),
    case when p_filter ? 'status'
      then 'e.status = any (' || quote_literal(private.text_array(p_filter -> 'status')) || '::text[])' end,
    'e.started_at >= ' || quote_literal((p_filter ->> 'from')::timestamptz),
    'e.started_at < ' || quote_literal((p_filter ->> 'to')::timestamptz),
    'e.verdict = ' || quote_literal(p_filter ->> 'verdict'),
    'e.duration_ms >= ' || (p_filter ->> 'minDurationMs')::bigint,
    'e.duration_ms <= ' || (p_filter ->> 'maxDurationMs')::bigint,
    case when p_filter ? 'tags'
      then 'e.tags && ' || quote_literal(private.text_array(p_filter -> 'tags')) || '::text[]' end,
    case when p_filter ? 'allTags'
      then 'e.tags @> ' || quote_literal(private.text_array(p_filter -> 'allTags')) || '::text[]' end,
    case when p_filter ? 'health'
      then 'exists (select from public.execution_checks x where x.execution_id = e.id and x.health = any ('
           || quote_literal(private.text_array(p_filter -> 'health')) || '::text[]))' end,
    'e.failure_group = ' || quote_literal(p_filter ->> 'failureGroup'),
    'e.error_message ilike ' || quote_literal(private.like_pattern(p_filter ->> 'text')),
    case when p_filter ? 'ids'
      then '(e.id::text = any (' || quote_literal(private.text_array(p_filter -> 'ids'))
           || '::text[]) or e.temporal_workflow_id = any ('
           || quote_literal(private.text_array(p_filter -> 'ids')) || '::text[]))' end);
end $function$;

CREATE OR REPLACE FUNCTION private.execution_sources(p_user_id text, p_workflow_id uuid, p_filter jsonb, p_order_by text)
 RETURNS SETOF jsonb
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
declare
  of_user text := 'e.created_by = ' || quote_literal(p_user_id);
  of_workflow text := 'e.workflow_id = ' || quote_literal(p_workflow_id);
  by_start boolean := p_order_by = 'started_at';
  statuses text[] := case when p_filter ? 'status' then private.text_array(p_filter -> 'status') end;
  unsuccessful boolean := coalesce(statuses <@ array['failed', 'cancelled', 'timed_out', 'terminated'], false);
  says_why boolean := unsuccessful or p_filter ? 'text';
  -- As the indexes say it.
  unsettled text :=
    '(e.outcome_authority is null or (e.engine = ''temporal'' and e.outcome_authority = ''reported'' and e.lost_at is null))';
  failure text := 'e.failure_group = ' || quote_literal(p_filter ->> 'failureGroup');
begin
  if p_filter ? 'ids' then
    return next jsonb_build_object('kind', 'ids', 'ids', p_filter -> 'ids');
    return;
  end if;
  if of_user is not null then
    if by_start and p_filter ? 'health' then
      return next private.scan_source(array[of_user || ' and ' || unsettled]);
    elsif by_start and failure is not null then
      return next private.scan_source(array[of_user || ' and ' || failure]);
    elsif by_start and p_filter ? 'verdict' then
      return next private.scan_source(array[of_user || ' and e.verdict = ' || quote_literal(p_filter ->> 'verdict')]);
    elsif (by_start and not 'completed' = any (statuses)) or (p_order_by = 'completed_at' and unsuccessful) then
      return next private.scan_source(array(
        select of_user || ' and e.status = ' || quote_literal(s) from unnest(statuses) s group by s));
    elsif by_start and says_why then
      return next private.scan_source(array[of_user || ' and e.error_message is not null']);
    elsif of_workflow is null or p_order_by = 'duration' then
      return next private.scan_source(array[of_user]);
    end if;
  end if;
  if of_workflow is null then return; end if;
  if by_start and (p_filter ? 'health' or statuses <@ array['pending', 'running']) then
    return next private.scan_source(array[of_workflow || ' and ' || unsettled]);
  elsif by_start and failure is not null then
    return next private.scan_source(array[of_workflow || ' and ' || failure]);
  elsif by_start and says_why then
    return next private.scan_source(array[of_workflow || ' and e.error_message is not null']);
  elsif of_user is null or p_order_by = 'duration' then
    return next private.scan_source(array[of_workflow]);
  end if;
  if of_user is not null and p_order_by <> 'duration' then
    return next private.scan_source(array[of_workflow || ' and ' || of_user]);
  end if;
end $function$;

CREATE OR REPLACE FUNCTION private.extremes_of_rows(p_user text, p_workflow uuid, p_from timestamp with time zone, p_to timestamp with time zone, OUT duration_min bigint, OUT duration_max bigint, OUT queue_min bigint, OUT queue_max bigint)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
#variable_conflict use_variable
begin
  -- A branch each, so that each has its index.
  if p_user = '' then
    select min(e.duration_ms), max(e.duration_ms), min(private.queue_ms(e.started_at, e.first_task_at)),
           max(private.queue_ms(e.started_at, e.first_task_at))
      into duration_min, duration_max, queue_min, queue_max
      from public.workflow_executions e
     where e.workflow_id = p_workflow and e.started_at >= p_from and e.started_at < p_to;
  elsif p_workflow = '00000000-0000-0000-0000-000000000000' then
    select min(e.duration_ms), max(e.duration_ms), min(private.queue_ms(e.started_at, e.first_task_at)),
           max(private.queue_ms(e.started_at, e.first_task_at))
      into duration_min, duration_max, queue_min, queue_max
      from public.workflow_executions e
     where e.created_by = p_user and e.started_at >= p_from and e.started_at < p_to;
  else
    select min(e.duration_ms), max(e.duration_ms), min(private.queue_ms(e.started_at, e.first_task_at)),
           max(private.queue_ms(e.started_at, e.first_task_at))
      into duration_min, duration_max, queue_min, queue_max
      from public.workflow_executions e
     where e.created_by = p_user and e.workflow_id = p_workflow and e.started_at >= p_from and e.started_at < p_to;
  end if;
  select least(duration_min, min(p.duration_min)), greatest(duration_max, max(p.duration_max)),
         least(queue_min, min(p.queue_min)), greatest(queue_max, max(p.queue_max))
    into duration_min, duration_max, queue_min, queue_max
    from public.execution_stats_pruned p
   where (p_user = '' or p.created_by = p_user)
     and (p_workflow = '00000000-0000-0000-0000-000000000000' or p.workflow_id = p_workflow)
     and p.starts_at >= p_from and p.starts_at < p_to;
end $function$;

CREATE OR REPLACE FUNCTION private.failure_edge(p_group text, p_user text, p_workflow uuid, p_from timestamp with time zone, p_to timestamp with time zone, p_first boolean, OUT at timestamp with time zone, OUT id uuid)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
begin
  -- A branch each, so that each walks its index from its end.
  if p_user <> '' and p_first then
    select e.started_at, e.id into at, id from public.workflow_executions e
     where e.created_by = p_user and e.failure_group = p_group and (p_workflow is null or e.workflow_id = p_workflow)
       and e.started_at >= p_from and e.started_at < p_to
     order by e.started_at, e.id limit 1;
  elsif p_user <> '' then
    select e.started_at, e.id into at, id from public.workflow_executions e
     where e.created_by = p_user and e.failure_group = p_group and (p_workflow is null or e.workflow_id = p_workflow)
       and e.started_at >= p_from and e.started_at < p_to
     order by e.started_at desc, e.id desc limit 1;
  elsif p_first then
    select e.started_at, e.id into at, id from public.workflow_executions e
     where e.workflow_id = p_workflow and e.failure_group = p_group and e.started_at >= p_from and e.started_at < p_to
     order by e.started_at, e.id limit 1;
  else
    select e.started_at, e.id into at, id from public.workflow_executions e
     where e.workflow_id = p_workflow and e.failure_group = p_group and e.started_at >= p_from and e.started_at < p_to
     order by e.started_at desc, e.id desc limit 1;
  end if;
end $function$;

CREATE OR REPLACE FUNCTION private.failure_group(p_status text, p_failure jsonb, p_message text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN (p_status = ANY (ARRAY['failed'::text, 'timed_out'::text])) THEN "left"(md5(private.failure_shape(p_failure, p_message)), 16) ELSE NULL::text END;

CREATE OR REPLACE FUNCTION private.failure_shape(p_failure jsonb, p_message text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO ''
AS $function$
declare
  v_cause jsonb := p_failure;
  v_through text;
begin
  -- Causes end sooner; the bound only keeps a failure made by hand from holding up a write.
  for depth in 1..100 loop
    v_through := concat_ws(' > ', v_through,
      left(coalesce(nullif(v_cause ->> 'activityType', ''), nullif(v_cause ->> 'childWorkflowType', '')), 100));
    exit when jsonb_typeof(v_cause -> 'cause') is distinct from 'object';
    v_cause := v_cause -> 'cause';
  end loop;
  return concat_ws(E'\n',
    coalesce(nullif(left(v_cause ->> 'type', 100), ''), '-'),
    coalesce(nullif(left(v_through, 300), ''), '-'),
    left(regexp_replace(regexp_replace(regexp_replace(
      split_part(left(coalesce(v_cause ->> 'message', p_message, ''), 500), E'\n', 1),
      '"[^"]*"|''[^'']*''|\S+@\S+', '…', 'g'),
      '[\w-]*\d[\w-]*', '#', 'g'),
      '\s+', ' ', 'g'), 200));
end $function$;

CREATE OR REPLACE FUNCTION private.find_execution(p_ref text)
 RETURNS uuid
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
declare
  v_id uuid;
begin
  if p_ref ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then
    select e.id into v_id from public.workflow_executions e where e.id = p_ref::uuid;
    if found then return v_id; end if;
  end if;
  select e.id into v_id from public.workflow_executions e
   where e.temporal_workflow_id = p_ref order by e.started_at desc, e.id desc limit 1;
  if not found and p_ref ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then
    select t.execution_id into v_id from public.execution_transitions t where t.merged_execution_id = p_ref::uuid limit 1;
  end if;
  return v_id;
end $function$;

CREATE OR REPLACE FUNCTION private.find_executions(p_user_id text, p_workflow_id uuid, p_filter jsonb, p_list jsonb, p_after jsonb, p_most integer, OUT hits jsonb, OUT shown json[], OUT ended jsonb)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
declare
  order_by text := p_list ->> 'orderBy';
  list jsonb := private.list_order(p_filter, order_by, (p_list ->> 'ascending')::boolean)
    || jsonb_build_object('filter', private.execution_filter_sql(p_user_id, p_workflow_id, p_filter),
         'columns', coalesce(p_list -> 'columns', '[]'));
  -- Statuses alone are asked for most, and need the least.
  share integer := case when p_filter - array['status', 'from', 'to', 'verdict'] = '{}' then 1500 else 3000 end;
  -- Long texts and many tags lie outside of the row, which costs up to six buffers more: short steps, to notice it.
  step integer := case when p_filter ?| array['text', 'tags', 'allTags'] then 300 else 1500 end;
  at_start bigint := private.buffers_read();
  spent bigint;
  looked bigint := 0;
  candidate jsonb;
  source jsonb;
  -- Some more than are wanted: most lists find most of what they look at, and a second look costs as much as ten rows.
  first integer := greatest(50, least(p_most * 8 / 5, step));
  branches integer;
  affordable bigint;
  rows_all bigint := 0;
  rows_each integer;
  look record;
begin
  hits := '[]';
  if order_by <> 'started_at' and private.text_array(p_filter -> 'status') <@ array['pending', 'running']
     and p_filter ? 'status' then return; end if;

  -- The first look is at each source: the one that comes furthest with it goes on.
  for candidate in select private.execution_sources(p_user_id, p_workflow_id, p_filter, order_by) loop
    branches := greatest(1, jsonb_array_length(coalesce(candidate -> 'branches', candidate -> 'ids', '[]')));
    look := private.look_at_executions(candidate, list, p_after, greatest(5, first / branches), p_most);
    looked := looked + look.looked;
    if source is null or look.ended is null or private.is_behind(list, look.ended, ended) then
      source := candidate;
      hits := look.hits;
      shown := look.shown;
      ended := look.ended;
    end if;
    exit when ended is null or jsonb_array_length(hits) = p_most;
  end loop;

  candidate := null;
  while ended is not null and jsonb_array_length(hits) < p_most loop
    if candidate is null then
      candidate := coalesce(private.rare_executions(p_user_id, p_workflow_id, p_filter, order_by), '{}');
      source := case when candidate = '{}' then source else candidate end;
    end if;
    branches := greatest(1, jsonb_array_length(coalesce(source -> 'branches', source -> 'ids', '[]')));
    spent := private.buffers_read() - at_start;
    affordable := greatest(share - spent, 0) * looked / greatest(spent, looked, 1);
    -- Rows that lie side by side cost few buffers, but each is compared.
    exit when source ->> 'kind' <> 'few' and (affordable < 20 * branches or looked > 20000);
    -- As many as should fill the page by what was found so far; where that was too few, twice as many.
    rows_all := greatest((p_most - jsonb_array_length(hits)) * looked * 5 / (4 * greatest(jsonb_array_length(hits), 1)),
                         2 * rows_all);
    rows_each := case when source ->> 'kind' = 'few' then 2000
      else greatest(15, least(rows_all, step, affordable) / branches) end;
    look := private.look_at_executions(source, list, ended, rows_each, p_most - jsonb_array_length(hits));
    looked := looked + look.looked;
    hits := hits || look.hits;
    shown := shown || look.shown;
    ended := look.ended;
  end loop;
  if jsonb_array_length(hits) >= p_most then ended := null; end if;
end $function$;

CREATE OR REPLACE FUNCTION private.find_extremes(p_limit integer)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  c public.execution_stats;
  v_hours_from timestamptz;
  v_span interval;
  v_from_rows boolean;
  v_parts text;
  x record;
begin
  delete from public.execution_stats s
   where s.is_stale and (s.pending, s.running, s.completed, s.failed, s.cancelled, s.timed_out, s.terminated) = (0, 0, 0, 0, 0, 0, 0)
     and (s.duration_count, s.duration_sum, s.queue_count, s.queue_sum) = (0, 0, 0, 0);
  select s.hours_from into v_hours_from from public.fold_state s;
  for c in
    select * from public.execution_stats s where s.is_stale
     order by array_position(array['hour', 'day', 'life'], s.grain) limit p_limit
  loop
    v_span := case c.grain when 'hour' then interval '1 hour' else interval '1 day' end;
    v_from_rows := c.grain = 'hour' or (c.grain = 'day' and c.starts_at < v_hours_from);
    if v_from_rows then
      select * into x from private.extremes_of_rows(c.created_by, c.workflow_id, c.starts_at, c.starts_at + v_span);
    else
      v_parts := case c.grain when 'day' then 'hour' else 'day' end;
      select min(s.duration_min) as duration_min, max(s.duration_max) as duration_max, min(s.queue_min) as queue_min,
             max(s.queue_max) as queue_max, bool_or(s.is_stale) as waits
        into x
        from public.execution_stats s
       where s.created_by = c.created_by and s.workflow_id = c.workflow_id and s.grain = v_parts
         and (c.grain = 'life' or (s.starts_at >= c.starts_at and s.starts_at < c.starts_at + v_span));
      continue when x.waits;
    end if;
    update public.execution_stats s
       set duration_min = x.duration_min, duration_max = x.duration_max, queue_min = x.queue_min, queue_max = x.queue_max,
           is_stale = false
     where s.created_by = c.created_by and s.grain = c.grain and s.workflow_id = c.workflow_id and s.starts_at = c.starts_at;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION private.find_named_executions(p_user_id text, p_workflow_id uuid, p_ids text[], p_ascending boolean, p_after jsonb, p_most integer, OUT hits jsonb, OUT shown json[])
 RETURNS record
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
declare
  few constant integer := 200;
  after_at constant timestamptz := p_after ->> 'value';
  after_id constant uuid := p_after ->> 'id';
  named uuid[] := array(
    select e.id from unnest(p_ids) i (name)
     cross join lateral (select e.id from public.workflow_executions e where e.temporal_workflow_id = i.name) e
     limit few + 1);
begin
  if cardinality(named) > few then return; end if;
  named := named || array(
    select i.name::uuid from unnest(p_ids) i (name) where i.name ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$');
  select coalesce(jsonb_agg(jsonb_build_object('value', p.started_at, 'id', p.id)), '[]'), array_agg(to_json(p))
    into hits, shown
    from (select s.* from private.execution_summaries s
           where s.id = any (named) and (p_user_id is null or s.created_by = p_user_id)
             and (p_workflow_id is null or s.workflow_id = p_workflow_id)
             and (p_after is null or case when p_ascending then (s.started_at, s.id) > (after_at, after_id)
                                          else (s.started_at, s.id) < (after_at, after_id) end)
           order by case when p_ascending then s.started_at end, case when p_ascending then s.id end, s.started_at desc, s.id desc
           limit p_most) p;
end $function$;

CREATE OR REPLACE FUNCTION private.folded_below()
 RETURNS xid8
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  return (select case when s.cluster = (select c.system_identifier from pg_control_system() c)
                           and s.folded_below <= pg_snapshot_xmax(pg_current_snapshot()) then s.folded_below else '0'::xid8 end
            from public.fold_state s);
end $function$;

CREATE OR REPLACE FUNCTION private.follow_execution_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  was_unsettled boolean := false;
  is_unsettled boolean;
  stays boolean := true;
begin
  if tg_op = 'DELETE' then
    insert into public.execution_changes (execution_id, created_by, workflow_id, revision, deleted)
      values (old.id, old.created_by, old.workflow_id, old.revision + 1, true)
      on conflict do nothing;
    -- A prune moves counts by itself.
    if current_setting('runledger.pruning', true) is distinct from pg_current_xact_id()::text then
      perform private.count_gone(old);
    end if;
    return null;
  end if;
  if tg_op = 'UPDATE' then
    if new.revision = old.revision then return null; end if;
    was_unsettled := old.engine = 'temporal' and old.outcome_authority is distinct from 'engine' and old.lost_at is null;
  end if;

  -- Deleted and inserted again by one transaction, an execution has the same revision twice.
  insert into public.execution_changes (execution_id, created_by, workflow_id, revision)
    values (new.id, new.created_by, new.workflow_id, new.revision)
    on conflict do nothing;

  if tg_op = 'UPDATE' and (new.created_by <> old.created_by or new.workflow_id <> old.workflow_id) then
    stays := false;
    perform private.count_gone(old);
  end if;
  -- Of an insert, old has nothing.
  if not stays or (new.status, new.duration_ms, new.first_task_at, new.verdict, new.failure_group)
     is distinct from (old.status, old.duration_ms, old.first_task_at, old.verdict, old.failure_group) then
    insert into public.execution_deltas (created_by, workflow_id, hour, old_status, new_status, old_duration_ms,
        new_duration_ms, old_queue_ms, new_queue_ms, old_verdict, new_verdict, old_failure_group, new_failure_group,
        failure_shape)
      values (new.created_by, new.workflow_id, date_trunc('hour', new.started_at, 'UTC'),
              case when stays then old.status end, new.status,
              case when stays then old.duration_ms end, new.duration_ms,
              case when stays then private.queue_ms(old.started_at, old.first_task_at) end,
              private.queue_ms(new.started_at, new.first_task_at),
              case when stays then old.verdict end, new.verdict,
              case when stays then old.failure_group end, new.failure_group,
              case when new.failure_group is not null then private.failure_shape(new.failure, new.error_message) end);
  end if;

  if tg_op = 'INSERT' or new.last_transition is distinct from old.last_transition then
    insert into public.execution_transitions (execution_id, created_by, from_status, to_status, source, authority,
                                              actor, run_id, reason, report_id, is_lost, revision)
      values (new.id, new.created_by, case when tg_op = 'UPDATE' then old.status end, new.status,
              new.last_transition ->> 'source', new.last_transition ->> 'authority', new.last_transition ->> 'actor',
              coalesce(new.closing_run_id, new.current_run_id), new.last_transition ->> 'reason',
              (new.last_transition ->> 'reportId')::uuid, new.lost_at is not null, new.revision);
  end if;

  is_unsettled := new.engine = 'temporal' and new.outcome_authority is distinct from 'engine' and new.lost_at is null;
  if is_unsettled and (not was_unsettled or new.status is distinct from old.status) then
    insert into public.execution_checks (execution_id, created_by, temporal_namespace, started_at)
      values (new.id, new.created_by, new.temporal_namespace, new.started_at)
      on conflict (execution_id) do update set next_check_at = now();
  elsif not is_unsettled and was_unsettled then
    delete from public.execution_checks where execution_id = new.id;
  end if;

  if not is_unsettled and new.engine = 'temporal' and new.closing_run_id is not null and new.lost_at is null
     and (tg_op = 'INSERT' or new.last_transition is distinct from old.last_transition) then
    insert into public.execution_timelines (execution_id, created_by, temporal_namespace)
      values (new.id, new.created_by, new.temporal_namespace)
      on conflict (execution_id) do update set state = 'pending', read_at = null, next_try_at = now();
  elsif tg_op = 'UPDATE' and new.status in ('pending', 'running') and old.outcome_authority = 'engine' then
    delete from public.execution_timelines where execution_id = new.id;
  end if;

  if tg_op = 'UPDATE' and new.created_by is distinct from old.created_by then
    update public.execution_transitions set created_by = new.created_by where execution_id = new.id;
    update public.execution_runs set created_by = new.created_by where execution_id = new.id;
    update public.execution_checks set created_by = new.created_by where execution_id = new.id;
    update public.execution_reports set created_by = new.created_by where execution_id = new.id;
    update public.execution_timelines set created_by = new.created_by where execution_id = new.id;
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION private.followed(e public.workflow_executions, c public.execution_checks)
 RETURNS SETOF private.followed_execution
 LANGUAGE sql
 STABLE ROWS 1
BEGIN ATOMIC
 SELECT (e).id AS id,
     (e).workflow_id AS workflow_id,
     (e).temporal_namespace AS temporal_namespace,
     (e).temporal_workflow_id AS temporal_workflow_id,
     (e).temporal_run_id AS temporal_run_id,
     (e).current_run_id AS current_run_id,
     (e).closing_run_id AS closing_run_id,
     (e).status AS status,
     (e).outcome_authority AS outcome_authority,
     (e).started_at AS started_at,
         CASE
             WHEN ((e).temporal_run_id IS NULL) THEN ( SELECT min(t.at) AS min
                FROM public.execution_transitions t
               WHERE (t.execution_id = (followed.e).id))
             ELSE NULL::timestamp with time zone
         END AS "case",
     (e).engine_started_at AS engine_started_at,
     (e).first_task_at AS first_task_at,
     (e).run_count AS run_count,
     (((e).input IS NULL) AND ((e).input_note IS NULL) AND ((e).start_by IS NULL) AND ((e).engine_started_at IS NULL)),
         CASE
             WHEN ((e).outcome_authority = 'reported'::text) THEN (e).recorded_at
             ELSE NULL::timestamp with time zone
         END AS "case",
         CASE
             WHEN ((e).outcome_authority = 'reported'::text) THEN ((EXTRACT(epoch FROM (clock_timestamp() - (e).recorded_at)) * (1000)::numeric))::bigint
             ELSE NULL::bigint
         END AS "case",
     (e).cancel_requested_at AS cancel_requested_at,
     (e).cancel_requested_by AS cancel_requested_by,
     (e).cancel_reason AS cancel_reason,
     (e).start_by AS start_by,
     COALESCE(((e).start_by <= clock_timestamp()), false) AS "coalesce",
     (c).last_check_at AS last_check_at,
     (c).health AS health,
     (e).revision AS revision,
     (e).lost_at AS lost_at;
END;

CREATE OR REPLACE FUNCTION private.group_import_rows(p_rows jsonb[])
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select coalesce(jsonb_agg(to_jsonb(g)), '[]')
    from (select s ->> 'status' as status, s ->> 'result' as result, s ->> 'reason' as reason, count(*) as rows,
                 min(s ->> 'key') as example, min(s ->> 'detail') as detail
            from unnest(p_rows) s group by 1, 2, 3) g;
$function$;

CREATE OR REPLACE FUNCTION private.guard_execution()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  note jsonb;
  authority text;
  regroups boolean;
  pruned public.workflow_executions;
begin
  if tg_op = 'INSERT' then
    new := private.complete_new_execution(new);
    if new.status not in ('pending', 'running') then
      perform private.check_reported_time(new, new.last_transition);
      new := private.complete_ended_execution(new);
    end if;
    new.failure_group := private.failure_group(new.status, new.failure, new.error_message);
    note := coalesce(new.last_transition, '{}');
    if new.status not in ('pending', 'running') then
      new.ended_by := left(note ->> 'actor', 500);
      new.end_reason := left(note ->> 'reason', 4000);
    end if;
    new.last_transition := jsonb_strip_nulls(jsonb_build_object(
      'source', coalesce(note ->> 'source', 'service'), 'authority', coalesce(new.outcome_authority, 'reported'),
      'actor', note ->> 'actor', 'reason', note ->> 'reason', 'reportId', note ->> 'reportId',
      'at', clock_timestamp()));
    return new;
  end if;

  if new is not distinct from old then return new; end if;
  if new.output_note = 'pruned' and old.output_note is distinct from 'pruned' then
    -- Retention takes the payloads of an ended execution and nothing else: no new revision, and nobody is told.
    pruned := old;
    pruned.input := null;
    pruned.output := null;
    pruned.state_snapshot := null;
    pruned.output_note := 'pruned';
    if old.completed_at is not null and new is not distinct from pruned then return new; end if;
    raise exception 'Execution %: only payloads of an ended execution can be pruned.', old.id
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Use prune_executions, or another output_note.';
  end if;
  if (new.id, new.engine, new.started_at) is distinct from (old.id, old.engine, old.started_at)
     or new.temporal_workflow_id is distinct from old.temporal_workflow_id
     or new.temporal_namespace is distinct from old.temporal_namespace
     or (old.temporal_run_id is not null and new.temporal_run_id is distinct from old.temporal_run_id
         and current_setting('runledger.correcting', true) is distinct from pg_current_xact_id()::text) then
    raise exception 'Execution %: id, engine, started_at, namespace, Temporal workflow id and first run id never change.', old.id
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Record another execution instead.';
  end if;
  new.current_run_id := coalesce(new.current_run_id, new.temporal_run_id);
  -- Whoever writes a group asks for it to be made anew.
  regroups := new.failure_group is distinct from old.failure_group;
  new.failure_group := old.failure_group;
  new.revision := old.revision + 1;

  if new.status in ('pending', 'running') or new.outcome_authority = 'engine' then
    new.lost_at := null;
  elsif old.status in ('pending', 'running') and new.engine = 'temporal' then
    -- Whatever ends what the engine does not know settles it: nobody else will ever say more.
    new.lost_at := coalesce(new.lost_at, (select clock_timestamp() from public.execution_checks c
                                           where c.execution_id = new.id and c.health = 'lost'));
  end if;
  if new.status in ('pending', 'running') then
    new.outcome_authority := null;
    new.completed_at := null;
    new.duration_ms := null;
    new.closing_run_id := null;
    new.recorded_at := null;
  end if;

  note := case when new.last_transition is distinct from old.last_transition then new.last_transition else '{}' end;
  authority := case when new.status in ('pending', 'running') then coalesce(note ->> 'authority', 'reported')
                    else coalesce(new.outcome_authority, 'reported') end;

  if new.completed_at is distinct from old.completed_at then
    perform private.check_reported_time(new, note);
  end if;

  if (new.status, new.outcome_authority, new.closing_run_id)
     is distinct from (old.status, old.outcome_authority, old.closing_run_id) then
    perform private.check_status_change(old, new, authority);
    if new.status in ('pending', 'running') then
      if old.status not in ('pending', 'running') then
        new.output := null;
        new.output_note := null;
        new.error_message := null;
        new.failure := null;
        new.ended_by := null;
        new.end_reason := null;
      end if;
    else
      new := private.complete_ended_execution(new);
      new.ended_by := left(note ->> 'actor', 500);
      new.end_reason := left(note ->> 'reason', 4000);
    end if;
    new.last_transition := jsonb_strip_nulls(jsonb_build_object(
      'source', coalesce(note ->> 'source', 'report'), 'authority', authority,
      'actor', note ->> 'actor', 'reason', note ->> 'reason', 'reportId', note ->> 'reportId',
      'at', clock_timestamp()));
  elsif new.lost_at is not null and old.lost_at is null then
    -- A report ended it before, and stands: the engine will never confirm it.
    new.recorded_at := old.recorded_at;
    new.last_transition := jsonb_strip_nulls(jsonb_build_object(
      'source', coalesce(note ->> 'source', 'reconciler'), 'authority', 'reported',
      'actor', note ->> 'actor', 'reason', note ->> 'reason', 'at', clock_timestamp()));
  else
    new.last_transition := old.last_transition;
    new.recorded_at := old.recorded_at;
    new.lost_at := old.lost_at;
    new.ended_by := old.ended_by;
    new.end_reason := old.end_reason;
    if old.outcome_authority = 'engine' and (
        new.completed_at is distinct from old.completed_at or new.duration_ms is distinct from old.duration_ms
        or new.error_message is distinct from old.error_message
        or (new.failure is distinct from old.failure and new.failure is not null)
        or (new.output is distinct from old.output and new.output is not null and old.output is not null)) then
      raise exception 'Execution % ended as % by the engine: its outcome never changes.', old.id, old.status
        using errcode = 'PT409', detail = 'illegal_transition',
              hint = 'Put what your business makes of it into verdict, tags, metadata or state_snapshot.';
    end if;
  end if;
  if regroups or (new.status, new.error_message) is distinct from (old.status, old.error_message)
     or new.failure is distinct from old.failure then
    new.failure_group := private.failure_group(new.status, new.failure, new.error_message);
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION private.hours_from()
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  return (select s.hours_from from public.fold_state s);
end $function$;

CREATE OR REPLACE FUNCTION private.import_columns(p_table regclass, p_options jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
declare
  v_given constant jsonb := coalesce(p_options -> 'columns', '{}');
  v_columns jsonb;
  v_wrong text;
begin
  select string_agg(g.key || '=' || coalesce(g.value, 'null'), ', ' order by g.key) into v_wrong
    from jsonb_each_text(v_given) g
   where g.key not in ('id', 'user', 'workflow', 'workflow_name', 'status', 'started_at', 'completed_at', 'duration_ms', 'error_message',
                       'failure', 'input', 'output', 'temporal_namespace', 'temporal_workflow_id', 'temporal_run_id',
                       'metadata', 'tags', 'state_snapshot', 'verdict')
      or (g.value is not null and not exists (
        select from pg_catalog.pg_attribute a where a.attrelid = p_table and a.attname = g.value and a.attnum > 0 and not a.attisdropped));
  if v_wrong is not null then
    raise exception 'Columns of % cannot be read like this: %.', p_table, v_wrong
      using errcode = 'PT400', detail = 'invalid_input',
            hint = 'Write what=column, where what is one of id, user, workflow, workflow_name, status, started_at, completed_at, duration_ms, error_message, failure, input, output, temporal_namespace, temporal_workflow_id, temporal_run_id, metadata, tags, state_snapshot and verdict.';
  end if;
  select coalesce(jsonb_object_agg(f.target, f.name), '{}') into v_columns
    from (select distinct on (c.target) c.target, a.attname as name
            from (values ('id', 'id', 1), ('id', 'execution_id', 2), ('id', 'run_id', 3),
              ('user', 'created_by', 1), ('user', 'user_id', 2), ('user', 'owner_id', 3),
              ('workflow', 'workflow_id', 1), ('workflow_name', 'workflow_name', 1), ('workflow_name', 'workflow_type', 2),
              ('status', 'status', 1), ('status', 'state', 2), ('started_at', 'started_at', 1), ('started_at', 'start_time', 2), ('started_at', 'created_at', 3),
              ('completed_at', 'completed_at', 1), ('completed_at', 'finished_at', 2), ('completed_at', 'ended_at', 3),
              ('completed_at', 'closed_at', 4), ('completed_at', 'end_time', 5), ('duration_ms', 'duration_ms', 1), ('duration_ms', 'execution_time_ms', 2),
              ('error_message', 'error_message', 1), ('error_message', 'failure_reason', 2),
              ('failure', 'error_details', 1), ('failure', 'failure', 2), ('failure', 'error', 3),
              ('input', 'input', 1), ('input', 'input_data', 2), ('output', 'output', 1), ('output', 'result', 2), ('output', 'output_data', 3),
              ('temporal_namespace', 'temporal_namespace', 1), ('temporal_workflow_id', 'temporal_workflow_id', 1),
              ('temporal_run_id', 'temporal_run_id', 1), ('metadata', 'metadata', 1), ('tags', 'tags', 1),
              ('state_snapshot', 'state_snapshot', 1), ('verdict', 'verdict', 1)) c (target, name, rank)
            join pg_catalog.pg_attribute a on a.attrelid = p_table and a.attnum > 0 and not a.attisdropped
             and lower(regexp_replace(a.attname, '([a-z0-9])([A-Z])', '\1_\2', 'g')) = c.name
           where not v_given ? c.target
             -- A column that was given for something is nothing else besides.
             and not exists (select from jsonb_each_text(v_given) g where g.value = a.attname)
           order by c.target, c.rank) f;
  return v_columns || jsonb_strip_nulls(v_given);
end $function$;

CREATE OR REPLACE FUNCTION private.import_key(p_table regclass, OUT name text, OUT type text)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
begin
  select a.attname, format_type(a.atttypid, a.atttypmod) into name, type
    from pg_catalog.pg_index i
    join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0] and a.attnotnull
   where i.indrelid = p_table and i.indisunique and i.indisvalid and i.indnkeyatts = 1 and i.indpred is null and i.indkey[0] > 0
   order by i.indisprimary desc, a.attnum limit 1;
  if not found then
    raise exception '% has no primary key of one column, so that its rows cannot be told apart.', p_table
      using errcode = 'PT400', detail = 'invalid_input',
            hint = format('Give it one: alter table %s add primary key (id), or add column import_id bigint generated always as identity primary key.', p_table);
  end if;
end $function$;

CREATE OR REPLACE FUNCTION private.import_rows(p_plan jsonb, p_after text, p_limit integer, p_dry_run boolean, p_is_careful boolean)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  i record;
  v record;
  v_run jsonb;
  v_seen jsonb[] := '{}';
  v_after text := p_after;
begin
  for i in select * from private.next_rows(p_plan, p_after, p_limit, not p_is_careful) loop
    v_after := i.key;
    v_run := i.run;
    if p_is_careful then
      begin
        execute format('select to_jsonb(t) from %s t where t.%I = $1::%s', p_plan ->> 'source', p_plan ->> 'key', p_plan ->> 'keyType')
          into v_run using i.key;
        select * into v from private.import_run(v_run, i.key, p_plan, p_dry_run);
      exception when others then
        -- The row's own fault, not that of the database or of the moment.
        if left(sqlstate, 2) not in ('21', '22', '23', '54', 'P0', 'PT') then raise; end if;
        select 'refused' as result, 'the database refuses it' as reason, left(sqlerrm, 500) as detail, null::uuid as execution_id into v;
      end;
    else
      select * into v from private.import_run(v_run, i.key, p_plan, p_dry_run);
    end if;
    v_seen := v_seen || jsonb_build_object('key', i.key, 'status', left(v_run ->> (p_plan -> 'columns' ->> 'status'), 200),
      'result', v.result, 'reason', v.reason, 'detail', v.detail, 'execution', v.execution_id);
  end loop;
  if not p_dry_run then
    insert into public.execution_import_rows as r (source, source_id, status, result, reason, detail, execution_id)
      select p_plan ->> 'source', s ->> 'key', s ->> 'status', s ->> 'result', s ->> 'reason', s ->> 'detail', (s ->> 'execution')::uuid
        from unnest(v_seen) s
      on conflict (source, source_id) do update
        set status = excluded.status, result = excluded.result, reason = excluded.reason, detail = excluded.detail,
            execution_id = excluded.execution_id
        where r.result <> 'taken';
  end if;
  return (
    select jsonb_build_object('rows', count(*), 'taken', count(*) filter (where s ->> 'result' = 'taken'),
        'known', count(*) filter (where s ->> 'result' = 'known'), 'refused', count(*) filter (where s ->> 'result' = 'refused'),
        'after', v_after, 'groups', private.group_import_rows(v_seen))
      from unnest(v_seen) s);
end $function$;

CREATE OR REPLACE FUNCTION private.import_run(p jsonb, p_key text, p_plan jsonb, p_dry_run boolean, OUT result text, OUT reason text, OUT detail text, OUT execution_id uuid)
 RETURNS record
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_source constant text := p_plan ->> 'source';
  o constant jsonb := p_plan -> 'options';
  c constant jsonb := p_plan -> 'columns';
  e public.workflow_executions;
  x public.workflow_executions;
  v_read record;
begin
  select r.execution_id into execution_id from public.execution_import_rows r
   where r.source = v_source and r.source_id = p_key and r.result = 'taken';
  if found then
    result := 'known';
    return;
  end if;
  select * into v_read from private.read_run(p, p_key, v_source, c, o);
  e := v_read.e;
  result := 'refused';
  reason := v_read.reason;
  detail := v_read.detail;
  if reason is not null then return; end if;

  select * into x from public.workflow_executions k where k.id = e.id;
  if found then
    if (x.created_by, x.workflow_id) is distinct from (e.created_by, e.workflow_id) then
      reason := 'its id is that of an execution of another user or workflow';
      detail := e.id::text;
      return;
    end if;
    result := 'known';
    execution_id := e.id;
    return;
  end if;
  if e.temporal_workflow_id is not null then
    select k.id::text into detail from public.workflow_executions k
     where k.temporal_namespace = e.temporal_namespace and k.temporal_workflow_id = e.temporal_workflow_id
       and (k.temporal_run_id = e.temporal_run_id or k.temporal_run_id is null
            or (e.temporal_run_id is null and k.status in ('pending', 'running'))) limit 1;
    if found then
      reason := 'its Temporal run is recorded already, as another execution';
      return;
    end if;
  end if;
  if not exists (select from public.users u where u.id = e.created_by) then
    if not coalesce((o ->> 'create_users')::boolean, false) then
      reason := 'its user is not in public.users';
      detail := e.created_by;
      return;
    end if;
    if not p_dry_run then insert into public.users (id) values (e.created_by) on conflict (id) do nothing; end if;
  end if;

  result := 'taken';
  execution_id := e.id;
  if e.status in ('pending', 'running') then
    reason := case e.engine when 'none' then 'it is still open, and no engine knows how it ends'
                            else 'it is still open; the monitor asks Temporal' end;
  end if;
  if p_dry_run then return; end if;
  perform private.import_workflow(e.workflow_id, e.created_by, coalesce(
    nullif(p ->> (c ->> 'workflow_name'), ''), nullif(p ->> (c ->> 'workflow'), '')));
  insert into public.workflow_executions (id, workflow_id, created_by, engine, temporal_namespace, temporal_workflow_id,
      temporal_run_id, status, outcome_authority, input, output, error_message, failure, state_snapshot, started_at,
      completed_at, duration_ms, verdict, tags, metadata, last_transition)
    values (e.id, e.workflow_id, e.created_by, e.engine, e.temporal_namespace, e.temporal_workflow_id,
      e.temporal_run_id, e.status, e.outcome_authority, e.input, e.output, e.error_message, e.failure, e.state_snapshot, e.started_at,
      e.completed_at, e.duration_ms, e.verdict, e.tags, e.metadata, jsonb_build_object('source', 'service', 'reason', 'imported'));
  if e.completed_at < coalesce((o ->> 'confirm_since')::timestamptz, 'infinity') then
    -- An end of long ago stands as it was reported: Temporal has forgotten it, and the monitor need not ask.
    delete from public.execution_checks k where k.execution_id = e.id;
  end if;
end $function$;

CREATE OR REPLACE FUNCTION private.import_source(p_source text)
 RETURNS regclass
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
declare
  v_table regclass;
  v_found text[];
begin
  if p_source is null then
    select array_agg(x.name order by x.name) into v_found
      from (values ('public.workflow_executions_adopted'), ('public.workflow_runs_adopted')) x (name)
     where exists (select from pg_catalog.pg_class c where c.oid = to_regclass(x.name) and c.relkind in ('r', 'p'));
    if cardinality(v_found) = 1 then return to_regclass(v_found[1]); end if;
    raise exception '%', case when v_found is null then 'There is no public.workflow_executions_adopted and no public.workflow_runs_adopted.'
        else 'There are both ' || array_to_string(v_found, ' and ') || '.' end
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Name the table to import.';
  end if;
  begin
    v_table := coalesce(to_regclass(p_source), to_regclass(format('public.%I', p_source)));
  exception when others then
    v_table := to_regclass(format('public.%I', p_source));
  end;
  if v_table is null then
    raise exception 'There is no table %.', left(p_source, 200)
      using errcode = 'PT404', detail = 'not_found', hint = 'Name it with its schema, like public.workflow_runs_adopted.';
  end if;
  if v_table in ('public.workflow_executions'::regclass, 'public.workflow_runs'::regclass) then
    raise exception '% is the ledger itself.', v_table
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Name the table that it replaced, like public.workflow_runs_adopted.';
  end if;
  return v_table;
end $function$;

CREATE OR REPLACE FUNCTION private.import_workflow(p_id uuid, p_user text, p_name text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_old jsonb;
begin
  if exists (select from public.workflows w where w.id = p_id) then return; end if;
  if exists (select from pg_catalog.pg_attribute a
              where a.attrelid = to_regclass('public.workflows_adopted') and a.attname = 'id' and not a.attisdropped) then
    execute 'select to_jsonb(w) from public.workflows_adopted w where w.id::text = $1 limit 1' into v_old using p_id::text;
  end if;
  insert into public.workflows (id, user_id, name, description, temporal_namespace, workflow_type, task_queue)
    values (p_id,
      coalesce((select u.id from public.users u where u.id = coalesce(v_old ->> 'user_id', v_old ->> 'created_by')), p_user),
      left(coalesce(nullif(v_old ->> 'name', ''), p_name, 'Imported'), 200), left(v_old ->> 'description', 2000), 'default',
      left(coalesce(nullif(v_old ->> 'workflow_type', ''), nullif(v_old ->> 'name', ''), p_name, 'imported'), 200),
      left(coalesce(nullif(v_old ->> 'task_queue', ''), 'imported'), 200))
    on conflict (id) do nothing;
end $function$;

CREATE OR REPLACE FUNCTION private.is_behind(p_list jsonb, a jsonb, b jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
begin
  return (select case when p_list ->> 'direction' = 'asc' then order_of.a > order_of.b else order_of.a < order_of.b end
    from (select case when p_list ->> 'column' = 'duration_ms' then (a ->> 'value')::numeric
                      else extract(epoch from (a ->> 'value')::timestamptz) end as a,
                 case when p_list ->> 'column' = 'duration_ms' then (b ->> 'value')::numeric
                      else extract(epoch from (b ->> 'value')::timestamptz) end as b) order_of);
end $function$;

CREATE OR REPLACE FUNCTION private.is_known_run(p_execution uuid, p_run text)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
begin
  return p_run is not null
     and exists (select from public.execution_runs k where k.execution_id = p_execution and k.run_id = p_run);
end $function$;

CREATE OR REPLACE FUNCTION private.is_superseded_run(p_execution uuid, p_run text, p_current text)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
declare
  run public.execution_runs;
  follower public.execution_runs;
begin
  if p_run is null or p_current is null or p_run = p_current then return false; end if;
  if exists (select from public.execution_transitions t
              where t.execution_id = p_execution and t.run_id = p_run and t.authority = 'engine'
                and t.to_status not in ('pending', 'running') and t.merged_execution_id is null) then
    return true;
  end if;
  select * into run from public.execution_runs k where k.execution_id = p_execution and k.run_id = p_run;
  if not found then return false; end if;
  select * into follower from public.execution_runs k where k.execution_id = p_execution and k.run_id = p_current;
  while found and follower.started_at >= run.started_at loop
    if follower.started_at > run.started_at or follower.previous_run_id = p_run then return true; end if;
    select * into follower from public.execution_runs k
     where k.execution_id = p_execution and k.run_id = follower.previous_run_id and k.run_id <> p_current;
  end loop;
  return false;
end $function$;

CREATE OR REPLACE FUNCTION private.is_taken_chain(e public.workflow_executions, p_first_run text)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
begin
  return exists (select from public.workflow_executions x
                  where x.temporal_namespace = e.temporal_namespace and x.temporal_workflow_id = e.temporal_workflow_id
                    and x.temporal_run_id = p_first_run and x.id <> e.id);
end $function$;

CREATE OR REPLACE FUNCTION private.keep_transition()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  if to_jsonb(new) - 'created_by' is distinct from to_jsonb(old) - 'created_by'
     and current_setting('runledger.correcting', true) is distinct from pg_current_xact_id()::text then
    raise exception 'A transition never changes.'
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Transitions are append only; they go with their execution.';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION private.labels_in(p_kind text, p_user text, p_workflow uuid, p_starts_at timestamp with time zone, p_days_from timestamp with time zone, p_days_to timestamp with time zone, p_ends_at timestamp with time zone)
 RETURNS TABLE(label text, description text, n bigint)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
#variable_conflict use_column
begin
  return query
    select x.label, max(x.description), sum(x.n)::bigint from (
      select l.label, l.description, l.executions as n from public.execution_label_stats l
       where l.created_by = p_user and l.kind = p_kind and l.grain = 'day'
         and (l.workflow_id = p_workflow or (p_workflow is null and l.workflow_id > '00000000-0000-0000-0000-000000000000'))
         and l.starts_at >= p_days_from and l.starts_at < p_days_to
      union all
      select l.label, l.description, l.executions from public.execution_label_stats l
       where l.created_by = p_user and l.kind = p_kind and l.grain = 'hour'
         and (l.workflow_id = p_workflow or (p_workflow is null and l.workflow_id > '00000000-0000-0000-0000-000000000000'))
         and ((l.starts_at >= p_starts_at and l.starts_at < p_days_from) or (l.starts_at >= p_days_to and l.starts_at < p_ends_at))
      union all
      select case p_kind when 'verdict' then t.verdict else t.failure_group end, t.failure_shape, t.n
        from private.tail_in(p_user, p_workflow, p_starts_at, p_ends_at) t
       where case p_kind when 'verdict' then t.verdict else t.failure_group end is not null) x
     group by x.label having sum(x.n) > 0;
end $function$;

CREATE OR REPLACE FUNCTION private.life_differences(p_users text[], p_workflows uuid[])
 RETURNS TABLE(created_by text, workflow_id uuid, grain text, starts_at timestamp with time zone, field text, counted numeric, recounted numeric)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
#variable_conflict use_column
begin
  return query
  select x.created_by, x.workflow_id, 'life', '-infinity'::timestamptz, x.field,
         coalesce(sum(x.n) filter (where x.grain = 'life'), 0), coalesce(sum(x.n) filter (where x.grain = 'day'), 0)
    from (
      select c.created_by, c.workflow_id, c.grain, f.field, f.n
        from public.execution_stats c,
             lateral (values ('pending', c.pending), ('running', c.running), ('completed', c.completed),
               ('failed', c.failed), ('cancelled', c.cancelled), ('timed_out', c.timed_out), ('terminated', c.terminated),
               ('duration_count', c.duration_count), ('duration_sum', c.duration_sum),
               ('queue_count', c.queue_count), ('queue_sum', c.queue_sum)) f (field, n)
       where c.grain in ('day', 'life') and (p_users is null or c.created_by = any (p_users))
         and (p_workflows is null or c.workflow_id = any (p_workflows))
      union all
      select l.created_by, l.workflow_id, l.grain, l.kind || ' ' || l.label, l.executions
        from public.execution_label_stats l
       where l.grain in ('day', 'life') and (p_users is null or l.created_by = any (p_users))
         and (p_workflows is null or l.workflow_id = any (p_workflows))) x
   group by 1, 2, 5
  having coalesce(sum(x.n) filter (where x.grain = 'life'), 0) <> coalesce(sum(x.n) filter (where x.grain = 'day'), 0);
end $function$;

CREATE OR REPLACE FUNCTION private.like_pattern(p_text text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN (('%'::text || regexp_replace(p_text, '([\\%_])'::text, '\\\1'::text, 'g'::text)) || '%'::text);

CREATE OR REPLACE FUNCTION private.list_order(p_filter jsonb, p_order_by text, p_ascending boolean)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
RETURN (jsonb_build_object('column', 'started_at', 'direction', CASE WHEN p_ascending THEN 'asc'::text ELSE 'desc'::text END) || CASE p_order_by WHEN 'started_at'::text THEN jsonb_build_object('atLeast', (p_filter -> 'from'::text), 'below', (p_filter -> 'to'::text)) WHEN 'completed_at'::text THEN jsonb_build_object('column', 'completed_at') WHEN 'duration'::text THEN jsonb_build_object('column', 'duration_ms', 'atLeast', (p_filter -> 'minDurationMs'::text), 'atMost', (p_filter -> 'maxDurationMs'::text)) ELSE NULL::jsonb END);

CREATE OR REPLACE FUNCTION private.lock_owners(p_ids uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  perform from public.users u where u.id in (
    select e.created_by from public.workflow_executions e where e.id = any (p_ids)) order by u.id for key share;
  perform from public.workflows w where w.id in (
    select e.workflow_id from public.workflow_executions e where e.id = any (p_ids)) order by w.id for key share;
end $function$;

CREATE OR REPLACE FUNCTION private.lock_runs(p_plan jsonb, p_after text, p_limit integer)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_ids text[];
begin
  if p_plan -> 'columns' ->> 'temporal_workflow_id' is null then return; end if;
  execute format('select array_agg(n.ns || '':'' || n.id) from (
      select %1$s as ns, t.%2$I::text as id from %3$s t %4$s order by t.%5$I limit $2) n where n.id <> ''''',
      case when p_plan -> 'columns' ->> 'temporal_namespace' is null then 'cast($3 as text)'
           else format('coalesce(nullif(t.%I::text, ''''), $3)', p_plan -> 'columns' ->> 'temporal_namespace') end,
      p_plan -> 'columns' ->> 'temporal_workflow_id', p_plan ->> 'source',
      case when p_after is not null then format('where t.%I > $1::%s', p_plan ->> 'key', p_plan ->> 'keyType') end, p_plan ->> 'key')
    into v_ids using p_after, p_limit, coalesce(p_plan -> 'options' ->> 'namespace', 'default');
  perform private.lock_workflow_ids(v_ids);
end $function$;

CREATE OR REPLACE FUNCTION private.lock_what_a_user_has()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  perform from public.workflows w where w.user_id = old.id order by w.id for update;
  -- Two scans, so that each has its index.
  perform from public.workflow_executions e
    where e.id in (select x.id from public.workflow_executions x where x.created_by = old.id
                   union
                   select x.id from public.workflow_executions x
                     join public.workflows w on w.id = x.workflow_id where w.user_id = old.id)
    order by e.id for update;
  if tg_op = 'UPDATE' then return new; end if;
  return old;
end $function$;

CREATE OR REPLACE FUNCTION private.lock_what_a_workflow_has()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  perform from public.workflow_executions e where e.workflow_id = old.id order by e.id for update;
  return old;
end $function$;

CREATE OR REPLACE FUNCTION private.lock_what_is_written_twice(p_items jsonb, p_ids uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_ids uuid[];
begin
  select array_agg(e.id) into v_ids
    from jsonb_array_elements(p_items) with ordinality t
    join public.workflow_executions e on e.id = p_ids[t.ordinality]
   where t.value ->> 'runId' <> e.current_run_id
      or jsonb_array_length(case when jsonb_typeof(t.value -> 'runs') = 'array' then t.value -> 'runs' else '[]' end) > 1;
  if v_ids is not null then perform private.lock_owners(v_ids); end if;
end $function$;

CREATE OR REPLACE FUNCTION private.lock_workflow_ids(p_ids text[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_lock bigint;
begin
  for v_lock in
    select distinct hashtextextended('runledger:' || i.id, 0) from unnest(p_ids) i (id) where i.id is not null order by 1
  loop
    perform pg_advisory_xact_lock(v_lock);
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION private.look_at_executions(p_source jsonb, p_list jsonb, p_after jsonb, p_most integer, p_wanted integer, OUT hits jsonb, OUT shown json[], OUT looked integer, OUT ended jsonb)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_sort TO 'off'
 SET enable_incremental_sort TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET jit TO 'off'
AS $function$
declare
  direction text := p_list ->> 'direction';
begin
  execute format(
    'with looked as materialized (
       select s.*, row_number() over (partition by s.branch order by s.v %1$s, s.id %1$s) as n from (%2$s) s),
     ended as (select l.v, l.id from looked l where l.n = %3$s order by l.v %1$s, l.id %1$s limit 1),
     found as (
       select distinct on (l.v, l.id) l.* from looked l
        where l.ok and not exists (select from ended h where (l.v, l.id) %4$s (h.v, h.id))
        order by l.v %1$s, l.id %1$s limit %5$s)
     select (select coalesce(jsonb_agg(jsonb_build_object(''value'', f.v, ''id'', f.id) order by f.v %1$s, f.id %1$s), ''[]'')
               from found f),
            (select array_agg(json_build_object(%6$s) order by f.v %1$s, f.id %1$s) from found f),
            (select count(*) from looked),
            (select jsonb_build_object(''value'', h.v, ''id'', h.id) from ended h)',
    direction, private.source_sql(p_source, p_list, p_after, p_most), p_most,
    case direction when 'asc' then '>' else '<' end, p_wanted,
    (select string_agg(format('%L, f.%I', c, c), ', ') from jsonb_array_elements_text(p_list -> 'columns') c))
  into hits, shown, looked, ended;
end $function$;

CREATE OR REPLACE FUNCTION private.merge_cells(p_cells private.cell_change[], p_buckets private.bucket_change[], p_labels private.label_change[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
 SET work_mem TO '64MB'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
#variable_conflict use_column
begin
  with known as materialized (
    select c.*, s.duration_buckets, s.duration_counts, s.queue_buckets, s.queue_counts,
           -- What left may have been the smallest or largest of the cell, or of what comes with it.
           -- Not true also where the cell knows of none: what left may have yet to come, with later deltas.
           (c.lost_duration_min is not null and (c.lost_duration_min > least(s.duration_min, c.duration_min)
              and c.lost_duration_max < greatest(s.duration_max, c.duration_max)) is not true)
             or (c.lost_queue_min is not null and (c.lost_queue_min > least(s.queue_min, c.queue_min)
              and c.lost_queue_max < greatest(s.queue_max, c.queue_max)) is not true) as is_stale
      from unnest(p_cells) with ordinality c (created_by, workflow_id, grain, starts_at, pending, running, completed, failed,
             cancelled, timed_out, terminated, duration_count, duration_sum, duration_min, duration_max, lost_duration_min,
             lost_duration_max, queue_count, queue_sum, queue_min, queue_max, lost_queue_min, lost_queue_max, has_durations,
             has_queues, cell)
      left join lateral (
        select * from public.execution_stats s
         where s.created_by = c.created_by and s.grain = c.grain and s.workflow_id = c.workflow_id and s.starts_at = c.starts_at
         limit 1) s on true),
  bucket as (
    select cell, is_queue, bucket, sum(n)::int as n from (
      select * from unnest(p_buckets)
      union all
      select k.cell, false, u.bucket, u.n from known k, unnest(k.duration_buckets, k.duration_counts) u (bucket, n) where k.has_durations
      union all
      select k.cell, true, u.bucket, u.n from known k, unnest(k.queue_buckets, k.queue_counts) u (bucket, n) where k.has_queues) b
     group by 1, 2, 3),
  histogram as materialized (
    select cell, is_queue, coalesce(array_agg(bucket order by bucket) filter (where n <> 0), '{}') as buckets,
           coalesce(array_agg(n order by bucket) filter (where n <> 0), '{}') as counts
      from bucket group by 1, 2)
  insert into public.execution_stats as s (created_by, workflow_id, grain, starts_at,
      pending, running, completed, failed, cancelled, timed_out, terminated,
      duration_count, duration_sum, duration_min, duration_max, queue_count, queue_sum, queue_min, queue_max,
      duration_buckets, duration_counts, queue_buckets, queue_counts, is_stale)
    select k.created_by, k.workflow_id, k.grain, k.starts_at,
           k.pending, k.running, k.completed, k.failed, k.cancelled, k.timed_out, k.terminated,
           k.duration_count, k.duration_sum, k.duration_min, k.duration_max, k.queue_count, k.queue_sum, k.queue_min, k.queue_max,
           coalesce(d.buckets, k.duration_buckets), coalesce(d.counts, k.duration_counts),
           coalesce(q.buckets, k.queue_buckets), coalesce(q.counts, k.queue_counts), k.is_stale
      from known k
      left join histogram d on d.cell = k.cell and not d.is_queue
      left join histogram q on q.cell = k.cell and q.is_queue
  on conflict (created_by, grain, workflow_id, starts_at) do update set
      pending = s.pending + excluded.pending, running = s.running + excluded.running,
      completed = s.completed + excluded.completed, failed = s.failed + excluded.failed,
      cancelled = s.cancelled + excluded.cancelled, timed_out = s.timed_out + excluded.timed_out,
      terminated = s.terminated + excluded.terminated,
      duration_count = s.duration_count + excluded.duration_count, duration_sum = s.duration_sum + excluded.duration_sum,
      duration_min = least(s.duration_min, excluded.duration_min),
      duration_max = greatest(s.duration_max, excluded.duration_max),
      queue_count = s.queue_count + excluded.queue_count, queue_sum = s.queue_sum + excluded.queue_sum,
      queue_min = least(s.queue_min, excluded.queue_min), queue_max = greatest(s.queue_max, excluded.queue_max),
      duration_buckets = excluded.duration_buckets, duration_counts = excluded.duration_counts,
      queue_buckets = excluded.queue_buckets, queue_counts = excluded.queue_counts,
      is_stale = s.is_stale or excluded.is_stale;

  -- A cell that nothing is left in goes, so that a deleted user leaves nothing behind; a stale one when it is looked at.
  delete from public.execution_stats s where s.ctid = any (array(
    select x.ctid from unnest(p_cells) c
      cross join lateral (
        select s.ctid from public.execution_stats s
         where s.created_by = c.created_by and s.grain = c.grain and s.workflow_id = c.workflow_id and s.starts_at = c.starts_at
           and not s.is_stale and (s.pending, s.running, s.completed, s.failed, s.cancelled, s.timed_out, s.terminated) = (0, 0, 0, 0, 0, 0, 0)
           and (s.duration_count, s.duration_sum, s.queue_count, s.queue_sum) = (0, 0, 0, 0)
         limit 1) x
     where c.pending + c.running + c.completed + c.failed + c.cancelled + c.timed_out + c.terminated < 0));

  if p_labels is null then return; end if;
  insert into public.execution_label_stats as s (created_by, workflow_id, grain, starts_at, kind, label, description, executions)
    select created_by, workflow_id, grain, starts_at, kind, label, description, n from unnest(p_labels)
  on conflict (created_by, kind, grain, workflow_id, starts_at, label) do update
    set executions = s.executions + excluded.executions, description = coalesce(s.description, excluded.description);
  delete from public.execution_label_stats s where s.ctid = any (array(
    select x.ctid from unnest(p_labels) c
      cross join lateral (
        select s.ctid from public.execution_label_stats s
         where s.created_by = c.created_by and s.kind = c.kind and s.grain = c.grain and s.workflow_id = c.workflow_id
           and s.starts_at = c.starts_at and s.label = c.label and s.executions = 0
         limit 1) x
     where c.n < 0));
end $function$;

CREATE OR REPLACE FUNCTION private.merge_runs(p_execution uuid, p_user text, p_runs jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  insert into public.execution_runs as k (execution_id, run_id, created_by, cause, previous_run_id, status, started_at,
                                          closed_at, error_message)
  select p_execution, r ->> 'runId', p_user, r ->> 'cause', r ->> 'previousRunId', r ->> 'status',
         (r ->> 'startedAt')::timestamptz, (r ->> 'closedAt')::timestamptz, left(r ->> 'errorMessage', 4000)
    from jsonb_array_elements(case when jsonb_typeof(p_runs) = 'array' then p_runs else '[]' end) r
  on conflict (execution_id, run_id) do update
    set status = excluded.status, closed_at = excluded.closed_at, error_message = excluded.error_message,
        previous_run_id = coalesce(k.previous_run_id, excluded.previous_run_id)
    where (k.status = 'running' and excluded.status <> 'running')
       or (k.status = 'unknown' and excluded.status not in ('running', 'unknown'));
end $function$;

CREATE OR REPLACE FUNCTION private.named_uuid(p_name text)
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO ''
AS $function$
  select encode(set_byte(set_byte(h.b, 6, (get_byte(h.b, 6) & 15) | 128), 8, (get_byte(h.b, 8) & 63) | 128), 'hex')::uuid
    from (select substring(sha256(convert_to(p_name, 'UTF8')) from 1 for 16) as b) h;
$function$;

CREATE OR REPLACE FUNCTION private.next_rows(p_plan jsonb, p_after text, p_limit integer, p_with_rows boolean)
 RETURNS TABLE(key text, run jsonb)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
begin
  return query execute format('select t.%1$I::text, %4$s from %2$s t %3$s order by t.%1$I limit $2',
    p_plan ->> 'key', p_plan ->> 'source',
    case when p_after is not null then format('where t.%I > $1::%s', p_plan ->> 'key', p_plan ->> 'keyType') end,
    case when p_with_rows then 'to_jsonb(t)' else 'null::jsonb' end) using p_after, p_limit;
end $function$;

CREATE OR REPLACE FUNCTION private.note_spent_cancel(e public.workflow_executions, p_run text, p_source text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  insert into public.execution_transitions (execution_id, created_by, from_status, to_status, source, authority, actor,
                                            run_id, reason, revision)
    values (e.id, e.created_by, e.status, 'running', p_source, 'engine', e.cancel_requested_by, p_run,
            left('The run that was asked to cancel is over, and the execution goes on in another'
                 || coalesce('. The request said: ' || e.cancel_reason, ''), 4000), e.revision + 1);
end $function$;

CREATE OR REPLACE FUNCTION private.prunable(p_after uuid, p_limit integer, p_payloads timestamp with time zone, p_timelines timestamp with time zone, p_rows timestamp with time zone)
 RETURNS TABLE(id uuid, has_payloads boolean, has_timeline boolean, is_old boolean, is_settled boolean, payloads_due boolean, timeline_due boolean, row_due boolean)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
begin
  return query
    select d.id, d.has_payloads, d.has_timeline, d.is_old, d.is_settled,
           d.has_payloads and d.is_settled and coalesce(d.completed_at < greatest(p_payloads, p_rows), false),
           d.has_timeline and d.is_settled and coalesce(d.completed_at < greatest(p_timelines, p_rows), false),
           d.is_settled and coalesce(d.completed_at < p_rows, false)
      from (
        select e.id, e.completed_at, e.input is not null or e.output is not null or e.state_snapshot is not null as has_payloads,
               exists (select from public.execution_timelines t where t.execution_id = e.id) as has_timeline,
               coalesce(e.completed_at < greatest(p_payloads, p_timelines, p_rows), false) as is_old,
               e.completed_at is not null
                 and not exists (select from public.execution_checks c where c.execution_id = e.id) as is_settled
          from public.workflow_executions e
         where p_after is null or e.id > p_after
         order by e.id limit p_limit) d;
end $function$;

CREATE OR REPLACE FUNCTION private.prune_counted(p_ids uuid[])
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_hours_from timestamptz := (select s.hours_from from public.fold_state s);
  v_deleted integer;
begin
  perform private.lock_owners(p_ids);
  perform set_config('runledger.pruning', pg_current_xact_id()::text, true);
  with gone as (
    delete from public.workflow_executions e where e.id = any (p_ids) and e.status not in ('pending', 'running')
    returning e.created_by, e.workflow_id, e.status, e.duration_ms, private.queue_ms(e.started_at, e.first_task_at) as queue_ms,
              e.verdict, e.failure_group, date_trunc('hour', e.started_at, 'UTC') as hour),
  part as materialized (
    select g.*, case when g.hour >= v_hours_from then 'hour' else 'day' end as grain,
           case when g.hour >= v_hours_from then g.hour else date_trunc('day', g.hour, 'UTC') end as starts_at
      from gone g),
  histogram as (
    select h.created_by, h.workflow_id, h.grain, h.starts_at, h.kind,
           array_agg(h.bucket order by h.bucket) as buckets, array_agg(h.n order by h.bucket) as counts
      from (select p.created_by, p.workflow_id, p.grain, p.starts_at, t.kind, private.bucket_of(t.ms) as bucket, count(*)::int as n
              from part p, lateral (values ('duration', p.duration_ms), ('queue', p.queue_ms)) t (kind, ms)
             where t.ms is not null group by 1, 2, 3, 4, 5, 6) h
     group by 1, 2, 3, 4, 5),
  label as (
    select l.created_by, l.workflow_id, l.grain, l.starts_at, l.kind, jsonb_object_agg(l.label, l.n) as labels
      from (select p.created_by, p.workflow_id, p.grain, p.starts_at, t.kind, t.label, count(*) as n
              from part p, lateral (values ('verdict', p.verdict), ('failure', p.failure_group)) t (kind, label)
             where t.label is not null group by 1, 2, 3, 4, 5, 6) l
     group by 1, 2, 3, 4, 5),
  total as (
    select created_by, workflow_id, grain, starts_at,
           count(*) filter (where status = 'completed') as completed, count(*) filter (where status = 'failed') as failed,
           count(*) filter (where status = 'cancelled') as cancelled, count(*) filter (where status = 'timed_out') as timed_out,
           count(*) filter (where status = 'terminated') as terminated,
           count(duration_ms) as duration_count, coalesce(sum(duration_ms), 0) as duration_sum,
           min(duration_ms) as duration_min, max(duration_ms) as duration_max,
           count(queue_ms) as queue_count, coalesce(sum(queue_ms), 0) as queue_sum, min(queue_ms) as queue_min, max(queue_ms) as queue_max
      from part group by 1, 2, 3, 4),
  kept as (
    insert into public.execution_stats_pruned as s (created_by, workflow_id, grain, starts_at,
        completed, failed, cancelled, timed_out, terminated, duration_count, duration_sum, duration_min, duration_max,
        duration_buckets, duration_counts, queue_count, queue_sum, queue_min, queue_max, queue_buckets, queue_counts,
        verdicts, failures)
      select t.created_by, t.workflow_id, t.grain, t.starts_at, t.completed, t.failed, t.cancelled, t.timed_out, t.terminated,
             t.duration_count, t.duration_sum, t.duration_min, t.duration_max, d.buckets, d.counts,
             t.queue_count, t.queue_sum, t.queue_min, t.queue_max, q.buckets, q.counts,
             coalesce(v.labels, '{}'), coalesce(f.labels, '{}')
        from total t
        left join (select * from histogram where kind = 'duration') d using (created_by, workflow_id, grain, starts_at)
        left join (select * from histogram where kind = 'queue') q using (created_by, workflow_id, grain, starts_at)
        left join (select * from label where kind = 'verdict') v using (created_by, workflow_id, grain, starts_at)
        left join (select * from label where kind = 'failure') f using (created_by, workflow_id, grain, starts_at)
    on conflict (created_by, workflow_id, grain, starts_at) do update set
        completed = s.completed + excluded.completed, failed = s.failed + excluded.failed,
        cancelled = s.cancelled + excluded.cancelled, timed_out = s.timed_out + excluded.timed_out,
        terminated = s.terminated + excluded.terminated,
        duration_count = s.duration_count + excluded.duration_count, duration_sum = s.duration_sum + excluded.duration_sum,
        duration_min = least(s.duration_min, excluded.duration_min), duration_max = greatest(s.duration_max, excluded.duration_max),
        (duration_buckets, duration_counts) = (select * from private.add_histograms(
          s.duration_buckets, s.duration_counts, excluded.duration_buckets, excluded.duration_counts)),
        queue_count = s.queue_count + excluded.queue_count, queue_sum = s.queue_sum + excluded.queue_sum,
        queue_min = least(s.queue_min, excluded.queue_min), queue_max = greatest(s.queue_max, excluded.queue_max),
        (queue_buckets, queue_counts) = (select * from private.add_histograms(
          s.queue_buckets, s.queue_counts, excluded.queue_buckets, excluded.queue_counts)),
        verdicts = private.add_labels(s.verdicts, excluded.verdicts),
        failures = private.add_labels(s.failures, excluded.failures))
  select count(*) into v_deleted from gone;
  perform set_config('runledger.pruning', '', true);
  return v_deleted;
end $function$;

CREATE OR REPLACE FUNCTION private.prune_due(p_rows uuid[], p_timelines uuid[], p_payloads uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_all constant uuid[] := p_rows || p_timelines || p_payloads;
begin
  perform private.lock_owners(v_all);
  perform from public.workflow_executions e where e.id = any (v_all) order by e.id for update;
  if p_rows <> '{}' then perform private.prune_counted(p_rows); end if;
  delete from public.execution_timelines t where t.execution_id = any (p_timelines);
  -- One that was reopened since its end was looked at keeps what it has.
  update public.workflow_executions e set input = null, output = null, state_snapshot = null, output_note = 'pruned'
   where e.id = any (p_payloads) and e.completed_at is not null;
end $function$;

CREATE OR REPLACE FUNCTION private.queue_ms(started_at timestamp with time zone, first_task_at timestamp with time zone)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN (CASE WHEN (first_task_at IS NOT NULL) THEN GREATEST((0)::numeric, round((EXTRACT(epoch FROM (first_task_at - started_at)) * (1000)::numeric))) ELSE NULL::numeric END)::bigint;

CREATE OR REPLACE FUNCTION private.quota_state(q public.execution_quotas, u public.execution_quota_usage, p_user text, p_at timestamp with time zone)
 RETURNS TABLE(kind text, max_runs bigint, used bigint, frees_at timestamp with time zone)
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select w.kind, w.max_runs, case when w.used_in = w.window_start then w.used else 0 end,
         (w.window_start at time zone 'UTC' + w.span) at time zone 'UTC'
    from (values
      ('runsPerHour', q.runs_per_hour, u.hour, u.hour_used, interval '1 hour',
        greatest(u.hour, date_trunc('hour', p_at, 'UTC'))),
      ('runsPerDay', q.runs_per_day, u.day, u.day_used, interval '1 day',
        greatest(u.day, date_trunc('day', p_at, 'UTC'))),
      ('runsPerMonth', q.runs_per_month, u.month, u.month_used, interval '1 month',
        greatest(u.month, date_trunc('month', p_at, 'UTC')))) w (kind, max_runs, used_in, used, span, window_start)
   where w.max_runs is not null
  union all
  select 'concurrentRuns', q.concurrent_runs, private.count_open(p_user, q.workflow_id, q.concurrent_runs), null
   where q.concurrent_runs is not null;
$function$;

CREATE OR REPLACE FUNCTION private.quotas_for(p_user text, p_workflow uuid)
 RETURNS SETOF public.execution_quotas
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
begin
  return query select * from public.execution_quotas q where q.user_id = p_user and q.workflow_id = p_workflow;
  if not found then
    return query select * from public.execution_quotas q where q.user_id is null and q.workflow_id = p_workflow;
  end if;
  return query select * from public.execution_quotas q where q.user_id = p_user and q.workflow_id is null;
  if not found then
    return query select * from public.execution_quotas q where q.user_id is null and q.workflow_id is null;
  end if;
end $function$;

CREATE OR REPLACE FUNCTION private.rare_by_duration(p_user_id text, p_workflow_id uuid, p_filter jsonb)
 RETURNS tid[]
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_sort TO 'off'
 SET jit TO 'off'
AS $function$
declare
  few constant integer := 1000;
  places tid[];
begin
  execute format(
    'select array_agg(c.place) from (
       select e.ctid as place from public.workflow_executions e
        where %s and e.duration_ms >= %s and e.duration_ms <= %s order by e.duration_ms limit %s) c',
    coalesce('e.created_by = ' || quote_literal(p_user_id), 'e.workflow_id = ' || quote_literal(p_workflow_id)),
    coalesce((p_filter ->> 'minDurationMs')::bigint, 0),
    coalesce((p_filter ->> 'maxDurationMs')::bigint, 9223372036854775807), few + 1)
  into places;
  return case when coalesce(cardinality(places), 0) <= few then coalesce(places, '{}') end;
end $function$;

CREATE OR REPLACE FUNCTION private.rare_by_text(p_text text)
 RETURNS tid[]
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
 SET enable_seqscan TO 'off'
 SET enable_indexscan TO 'off'
 SET jit TO 'off'
AS $function$
declare
  few constant integer := 1000;
  trigrams text[] := private.rarest_trigrams(p_text, 20 * few);
  places tid[];
begin
  if trigrams is null then return null; end if;
  execute format(
    'select array_agg(c.place) from (select e.ctid as place from public.workflow_executions e
       where e.error_message is not null and %s.show_trgm(e.error_message) @> %L::text[] limit %s) c',
    (select e.extnamespace::regnamespace from pg_catalog.pg_extension e where e.extname = 'pg_trgm'), trigrams, few + 1)
  into places;
  return case when coalesce(cardinality(places), 0) <= few then coalesce(places, '{}') end;
end $function$;

CREATE OR REPLACE FUNCTION private.rare_executions(p_user_id text, p_workflow_id uuid, p_filter jsonb, p_order_by text)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
declare
  places tid[];
begin
  if p_filter ? 'text' then
    places := private.rare_by_text(p_filter ->> 'text');
  end if;
  if places is null and p_order_by <> 'duration' and p_filter ?| array['minDurationMs', 'maxDurationMs'] then
    places := private.rare_by_duration(p_user_id, p_workflow_id, p_filter);
  end if;
  return case when places is not null then jsonb_build_object('kind', 'few', 'places', to_jsonb(places::text[])) end;
end $function$;

CREATE OR REPLACE FUNCTION private.rarest_trigrams(p_text text, p_most integer)
 RETURNS text[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  with trigrams as (
    -- Plain letters and digits only: others are hashed, and those at the edge of a word have blanks.
    select distinct substr(w.word, i, 3) as trigram
      from (select m[1] as word from regexp_matches(lower(p_text), '[a-z0-9]{3,}', 'g') m) w,
           generate_series(1, length(w.word) - 2) i),
  seen as (
    select f.trigram, f.share
      from pg_catalog.pg_stats s, unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) f (trigram, share)
     where s.schemaname = 'public' and s.tablename = 'idx_workflow_executions_error_text'),
  ranked as (
    select t.trigram, coalesce(s.share, 0) as share, row_number() over (order by coalesce(s.share, 0), t.trigram) as n
      from trigrams t left join seen s on s.trigram = t.trigram)
  select array_agg(r.trigram) filter (where r.n <= 4) from ranked r
  having min(r.share) * (select greatest(c.reltuples, 0) from pg_catalog.pg_class c
                          where c.oid = to_regclass('public.idx_workflow_executions_error_text')) <= p_most;
$function$;

CREATE OR REPLACE FUNCTION private.read_run(p jsonb, p_key text, p_source text, c jsonb, o jsonb, OUT e public.workflow_executions, OUT reason text, OUT detail text)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
declare
  v_id constant text := coalesce(p ->> (c ->> 'id'), p_key);
  v_workflow constant text := coalesce(nullif(p ->> (c ->> 'workflow'), ''), nullif(p ->> (c ->> 'workflow_name'), ''));
  v_failure constant jsonb := private.unwrap_object(p -> (c ->> 'failure'));
  v_metadata constant jsonb := private.unwrap_object(p -> (c ->> 'metadata'));
  v_duration constant text := p ->> (c ->> 'duration_ms');
  v_is_uuid constant text := '^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$';
  -- What has no column of its own.
  v_rest jsonb := '{}';
begin
  e.id := case when v_id ~ v_is_uuid then v_id::uuid else private.named_uuid('run:' || p_source || ':' || v_id) end;
  e.created_by := coalesce(nullif(p ->> (c ->> 'user'), ''), o ->> 'user');
  e.workflow_id := case
    when o -> 'workflows' ? v_workflow then (o -> 'workflows' ->> v_workflow)::uuid
    when v_workflow ~ v_is_uuid then v_workflow::uuid
    when v_workflow is not null then private.named_uuid('workflow:' || v_workflow)
    else (o ->> 'workflow')::uuid end;
  e.status := private.read_status(p ->> (c ->> 'status'), o -> 'statuses');
  e.started_at := private.read_time(p -> (c ->> 'started_at'));
  e.temporal_workflow_id := nullif(p ->> (c ->> 'temporal_workflow_id'), '');
  e.temporal_run_id := case when e.temporal_workflow_id is not null then nullif(p ->> (c ->> 'temporal_run_id'), '') end;
  e.tags := private.read_tags(p -> (c ->> 'tags'));

  select x.reason, left(x.detail, 500) into reason, detail from (values
    (e.created_by is null, 'it names no user', null),
    (e.workflow_id is null, 'it names no workflow', null),
    (e.status is null, 'its status is not known', coalesce(p ->> (c ->> 'status'), 'none')),
    (e.started_at is null, 'its start is missing, or is no time', p ->> (c ->> 'started_at')),
    (e.started_at > clock_timestamp() + interval '1 day', 'its start lies in the future', e.started_at::text),
    (cardinality(e.tags) > 50, 'it has more than 50 tags', cardinality(e.tags)::text),
    (octet_length(e.temporal_workflow_id) > 1000, 'its Temporal workflow id has more than 1,000 bytes', e.temporal_workflow_id),
    (length(p ->> (c ->> 'verdict')) > 100, 'its verdict has more than 100 characters', p ->> (c ->> 'verdict'))
    ) x (is_so, reason, detail) where x.is_so limit 1;
  if reason is not null then return; end if;

  if e.status in ('pending', 'running') then
    e.status := case when e.temporal_run_id is not null then 'running' else e.status end;
    v_rest := jsonb_build_object('completedAt', p -> (c ->> 'completed_at'), 'durationMs', p -> (c ->> 'duration_ms'));
  else
    e.outcome_authority := 'reported';
    e.duration_ms := case when v_duration ~ '^\d{1,15}(\.\d+)?$' then round(v_duration::numeric)::bigint end;
    e.completed_at := coalesce(private.read_time(p -> (c ->> 'completed_at')), e.started_at + make_interval(secs => e.duration_ms / 1000.0));
    if e.completed_at is null or e.completed_at > clock_timestamp() + interval '1 day' then
      reason := case when e.completed_at is null then 'it has ended, but neither its end nor its duration can be read'
                     else 'its end lies in the future' end;
      detail := left(p ->> (c ->> 'completed_at'), 500);
      return;
    end if;
    if e.temporal_workflow_id is not null and e.temporal_run_id is null then
      -- Nothing tells which run this was: the next run under this workflow id would be taken for it.
      v_rest := jsonb_build_object('temporalWorkflowId', e.temporal_workflow_id);
      e.temporal_workflow_id := null;
    end if;
  end if;
  e.engine := case when e.temporal_workflow_id is null then 'none' else 'temporal' end;
  e.temporal_namespace := case when e.engine = 'temporal'
    then coalesce(nullif(p ->> (c ->> 'temporal_namespace'), ''), o ->> 'namespace', 'default') end;

  e.input := private.unwrap_object(nullif(p -> (c ->> 'input'), 'null'));
  e.output := private.unwrap_object(nullif(p -> (c ->> 'output'), 'null'));
  e.state_snapshot := private.unwrap_object(nullif(p -> (c ->> 'state_snapshot'), 'null'));
  e.verdict := nullif(p ->> (c ->> 'verdict'), '');
  e.failure := case when jsonb_typeof(v_failure) in ('object', 'array') then v_failure
                    when length(v_failure #>> '{}') > 4000 then v_failure end;
  e.error_message := left(coalesce(nullif(p ->> (c ->> 'error_message'), ''),
    case when jsonb_typeof(v_failure) = 'object' then coalesce(v_failure ->> 'message', v_failure ->> 'error', v_failure #>> '{}')
         else nullif(v_failure #>> '{}', '') end), 4000);
  if e.status not in ('pending', 'running', 'completed') then
    e.error_message := coalesce(e.error_message, 'The execution ended as ' || e.status || '; no reason was given.');
  end if;
  if coalesce((o ->> 'keep_rest')::boolean, false) then
    select v_rest || coalesce(jsonb_object_agg(r.key, r.value), '{}') into v_rest
      from jsonb_each(p) r where not exists (select from jsonb_each_text(c) x where x.value = r.key);
  end if;
  v_rest := jsonb_strip_nulls(v_rest);
  e.metadata := case when jsonb_typeof(v_metadata) = 'object' then v_metadata
                     when coalesce(v_metadata, 'null') <> 'null' then jsonb_build_object('metadata', v_metadata) else '{}' end
    || case when v_rest <> '{}' then jsonb_build_object('imported', v_rest) else '{}' end;
end $function$;

CREATE OR REPLACE FUNCTION private.read_stats(p_user text, p_workflow uuid, p_starts_at timestamp with time zone, p_days_from timestamp with time zone, p_days_to timestamp with time zone, p_ends_at timestamp with time zone, p_with_queue boolean)
 RETURNS private.stats
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
#variable_conflict use_column
declare
  r private.stats;
begin
  with cell as materialized (select * from private.cells_in(p_user, p_workflow, p_starts_at, p_days_from, p_days_to, p_ends_at)),
  tail as materialized (select * from private.tail_in(p_user, p_workflow, p_starts_at, p_ends_at)),
  total as (
    select sum(pending) as pending, sum(running) as running, sum(completed) as completed, sum(failed) as failed,
           sum(cancelled) as cancelled, sum(timed_out) as timed_out, sum(terminated) as terminated,
           sum(duration_count) as duration_count, sum(duration_sum) as duration_sum, min(duration_min) as duration_min,
           max(duration_max) as duration_max, sum(queue_count) as queue_count, sum(queue_sum) as queue_sum,
           min(queue_min) as queue_min, max(queue_max) as queue_max, bool_or(is_stale) as is_stale,
           max(lost_duration_max) as lost_duration_max, min(lost_duration_min) as lost_duration_min,
           max(lost_queue_max) as lost_queue_max, min(lost_queue_min) as lost_queue_min
      from (
        select pending, running, completed, failed, cancelled, timed_out, terminated, duration_count, duration_sum, duration_min,
               duration_max, queue_count, queue_sum, queue_min, queue_max, is_stale, null::bigint as lost_duration_min,
               null::bigint as lost_duration_max, null::bigint as lost_queue_min, null::bigint as lost_queue_max
          from cell
        union all
        select coalesce(sum(n) filter (where status = 'pending'), 0), coalesce(sum(n) filter (where status = 'running'), 0),
               coalesce(sum(n) filter (where status = 'completed'), 0), coalesce(sum(n) filter (where status = 'failed'), 0),
               coalesce(sum(n) filter (where status = 'cancelled'), 0), coalesce(sum(n) filter (where status = 'timed_out'), 0),
               coalesce(sum(n) filter (where status = 'terminated'), 0),
               coalesce(sum(n) filter (where duration_ms is not null), 0), coalesce(sum(n * duration_ms), 0),
               min(duration_ms) filter (where n > 0), max(duration_ms) filter (where n > 0),
               coalesce(sum(n) filter (where queue_ms is not null), 0), coalesce(sum(n * queue_ms), 0),
               min(queue_ms) filter (where n > 0), max(queue_ms) filter (where n > 0), false,
               min(duration_ms) filter (where n < 0), max(duration_ms) filter (where n < 0),
               min(queue_ms) filter (where n < 0), max(queue_ms) filter (where n < 0)
          from tail) x),
  bucket as (
    select kind, bucket, sum(n) as n from (
      select 'duration' as kind, u.bucket, u.n from cell c, unnest(c.duration_buckets, c.duration_counts) u (bucket, n)
      union all
      select 'queue', u.bucket, u.n from cell c, unnest(c.queue_buckets, c.queue_counts) u (bucket, n) where p_with_queue
      union all
      select 'duration', private.bucket_of(duration_ms), n from tail where duration_ms is not null
      union all
      select 'queue', private.bucket_of(queue_ms), n from tail where queue_ms is not null and p_with_queue) b
     group by 1, 2),
  ranked as (
    select kind, bucket, sum(n) over (partition by kind order by bucket) as upto, sum(n) over (partition by kind) as n_all from bucket),
  quantile as (
    select kind, min(bucket) filter (where upto >= 0.50 * n_all) as p50, min(bucket) filter (where upto >= 0.90 * n_all) as p90,
           min(bucket) filter (where upto >= 0.95 * n_all) as p95, min(bucket) filter (where upto >= 0.99 * n_all) as p99
      from ranked where n_all > 0 group by 1)
  select t.pending + t.running + t.completed + t.failed + t.cancelled + t.timed_out + t.terminated,
         t.pending, t.running, t.completed, t.failed, t.cancelled, t.timed_out, t.terminated,
         round(100.0 * t.completed / nullif(t.completed + t.failed + t.cancelled + t.timed_out + t.terminated, 0), 1)::float8,
         (t.duration_sum / nullif(t.duration_count, 0))::float8,
         case when t.duration_count > 0 then t.duration_min end, case when t.duration_count > 0 then t.duration_max end,
         private.clamp_bucket(d.p50, t.duration_min, t.duration_max), private.clamp_bucket(d.p90, t.duration_min, t.duration_max),
         private.clamp_bucket(d.p95, t.duration_min, t.duration_max), private.clamp_bucket(d.p99, t.duration_min, t.duration_max),
         (t.queue_sum / nullif(t.queue_count, 0))::float8,
         case when t.queue_count > 0 then t.queue_min end, case when t.queue_count > 0 then t.queue_max end,
         private.clamp_bucket(q.p50, t.queue_min, t.queue_max), private.clamp_bucket(q.p90, t.queue_min, t.queue_max),
         private.clamp_bucket(q.p95, t.queue_min, t.queue_max), private.clamp_bucket(q.p99, t.queue_min, t.queue_max),
         not coalesce(t.is_stale, false)
           and (t.duration_count = 0 or ((t.lost_duration_min <= t.duration_min) is not true and (t.lost_duration_max >= t.duration_max) is not true))
           and (t.queue_count = 0 or ((t.lost_queue_min <= t.queue_min) is not true and (t.lost_queue_max >= t.queue_max) is not true))
    into r
    from total t
    left join quantile d on d.kind = 'duration'
    left join quantile q on q.kind = 'queue';
  return r;
end $function$;

CREATE OR REPLACE FUNCTION private.read_status(p_status text, p_statuses jsonb)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select coalesce(p_statuses ->> coalesce(nullif(p_status, ''), 'none'),
    case regexp_replace(regexp_replace(lower(trim(p_status)), '[\s-]+', '_', 'g'), '^workflow_execution_status_', '')
      when 'completed' then 'completed' when 'complete' then 'completed' when 'success' then 'completed'
      when 'succeeded' then 'completed' when 'successful' then 'completed' when 'done' then 'completed'
      when 'finished' then 'completed' when 'ok' then 'completed'
      when 'failed' then 'failed' when 'failure' then 'failed' when 'fail' then 'failed' when 'error' then 'failed'
      when 'errored' then 'failed' when 'crashed' then 'failed'
      when 'cancelled' then 'cancelled' when 'canceled' then 'cancelled' when 'aborted' then 'cancelled'
      when 'timed_out' then 'timed_out' when 'timedout' then 'timed_out' when 'timeout' then 'timed_out'
      when 'time_out' then 'timed_out'
      when 'terminated' then 'terminated' when 'killed' then 'terminated'
      when 'pending' then 'pending' when 'queued' then 'pending' when 'scheduled' then 'pending'
      when 'waiting' then 'pending' when 'created' then 'pending'
      when 'running' then 'running' when 'started' then 'running' when 'in_progress' then 'running'
      when 'inprogress' then 'running' when 'active' then 'running' when 'processing' then 'running'
      when 'executing' then 'running' end);
$function$;

CREATE OR REPLACE FUNCTION private.read_tags(p jsonb)
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select coalesce(array_agg(trim(t.tag) order by t.n), '{}')
    from (select x.value as tag, x.ordinality as n
            from jsonb_array_elements_text(case when jsonb_typeof(private.unwrap_object(p)) = 'array' then private.unwrap_object(p) else '[]' end)
              with ordinality x
          union all
          select s.value, s.ordinality from string_to_table(
            case when jsonb_typeof(private.unwrap_object(p)) = 'string' then p #>> '{}' end, ',') with ordinality s (value, ordinality)) t
   where trim(t.tag) <> '';
$function$;

CREATE OR REPLACE FUNCTION private.read_time(p jsonb)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
declare
  v_text constant text := p #>> '{}';
  v_time timestamptz;
begin
  if v_text ~ '^\d{9,11}(\.\d+)?$' then
    v_time := to_timestamp(v_text::float8);
  elsif v_text ~ '^\d{12,14}(\.\d+)?$' then
    v_time := to_timestamp(v_text::float8 / 1000);
  elsif v_text ~ '^\d{4}-\d\d-\d\d' then
    v_time := v_text::timestamptz;
  end if;
  return case when v_time >= '1970-01-01' and isfinite(v_time) then v_time end;
exception when data_exception then
  return null;
end $function$;

CREATE OR REPLACE FUNCTION private.record_open_run(p_id uuid, p jsonb)
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_run text := p ->> 'runId';
  v_asked jsonb := case when jsonb_typeof(p -> 'cancelRequest') = 'object' then p -> 'cancelRequest' end;
  e public.workflow_executions;
  goes_on boolean;
  is_spent boolean;
begin
  select * into e from public.workflow_executions x where x.id = p_id for no key update;
  if not found then return 'not_found'; end if;
  if e.engine = 'none' or e.temporal_run_id <> p ->> 'firstRunId' then return 'conflict'; end if;
  if e.temporal_run_id is null and private.is_taken_chain(e, p ->> 'firstRunId') then return 'other_execution'; end if;
  perform private.merge_runs(p_id, e.created_by, p -> 'runs');
  if jsonb_array_length(coalesce(p -> 'runs', '[]')) > 1 then
    perform private.record_unseen_ends(p_id, p);
    select * into e from public.workflow_executions x where x.id = p_id;
  end if;
  goes_on := e.current_run_id is not null and e.current_run_id <> v_run;
  is_spent := e.cancel_requested_at is not null and goes_on and not coalesce((p ->> 'cancelRequested')::boolean, false)
    and not exists (select from public.execution_runs k
                     where k.execution_id = p_id and k.run_id = v_run and k.started_at <= e.cancel_requested_at);

  update public.workflow_executions x
     set status = 'running',
         temporal_run_id = coalesce(x.temporal_run_id, p ->> 'firstRunId', v_run),
         current_run_id = v_run,
         run_count = greatest(x.run_count, private.count_runs(x.id, p -> 'runs')),
         engine_started_at = coalesce(x.engine_started_at, (p ->> 'engineStartedAt')::timestamptz),
         first_task_at = coalesce(x.first_task_at, (p ->> 'firstTaskAt')::timestamptz),
         input = coalesce(x.input, nullif(p #> '{input,value}', 'null')),
         input_note = case when x.input is null then coalesce(p #>> '{input,note}', x.input_note) else x.input_note end,
         cancel_requested_at = case when is_spent then null
           when goes_on or x.cancel_requested_at is null
             then coalesce((v_asked ->> 'at')::timestamptz, x.cancel_requested_at) else x.cancel_requested_at end,
         cancel_requested_by = case when is_spent then null
           when goes_on or x.cancel_requested_at is null
             then coalesce(v_asked ->> 'by', x.cancel_requested_by) else x.cancel_requested_by end,
         cancel_reason = case when is_spent then null
           when v_asked is not null and (goes_on or x.cancel_requested_at is null) then v_asked ->> 'reason'
           else x.cancel_reason end,
         last_transition = case when x.status = 'running' then x.last_transition else jsonb_build_object(
           'source', p ->> 'source', 'authority', 'engine', 'at', clock_timestamp(), 'reason',
           case when x.status = 'pending' then null
                when x.outcome_authority = 'reported' then 'The engine says that it is still running.'
                else 'It was reset.' end) end
   where x.id = p_id and x.engine = 'temporal'
     and coalesce(x.temporal_run_id = p ->> 'firstRunId', true)
     and not private.is_superseded_run(x.id, v_run, x.current_run_id)
     and case
       when x.status = 'pending' then true
       when x.status = 'running' then
         x.current_run_id is distinct from v_run
         or (x.engine_started_at is null and p ->> 'engineStartedAt' is not null)
         or (x.first_task_at is null and p ->> 'firstTaskAt' is not null)
         or (x.cancel_requested_at is null and v_asked is not null)
         or (x.input is null and x.input_note is null
             and (p #> '{input,value}' <> 'null' or p #>> '{input,note}' is not null))
         or x.run_count < private.count_runs(x.id, p -> 'runs')
       when x.outcome_authority = 'reported' then
         x.temporal_run_id is null or x.revision = (p ->> 'takeBackRevision')::bigint
       else x.closing_run_id is distinct from v_run
     end;
  if found then
    if goes_on then perform private.close_passed_runs(p_id, v_run); end if;
    if is_spent and e.status = 'running' then perform private.note_spent_cancel(e, v_run, p ->> 'source'); end if;
    return 'applied';
  end if;
  select * into e from public.workflow_executions x where x.id = p_id;
  return case when e.status in ('pending', 'running') and not private.is_superseded_run(p_id, v_run, e.current_run_id)
              then 'unchanged' else 'already_terminal' end;
end $function$;

CREATE OR REPLACE FUNCTION private.record_outcome(p_id uuid, p jsonb)
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_authority text := coalesce(p ->> 'authority', 'reported');
  v_run text := p ->> 'runId';
  v_report uuid := (p ->> 'reportId')::uuid;
  v_asked jsonb := case when jsonb_typeof(p -> 'cancelRequest') = 'object' then p -> 'cancelRequest' end;
  v_result text;
  -- It was cancelled as somebody had asked, and nobody else says who that was.
  is_asked boolean;
  e public.workflow_executions;
begin
  select * into e from public.workflow_executions x where x.id = p_id for no key update;
  if not found then return 'not_found'; end if;

  if v_report is not null then
    select case when r.execution_id = p_id then r.result else 'conflict' end into v_result
      from public.execution_reports r where r.report_id = v_report;
    if found then return v_result; end if;
  end if;
  if v_authority = 'engine' then
    if e.engine = 'none' or e.temporal_run_id <> p ->> 'firstRunId' then return 'conflict'; end if;
    if e.temporal_run_id is null and v_run is not null and private.is_taken_chain(e, p ->> 'firstRunId') then
      return 'other_execution';
    end if;
    perform private.merge_runs(p_id, e.created_by, p -> 'runs');
    if jsonb_array_length(coalesce(p -> 'runs', '[]')) > 1 then
      perform private.record_unseen_ends(p_id, p);
      select * into e from public.workflow_executions x where x.id = p_id;
    end if;
    -- A run that began and ended before anybody saw it open is opened first: a reset, or the next one after a request to
    -- cancel, which was not about it.
    if v_run <> e.current_run_id and (e.outcome_authority = 'engine' or e.cancel_requested_at is not null)
       and not private.is_superseded_run(p_id, v_run, e.current_run_id) then
      perform private.record_open_run(p_id, p - 'engineStartedAt' - 'firstTaskAt' - 'runs');
      select * into e from public.workflow_executions x where x.id = p_id;
    end if;
  end if;

  is_asked := p ->> 'status' = 'cancelled' and (v_run is null or v_run = e.current_run_id);
  update public.workflow_executions x
     set status = p ->> 'status',
         outcome_authority = v_authority,
         input = coalesce(x.input, nullif(p #> '{input,value}', 'null')),
         input_note = case when x.input is null then coalesce(p #>> '{input,note}', x.input_note) else x.input_note end,
         cancel_requested_at = coalesce(x.cancel_requested_at, (v_asked ->> 'at')::timestamptz),
         cancel_requested_by = case when x.cancel_requested_at is null then v_asked ->> 'by' else x.cancel_requested_by end,
         cancel_reason = case when x.cancel_requested_at is null then v_asked ->> 'reason' else x.cancel_reason end,
         temporal_run_id = coalesce(x.temporal_run_id, p ->> 'firstRunId'),
         current_run_id = case when v_authority = 'engine' then coalesce(v_run, x.current_run_id) else x.current_run_id end,
         closing_run_id = case when x.engine = 'none' then null when v_authority = 'engine' then v_run
                               else coalesce(v_run, x.current_run_id) end,
         run_count = case when v_authority = 'engine'
           then greatest(x.run_count, private.count_runs(x.id, p -> 'runs')) else x.run_count end,
         engine_started_at = coalesce(x.engine_started_at, (p ->> 'engineStartedAt')::timestamptz),
         first_task_at = coalesce(x.first_task_at, (p ->> 'firstTaskAt')::timestamptz),
         completed_at = coalesce((p ->> 'completedAt')::timestamptz, clock_timestamp()),
         duration_ms = (p ->> 'durationMs')::bigint,
         -- A payload that the monitor cannot read leaves the one that was reported.
         output = case when p ->> 'status' <> 'completed' then null
                       when p ? 'output' and p -> 'output' <> 'null' then p -> 'output'
                       when x.status = 'completed' then x.output end,
         output_note = case when p -> 'output' = 'null' and x.status = 'completed' and x.output is not null then null
                            else p ->> 'outputNote' end,
         error_message = left(p ->> 'errorMessage', 4000),
         failure = case when p -> 'failure' <> 'null' then p -> 'failure' end,
         state_snapshot = coalesce(p -> 'stateSnapshot', x.state_snapshot),
         verdict = coalesce(p ->> 'verdict', x.verdict),
         activities_executed = coalesce((p ->> 'activitiesExecuted')::int, x.activities_executed),
         last_transition = jsonb_build_object('source', p ->> 'source', 'authority', v_authority,
           'actor', coalesce(p ->> 'actor', case when is_asked then x.cancel_requested_by end),
           'reason', left(coalesce(p ->> 'reason', case when is_asked then x.cancel_reason end), 4000),
           'reportId', v_report, 'at', clock_timestamp())
   where x.id = p_id
     and not private.is_superseded_run(x.id, v_run, x.current_run_id)
     and case v_authority
       when 'reported' then x.status in ('pending', 'running') and (not exists (
         select from public.execution_transitions t
          where t.execution_id = x.id and t.authority = 'reported' and t.to_status not in ('pending', 'running')
            and t.run_id is not distinct from coalesce(case when x.engine = 'temporal' then v_run end, x.current_run_id))
         -- What the engine has lost it cannot contradict.
         or exists (select from public.execution_checks c where c.execution_id = x.id and c.health = 'lost'))
       else x.engine = 'temporal' and x.outcome_authority is distinct from 'engine'
     end;
  if found then
    v_result := 'applied';
    if v_authority = 'engine' and v_run <> e.temporal_run_id then perform private.close_passed_runs(p_id, v_run); end if;
  else
    select * into e from public.workflow_executions x where x.id = p_id;
    -- Deleted while the update waited for it.
    if not found then return 'not_found'; end if;
    v_result := case when e.status in ('pending', 'running')
                       and not private.is_superseded_run(p_id, v_run, e.current_run_id)
                     then 'conflict' else 'already_terminal' end;
    if v_authority = 'engine' and e.outcome_authority = 'engine' and e.closing_run_id is not distinct from v_run then
      perform private.complete_parts(p_id, p);
    end if;
    if v_authority = 'reported' then
      update public.execution_checks set next_check_at = now() where execution_id = p_id;
      -- The business may speak after the engine.
      update public.workflow_executions x set verdict = p ->> 'verdict'
       where x.id = p_id and x.verdict is distinct from p ->> 'verdict' and p ->> 'verdict' is not null;
    end if;
  end if;
  if v_report is not null then
    insert into public.execution_reports (report_id, execution_id, created_by, status, run_id, actor, result)
      values (v_report, p_id, e.created_by, p ->> 'status', v_run, p ->> 'actor', v_result)
      on conflict (report_id) do nothing;
    if not found then
      select r.result into v_result from public.execution_reports r
       where r.report_id = v_report and r.execution_id = p_id;
      if not found then
        raise exception 'The report id % is being used for another execution.', v_report
          using errcode = 'PT409', detail = 'conflict', hint = 'Give each report an id of its own; only its repeats carry it again.';
      end if;
    end if;
  end if;
  return v_result;
end $function$;

CREATE OR REPLACE FUNCTION private.record_unseen_ends(p_id uuid, p jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  run jsonb;
begin
  for run in
    select r.value from jsonb_array_elements(case when jsonb_typeof(p -> 'runs') = 'array' then p -> 'runs' else '[]' end)
             with ordinality r
     where (r.value ->> 'wasEnd')::boolean and r.value ->> 'runId' is distinct from p ->> 'runId'
       and not exists (
         select from public.execution_transitions t
          where t.execution_id = p_id and t.run_id = r.value ->> 'runId' and t.authority = 'engine'
            and t.to_status not in ('pending', 'running'))
     order by r.ordinality
  loop
    perform private.record_outcome(p_id, jsonb_build_object(
      'authority', 'engine', 'source', p -> 'source', 'status', run -> 'status', 'runId', run -> 'runId',
      'firstRunId', p -> 'firstRunId', 'completedAt', run -> 'closedAt', 'errorMessage', run -> 'errorMessage',
      'engineStartedAt', p -> 'engineStartedAt', 'firstTaskAt', p -> 'firstTaskAt',
      'reason', 'It had ended so before it was reset.'));
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION private.recount(p_users text[], p_workflows uuid[], p_from timestamp with time zone, p_to timestamp with time zone, p_hours_from timestamp with time zone)
 RETURNS TABLE(created_by text, workflow_id uuid, grain text, starts_at timestamp with time zone, field text, is_total boolean, n numeric)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
 SET work_mem TO '64MB'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
#variable_conflict use_column
begin
  return query
  with part as materialized (
    select e.created_by, e.workflow_id, 'hour' as grain, date_trunc('hour', e.started_at, 'UTC') as starts_at, f.field,
           case when f.field in ('duration_min', 'queue_min') then min(f.n) when f.field in ('duration_max', 'queue_max') then max(f.n)
                else sum(f.n) end as n
      from public.workflow_executions e,
           lateral (select private.queue_ms(e.started_at, e.first_task_at) as ms) q,
           lateral (values (e.status, 1::bigint),
             ('duration_count', case when e.duration_ms is not null then 1 end), ('duration_sum', e.duration_ms),
             ('duration_min', e.duration_ms), ('duration_max', e.duration_ms), ('duration ' || private.bucket_of(e.duration_ms), 1),
             ('queue_count', case when q.ms is not null then 1 end), ('queue_sum', q.ms),
             ('queue_min', q.ms), ('queue_max', q.ms), ('queue ' || private.bucket_of(q.ms), 1),
             ('verdict ' || e.verdict, 1), ('failure ' || e.failure_group, 1)) f (field, n)
     where f.field is not null and f.n is not null
       and (p_users is null or e.created_by = any (p_users)) and (p_workflows is null or e.workflow_id = any (p_workflows))
       and (p_from is null or (e.started_at >= p_from and e.started_at < p_to))
     group by 1, 2, 3, 4, 5
    union all
    select p.created_by, p.workflow_id, p.grain, p.starts_at, f.field, f.n::numeric
      from public.execution_stats_pruned p,
           lateral (
             select * from (values ('completed', p.completed), ('failed', p.failed), ('cancelled', p.cancelled),
               ('timed_out', p.timed_out), ('terminated', p.terminated), ('duration_count', p.duration_count),
               ('duration_sum', p.duration_sum), ('duration_min', p.duration_min), ('duration_max', p.duration_max),
               ('queue_count', p.queue_count), ('queue_sum', p.queue_sum), ('queue_min', p.queue_min), ('queue_max', p.queue_max)) v
             union all select 'duration ' || d.bucket, d.n from unnest(p.duration_buckets, p.duration_counts) d (bucket, n)
             union all select 'queue ' || d.bucket, d.n from unnest(p.queue_buckets, p.queue_counts) d (bucket, n)
             union all select 'verdict ' || v.key, v.value::bigint from jsonb_each_text(p.verdicts) v
             union all select 'failure ' || v.key, v.value::bigint from jsonb_each_text(p.failures) v) f (field, n)
     where (p_users is null or p.created_by = any (p_users)) and (p_workflows is null or p.workflow_id = any (p_workflows))
       and (p_from is null or (p.starts_at >= p_from and p.starts_at < p_to)))
  select case when grouping(a.created_by) = 1 then '' else a.created_by end,
         case when grouping(a.workflow_id) = 1 then '00000000-0000-0000-0000-000000000000' else a.workflow_id end,
         g.grain, g.starts_at, a.field, grouping(a.created_by) + grouping(a.workflow_id) > 0,
         case when a.field in ('duration_min', 'queue_min') then min(a.n) when a.field in ('duration_max', 'queue_max') then max(a.n)
              else sum(a.n) end
    from part a,
         lateral (values ('hour', a.starts_at), ('day', date_trunc('day', a.starts_at, 'UTC')), ('life', '-infinity')) g (grain, starts_at)
   where case g.grain when 'hour' then a.grain = 'hour' and a.starts_at >= p_hours_from
                      when 'life' then p_from is null and a.field not like 'duration %' and a.field not like 'queue %' else true end
   group by grouping sets ((g.grain, g.starts_at, a.field, a.created_by, a.workflow_id), (g.grain, g.starts_at, a.field, a.created_by),
                           (g.grain, g.starts_at, a.field, a.workflow_id))
  having (p_users is null or grouping(a.created_by) = 0) and (p_workflows is null or grouping(a.workflow_id) = 0);
end $function$;

CREATE OR REPLACE FUNCTION private.recount_pruned()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if current_setting('runledger.pruning', true) = pg_current_xact_id()::text then return null; end if;
  if exists (select from gone) then
    perform private.add_pruned(array(select row(g.*)::public.execution_stats_pruned from gone g), -1);
  end if;
  if tg_op = 'UPDATE' then
    perform private.add_pruned(array(select row(k.*)::public.execution_stats_pruned from kept k), 1);
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION private.refuse_by_quota(p_state jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_kind constant text := p_state ->> 'kind';
  v_limit constant bigint := (p_state ->> 'limit')::bigint;
  v_frees timestamptz := (p_state ->> 'freesAt')::timestamptz;
  v_of text := 'in all workflows together';
begin
  if p_state ->> 'workflowId' is not null then
    select format('of the workflow "%s"', w.name) into v_of
      from public.workflows w where w.id = (p_state ->> 'workflowId')::uuid;
  end if;
  raise exception '%', case when v_kind = 'concurrentRuns'
      then format('Only %s %s at a time may be open %s, and %s.', v_limit, case v_limit when 1 then 'run' else 'runs' end, v_of,
                  case v_limit when 0 then 'none is allowed' when 1 then 'one is' else v_limit || ' are' end)
      else format('Only %s %s %s may be started %s, and %s of them %s used.', v_limit,
                  case v_limit when 1 then 'run' else 'runs' end,
                  case v_kind when 'runsPerHour' then 'an hour' when 'runsPerDay' then 'a day' else 'a month' end, v_of,
                  p_state ->> 'used', case when p_state ->> 'used' = '1' then 'is' else 'are' end) end
    using errcode = 'PT429', detail = 'quota_exceeded ' || p_state::text,
          hint = case when v_limit = 0 then 'The operator has closed it; ask them.'
                      when v_frees is null then 'Try again when one of them has ended.'
                      else format('Try again at %s UTC.', to_char(v_frees at time zone 'UTC', 'YYYY-MM-DD HH24:MI')) end;
end $function$;

CREATE OR REPLACE FUNCTION private.refuse_marker(p_what text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
begin
  raise exception 'No % is empty.', p_what
    using errcode = 'PT400', detail = 'invalid_input', hint = 'Leave it out to ask for all.';
end $function$;

CREATE OR REPLACE FUNCTION private.refuse_truncate()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  raise exception 'public.% is part of the ledger and cannot be truncated: its counters would stay as they are.', tg_table_name
    using errcode = 'PT409', detail = 'conflict',
          hint = 'Delete rows instead (runledger prune, delete_workflow_executions, or delete from), which counts what goes.';
end $function$;

CREATE OR REPLACE FUNCTION private.repair_stats(p_users text[], p_workflows uuid[], p_from timestamp with time zone, p_to timestamp with time zone, p_lives boolean)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_cells private.cell_change[];
  v_buckets private.bucket_change[];
  v_labels private.label_change[];
  v_fields integer;
begin
  perform from public.fold_state for update;
  while public.fold_execution_stats() = 20000 loop end loop;
  with drift as materialized (
    select v.*, v.recounted - v.counted as n,
           dense_rank() over (order by v.created_by, v.workflow_id, v.grain, v.starts_at)::int as cell
      from private.stats_differences(p_users, p_workflows, p_from, p_to, p_lives) v)
  select (select count(*) from drift),
         (select array_agg(c.change order by c.cell) from (
            select d.cell, row(min(d.created_by), (array_agg(d.workflow_id))[1], min(d.grain), min(d.starts_at),
                   coalesce(sum(n) filter (where field = 'pending'), 0), coalesce(sum(n) filter (where field = 'running'), 0),
                   coalesce(sum(n) filter (where field = 'completed'), 0), coalesce(sum(n) filter (where field = 'failed'), 0),
                   coalesce(sum(n) filter (where field = 'cancelled'), 0), coalesce(sum(n) filter (where field = 'timed_out'), 0),
                   coalesce(sum(n) filter (where field = 'terminated'), 0),
                   coalesce(sum(n) filter (where field = 'duration_count'), 0), coalesce(sum(n) filter (where field = 'duration_sum'), 0),
                   null, null, null, null,
                   coalesce(sum(n) filter (where field = 'queue_count'), 0), coalesce(sum(n) filter (where field = 'queue_sum'), 0),
                   null, null, null, null, min(d.grain) <> 'life', min(d.grain) <> 'life')::private.cell_change as change
              from drift d group by 1) c),
         (select array_agg(row(d.cell, d.field like 'queue %', split_part(d.field, ' ', 2)::smallint, d.n)::private.bucket_change)
            from drift d where d.field like 'duration %' or d.field like 'queue %'),
         (select array_agg(row(d.created_by, d.workflow_id, d.grain, d.starts_at, split_part(d.field, ' ', 1),
                               substr(d.field, strpos(d.field, ' ') + 1), null, d.n)::private.label_change)
            from drift d where d.field like 'verdict %' or d.field like 'failure %')
    into v_fields, v_cells, v_buckets, v_labels;
  if v_fields > 0 then
    perform private.merge_cells(v_cells, v_buckets, v_labels);
    update public.execution_stats s set is_stale = true from unnest(v_cells) c
     where s.created_by = c.created_by and s.grain = c.grain and s.workflow_id = c.workflow_id and s.starts_at = c.starts_at;
    perform private.find_extremes(1000000);
  end if;
  return v_fields;
end $function$;

CREATE OR REPLACE FUNCTION private.scan_source(p_branches text[])
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN jsonb_build_object('kind', 'scan', 'branches', p_branches);

CREATE OR REPLACE FUNCTION private.series_points(p_from timestamp with time zone, p_to timestamp with time zone, p_step text, p_time_zone text)
 RETURNS TABLE(edges timestamp with time zone[], are_rounded boolean[])
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
declare
  v_hours_from timestamptz := private.hours_from();
  v_exact timestamptz[];
begin
  if p_step not in ('hour', 'day') or p_step is null then
    raise exception 'A series has steps of an hour or a day, not of %.', coalesce(p_step, 'null')
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Pass hour or day.';
  end if;
  -- Tried, not looked up: pg_timezone_names reads every file of zones there is, 40 ms. What only looks like a rule
  -- (POSIX: Mars3) would be believed.
  begin
    if (p_time_zone ~ '^[A-Za-z_]+(/[A-Za-z0-9_+-]+)*$') is not true then raise invalid_parameter_value; end if;
    perform now() at time zone p_time_zone;
  exception when invalid_parameter_value then
    raise exception 'There is no time zone %.', coalesce(p_time_zone, 'null')
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Pass a name as in Europe/Berlin.';
  end;
  if p_from is null or p_to is null or not isfinite(p_from) or not isfinite(p_to) or p_to <= p_from then
    raise exception 'A series needs a start and a later end, not % and %.', coalesce(p_from::text, 'null'), coalesce(p_to::text, 'null')
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Pass both, the earlier one first.';
  end if;
  if p_step = 'hour' then
    if p_from < v_hours_from then
      raise exception 'Hours are kept since %.', v_hours_from
        using errcode = 'PT400', detail = 'invalid_input', hint = 'Ask for days, or for a later start.';
    end if;
    if p_to - p_from > interval '1000 hours' then
      raise exception 'A series has at most 1,000 points.'
        using errcode = 'PT400', detail = 'invalid_input', hint = 'Ask for days, or for a shorter window.';
    end if;
    v_exact := array(select generate_series(date_trunc('hour', p_from, 'UTC'),
      date_trunc('hour', p_to - interval '1 microsecond', 'UTC') + interval '1 hour', interval '1 hour'));
    edges := v_exact;
  else
    if p_to - p_from > interval '1000 days' then
      raise exception 'A series has at most 1,000 points.'
        using errcode = 'PT400', detail = 'invalid_input', hint = 'Ask for a shorter window.';
    end if;
    v_exact := array(select g at time zone p_time_zone
      from generate_series(date_trunc('day', p_from at time zone p_time_zone),
        date_trunc('day', (p_to - interval '1 microsecond') at time zone p_time_zone) + interval '1 day', interval '1 day') g);
    edges := array(select case when x.at < v_hours_from
        then date_trunc('day', x.at + interval '12 hours', 'UTC')
        else date_trunc('hour', x.at + interval '30 minutes', 'UTC') end from unnest(v_exact) with ordinality x (at, n) order by x.n);
  end if;
  are_rounded := array(select a.at <> b.at or lead(a.at <> b.at) over (order by a.n)
    from unnest(v_exact) with ordinality a (at, n) join unnest(edges) with ordinality b (at, n) using (n) order by a.n);
  return next;
end $function$;

CREATE OR REPLACE FUNCTION private.signs_of(d public.execution_deltas)
 RETURNS TABLE(n integer, status text, duration_ms bigint, queue_ms bigint, verdict text, failure_group text, failure_shape text)
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
 SELECT v.n,
     v.status,
     v.duration_ms,
     v.queue_ms,
     v.verdict,
     v.failure_group,
     v.failure_shape
    FROM ( VALUES ('-1'::integer,(signs_of.d).old_status,
                 CASE
                     WHEN ((signs_of.d).old_duration_ms IS DISTINCT FROM (signs_of.d).new_duration_ms) THEN (signs_of.d).old_duration_ms
                     ELSE NULL::bigint
                 END,
                 CASE
                     WHEN ((signs_of.d).old_queue_ms IS DISTINCT FROM (signs_of.d).new_queue_ms) THEN (signs_of.d).old_queue_ms
                     ELSE NULL::bigint
                 END,
                 CASE
                     WHEN ((signs_of.d).old_verdict IS DISTINCT FROM (signs_of.d).new_verdict) THEN (signs_of.d).old_verdict
                     ELSE NULL::text
                 END,
                 CASE
                     WHEN ((signs_of.d).old_failure_group IS DISTINCT FROM (signs_of.d).new_failure_group) THEN (signs_of.d).old_failure_group
                     ELSE NULL::text
                 END,NULL::text), (1,(signs_of.d).new_status,
                 CASE
                     WHEN ((signs_of.d).old_duration_ms IS DISTINCT FROM (signs_of.d).new_duration_ms) THEN (signs_of.d).new_duration_ms
                     ELSE NULL::bigint
                 END,
                 CASE
                     WHEN ((signs_of.d).old_queue_ms IS DISTINCT FROM (signs_of.d).new_queue_ms) THEN (signs_of.d).new_queue_ms
                     ELSE NULL::bigint
                 END,
                 CASE
                     WHEN ((signs_of.d).old_verdict IS DISTINCT FROM (signs_of.d).new_verdict) THEN (signs_of.d).new_verdict
                     ELSE NULL::text
                 END,
                 CASE
                     WHEN ((signs_of.d).old_failure_group IS DISTINCT FROM (signs_of.d).new_failure_group) THEN (signs_of.d).new_failure_group
                     ELSE NULL::text
                 END,(signs_of.d).failure_shape)) v(n, status, duration_ms, queue_ms, verdict, failure_group, failure_shape)
   WHERE (v.status IS NOT NULL);
END;

CREATE OR REPLACE FUNCTION private.source_sql(p_source jsonb, p_list jsonb, p_after jsonb, p_most integer)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE
 SET search_path TO ''
AS $function$
declare
  col text := 'e.' || quote_ident(p_list ->> 'column');
  beyond text := private.beyond_sql(p_list, p_after, col, 'e.id');
  tail text := format('order by %s %s, e.id %2$s limit %s', col, p_list ->> 'direction', p_most);
  row_sql text := format('%s as v, e.id, %s as ok%s', col, p_list ->> 'filter',
    (select string_agg(format(', e.%I', c), '') from jsonb_array_elements_text(p_list -> 'columns') c where c <> 'id'));
begin
  case p_source ->> 'kind'
  when 'scan' then
    return (select string_agg(format('(select %s as branch, %s from public.workflow_executions e where %s and %s %s)',
                                     b.ordinality, row_sql, b.value, beyond, tail), ' union all ')
              from jsonb_array_elements_text(p_source -> 'branches') with ordinality b);
  when 'few' then
    return format('select 1 as branch, %s from public.workflow_executions e where e.ctid = any (%L::tid[]) and %s',
                  row_sql, private.text_array(p_source -> 'places'), beyond);
  when 'ids' then
    return format(
      'select i.branch, f.* from unnest(%L::text[]) with ordinality i (name, branch)
        cross join lateral (
          (select %s from public.workflow_executions e
            where e.id = case when i.name ~* ''^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$'' then i.name::uuid end and %s)
          union all
          (select %2$s from public.workflow_executions e
            where e.temporal_workflow_id = i.name and %3$s %s)) f',
      private.text_array(p_source -> 'ids'), row_sql, beyond, tail);
  end case;
end $function$;

CREATE OR REPLACE FUNCTION private.stats_differences(p_users text[], p_workflows uuid[], p_from timestamp with time zone, p_to timestamp with time zone, p_lives boolean)
 RETURNS TABLE(created_by text, workflow_id uuid, grain text, starts_at timestamp with time zone, field text, counted numeric, recounted numeric)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
 SET work_mem TO '64MB'
AS $function$
#variable_conflict use_column
declare
  v_hours_from timestamptz := (select s.hours_from from public.fold_state s);
begin
  if p_lives then
    return query select * from private.life_differences(p_users, p_workflows);
    return;
  end if;
  return query
  select created_by, workflow_id, grain, starts_at, field,
         case when x.is_extreme then c.n else coalesce(c.n, 0) end, case when x.is_extreme then r.n else coalesce(r.n, 0) end
    from (select true as is_claim, c.* from private.counted(p_users, p_workflows, p_from, p_to, v_hours_from) c) c
    full join private.recount(p_users, p_workflows, p_from, p_to, v_hours_from) r
   using (created_by, workflow_id, grain, starts_at, field, is_total),
         lateral (select field in ('duration_min', 'duration_max', 'queue_min', 'queue_max') as is_extreme) x
   where case when x.is_extreme then c.is_claim and c.n is distinct from r.n else coalesce(c.n, 0) <> coalesce(r.n, 0) end
   order by 1, 3, 2, 4, 5;
end $function$;

CREATE OR REPLACE FUNCTION private.stats_user(p_user_id text)
 RETURNS text
 LANGUAGE sql
 STABLE
RETURN CASE WHEN (p_user_id = ''::text) THEN private.refuse_marker('user id'::text) ELSE COALESCE(p_user_id, private.current_user_id(), ''::text) END;

CREATE OR REPLACE FUNCTION private.stats_window(p_from timestamp with time zone, p_to timestamp with time zone, OUT starts_at timestamp with time zone, OUT days_from timestamp with time zone, OUT days_to timestamp with time zone, OUT ends_at timestamp with time zone)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
declare
  v_hours_from timestamptz := private.hours_from();
begin
  if p_to < p_from then
    raise exception 'The window ends (%) before it starts (%).', p_to, p_from
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Pass the earlier time as the start.';
  end if;
  starts_at := date_trunc('hour', coalesce(p_from, '-infinity'), 'UTC');
  ends_at := date_trunc('hour', coalesce(p_to, 'infinity'), 'UTC');
  if ends_at < p_to then ends_at := ends_at + interval '1 hour'; end if;
  if starts_at < v_hours_from then starts_at := date_trunc('day', starts_at, 'UTC'); end if;
  if ends_at < v_hours_from and ends_at > date_trunc('day', ends_at, 'UTC') then
    ends_at := date_trunc('day', ends_at, 'UTC') + interval '1 day';
  end if;
  days_from := date_trunc('day', starts_at, 'UTC');
  if days_from < starts_at then days_from := days_from + interval '1 day'; end if;
  days_from := least(days_from, ends_at);
  days_to := greatest(days_from, date_trunc('day', ends_at, 'UTC'));
end $function$;

CREATE OR REPLACE FUNCTION private.stats_workflow(p_workflow_id uuid, p_user text)
 RETURNS uuid
 LANGUAGE sql
 STABLE
RETURN CASE WHEN (p_workflow_id = '00000000-0000-0000-0000-000000000000'::uuid) THEN (private.refuse_marker('workflow id'::text))::uuid WHEN ((p_workflow_id IS NULL) AND (p_user <> ''::text)) THEN '00000000-0000-0000-0000-000000000000'::uuid ELSE p_workflow_id END;

CREATE OR REPLACE FUNCTION private.tail_in(p_user text, p_workflow uuid, p_starts_at timestamp with time zone, p_ends_at timestamp with time zone)
 RETURNS TABLE(workflow_id uuid, hour timestamp with time zone, n integer, status text, duration_ms bigint, queue_ms bigint, verdict text, failure_group text, failure_shape text)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
#variable_conflict use_column
declare
  v_below xid8 := private.folded_below();
begin
  if p_user <> '' then
    return query
      select d.workflow_id, d.hour, v.* from public.execution_deltas d, lateral private.signs_of(d) v
       where d.created_by = p_user and d.xid >= v_below and d.hour >= p_starts_at and d.hour < p_ends_at
         and (p_workflow is null or p_workflow = '00000000-0000-0000-0000-000000000000' or d.workflow_id = p_workflow);
  elsif p_workflow is not null then
    return query
      select d.workflow_id, d.hour, v.* from public.execution_deltas d, lateral private.signs_of(d) v
       where d.workflow_id = p_workflow and d.xid >= v_below and d.hour >= p_starts_at and d.hour < p_ends_at;
  else
    return query
      select d.workflow_id, d.hour, v.* from public.execution_deltas d, lateral private.signs_of(d) v
       where d.xid >= v_below and d.hour >= p_starts_at and d.hour < p_ends_at;
  end if;
end $function$;

CREATE OR REPLACE FUNCTION private.take_over(p_kept public.workflow_executions, p_gone public.workflow_executions, p_source text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  update public.workflow_executions x
     set input = coalesce(x.input, p_gone.input),
         tags = case when x.tags = '{}' then p_gone.tags else x.tags end,
         metadata = p_gone.metadata || x.metadata,
         state_snapshot = coalesce(x.state_snapshot, p_gone.state_snapshot),
         verdict = coalesce(x.verdict, p_gone.verdict),
         run_count = greatest(x.run_count, p_gone.run_count)
   where x.id = p_kept.id;
  update public.execution_reports r set execution_id = p_kept.id where r.execution_id = p_gone.id;
  update public.idempotency_keys k set execution_id = p_kept.id where k.execution_id = p_gone.id;
  insert into public.execution_runs (execution_id, run_id, created_by, cause, previous_run_id, status, started_at, closed_at,
                                     error_message)
    select p_kept.id, r.run_id, r.created_by, r.cause, r.previous_run_id, r.status, r.started_at, r.closed_at, r.error_message
      from public.execution_runs r where r.execution_id = p_gone.id
    on conflict (execution_id, run_id) do nothing;
  -- Whoever holds the other's id is led here by the transition.
  update public.execution_transitions t set execution_id = p_kept.id
   where t.execution_id = p_gone.id and t.merged_execution_id is not null;
  delete from public.workflow_executions x where x.id = p_gone.id;
  insert into public.execution_transitions (execution_id, created_by, from_status, to_status, source, authority, run_id,
                                            reason, revision, merged_execution_id)
    select x.id, x.created_by, x.status, x.status, p_source, 'engine', p_gone.temporal_run_id,
           'It was registered once more, by a later run of its chain: both are one execution.', x.revision, p_gone.id
      from public.workflow_executions x where x.id = p_kept.id;
  update public.execution_checks c set next_check_at = clock_timestamp() where c.execution_id = p_kept.id;
end $function$;

CREATE OR REPLACE FUNCTION private.takes_a_place(e public.workflow_executions)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
begin
  return not (e.status = 'pending' and e.temporal_run_id is null and coalesce(e.start_by <= clock_timestamp(), false))
     and not exists (select from public.execution_checks c where c.execution_id = e.id and c.health = 'lost');
end $function$;

CREATE OR REPLACE FUNCTION private.text_array(p jsonb)
 RETURNS text[]
 LANGUAGE plpgsql
 IMMUTABLE
 SET search_path TO ''
AS $function$
begin
  return (select coalesce(array_agg(t.value order by t.ordinality), '{}')
            from jsonb_array_elements_text(case when jsonb_typeof(p) = 'array' then p else '[]' end) with ordinality t);
end $function$;

CREATE OR REPLACE FUNCTION private.touch_workflow()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  new.updated_at := clock_timestamp();
  return new;
end $function$;

CREATE OR REPLACE FUNCTION private.trim_hours(p_limit integer)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_from timestamptz;
begin
  update public.fold_state s set hours_from = date_trunc('day', now() - interval '35 days', 'UTC')
   where s.hours_from < date_trunc('day', now() - interval '35 days', 'UTC');
  select s.hours_from into v_from from public.fold_state s;
  delete from public.execution_stats s where s.ctid = any (array(
    select x.ctid from public.execution_stats x where x.grain = 'hour' and x.starts_at < v_from order by x.starts_at limit p_limit));
  delete from public.execution_label_stats s where s.ctid = any (array(
    select x.ctid from public.execution_label_stats x where x.grain = 'hour' and x.starts_at < v_from order by x.starts_at limit p_limit));
end $function$;

CREATE OR REPLACE FUNCTION private.unwrap(p jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN (jsonb_typeof(p) = 'string'::text) THEN ((p #>> '{}'::text[]))::jsonb ELSE p END;

CREATE OR REPLACE FUNCTION private.unwrap_object(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 IMMUTABLE
 SET search_path TO ''
AS $function$
begin
  if jsonb_typeof(p) = 'string' and (p #>> '{}') ~ '^\s*[\[{]' then
    return (p #>> '{}')::jsonb;
  end if;
  return p;
-- No JSON, or JSON that jsonb cannot hold: NUL, a number beyond numeric, nesting beyond the stack. It stays the text it is.
exception when invalid_text_representation or untranslatable_character or numeric_value_out_of_range
            or statement_too_complex then
  return p;
end $function$;

CREATE OR REPLACE FUNCTION private.uuid_v7()
 RETURNS uuid
 LANGUAGE sql
 PARALLEL SAFE
RETURN (encode(set_bit(set_bit(OVERLAY(uuid_send(gen_random_uuid()) PLACING SUBSTRING(int8send(((EXTRACT(epoch FROM clock_timestamp()) * (1000)::numeric))::bigint) FROM 3) FROM 1 FOR 6), (52)::bigint, 1), (53)::bigint, 1), 'hex'::text))::uuid;

CREATE OR REPLACE FUNCTION public.admit_execution(p_request jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  p jsonb := private.unwrap(p_request);
  v_id uuid := coalesce((p ->> 'id')::uuid, private.uuid_v7());
  v_user text := p ->> 'created_by';
  v_key text := p ->> 'idempotency_key';
  w public.workflows;
  k public.idempotency_keys;
  e public.workflow_executions;
begin
  select * into w from public.workflows x where x.id = (p ->> 'workflow_id')::uuid;
  if not found then
    raise exception 'There is no workflow %.', p ->> 'workflow_id'
      using errcode = 'PT404', detail = 'not_found', hint = 'List the workflows that you can start, and use the id of one.';
  end if;
  if w.archived_at is not null then
    raise exception 'Workflow % is archived.', w.id
      using errcode = 'PT422', detail = 'not_startable', hint = 'Its owner can take it out of the archive.';
  end if;
  if v_key is not null then
    perform pg_advisory_xact_lock(hashtextextended('runledger:key:' || v_user || ':' || w.id || ':' || v_key, 0));
    select * into k from public.idempotency_keys x where x.user_id = v_user and x.workflow_id = w.id and x.key = v_key;
    if found and k.expires_at > clock_timestamp() then
      if k.input_hash <> p ->> 'input_hash' then
        raise exception 'The idempotency key % was used with another input.', v_key
          using errcode = 'PT409', detail = 'conflict', hint = 'Use a new key for a new request; a repeated request carries the same input.';
      end if;
      select * into e from public.workflow_executions x where x.id = k.execution_id;
      return jsonb_build_object('execution', to_jsonb(e), 'created', false);
    end if;
  end if;
  perform private.admit_by_quota(v_user, w.id, v_id);
  insert into public.workflow_executions (id, workflow_id, created_by, temporal_namespace, temporal_workflow_id,
      input, tags, metadata, start_by, last_transition)
    values (v_id, w.id, v_user, w.temporal_namespace, v_id::text, p -> 'input', private.text_array(p -> 'tags'),
      coalesce(p -> 'metadata', '{}'), clock_timestamp() + make_interval(secs => (p ->> 'start_within_ms')::float8 / 1000),
      jsonb_build_object('source', 'service', 'actor', v_user))
    on conflict (id) do nothing
    returning * into e;
  if not found then
    select * into e from public.workflow_executions x where x.id = v_id;
    return jsonb_build_object('execution', to_jsonb(e), 'created', true);
  end if;
  if v_key is not null then
    insert into public.idempotency_keys (user_id, workflow_id, key, input_hash, execution_id, expires_at)
      values (v_user, w.id, v_key, p ->> 'input_hash', v_id, clock_timestamp() + interval '24 hours')
      on conflict (user_id, workflow_id, key) do update
        set input_hash = excluded.input_hash, execution_id = excluded.execution_id, expires_at = excluded.expires_at;
  end if;
  return jsonb_build_object('execution', to_jsonb(e), 'created', true);
end $function$;

CREATE OR REPLACE FUNCTION public.adopt_executions(p_runs jsonb)
 RETURNS TABLE(ordinal integer, result text, execution_id uuid)
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  i record;
begin
  -- The application may be registering one at this moment.
  perform private.lock_workflow_ids(array(
    select (t.value ->> 'namespace') || ':' || (t.value ->> 'workflowId') from jsonb_array_elements(private.unwrap(p_runs)) t));
  -- Users and workflows before the first execution, each in the order of their ids.
  perform from public.users u where u.id in (
    select t.value ->> 'userId' from jsonb_array_elements(private.unwrap(p_runs)) t) order by u.id for key share;
  perform from public.workflows w where w.id in (
    select x.id from jsonb_array_elements(private.unwrap(p_runs)) t
      join public.workflows x on x.temporal_namespace = t.value ->> 'namespace' and x.workflow_type = t.value ->> 'workflowType'
                             and x.task_queue = t.value ->> 'taskQueue'
    union
    select (t.value ->> 'definitionId')::uuid from jsonb_array_elements(private.unwrap(p_runs)) t) order by w.id for key share;
  for i in
    select t.ordinality::int as n, t.value as item
      from jsonb_array_elements(private.unwrap(p_runs)) with ordinality t order by 1
  loop
    ordinal := i.n;
    select a.result, a.execution_id into result, execution_id from private.adopt_run(i.item) a;
    return next;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION public.adopt_executions_document(p_runs jsonb)
 RETURNS jsonb
 LANGUAGE sql
 SET search_path TO ''
AS $function$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from public.adopt_executions(p_runs) r; $function$;

CREATE OR REPLACE FUNCTION public.changes_since(p_cursor text, p_limit integer)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
declare
  v_now xid8 := pg_snapshot_xmin(pg_current_snapshot());
  v_from xid8 := p_cursor::xid8;
  v_to xid8;
  v_changes jsonb;
begin
  if v_from is null or v_from > v_now then
    return jsonb_build_object('changes', '[]'::jsonb, 'cursor', v_now::text);
  end if;
  -- A page ends with a whole transaction.
  select c.xid into v_to from public.execution_changes c
   where c.xid >= v_from and c.xid < v_now order by c.xid offset p_limit limit 1;
  select coalesce(jsonb_agg(jsonb_build_object('executionId', d.execution_id, 'userId', d.created_by,
           'workflowId', d.workflow_id, 'revision', d.revision, 'deleted', d.deleted) order by d.xid), '[]')
    into v_changes
    from (select distinct on (c.execution_id) c.* from public.execution_changes c
           where c.xid >= v_from and c.xid < v_now and (v_to is null or c.xid <= v_to)
           order by c.execution_id, c.revision desc) d;
  return jsonb_build_object('changes', v_changes,
    'cursor', case when v_to is null then v_now::text else ((v_to::text::numeric) + 1)::text end);
end $function$;

CREATE OR REPLACE FUNCTION public.complete_workflow_run(run_id uuid, status text, duration integer DEFAULT NULL::integer, error_details jsonb DEFAULT NULL::jsonb, state_snapshot jsonb DEFAULT NULL::jsonb)
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
#variable_conflict use_column
declare
  v_details jsonb := private.unwrap_object(complete_workflow_run.error_details);
  v_result text;
begin
  if complete_workflow_run.status is null
     or complete_workflow_run.status not in ('completed', 'failed', 'cancelled', 'timed_out', 'terminated') then
    raise exception 'A run ends as completed, failed, cancelled, timed_out or terminated, not as %.',
        coalesce(complete_workflow_run.status, 'null')
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Pass one of these.';
  end if;
  select r.result into v_result from public.record_outcomes(jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
    'execution', complete_workflow_run.run_id, 'status', complete_workflow_run.status, 'authority', 'reported',
    'source', 'report', 'durationMs', complete_workflow_run.duration, 'failure', v_details,
    'stateSnapshot', private.unwrap_object(complete_workflow_run.state_snapshot),
    'reason', coalesce(v_details ->> 'message', v_details ->> 'error'))))) r;
  if v_result = 'not_found' then
    raise exception 'There is no workflow run %.', complete_workflow_run.run_id
      using errcode = 'PT404', detail = 'not_found', hint = 'Insert it into workflow_runs first.';
  end if;
  return v_result;
end $function$;

CREATE OR REPLACE FUNCTION public.complete_workflow_run_and_get_count(run_id uuid, status text, duration integer DEFAULT NULL::integer, error_details jsonb DEFAULT NULL::jsonb, state_snapshot jsonb DEFAULT NULL::jsonb)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
#variable_conflict use_column
begin
  perform public.complete_workflow_run(complete_workflow_run_and_get_count.run_id,
    complete_workflow_run_and_get_count.status, complete_workflow_run_and_get_count.duration,
    complete_workflow_run_and_get_count.error_details, complete_workflow_run_and_get_count.state_snapshot);
  return (select public.get_user_workflow_run_count(e.created_by, e.workflow_id)
            from public.workflow_executions e where e.id = complete_workflow_run_and_get_count.run_id);
end $function$;

CREATE OR REPLACE FUNCTION public.correct_first_run(p_execution uuid, p_first_run text, p_source text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  e public.workflow_executions;
  k public.workflow_executions;
  answer text;
begin
  select * into e from public.workflow_executions x where x.id = p_execution;
  if not found then return jsonb_build_object('result', 'not_found', 'executionId', p_execution); end if;
  -- The application may be registering the chain at this moment.
  perform private.lock_workflow_ids(array[e.temporal_namespace || ':' || e.temporal_workflow_id]);
  perform from public.workflow_executions x
    where x.id = p_execution
       or (x.temporal_namespace = e.temporal_namespace and x.temporal_workflow_id = e.temporal_workflow_id
           and x.temporal_run_id = p_first_run)
    order by x.id for update;
  select * into e from public.workflow_executions x where x.id = p_execution;
  select * into k from public.workflow_executions x
   where x.temporal_namespace = e.temporal_namespace and x.temporal_workflow_id = e.temporal_workflow_id
     and x.temporal_run_id = p_first_run and x.id <> p_execution;
  answer := case
    when e.id is null then 'not_found'
    when e.temporal_run_id is null or e.temporal_run_id = p_first_run then 'unchanged'
    when k.id is null then 'corrected'
    when k.created_by <> e.created_by then 'conflict'
    else 'merged' end;
  perform set_config('runledger.correcting', pg_current_xact_id()::text, true);
  if answer = 'corrected' then
    update public.workflow_executions x set temporal_run_id = p_first_run where x.id = p_execution;
    -- A transition to an end would count as one.
    insert into public.execution_transitions (execution_id, created_by, from_status, to_status, source, authority, run_id,
                                              reason, revision)
      select e.id, e.created_by, e.status, e.status, p_source, 'engine', e.temporal_run_id,
             'It was registered by a later run; Temporal calls another the first.', e.revision + 1
       where e.status in ('pending', 'running');
  elsif answer = 'merged' then
    perform private.take_over(k, e, p_source);
  end if;
  return jsonb_build_object('result', answer,
    'executionId', case when answer in ('merged', 'conflict') then k.id else p_execution end);
end $function$;

CREATE OR REPLACE FUNCTION public.count_executions(p_user_id text DEFAULT NULL::text, p_workflow_id uuid DEFAULT NULL::uuid, p_filter jsonb DEFAULT '{}'::jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
declare
  filter jsonb := private.check_execution_search(p_user_id, p_workflow_id, private.unwrap(p_filter));
  most constant integer := 1000;
  statuses text[] := case when filter ? 'status' then private.text_array(filter -> 'status') end;
  starts_at timestamptz := filter ->> 'from';
  ends_at timestamptz := filter ->> 'to';
  counted bigint;
  answer record;
  capped boolean := false;
begin
  if filter - array['status', 'from', 'to'] = '{}' then
    counted := private.count_from_cells(p_user_id, p_workflow_id, starts_at, ends_at, statuses)
      - private.count_pruned(p_user_id, p_workflow_id, starts_at, ends_at, statuses);
  end if;
  if counted is null then
    answer := private.find_executions(p_user_id, p_workflow_id, filter,
      jsonb_build_object('orderBy', 'started_at', 'ascending', false), null, most + 1);
    counted := least(jsonb_array_length(answer.hits), most);
    capped := answer.ended is not null or jsonb_array_length(answer.hits) > most;
  end if;
  return jsonb_build_object('count', counted, 'exactness', case when capped then 'capped' else 'exact' end,
                            'limit', most, 'asOf', now());
end $function$;

CREATE OR REPLACE FUNCTION public.counted_scopes(p_by text, p_after text, p_limit integer)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
declare
  v_ids text[];
begin
  if p_by = 'user' then
    with recursive named as (
      (select s.created_by as id from public.execution_stats s where s.created_by > coalesce(p_after, '') order by 1 limit 1)
      union all
      select (select s.created_by from public.execution_stats s where s.created_by > n.id order by 1 limit 1)
        from named n where n.id is not null)
    select array_agg(x.id order by x.id) into v_ids from (
      (select u.id from public.users u where u.id > coalesce(p_after, '') order by u.id limit p_limit)
      union (select n.id from named n where n.id is not null limit p_limit)
      order by id limit p_limit) x;
  else
    with recursive named as (
      (select s.workflow_id as id from public.execution_stats s
        where s.created_by = '' and s.grain = 'life' and s.workflow_id > coalesce(p_after, '00000000-0000-0000-0000-000000000000')::uuid
        order by 1 limit 1)
      union all
      select (select s.workflow_id from public.execution_stats s
               where s.created_by = '' and s.grain = 'life' and s.workflow_id > n.id order by 1 limit 1)
        from named n where n.id is not null)
    select array_agg(x.id::text order by x.id) into v_ids from (
      (select w.id from public.workflows w where p_after is null or w.id > p_after::uuid order by w.id limit p_limit)
      union (select n.id from named n where n.id is not null limit p_limit)
      order by id limit p_limit) x;
  end if;
  return to_jsonb(coalesce(v_ids, '{}'));
end $function$;

CREATE OR REPLACE FUNCTION public.counted_span(p_user_id text DEFAULT NULL::text, p_workflow_id uuid DEFAULT NULL::uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
begin
  return (
    select jsonb_build_object('from', date_trunc('day', min(x.first), 'UTC'),
                              'to', date_trunc('day', max(x.last), 'UTC') + interval '1 day')
      from (
        select min(e.started_at) as first, max(e.started_at) as last from public.workflow_executions e
         where (p_user_id is null or e.created_by = p_user_id) and (p_workflow_id is null or e.workflow_id = p_workflow_id)
        union all
        select min(s.starts_at), max(s.starts_at) from public.execution_stats s
         where s.grain = 'day' and (p_user_id is null or s.created_by = p_user_id) and (p_workflow_id is null or s.workflow_id = p_workflow_id)
        union all
        select min(p.starts_at), max(p.starts_at) from public.execution_stats_pruned p
         where (p_user_id is null or p.created_by = p_user_id) and (p_workflow_id is null or p.workflow_id = p_workflow_id)) x);
end $function$;

CREATE OR REPLACE FUNCTION public.create_execution(p_execution jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  p jsonb := private.unwrap(p_execution);
  v_namespace text := coalesce(p ->> 'temporal_namespace', 'default');
  v_workflow_id text := p ->> 'temporal_workflow_id';
  v_run_id text := p ->> 'temporal_run_id';
  e public.workflow_executions;
begin
  if (p ->> 'started_at')::timestamptz not between '2000-01-01' and clock_timestamp() + interval '5 minutes' then
    raise exception 'An execution cannot have started at %.', p ->> 'started_at'
      using errcode = 'PT400', detail = 'invalid_input {"startedAt": ["lies ahead, or before 2000"]}',
            hint = 'Pass a time with its zone, or milliseconds since 1970, or leave it out: then it is now.';
  end if;
  if v_workflow_id is not null then
    -- A workflow id with and without its run id is one execution: two callers may not insert both at once.
    perform private.lock_workflow_ids(array[v_namespace || ':' || v_workflow_id]);
    select * into e from public.workflow_executions x
     where x.temporal_namespace = v_namespace and x.temporal_workflow_id = v_workflow_id
       -- Without a run id it is what is open: an execution that has ended does not come back by its workflow id.
       and (x.temporal_run_id = v_run_id or x.temporal_run_id is null
            or (v_run_id is null and x.status in ('pending', 'running'))
            or private.is_known_run(x.id, v_run_id))
     order by x.temporal_run_id is not distinct from v_run_id desc, private.is_known_run(x.id, v_run_id) desc,
              x.started_at desc limit 1;
    if found and (e.created_by, e.workflow_id::text) is distinct from (p ->> 'created_by', p ->> 'workflow_id') then
      raise exception 'The run % of workflow id % is recorded for another user or workflow.', v_run_id, v_workflow_id
        using errcode = 'PT409', detail = 'conflict', hint = 'A Temporal run belongs to one execution: check which user and workflow started it.';
    end if;
    if found then
      update public.workflow_executions x
         set temporal_run_id = coalesce(x.temporal_run_id, v_run_id),
             status = case when x.status = 'pending' and v_run_id is not null then 'running' else x.status end,
             last_transition = case when x.status = 'pending' and v_run_id is not null
               then jsonb_build_object('source', 'service', 'at', clock_timestamp()) else x.last_transition end,
             input = coalesce(x.input, p -> 'input'),
             input_note = case when x.input is null then coalesce(p ->> 'input_note', x.input_note) else x.input_note end,
             tags = case when x.tags = '{}' then private.text_array(p -> 'tags') else x.tags end,
             metadata = coalesce(p -> 'metadata', '{}') || x.metadata
       where x.id = e.id returning * into e;
      return jsonb_build_object('execution', to_jsonb(e), 'created', false);
    end if;
  end if;
  insert into public.workflow_executions (id, workflow_id, created_by, temporal_namespace, temporal_workflow_id,
      temporal_run_id, input, input_note, tags, metadata, started_at, last_transition)
    values (coalesce((p ->> 'id')::uuid, private.uuid_v7()), (p ->> 'workflow_id')::uuid, p ->> 'created_by', case when v_workflow_id is not null then v_namespace end,
      v_workflow_id, v_run_id, p -> 'input', p ->> 'input_note', private.text_array(p -> 'tags'), coalesce(p -> 'metadata', '{}'),
      coalesce((p ->> 'started_at')::timestamptz, now()),
      jsonb_build_object('source', 'service', 'actor', p ->> 'created_by'))
    on conflict (id) do nothing
    returning * into e;
  if not found then
    -- The caller's own attempt came through and only its answer was lost.
    select * into e from public.workflow_executions x where x.id = (p ->> 'id')::uuid;
    return jsonb_build_object('execution', to_jsonb(e), 'created', false);
  end if;
  return jsonb_build_object('execution', to_jsonb(e), 'created', true);
end $function$;

CREATE OR REPLACE FUNCTION public.delete_workflow_executions(p_workflow_id uuid, p_user_id text DEFAULT NULL::text, p_limit integer DEFAULT 1000)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  n integer;
begin
  delete from public.workflow_executions x where x.id in (
    select d.id from public.workflow_executions d
     where d.workflow_id = p_workflow_id and (p_user_id is null or d.created_by = p_user_id)
     order by d.id limit p_limit for update skip locked);
  get diagnostics n = row_count;
  return n;
end $function$;

CREATE OR REPLACE FUNCTION public.describe_import(p_source text DEFAULT NULL::text, p_options jsonb DEFAULT '{}'::jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
 SET statement_timeout TO '55s'
AS $function$
declare
  v_table constant regclass := private.import_source(p_source);
  v_key constant text := (private.import_key(v_table)).name;
  v_columns constant jsonb := private.import_columns(v_table, private.unwrap(p_options));
  v_statuses jsonb;
  v_rows bigint;
begin
  perform private.check_import_options(private.unwrap(p_options));
  execute format('select coalesce(sum(s.n), 0), coalesce(jsonb_agg(jsonb_build_object(''status'', s.status, ''becomes'',
      private.read_status(s.status, $1), ''rows'', s.n) order by s.n desc, s.status), ''[]'')
    from (select left(%s, 200) as status, count(*) as n from %s t group by 1) s',
    case when v_columns ? 'status' then format('t.%I::text', v_columns ->> 'status') else 'null::text' end, v_table)
    into v_rows, v_statuses using private.unwrap(p_options) -> 'statuses';
  return jsonb_build_object('source', v_table, 'key', v_key, 'rows', v_rows, 'statuses', v_statuses, 'columns', (
    select jsonb_agg(jsonb_build_object('column', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'takenAs',
             (select string_agg(c.key, ', ' order by c.key) from jsonb_each_text(v_columns) c where c.value = a.attname)) order by a.attnum)
      from pg_catalog.pg_attribute a where a.attrelid = v_table and a.attnum > 0 and not a.attisdropped));
end $function$;

CREATE OR REPLACE FUNCTION public.due_checks(p_namespace text, p_limit integer)
 RETURNS json
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(json_agg(row_to_json(f) order by c.next_check_at), '[]')
    from (select * from public.execution_checks k
           where k.temporal_namespace = p_namespace and k.next_check_at <= statement_timestamp()
           order by k.next_check_at limit p_limit) c
   cross join lateral (select * from public.workflow_executions x where x.id = c.execution_id limit 1) e
   cross join lateral private.followed(e, c) f;
$function$;

CREATE OR REPLACE FUNCTION public.end_lost_executions(p_items jsonb)
 RETURNS TABLE(ordinal integer, execution_id uuid, result text, status text, authority text, revision bigint, cancel_requested_at timestamp with time zone, cancel_requested_by text, cancel_reason text)
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  i record;
begin
  for i in
    select t.ordinality::int as n, t.value as item, (t.value ->> 'execution')::uuid as id
      from jsonb_array_elements(private.unwrap(p_items)) with ordinality t order by 3, 1
  loop
    ordinal := i.n;
    execution_id := i.id;
    if i.item ->> 'status' not in ('completed', 'failed', 'cancelled', 'timed_out', 'terminated')
       or coalesce(i.item ->> 'reason', '') = '' then
      raise exception 'Ending an execution that Temporal does not know needs a terminal status and a reason, not "%".', i.item ->> 'status'
        using errcode = 'PT400', detail = 'invalid_input', hint = 'Say how it ended, and how you know.';
    end if;
    result := private.end_lost(i.id, i.item);
    select x.status, x.outcome_authority, x.revision, x.cancel_requested_at, x.cancel_requested_by, x.cancel_reason
      into status, authority, revision, cancel_requested_at, cancel_requested_by, cancel_reason
      from public.workflow_executions x where x.id = i.id;
    return next;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION public.end_lost_executions_document(p_items jsonb)
 RETURNS jsonb
 LANGUAGE sql
 SET search_path TO ''
AS $function$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from public.end_lost_executions(p_items) r; $function$;

CREATE OR REPLACE FUNCTION public.execution_story(p_ref text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object(
    'execution', to_jsonb(e),
    'workflow_name', (select w.name from public.workflows w where w.id = e.workflow_id),
    'followed', case when e.engine = 'temporal' then (select to_jsonb(f) from private.followed(e, c) f) end,
    'transitions', coalesce((select jsonb_agg(to_jsonb(t) order by t.revision, t.at)
                               from public.execution_transitions t where t.execution_id = e.id), '[]'),
    'runs', coalesce((select jsonb_agg(to_jsonb(r) order by r.started_at)
                        from (select * from public.execution_runs k where k.execution_id = e.id
                               order by k.started_at desc limit 100) r), '[]'),
    'reports', coalesce((select jsonb_agg(to_jsonb(r) order by r.reported_at)
                           from (select * from public.execution_reports k where k.execution_id = e.id
                                  order by k.reported_at desc limit 100) r), '[]'),
    'health', case when c.health is not null then
      jsonb_build_object('health', c.health, 'reason', c.reason, 'remedy', c.remedy, 'checked_at', c.last_check_at) end,
    'timeline', (select to_jsonb(t) from public.execution_timelines t where t.execution_id = e.id))
    from public.workflow_executions e
    left join public.execution_checks c on c.execution_id = e.id
   where e.id = private.find_execution(p_ref);
$function$;

CREATE OR REPLACE FUNCTION public.find_runs(p_namespace text, p_runs jsonb)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(jsonb_agg(jsonb_build_object(
           'isKnown', m.id is not null,
           'isRecorded', coalesce(m.id is not null and (
             m.closing_run_id = r.run_id and m.outcome_authority = 'engine'
             or k.status <> 'running'
             or (m.current_run_id is distinct from r.run_id and private.is_superseded_run(m.id, r.run_id, m.current_run_id))), false),
           'execution', case when m.id is not null then (select to_jsonb(f) from private.followed(m, null) f)
                             when n.id is not null then (select to_jsonb(f) from private.followed(n, null) f) end) order by r.ordinality), '[]')
    from (select t.ordinality, t.value ->> 'workflowId' as workflow_id, t.value ->> 'runId' as run_id
            from jsonb_array_elements(private.unwrap(p_runs)) with ordinality t) r
    left join lateral (
      select x.status, x.execution_id from public.execution_runs x
        join public.workflow_executions e on e.id = x.execution_id and e.temporal_namespace = p_namespace
       where x.run_id = r.run_id and e.temporal_workflow_id = r.workflow_id limit 1) k on true
    left join lateral (
      select e.* from public.workflow_executions e
       where e.temporal_namespace = p_namespace and e.temporal_workflow_id = r.workflow_id
         and (e.id = k.execution_id or r.run_id in (e.temporal_run_id, e.current_run_id, e.closing_run_id))
       limit 1) m on true
    left join lateral (
      select e.* from public.workflow_executions e
       where m.id is null and e.temporal_namespace = p_namespace and e.temporal_workflow_id = r.workflow_id
       order by e.started_at desc, e.id desc limit 1) n on true;
$function$;

CREATE OR REPLACE FUNCTION public.fix_stuck_runs(older_than interval DEFAULT '01:00:00'::interval)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  n integer;
begin
  with stuck as (
    select x.id from public.workflow_executions x
     where x.engine = 'none' and x.status in ('pending', 'running') and x.started_at < clock_timestamp() - older_than
     order by x.id for no key update)
  update public.workflow_executions e
     set status = 'failed',
         error_message = 'No end was reported within ' || older_than::text || '.',
         failure = jsonb_build_object('type', 'StuckRun', 'message', 'No end was reported within ' || older_than::text || '.'),
         last_transition = jsonb_build_object('source', 'user', 'actor', 'fix_stuck_runs',
           'reason', 'open for longer than ' || older_than::text, 'at', clock_timestamp())
    from stuck
   where e.id = stuck.id;
  get diagnostics n = row_count;
  return n;
end $function$;

CREATE OR REPLACE FUNCTION public.fold_execution_stats(p_limit integer DEFAULT 20000)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
 SET work_mem TO '64MB'
 SET enable_nestloop TO 'off'
AS $function$
declare
  v_below xid8;
  v_undecided xid8;
  v_last xid8;
  v_hours_from timestamptz;
  v_folded integer;
  v_cells private.cell_change[];
  v_buckets private.bucket_change[];
  v_labels private.label_change[];
begin
  select s.hours_from into v_hours_from from public.fold_state s for update skip locked;
  if not found then return -1; end if;
  v_below := private.folded_below();
  -- Before the snapshot of the delete: whatever that does not see has this transaction id or a later one.
  v_undecided := pg_snapshot_xmin(pg_current_snapshot());

  with gone as (
    delete from public.execution_deltas d
     where d.ctid = any (array(select x.ctid from public.execution_deltas x where x.xid >= v_below order by x.xid limit p_limit))
    returning d.*),
  sign as materialized (
    select dense_rank() over (order by g.created_by, g.workflow_id, g.hour) as place, g.created_by, g.workflow_id, g.hour, v.*
      from gone g, lateral private.signs_of(g) v),
  counted as materialized (
    select place, min(created_by) as created_by, (array_agg(workflow_id))[1] as workflow_id, min(hour) as hour,
           coalesce(sum(n) filter (where status = 'pending'), 0)::int as pending,
           coalesce(sum(n) filter (where status = 'running'), 0)::int as running,
           coalesce(sum(n) filter (where status = 'completed'), 0)::int as completed,
           coalesce(sum(n) filter (where status = 'failed'), 0)::int as failed,
           coalesce(sum(n) filter (where status = 'cancelled'), 0)::int as cancelled,
           coalesce(sum(n) filter (where status = 'timed_out'), 0)::int as timed_out,
           coalesce(sum(n) filter (where status = 'terminated'), 0)::int as terminated,
           coalesce(sum(n) filter (where duration_ms is not null), 0)::int as duration_count,
           coalesce(sum(n * duration_ms), 0) as duration_sum,
           min(duration_ms) filter (where n > 0) as duration_min, max(duration_ms) filter (where n > 0) as duration_max,
           min(duration_ms) filter (where n < 0) as lost_duration_min, max(duration_ms) filter (where n < 0) as lost_duration_max,
           coalesce(sum(n) filter (where queue_ms is not null), 0)::int as queue_count,
           coalesce(sum(n * queue_ms), 0) as queue_sum,
           min(queue_ms) filter (where n > 0) as queue_min, max(queue_ms) filter (where n > 0) as queue_max,
           min(queue_ms) filter (where n < 0) as lost_queue_min, max(queue_ms) filter (where n < 0) as lost_queue_max,
           bool_or(duration_ms is not null) as has_durations, bool_or(queue_ms is not null) as has_queues
      from sign group by 1),
  part as materialized (
    select c.place, dense_rank() over (order by k.created_by, k.workflow_id, k.grain, k.starts_at)::int as cell, k.*
      from counted c, lateral private.cells_of(c.created_by, c.workflow_id, c.hour, v_hours_from) k),
  cell as (
    select k.cell, row(min(k.created_by), (array_agg(k.workflow_id))[1], min(k.grain), min(k.starts_at),
           sum(pending), sum(running), sum(completed), sum(failed), sum(cancelled), sum(timed_out), sum(terminated),
           sum(duration_count), sum(duration_sum), min(duration_min), max(duration_max), min(lost_duration_min), max(lost_duration_max),
           sum(queue_count), sum(queue_sum), min(queue_min), max(queue_max), min(lost_queue_min), max(lost_queue_max),
           bool_or(has_durations) and min(k.grain) <> 'life', bool_or(has_queues) and min(k.grain) <> 'life')::private.cell_change as change
      from part k join counted c using (place) group by k.cell),
  bucket as (
    select k.cell, b.is_queue, b.bucket, sum(b.n)::int
      from (
        select s.place, t.is_queue, private.bucket_of(t.ms) as bucket, sum(s.n)::int as n
          from sign s, lateral (values (false, s.duration_ms), (true, s.queue_ms)) t (is_queue, ms)
         where t.ms is not null group by 1, 2, 3 having sum(s.n) <> 0) b
      join part k using (place)
     where k.grain <> 'life'
     group by 1, 2, 3),
  label as (
    select k.created_by, k.workflow_id, k.grain, k.starts_at, l.kind, l.label, max(l.description), sum(l.n)
      from (
        select s.created_by, s.workflow_id, s.hour, t.kind, t.label, max(t.description) as description, sum(s.n) as n
          from sign s, lateral (values ('verdict', s.verdict, null), ('failure', s.failure_group, s.failure_shape)) t (kind, label, description)
         where t.label is not null group by 1, 2, 3, 4, 5 having sum(s.n) <> 0) l,
           lateral private.cells_of(l.created_by, l.workflow_id, l.hour, v_hours_from) k
     group by 1, 2, 3, 4, 5, 6 having sum(l.n) <> 0)
  select (select count(*) from gone), (select (array_agg(g.xid order by g.xid desc))[1] from gone g),
         (select array_agg(c.change order by c.cell) from cell c),
         (select array_agg(row(b.*)::private.bucket_change) from bucket b),
         (select array_agg(row(l.*)::private.label_change) from label l)
    into v_folded, v_last, v_cells, v_buckets, v_labels;

  if v_folded > 0 then
    perform private.merge_cells(v_cells, v_buckets, v_labels);
  end if;
  update public.fold_state set folded_at = clock_timestamp(), cluster = (select c.system_identifier from pg_control_system() c),
    folded_below = case when v_folded < p_limit then v_undecided else least(v_undecided, v_last) end;
  -- Only what is folded to its end: of a part, a value may have left whose coming is in the next part.
  if v_folded < p_limit then
    perform private.find_extremes(200);
  end if;
  perform private.trim_hours(5000);
  return v_folded;
end $function$;

CREATE OR REPLACE FUNCTION public.get_execution_series(p_workflow_id uuid DEFAULT NULL::uuid, p_user_id text DEFAULT NULL::text, p_from timestamp with time zone DEFAULT NULL::timestamp with time zone, p_to timestamp with time zone DEFAULT NULL::timestamp with time zone, p_step text DEFAULT 'day'::text, p_time_zone text DEFAULT 'UTC'::text)
 RETURNS TABLE(starts_at timestamp with time zone, ends_at timestamp with time zone, is_rounded boolean, total bigint, pending bigint, running bigint, completed bigint, failed bigint, cancelled bigint, timed_out bigint, terminated bigint, avg_duration_ms double precision, p50_duration_ms double precision, p95_duration_ms double precision, as_of timestamp with time zone)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
#variable_conflict use_column
declare
  v_user text := private.stats_user(p_user_id);
  v_workflow uuid := private.stats_workflow(p_workflow_id, v_user);
  v_edges timestamptz[];
  v_rounded boolean[];
  v_first timestamptz;
  v_last timestamptz;
  -- Cells are days up to here and hours from here.
  v_split timestamptz;
begin
  select s.edges, s.are_rounded into v_edges, v_rounded from private.series_points(p_from, p_to, p_step, p_time_zone) s;
  v_first := v_edges[1];
  v_last := v_edges[array_length(v_edges, 1)];
  v_split := case
    when p_step = 'day' and not exists (select from unnest(v_edges) x (at) where x.at <> date_trunc('day', x.at, 'UTC')) then v_last
    else least(v_last, greatest(v_first, private.hours_from())) end;
  return query
  with cell as materialized (
    select width_bucket(c.starts_at, v_edges) as point, c.* from private.cells_in(v_user, v_workflow, v_first, v_first, v_split, v_split) c
    union all
    select width_bucket(c.starts_at, v_edges), c.* from private.cells_in(v_user, v_workflow, v_split, v_last, v_last, v_last) c),
  tail as materialized (
    select width_bucket(t.hour, v_edges) as point, t.* from private.tail_in(v_user, v_workflow, v_first, v_last) t),
  counted as (
    select point, sum(pending) as pending, sum(running) as running, sum(completed) as completed, sum(failed) as failed,
           sum(cancelled) as cancelled, sum(timed_out) as timed_out, sum(terminated) as terminated,
           sum(duration_count) as duration_count, sum(duration_sum) as duration_sum, min(duration_min) as duration_min,
           max(duration_max) as duration_max
      from (
        select point, pending, running, completed, failed, cancelled, timed_out, terminated, duration_count, duration_sum,
               duration_min, duration_max from cell
        union all
        select point, (n * (status = 'pending')::int), (n * (status = 'running')::int), (n * (status = 'completed')::int),
               (n * (status = 'failed')::int), (n * (status = 'cancelled')::int), (n * (status = 'timed_out')::int),
               (n * (status = 'terminated')::int), case when duration_ms is null then 0 else n end, coalesce(n * duration_ms, 0),
               case when n > 0 then duration_ms end, case when n > 0 then duration_ms end
          from tail) x
     group by 1),
  bucket as (
    select point, bucket, sum(n) as n from (
      select c.point, u.bucket, u.n from cell c, unnest(c.duration_buckets, c.duration_counts) u (bucket, n)
      union all
      select point, private.bucket_of(duration_ms), n from tail where duration_ms is not null) b
     group by 1, 2),
  ranked as (
    select point, bucket, sum(n) over (partition by point order by bucket) as upto, sum(n) over (partition by point) as n_all from bucket),
  quantile as (
    select point, min(bucket) filter (where upto >= 0.50 * n_all) as p50, min(bucket) filter (where upto >= 0.95 * n_all) as p95
      from ranked where n_all > 0 group by 1)
  select v_edges[p.point], v_edges[p.point + 1], v_rounded[p.point],
         coalesce(c.pending + c.running + c.completed + c.failed + c.cancelled + c.timed_out + c.terminated, 0)::bigint,
         coalesce(c.pending, 0)::bigint, coalesce(c.running, 0)::bigint, coalesce(c.completed, 0)::bigint, coalesce(c.failed, 0)::bigint,
         coalesce(c.cancelled, 0)::bigint, coalesce(c.timed_out, 0)::bigint, coalesce(c.terminated, 0)::bigint,
         (c.duration_sum / nullif(c.duration_count, 0))::float8,
         private.clamp_bucket(q.p50, c.duration_min, c.duration_max), private.clamp_bucket(q.p95, c.duration_min, c.duration_max),
         statement_timestamp()
    from generate_series(1, array_length(v_edges, 1) - 1) p (point)
    left join counted c using (point)
    left join quantile q using (point)
   order by p.point;
end $function$;

CREATE OR REPLACE FUNCTION public.get_execution_series_document(p_workflow_id uuid DEFAULT NULL::uuid, p_user_id text DEFAULT NULL::text, p_from timestamp with time zone DEFAULT NULL::timestamp with time zone, p_to timestamp with time zone DEFAULT NULL::timestamp with time zone, p_step text DEFAULT 'day'::text, p_time_zone text DEFAULT 'UTC'::text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from public.get_execution_series(p_workflow_id, p_user_id, p_from, p_to, p_step, p_time_zone) r; $function$;

CREATE OR REPLACE FUNCTION public.get_execution_stats(p_workflow_id uuid DEFAULT NULL::uuid, p_user_id text DEFAULT NULL::text, p_from timestamp with time zone DEFAULT NULL::timestamp with time zone, p_to timestamp with time zone DEFAULT NULL::timestamp with time zone, p_with_previous boolean DEFAULT false, p_with_queue boolean DEFAULT true)
 RETURNS TABLE(period text, starts_at timestamp with time zone, ends_at timestamp with time zone, total bigint, pending bigint, running bigint, completed bigint, failed bigint, cancelled bigint, timed_out bigint, terminated bigint, success_rate double precision, avg_duration_ms double precision, min_duration_ms bigint, max_duration_ms bigint, p50_duration_ms double precision, p90_duration_ms double precision, p95_duration_ms double precision, p99_duration_ms double precision, avg_queue_ms double precision, min_queue_ms bigint, max_queue_ms bigint, p50_queue_ms double precision, p90_queue_ms double precision, p95_queue_ms double precision, p99_queue_ms double precision, extremes_are_exact boolean, verdicts jsonb, as_of timestamp with time zone)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
#variable_conflict use_column
declare
  v_user text := private.stats_user(p_user_id);
  v_workflow uuid := private.stats_workflow(p_workflow_id, v_user);
  w record;
begin
  select * into w from private.stats_window(p_from, p_to);
  return query
    select 'current', case when isfinite(w.starts_at) then w.starts_at end, case when isfinite(w.ends_at) then w.ends_at end,
           s.*, (select coalesce(jsonb_object_agg(l.label, l.n), '{}') from private.labels_in('verdict', v_user, v_workflow,
                   w.starts_at, w.days_from, w.days_to, w.ends_at) l), statement_timestamp()
      from private.read_stats(v_user, v_workflow, w.starts_at, w.days_from, w.days_to, w.ends_at, p_with_queue) s;
  if not p_with_previous or not isfinite(w.starts_at) or not isfinite(w.ends_at) then return; end if;
  select * into w from private.stats_window(w.starts_at - (w.ends_at - w.starts_at), w.starts_at);
  return query
    select 'previous', w.starts_at, w.ends_at,
           s.*, (select coalesce(jsonb_object_agg(l.label, l.n), '{}') from private.labels_in('verdict', v_user, v_workflow,
                   w.starts_at, w.days_from, w.days_to, w.ends_at) l), statement_timestamp()
      from private.read_stats(v_user, v_workflow, w.starts_at, w.days_from, w.days_to, w.ends_at, p_with_queue) s;
end $function$;

CREATE OR REPLACE FUNCTION public.get_top_failures(p_workflow_id uuid DEFAULT NULL::uuid, p_user_id text DEFAULT NULL::text, p_from timestamp with time zone DEFAULT NULL::timestamp with time zone, p_to timestamp with time zone DEFAULT NULL::timestamp with time zone, p_limit integer DEFAULT 10)
 RETURNS TABLE(failure_group text, failure_type text, activity_type text, message text, executions bigint, first_started_at timestamp with time zone, last_started_at timestamp with time zone, last_execution_id uuid, as_of timestamp with time zone)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
#variable_conflict use_column
declare
  v_user text := private.stats_user(p_user_id);
  v_workflow uuid := private.stats_workflow(p_workflow_id, v_user);
  w record;
begin
  select * into w from private.stats_window(p_from, p_to);
  return query
  select l.label, nullif(split_part(l.description, E'\n', 1), '-'), nullif(split_part(l.description, E'\n', 2), '-'),
         split_part(l.description, E'\n', 3), l.n, a.at, z.at, z.id, statement_timestamp()
    from (select * from private.labels_in('failure', v_user, v_workflow, w.starts_at, w.days_from, w.days_to, w.ends_at)
           order by n desc, label limit least(greatest(p_limit, 1), 100)) l
    left join lateral private.failure_edge(l.label, v_user, p_workflow_id, w.starts_at, w.ends_at, true) a on true
    left join lateral private.failure_edge(l.label, v_user, p_workflow_id, w.starts_at, w.ends_at, false) z on true
   order by l.n desc, l.label;
end $function$;

CREATE OR REPLACE FUNCTION public.get_top_failures_document(p_workflow_id uuid DEFAULT NULL::uuid, p_user_id text DEFAULT NULL::text, p_from timestamp with time zone DEFAULT NULL::timestamp with time zone, p_to timestamp with time zone DEFAULT NULL::timestamp with time zone, p_limit integer DEFAULT 10)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from public.get_top_failures(p_workflow_id, p_user_id, p_from, p_to, p_limit) r; $function$;

CREATE OR REPLACE FUNCTION public.get_top_workflows(p_user_id text DEFAULT NULL::text, p_from timestamp with time zone DEFAULT NULL::timestamp with time zone, p_to timestamp with time zone DEFAULT NULL::timestamp with time zone, p_limit integer DEFAULT 10)
 RETURNS TABLE(workflow_id uuid, total bigint, pending bigint, running bigint, completed bigint, failed bigint, cancelled bigint, timed_out bigint, terminated bigint, success_rate double precision, avg_duration_ms double precision, as_of timestamp with time zone)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
#variable_conflict use_column
declare
  v_user text := private.stats_user(p_user_id);
  w record;
begin
  select * into w from private.stats_window(p_from, p_to);
  return query
  select x.workflow_id,
         sum(x.pending + x.running + x.completed + x.failed + x.cancelled + x.timed_out + x.terminated)::bigint as total,
         sum(x.pending)::bigint, sum(x.running)::bigint, sum(x.completed)::bigint, sum(x.failed)::bigint, sum(x.cancelled)::bigint,
         sum(x.timed_out)::bigint, sum(x.terminated)::bigint,
         round(100.0 * sum(x.completed) / nullif(sum(x.completed + x.failed + x.cancelled + x.timed_out + x.terminated), 0), 1)::float8,
         (sum(x.duration_sum) / nullif(sum(x.duration_count), 0))::float8, statement_timestamp()
    from (
      select c.workflow_id, c.pending, c.running, c.completed, c.failed, c.cancelled, c.timed_out, c.terminated, c.duration_count, c.duration_sum
        from private.cells_in(v_user, null, w.starts_at, w.days_from, w.days_to, w.ends_at) c
      union all
      select t.workflow_id, t.n * (t.status = 'pending')::int, t.n * (t.status = 'running')::int, t.n * (t.status = 'completed')::int,
             t.n * (t.status = 'failed')::int, t.n * (t.status = 'cancelled')::int, t.n * (t.status = 'timed_out')::int,
             t.n * (t.status = 'terminated')::int, case when t.duration_ms is null then 0 else t.n end, coalesce(t.n * t.duration_ms, 0)
        from private.tail_in(v_user, null, w.starts_at, w.ends_at) t) x
   group by 1
  having sum(x.pending + x.running + x.completed + x.failed + x.cancelled + x.timed_out + x.terminated) > 0
   order by total desc, x.workflow_id
   limit least(greatest(p_limit, 1), 200);
end $function$;

CREATE OR REPLACE FUNCTION public.get_top_workflows_document(p_user_id text DEFAULT NULL::text, p_from timestamp with time zone DEFAULT NULL::timestamp with time zone, p_to timestamp with time zone DEFAULT NULL::timestamp with time zone, p_limit integer DEFAULT 10)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from public.get_top_workflows(p_user_id, p_from, p_to, p_limit) r; $function$;

CREATE OR REPLACE FUNCTION public.get_user_workflow_run_count(p_user_id text, p_workflow_id uuid DEFAULT NULL::uuid)
 RETURNS integer
 LANGUAGE sql
 STABLE
RETURN CASE WHEN (p_user_id IS NULL) THEN 0 ELSE (private.count_from_cells(p_user_id, p_workflow_id, NULL::timestamp with time zone, NULL::timestamp with time zone, ARRAY['completed'::text, 'failed'::text]))::integer END;

CREATE OR REPLACE FUNCTION public.get_workflow_counters(p_user_id text DEFAULT NULL::text, p_owner_id text DEFAULT NULL::text)
 RETURNS TABLE(workflow_id uuid, total bigint, pending bigint, running bigint, completed bigint, failed bigint, cancelled bigint, timed_out bigint, terminated bigint, as_of timestamp with time zone)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
#variable_conflict use_column
declare
  v_user text := case when p_owner_id is null then private.stats_user(p_user_id) else '' end;
  v_owned uuid[] := case when p_owner_id is not null then array(select w.id from public.workflows w where w.user_id = p_owner_id) end;
begin
  return query
  with tail as (
    select t.workflow_id, sum(t.n) filter (where t.status = 'pending') as pending, sum(t.n) filter (where t.status = 'running') as running,
           sum(t.n) filter (where t.status = 'completed') as completed, sum(t.n) filter (where t.status = 'failed') as failed,
           sum(t.n) filter (where t.status = 'cancelled') as cancelled, sum(t.n) filter (where t.status = 'timed_out') as timed_out,
           sum(t.n) filter (where t.status = 'terminated') as terminated
      from private.tail_in(v_user, null, '-infinity', 'infinity') t
     where v_owned is null or t.workflow_id = any (v_owned) group by 1),
  cell as (
    select s.workflow_id, s.pending, s.running, s.completed, s.failed, s.cancelled, s.timed_out, s.terminated
      from public.execution_stats s
     where s.created_by = v_user and s.grain = 'life' and s.workflow_id > '00000000-0000-0000-0000-000000000000'
       and (v_owned is null or s.workflow_id = any (v_owned))),
  merged as (
    select coalesce(c.workflow_id, t.workflow_id) as workflow_id, coalesce(c.pending, 0) + coalesce(t.pending, 0) as pending,
           coalesce(c.running, 0) + coalesce(t.running, 0) as running, coalesce(c.completed, 0) + coalesce(t.completed, 0) as completed,
           coalesce(c.failed, 0) + coalesce(t.failed, 0) as failed, coalesce(c.cancelled, 0) + coalesce(t.cancelled, 0) as cancelled,
           coalesce(c.timed_out, 0) + coalesce(t.timed_out, 0) as timed_out, coalesce(c.terminated, 0) + coalesce(t.terminated, 0) as terminated
      from cell c full join tail t on t.workflow_id = c.workflow_id)
  select b.workflow_id, b.pending + b.running + b.completed + b.failed + b.cancelled + b.timed_out + b.terminated,
         b.pending, b.running, b.completed, b.failed, b.cancelled, b.timed_out, b.terminated, statement_timestamp()
    from merged b
   where b.pending + b.running + b.completed + b.failed + b.cancelled + b.timed_out + b.terminated > 0
   order by 1;
end $function$;

CREATE OR REPLACE FUNCTION public.get_workflow_counters_document(p_user_id text DEFAULT NULL::text, p_owner_id text DEFAULT NULL::text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from public.get_workflow_counters(p_user_id, p_owner_id) r; $function$;

CREATE OR REPLACE FUNCTION public.import_workflow_runs(p_source text DEFAULT NULL::text, p_options jsonb DEFAULT '{}'::jsonb, p_pass bigint DEFAULT NULL::bigint, p_limit integer DEFAULT 500, p_dry_run boolean DEFAULT false, p_after text DEFAULT NULL::text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
 SET "TimeZone" TO 'UTC'
 SET statement_timeout TO '55s'
AS $function$
declare
  v_table constant regclass := private.import_source(p_source);
  v_options constant jsonb := coalesce(private.unwrap(p_options), '{}');
  v_limit constant integer := least(greatest(coalesce(p_limit, 500), 1), 5000);
  v_plan jsonb;
  v_batch jsonb;
  s public.execution_imports;
begin
  perform private.check_import_options(v_options);
  select jsonb_build_object('source', v_table, 'key', k.name, 'keyType', k.type, 'options', v_options,
                            'columns', private.import_columns(v_table, v_options))
    into v_plan from private.import_key(v_table) k;
  if not p_dry_run then
    -- Two at once take turns.
    perform pg_advisory_xact_lock(hashtextextended('runledger:import', 0));
    insert into public.execution_imports (source, finished_at) values (v_table::text, clock_timestamp()) on conflict do nothing;
    select * into s from public.execution_imports i where i.source = v_table::text for update;
    if s.finished_at is not null and (p_pass is null or p_pass > s.pass) then
      execute format('select count(*) from %s', v_table) into s.total;
      update public.execution_imports i
         set pass = i.pass + 1, options = v_options, total = s.total, rows = 0, taken = 0, known = 0, refused = 0,
             after_key = null, started_at = clock_timestamp(), finished_at = null
       where i.source = s.source returning * into s;
    end if;
  end if;

  if s.finished_at is null then
    perform private.lock_runs(v_plan, case when p_dry_run then p_after else s.after_key end, v_limit) where not p_dry_run;
    begin
      v_batch := private.import_rows(v_plan, case when p_dry_run then p_after else s.after_key end, v_limit, p_dry_run, false);
    exception when others then
      v_batch := private.import_rows(v_plan, case when p_dry_run then p_after else s.after_key end, v_limit, p_dry_run, true);
    end;
  end if;
  if p_dry_run then
    return v_batch || jsonb_build_object('source', v_table, 'done', (v_batch ->> 'rows')::int < v_limit);
  end if;
  if v_batch is not null then
    update public.execution_imports i
       set rows = i.rows + (v_batch ->> 'rows')::bigint, taken = i.taken + (v_batch ->> 'taken')::bigint,
           known = i.known + (v_batch ->> 'known')::bigint, refused = i.refused + (v_batch ->> 'refused')::bigint,
           after_key = v_batch ->> 'after', options = v_options, updated_at = clock_timestamp(),
           finished_at = case when (v_batch ->> 'rows')::int < v_limit then clock_timestamp() end
     where i.source = s.source returning * into s;
  end if;
  return jsonb_build_object('source', s.source, 'pass', s.pass, 'done', s.finished_at is not null, 'total', s.total, 'rows', s.rows,
    'taken', s.taken, 'known', s.known, 'refused', s.refused, 'after', s.after_key, 'groups', case when s.finished_at is not null then (
      select coalesce(jsonb_agg(to_jsonb(g)), '[]')
        from (select r.status, r.result, r.reason, count(*) as rows, min(r.source_id) as example, min(r.detail) as detail
                from public.execution_import_rows r where r.source = s.source group by 1, 2, 3) g) else '[]' end);
end $function$;

CREATE OR REPLACE FUNCTION public.ledger_figures(p_namespace text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  -- One look at each check, however many numbers come of it.
  with checks as materialized (
    select c.health, count(*) as n, min(c.last_check_at) as at, count(*) filter (where c.last_check_at is null) as never,
           min(c.next_check_at) filter (where c.last_check_at is null) as unchecked_since
      from public.execution_checks c where c.temporal_namespace = p_namespace group by 1),
  latest as materialized (
    -- Ids are in the order of time, so that the latest are read from the end of the primary key.
    select t.* from public.execution_transitions t order by t.id desc limit 10000),
  changes as materialized (
    select t.*, e.completed_at, e.closing_run_id
      from (select * from latest l where l.authority = 'engine' and l.at > statement_timestamp() - interval '1 hour') t
      join public.workflow_executions e on e.id = t.execution_id and e.temporal_namespace = p_namespace),
  ends as (
    select t.source, greatest(0, extract(epoch from t.at - t.completed_at) * 1000)::bigint as lag
      from changes t
     where t.to_status not in ('pending', 'running') and t.completed_at is not null and t.closing_run_id = t.run_id)
  select jsonb_build_object(
    'open', (select coalesce(sum(n), 0) from checks),
    'health', jsonb_build_object('live', 0, 'late', 0, 'wedged', 0, 'cancelling', 0, 'lost', 0)
      || coalesce((select jsonb_object_agg(c.health, c.n)
                     from checks c where c.health is not null), '{}'),
    'unchecked', (select coalesce(sum(never), 0) from checks),
    'oldestCheckAt', (select min(at) from checks),
    -- `having`: without rows there is no age, and greatest(0, null) is 0.
    'oldestCheckAgeMs', (select greatest(0, extract(epoch from clock_timestamp() - min(at)) * 1000)::bigint from checks
                          having min(at) is not null),
    -- A check that was never made is due since the execution was recorded.
    'oldestUncheckedAgeMs', (select greatest(0, extract(epoch from clock_timestamp() - min(unchecked_since)) * 1000)::bigint
                               from checks having min(unchecked_since) is not null),
    'timelines', (select jsonb_build_object('pending', count(*), 'oldestAgeMs', case when count(*) > 0 then
                    greatest(0, extract(epoch from clock_timestamp() - min(t.next_try_at)) * 1000)::bigint end)
                    from (select x.next_try_at from public.execution_timelines x
                           where x.temporal_namespace = p_namespace and x.state = 'pending'
                           order by x.next_try_at limit 10000) t),
    'changeFeedHeldBy', private.change_feed_blocker(),
    'recorded', coalesce((
      select jsonb_object_agg(s.source, jsonb_build_object('count', s.n, 'p50Ms', s.p[1], 'p95Ms', s.p[2], 'p99Ms', s.p[3], 'maxMs', s.p[4]))
        from (select source, count(*) as n,
                     percentile_disc(array[0.5, 0.95, 0.99, 1]) within group (order by lag) as p
                from ends group by 1) s), '{}'),
    'corrected', coalesce((
      select jsonb_object_agg(s.source, s.n)
        from (select t.source, count(*) as n from changes t
               where t.from_status in ('completed', 'failed', 'cancelled', 'timed_out', 'terminated')
                 and t.to_status <> t.from_status
               group by 1) s), '{}'),
    'capped', (select count(*) >= 10000 and min(l.at) > clock_timestamp() - interval '1 hour' from latest l));
$function$;

CREATE OR REPLACE FUNCTION public.lost_executions(p_namespace text, p_limit integer, p_older_than_ms bigint DEFAULT 0, p_all boolean DEFAULT false, p_after_started_at timestamp with time zone DEFAULT NULL::timestamp with time zone, p_after_id uuid DEFAULT NULL::uuid)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(jsonb_agg(to_jsonb(f) order by f.started_at desc, f.execution_id desc), '[]')
    from (
      select (private.followed(e, c)).*
        from public.execution_checks c
        join public.workflow_executions e on e.id = c.execution_id
       where c.temporal_namespace = p_namespace
         and c.started_at <= clock_timestamp() - make_interval(secs => p_older_than_ms / 1000.0)
         and (p_all or c.health = 'lost'
              or (e.status = 'pending' and e.temporal_run_id is null and e.start_by <= clock_timestamp()))
         and (p_after_id is null or (c.started_at, c.execution_id) < (coalesce(
               (select x.started_at from public.execution_checks x where x.execution_id = p_after_id), p_after_started_at), p_after_id))
       order by c.started_at desc, c.execution_id desc
       limit least(p_limit, 1000)) f;
$function$;

CREATE OR REPLACE FUNCTION public.own_figures(p_user_id text, p_namespace text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  with checks as (
    select c.health, c.last_check_at as at
      from public.workflow_executions e
      join public.execution_checks c on c.execution_id = e.id and c.temporal_namespace = p_namespace
     where e.created_by = p_user_id
       and (e.outcome_authority is null or (e.engine = 'temporal' and e.outcome_authority = 'reported' and e.lost_at is null))
     limit 10000)
  select jsonb_build_object(
    'open', (select count(*) from checks),
    'health', jsonb_build_object('live', 0, 'late', 0, 'wedged', 0, 'cancelling', 0, 'lost', 0)
      || coalesce((select jsonb_object_agg(c.health, c.n)
                     from (select health, count(*) as n from checks where health is not null group by 1) c), '{}'),
    'unchecked', (select count(*) from checks where at is null),
    'oldestCheckAgeMs', (select greatest(0, extract(epoch from clock_timestamp() - min(at)) * 1000)::bigint from checks
                          having min(at) is not null),
    'capped', (select count(*) >= 10000 from checks));
$function$;

CREATE OR REPLACE FUNCTION public.pending_starts(p_namespace text, p_older_than_ms integer, p_limit integer)
 RETURNS TABLE(execution_id uuid, temporal_namespace text, temporal_workflow_id text, workflow_type text, task_queue text, input jsonb, execution_timeout text, run_timeout text, retry_policy jsonb, user_id text)
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select e.id, e.temporal_namespace, e.temporal_workflow_id, w.workflow_type, w.task_queue, e.input,
         w.execution_timeout, w.run_timeout, w.retry_policy, e.created_by
    from public.workflow_executions e
    join public.workflows w on w.id = e.workflow_id
   where e.temporal_namespace = p_namespace and e.status = 'pending' and e.temporal_run_id is null
     and e.start_by > statement_timestamp() and e.cancel_requested_at is null
     and e.started_at <= statement_timestamp() - make_interval(secs => p_older_than_ms / 1000.0)
   order by e.started_at
   limit p_limit;
$function$;

CREATE OR REPLACE FUNCTION public.pending_starts_document(p_namespace text, p_older_than_ms integer, p_limit integer)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from public.pending_starts(p_namespace, p_older_than_ms, p_limit) r; $function$;

CREATE OR REPLACE FUNCTION public.pending_timelines(p_namespace text, p_limit integer)
 RETURNS TABLE(execution_id uuid, temporal_namespace text, temporal_workflow_id text, run_ids text[], closing_run_id text)
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select t.execution_id, e.temporal_namespace, e.temporal_workflow_id,
         coalesce((select array_agg(r.run_id order by r.started_at, r.run_id)
                     from (select k.run_id, k.started_at from public.execution_runs k
                            where k.execution_id = e.id order by k.started_at desc limit 50) r),
                  array[e.closing_run_id]),
         e.closing_run_id
    from public.execution_timelines t
    join public.workflow_executions e on e.id = t.execution_id
   where t.temporal_namespace = p_namespace and t.state = 'pending' and t.next_try_at <= statement_timestamp()
     and e.closing_run_id is not null
   order by t.next_try_at
   limit p_limit;
$function$;

CREATE OR REPLACE FUNCTION public.pending_timelines_document(p_namespace text, p_limit integer)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from public.pending_timelines(p_namespace, p_limit) r; $function$;

CREATE OR REPLACE FUNCTION public.prune_executions(p_policy jsonb, p_run uuid DEFAULT NULL::uuid, p_limit integer DEFAULT 5000, p_dry_run boolean DEFAULT false, p_after uuid DEFAULT NULL::uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_policy constant jsonb := private.unwrap(p_policy);
  v_limit constant integer := least(greatest(coalesce(p_limit, 5000), 1), 20000);
  r public.execution_prunes;
  v_due record;
  v_done boolean;
begin
  if jsonb_typeof(v_policy) is distinct from 'object' or jsonb_strip_nulls(v_policy) = '{}' or exists (
    select from jsonb_each_text(v_policy) x
     where x.key not in ('payloads', 'timelines', 'rows') or x.value::interval < interval '1 minute') then
    raise exception 'A policy says after how long payloads, timelines and rows go, each a minute or more; not %.', left(v_policy::text, 200)
      using errcode = 'PT400', detail = 'invalid_input', hint = 'For example {"payloads": "30 days", "rows": "365 days"}.';
  end if;
  if p_dry_run then
    r.payloads_before := clock_timestamp() - (v_policy ->> 'payloads')::interval;
    r.timelines_before := clock_timestamp() - (v_policy ->> 'timelines')::interval;
    r.rows_before := clock_timestamp() - (v_policy ->> 'rows')::interval;
    r.after_id := p_after;
  else
    r := private.begin_prune(p_run, v_policy);
  end if;

  select coalesce((array_agg(d.id order by d.id desc))[1], r.after_id) as after, count(*) as examined,
         count(*) filter (where d.is_old and not d.is_settled) as unsettled,
         count(*) filter (where d.has_payloads) as with_payloads, count(*) filter (where d.payloads_due) as payloads,
         count(*) filter (where d.has_timeline) as with_timeline, count(*) filter (where d.timeline_due) as timelines,
         count(*) filter (where d.row_due) as rows,
         coalesce(array_agg(d.id order by d.id) filter (where d.row_due), '{}') as row_ids,
         coalesce(array_agg(d.id order by d.id) filter (where d.timeline_due and not d.row_due), '{}') as timeline_ids,
         coalesce(array_agg(d.id order by d.id) filter (where d.payloads_due and not d.row_due), '{}') as payload_ids
    into v_due
    from private.prunable(r.after_id, v_limit, r.payloads_before, r.timelines_before, r.rows_before) d
   where r.finished_at is null;
  v_done := v_due.examined < v_limit;

  if not p_dry_run and r.finished_at is null then
    perform private.prune_due(v_due.row_ids, v_due.timeline_ids, v_due.payload_ids);
    update public.execution_prunes x
       set after_id = v_due.after, examined = x.examined + v_due.examined, unsettled = x.unsettled + v_due.unsettled,
           had_payloads = x.had_payloads + v_due.with_payloads, payloads = x.payloads + v_due.payloads,
           had_timelines = x.had_timelines + v_due.with_timeline, timelines = x.timelines + v_due.timelines,
           rows = x.rows + v_due.rows,
           beat_at = clock_timestamp(), finished_at = case when v_done then clock_timestamp() end
     where x.id = r.id returning * into r;
  end if;
  if not p_dry_run then
    return jsonb_build_object('after', r.after_id, 'done', r.finished_at is not null, 'examined', r.examined, 'unsettled', r.unsettled,
      'payloads', jsonb_build_object('before', r.had_payloads, 'due', r.payloads),
      'timelines', jsonb_build_object('before', r.had_timelines, 'due', r.timelines),
      'rows', jsonb_build_object('before', r.examined, 'due', r.rows));
  end if;
  return jsonb_build_object('after', v_due.after, 'done', v_done, 'examined', v_due.examined, 'unsettled', v_due.unsettled,
    'payloads', jsonb_build_object('before', v_due.with_payloads, 'due', v_due.payloads),
    'timelines', jsonb_build_object('before', v_due.with_timeline, 'due', v_due.timelines),
    'rows', jsonb_build_object('before', v_due.examined, 'due', v_due.rows));
end $function$;

CREATE OR REPLACE FUNCTION public.quotas_of(p_user_id text, p_workflow_id uuid DEFAULT NULL::uuid)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(jsonb_agg(jsonb_build_object('kind', s.kind, 'limit', s.max_runs, 'used', s.used, 'freesAt', s.frees_at,
                                               'workflowId', q.workflow_id)
                            order by q.workflow_id nulls last, s.frees_at, s.max_runs), '[]')
    from (select x.* from private.quotas_for(p_user_id, p_workflow_id) x where p_workflow_id is not null
          union all
          (select distinct on (x.workflow_id) x.* from public.execution_quotas x
             left join public.workflows w on w.id = x.workflow_id
            where p_workflow_id is null and (x.user_id = p_user_id or x.user_id is null)
              and (x.workflow_id is null or w.user_id = p_user_id or w.visibility = 'published')
            order by x.workflow_id, x.user_id nulls last)) q
    left join public.execution_quota_usage u on u.quota_id = q.id and u.user_id = p_user_id
   cross join lateral private.quota_state(q, u, p_user_id, clock_timestamp()) s;
$function$;

CREATE OR REPLACE FUNCTION public.rebuild_execution_stats(p_user_id text DEFAULT NULL::text, p_workflow_id uuid DEFAULT NULL::uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  return private.repair_stats(
    case when p_user_id is not null then array[p_user_id] end, case when p_workflow_id is not null then array[p_workflow_id] end,
    null, null, false);
end $function$;

CREATE OR REPLACE FUNCTION public.rebuild_execution_stats_part(p_users text[] DEFAULT NULL::text[], p_workflows uuid[] DEFAULT NULL::uuid[], p_from timestamp with time zone DEFAULT NULL::timestamp with time zone, p_to timestamp with time zone DEFAULT NULL::timestamp with time zone, p_lives boolean DEFAULT false)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  return private.repair_stats(p_users, p_workflows, p_from, p_to, p_lives);
end $function$;

CREATE OR REPLACE FUNCTION public.record_open(p_runs jsonb)
 RETURNS TABLE(ordinal integer, execution_id uuid, result text, status text, authority text, revision bigint, cancel_requested_at timestamp with time zone, cancel_requested_by text, cancel_reason text)
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_items constant jsonb := private.unwrap(p_runs);
  v_ids constant uuid[] := array(
    select (t.value ->> 'execution')::uuid from jsonb_array_elements(v_items) with ordinality t order by t.ordinality);
  i record;
begin
  perform private.lock_what_is_written_twice(v_items, v_ids);
  for i in
    select t.ordinality::int as n, t.value as item, v_ids[t.ordinality] as id
      from jsonb_array_elements(v_items) with ordinality t order by 3, 1
  loop
    ordinal := i.n;
    execution_id := i.id;
    result := private.record_open_run(i.id, i.item);
    select x.status, x.outcome_authority, x.revision, x.cancel_requested_at, x.cancel_requested_by, x.cancel_reason
      into status, authority, revision, cancel_requested_at, cancel_requested_by, cancel_reason
      from public.workflow_executions x where x.id = i.id;
    return next;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION public.record_open_document(p_runs jsonb)
 RETURNS jsonb
 LANGUAGE sql
 SET search_path TO ''
AS $function$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from public.record_open(p_runs) r; $function$;

CREATE OR REPLACE FUNCTION public.record_outcomes(p_outcomes jsonb, p_count_runs boolean DEFAULT false)
 RETURNS TABLE(ordinal integer, execution_id uuid, result text, status text, authority text, revision bigint, cancel_requested_at timestamp with time zone, cancel_requested_by text, cancel_reason text, run_count bigint)
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_items constant jsonb := private.unwrap(p_outcomes);
  v_ids constant uuid[] := array(
    select private.find_execution(t.value ->> 'execution') from jsonb_array_elements(v_items) with ordinality t order by t.ordinality);
  i record;
begin
  perform private.lock_what_is_written_twice(v_items, v_ids);
  for i in
    select t.ordinality::int as n, t.value as item, v_ids[t.ordinality] as id
      from jsonb_array_elements(v_items) with ordinality t order by 3, 1
  loop
    ordinal := i.n;
    execution_id := i.id;
    result := private.record_outcome(i.id, i.item);
    select x.status, x.outcome_authority, x.revision, x.cancel_requested_at, x.cancel_requested_by, x.cancel_reason,
           case when p_count_runs then public.get_user_workflow_run_count(x.created_by, x.workflow_id) end
      into status, authority, revision, cancel_requested_at, cancel_requested_by, cancel_reason, run_count
      from public.workflow_executions x where x.id = i.id;
    return next;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION public.record_outcomes_document(p_outcomes jsonb, p_count_runs boolean DEFAULT false)
 RETURNS jsonb
 LANGUAGE sql
 SET search_path TO ''
AS $function$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from public.record_outcomes(p_outcomes, p_count_runs) r; $function$;

CREATE OR REPLACE FUNCTION public.regroup_failures(p_after uuid DEFAULT NULL::uuid, p_limit integer DEFAULT 1000)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_limit constant integer := least(greatest(coalesce(p_limit, 1000), 1), 10000);
  v_ids uuid[];
  v_changed integer;
begin
  select coalesce(array_agg(d.id order by d.id), '{}') into v_ids from (
    select e.id from public.workflow_executions e
     where (p_after is null or e.id > p_after) and e.failure_group is not null
     order by e.id limit v_limit) d;
  -- Like every other writer of several: in the order of their ids.
  perform from public.workflow_executions e where e.id = any (v_ids) order by e.id for update;
  -- The guard makes the group; a null asks it to.
  update public.workflow_executions e set failure_group = null
   where e.id = any (v_ids) and e.failure_group is distinct from private.failure_group(e.status, e.failure, e.error_message);
  get diagnostics v_changed = row_count;
  return jsonb_build_object('after', coalesce(v_ids[cardinality(v_ids)], p_after), 'done', cardinality(v_ids) < v_limit,
    'examined', cardinality(v_ids), 'changed', v_changed);
end $function$;

CREATE OR REPLACE FUNCTION public.request_cancel(p_execution uuid, p_by text, p_reason text)
 RETURNS TABLE(ordinal integer, execution_id uuid, result text, status text, authority text, revision bigint, cancel_requested_at timestamp with time zone, cancel_requested_by text, cancel_reason text)
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  e public.workflow_executions;
begin
  update public.workflow_executions x
     set cancel_requested_at = coalesce(x.cancel_requested_at, clock_timestamp()),
         cancel_requested_by = coalesce(x.cancel_requested_by, p_by),
         cancel_reason = coalesce(x.cancel_reason, left(p_reason, 2000)),
         status = case when x.status = 'pending' and x.start_by is not null then 'cancelled' else x.status end,
         last_transition = case when x.status = 'pending' and x.start_by is not null
           then jsonb_build_object('source', 'user', 'actor', p_by, 'reason', left(p_reason, 2000), 'at', clock_timestamp())
           else x.last_transition end
   where x.id = p_execution and x.status in ('pending', 'running')
  returning * into e;
  if found then
    result := 'applied';
  else
    select * into e from public.workflow_executions x where x.id = p_execution;
    result := case when found then 'already_terminal' else 'not_found' end;
  end if;
  ordinal := 1;
  execution_id := p_execution;
  status := e.status;
  authority := e.outcome_authority;
  revision := e.revision;
  cancel_requested_at := e.cancel_requested_at;
  cancel_requested_by := e.cancel_requested_by;
  cancel_reason := e.cancel_reason;
  return next;
end $function$;

CREATE OR REPLACE FUNCTION public.runledger_schema_version()
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$ select 4; $function$;

CREATE OR REPLACE FUNCTION public.save_checks(p_checks jsonb)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  n integer;
begin
  with item as materialized (
    select t.value as item, (t.value ->> 'execution')::uuid as id
      from jsonb_array_elements(private.unwrap(p_checks)) t),
  free as materialized (
    select k.execution_id from item i
     cross join lateral (
       select x.execution_id from public.execution_checks x where x.execution_id = i.id limit 1 for update skip locked) k)
  update public.execution_checks c
     set last_check_at = clock_timestamp(),
         health = i.item ->> 'health',
         reason = left(i.item ->> 'reason', 1000),
         remedy = left(i.item ->> 'remedy', 1000),
         next_check_at = clock_timestamp() + make_interval(secs => (i.item ->> 'nextCheckInMs')::float8 / 1000)
    from item i join free f on f.execution_id = i.id
   where c.execution_id = i.id;
  get diagnostics n = row_count;
  return n;
end $function$;

CREATE OR REPLACE FUNCTION public.save_monitor_state(p_namespace text, p_watermarks jsonb DEFAULT '{}'::jsonb, p_proof jsonb DEFAULT NULL::jsonb)
 RETURNS void
 LANGUAGE sql
 SET search_path TO ''
AS $function$
  insert into public.monitor_state as m (temporal_namespace, watermarks, proof, updated_at)
    values (p_namespace, private.unwrap(p_watermarks), private.unwrap(p_proof), clock_timestamp())
    on conflict (temporal_namespace) do update
      set watermarks = m.watermarks || (
            select coalesce(jsonb_object_agg(n.key, greatest(m.watermarks ->> n.key, n.value)), '{}')
              from jsonb_each_text(excluded.watermarks) n), proof = coalesce(excluded.proof, m.proof),
          updated_at = excluded.updated_at;
$function$;

CREATE OR REPLACE FUNCTION public.save_timelines(p_timelines jsonb)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  i record;
  n integer := 0;
begin
  for i in
    select (t.value ->> 'execution')::uuid as id, t.value ->> 'closingRunId' as closing_run_id,
           t.value -> 'timeline' as v, (t.value ->> 'retryInMs')::float8 as retry_in_ms
      from jsonb_array_elements(private.unwrap(p_timelines)) t order by 1
  loop
    perform from public.workflow_executions e where e.id = i.id for no key update;
    continue when not found;
    if i.retry_in_ms is not null then
      update public.execution_timelines t
         set next_try_at = clock_timestamp() + make_interval(secs => i.retry_in_ms / 1000)
       where t.execution_id = i.id and t.state = 'pending';
      continue;
    end if;
    update public.workflow_executions e set activities_executed = (i.v ->> 'activitiesExecuted')::int
     where e.id = i.id and e.closing_run_id = i.closing_run_id and i.v ->> 'state' <> 'missing'
       and e.activities_executed is distinct from (i.v ->> 'activitiesExecuted')::int;
    update public.execution_timelines t
       set state = i.v ->> 'state', steps = i.v -> 'steps', omitted = i.v -> 'omitted',
           activities_executed = (i.v ->> 'activitiesExecuted')::int, read_at = clock_timestamp()
      from public.workflow_executions e
     where t.execution_id = i.id and e.id = i.id and e.closing_run_id = i.closing_run_id;
    if found then n := n + 1; end if;
  end loop;
  return n;
end $function$;

CREATE OR REPLACE FUNCTION public.search_executions(p_user_id text DEFAULT NULL::text, p_workflow_id uuid DEFAULT NULL::uuid, p_filter jsonb DEFAULT '{}'::jsonb, p_order_by text DEFAULT 'started_at'::text, p_ascending boolean DEFAULT false, p_limit integer DEFAULT 50, p_after jsonb DEFAULT NULL::jsonb)
 RETURNS json
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
declare
  filter jsonb := private.check_execution_search(p_user_id, p_workflow_id, private.unwrap(p_filter), p_order_by);
  after jsonb := nullif(private.unwrap(p_after), 'null');
  most integer := least(greatest(p_limit, 1), 1000);
  hits jsonb;
  shown json[];
  ended jsonb;
  last jsonb;
begin
  if filter ? 'ids' and filter - 'ids' = '{}' then
    select n.hits, n.shown into hits, shown from private.find_named_executions(
      p_user_id, p_workflow_id, private.text_array(filter -> 'ids'), p_ascending, after, most + 1) n;
  end if;
  if hits is null then
    select f.hits, f.shown, f.ended into hits, shown, ended from private.find_executions(p_user_id, p_workflow_id, filter,
      jsonb_build_object('orderBy', p_order_by, 'ascending', p_ascending, 'columns', (
        select jsonb_agg(a.attname order by a.attnum) from pg_catalog.pg_attribute a
         where a.attrelid = 'private.execution_summaries'::regclass and a.attnum > 0)), after, most + 1) f;
  end if;
  if jsonb_array_length(hits) > most then
    last := hits -> most - 1;
    hits := hits - most;
  end if;
  return json_build_object(
    'rows', coalesce(array_to_json(shown[1:most]), '[]'),
    'next', coalesce(last, ended),
    'searchedUntil', case when jsonb_array_length(hits) < most then ended ->> 'value' end);
end $function$;

CREATE OR REPLACE FUNCTION public.set_quota(p_quota jsonb)
 RETURNS SETOF public.execution_quotas
 LANGUAGE sql
 SET search_path TO ''
AS $function$
  insert into public.execution_quotas as q (user_id, workflow_id, runs_per_hour, runs_per_day, runs_per_month, concurrent_runs)
  select p ->> 'user_id', (p ->> 'workflow_id')::uuid, (p ->> 'runs_per_hour')::bigint, (p ->> 'runs_per_day')::bigint,
         (p ->> 'runs_per_month')::bigint, (p ->> 'concurrent_runs')::bigint
    from private.unwrap(p_quota) p
   where jsonb_typeof(p) = 'object'
  on conflict (user_id, workflow_id) do update
    set runs_per_hour = case when private.unwrap(p_quota) ? 'runs_per_hour' then excluded.runs_per_hour else q.runs_per_hour end,
        runs_per_day = case when private.unwrap(p_quota) ? 'runs_per_day' then excluded.runs_per_day else q.runs_per_day end,
        runs_per_month = case when private.unwrap(p_quota) ? 'runs_per_month' then excluded.runs_per_month else q.runs_per_month end,
        concurrent_runs = case when private.unwrap(p_quota) ? 'concurrent_runs' then excluded.concurrent_runs else q.concurrent_runs end,
        updated_at = clock_timestamp()
  returning *;
$function$;

CREATE OR REPLACE FUNCTION public.trim_changes(p_limit integer DEFAULT 20000)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_keys integer;
  v_changes integer;
begin
  -- What another transaction is deleting or using anew is left to it.
  delete from public.idempotency_keys k where k.ctid = any (array(
    select x.ctid from public.idempotency_keys x where x.expires_at < clock_timestamp()
     order by x.expires_at limit p_limit for update skip locked));
  get diagnostics v_keys = row_count;
  delete from public.execution_changes c where c.ctid = any (array(
    select x.ctid from public.execution_changes x where x.changed_at < clock_timestamp() - interval '1 hour'
     order by x.changed_at limit p_limit for update skip locked));
  get diagnostics v_changes = row_count;
  return v_keys + v_changes;
end $function$;

CREATE OR REPLACE FUNCTION public.unproven_namespaces()
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  with recursive n as (
    (select c.temporal_namespace as name from public.execution_checks c order by 1 limit 1)
    union all
    select (select c.temporal_namespace from public.execution_checks c where c.temporal_namespace > n.name order by 1 limit 1)
      from n where n.name is not null)
  select coalesce(jsonb_agg(jsonb_build_object('namespace', n.name, 'provedAt', m.proof ->> 'at') order by n.name), '[]')
    from n
    left join public.monitor_state m on m.temporal_namespace = n.name
   where n.name is not null
     -- Without any proof yet: a minute after the first execution came, so that a first start is not blamed.
     and (m.proof is not null or (
       select c.next_check_at from public.execution_checks c where c.temporal_namespace = n.name
        order by c.next_check_at limit 1) < clock_timestamp() - interval '1 minute')
     and coalesce((m.proof ->> 'at')::timestamptz, '-infinity') < clock_timestamp()
           - greatest(interval '1 minute', 2 * make_interval(secs => coalesce((m.proof ->> 'periodMs')::float8, 0) / 1000));
$function$;

CREATE OR REPLACE FUNCTION public.unsettled_by_ids(p_namespace text, p_ids uuid[])
 RETURNS json
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(json_agg(row_to_json(f)), '[]')
    from (select distinct i.id from unnest(p_ids) i (id)) i
   cross join lateral (select * from public.execution_checks k where k.execution_id = i.id limit 1) c
   cross join lateral (select * from public.workflow_executions x where x.id = i.id limit 1) e
   cross join lateral private.followed(e, c) f
   where c.temporal_namespace = p_namespace;
$function$;

CREATE OR REPLACE FUNCTION public.usual_durations(p_workflow_ids uuid[])
 RETURNS TABLE(definition_id uuid, sample bigint, quantiles_ms bigint[])
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select w.id, s.sample, s.quantiles
    from unnest(p_workflow_ids) w (id)
   cross join lateral (
     select count(*) as sample,
            percentile_disc(array[0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75,
                                  0.8, 0.85, 0.9, 0.95, 0.99, 1]) within group (order by d.duration_ms) as quantiles
       from (select e.duration_ms from public.workflow_executions e
              where e.workflow_id = w.id and e.status = 'completed' and e.completed_at is not null
              order by e.completed_at desc, e.id desc limit 500) d) s
   where s.sample > 0;
$function$;

CREATE OR REPLACE FUNCTION public.usual_durations_document(p_workflow_ids uuid[])
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from public.usual_durations(p_workflow_ids) r; $function$;

CREATE OR REPLACE FUNCTION public.verify_execution_stats(p_user_id text DEFAULT NULL::text, p_workflow_id uuid DEFAULT NULL::uuid)
 RETURNS TABLE(created_by text, workflow_id uuid, grain text, starts_at timestamp with time zone, field text, counted numeric, recounted numeric)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
begin
  return query select * from private.stats_differences(
    case when p_user_id is not null then array[p_user_id] end, case when p_workflow_id is not null then array[p_workflow_id] end,
    null, null, false);
end $function$;

CREATE OR REPLACE FUNCTION public.verify_execution_stats_part(p_users text[] DEFAULT NULL::text[], p_workflows uuid[] DEFAULT NULL::uuid[], p_from timestamp with time zone DEFAULT NULL::timestamp with time zone, p_to timestamp with time zone DEFAULT NULL::timestamp with time zone, p_lives boolean DEFAULT false)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(jsonb_agg(to_jsonb(d)), '[]') from private.stats_differences(p_users, p_workflows, p_from, p_to, p_lives) d;
$function$;

CREATE OR REPLACE FUNCTION public.visible_workflows(p_user_id text, p_id uuid DEFAULT NULL::uuid, p_after_name text DEFAULT NULL::text, p_after_id uuid DEFAULT NULL::uuid, p_limit integer DEFAULT NULL::integer)
 RETURNS SETOF public.workflows
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select * from public.workflows w
   where (w.user_id = p_user_id or w.visibility = 'published')
     and case when p_id is null then w.archived_at is null else w.id = p_id end
     and (p_after_id is null or (w.name, w.id) > (p_after_name, p_after_id))
   order by w.name, w.id
   limit p_limit;
$function$;

CREATE OR REPLACE FUNCTION public.youngest_unsettled(p_namespace text, p_limit integer, p_after_started_at timestamp with time zone DEFAULT 'infinity'::timestamp with time zone, p_after_id uuid DEFAULT 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
 RETURNS json
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(json_agg(row_to_json(f) order by c.started_at desc, c.execution_id desc), '[]')
    from (select * from public.execution_checks k
           where k.temporal_namespace = p_namespace and (k.started_at, k.execution_id) < (p_after_started_at, p_after_id)
           order by k.started_at desc, k.execution_id desc limit p_limit) c
   cross join lateral (select * from public.workflow_executions x where x.id = c.execution_id limit 1) e
   cross join lateral private.followed(e, c) f;
$function$;

CREATE TRIGGER runledger_add_user AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION private.add_user();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.execution_changes FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.execution_checks FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.execution_deltas FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.execution_import_rows FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.execution_imports FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.execution_label_stats FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.execution_prunes FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.execution_quota_usage FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.execution_quotas FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.execution_reports FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.execution_runs FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.execution_stats FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_truncate();

CREATE TRIGGER recount_deleted AFTER DELETE ON public.execution_stats_pruned REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION private.recount_pruned();

CREATE TRIGGER recount_renamed AFTER UPDATE ON public.execution_stats_pruned REFERENCING OLD TABLE AS gone NEW TABLE AS kept FOR EACH STATEMENT EXECUTE FUNCTION private.recount_pruned();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.execution_stats_pruned FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.execution_timelines FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_truncate();

CREATE TRIGGER keep_transition BEFORE UPDATE ON public.execution_transitions FOR EACH ROW EXECUTE FUNCTION private.keep_transition();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.execution_transitions FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.fold_state FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.idempotency_keys FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.monitor_state FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_truncate();

CREATE TRIGGER runledger_lock_what_a_user_has BEFORE DELETE OR UPDATE OF id ON public.users FOR EACH ROW EXECUTE FUNCTION private.lock_what_a_user_has();

CREATE TRIGGER follow_execution_change AFTER INSERT OR DELETE OR UPDATE ON public.workflow_executions FOR EACH ROW EXECUTE FUNCTION private.follow_execution_change();

CREATE TRIGGER guard_execution BEFORE INSERT OR UPDATE ON public.workflow_executions FOR EACH ROW EXECUTE FUNCTION private.guard_execution();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.workflow_executions FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.workflows FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_truncate();

CREATE TRIGGER runledger_lock_what_a_workflow_has BEFORE DELETE ON public.workflows FOR EACH ROW EXECUTE FUNCTION private.lock_what_a_workflow_has();

CREATE TRIGGER touch_workflow BEFORE UPDATE ON public.workflows FOR EACH ROW EXECUTE FUNCTION private.touch_workflow();

create policy "a user sees the changes of their executions" on public.execution_changes as permissive for select to authenticated
  using ((created_by = ( SELECT private.current_user_id() AS current_user_id)))
  with check ();

create policy "a user sees the checks of their executions" on public.execution_checks as permissive for select to authenticated
  using ((created_by = ( SELECT private.current_user_id() AS current_user_id)))
  with check ();

create policy "a user sees the deltas of their executions" on public.execution_deltas as permissive for select to authenticated
  using ((created_by = ( SELECT private.current_user_id() AS current_user_id)))
  with check ();

create policy "only the service role sees the rows of imports" on public.execution_import_rows as permissive for select to authenticated
  using (false)
  with check ();

create policy "only the service role sees imports" on public.execution_imports as permissive for select to authenticated
  using (false)
  with check ();

create policy "a user sees the verdicts and failures of their executions" on public.execution_label_stats as permissive for select to authenticated
  using ((created_by = ( SELECT private.current_user_id() AS current_user_id)))
  with check ();

create policy "only the service role sees the runs of the retention" on public.execution_prunes as permissive for select to authenticated
  using (false)
  with check ();

create policy "a user sees what they have used" on public.execution_quota_usage as permissive for select to authenticated
  using ((user_id = ( SELECT private.current_user_id() AS current_user_id)))
  with check ();

create policy "a user sees the quotas that name them" on public.execution_quotas as permissive for select to authenticated
  using ((user_id = ( SELECT private.current_user_id() AS current_user_id)))
  with check ();

create policy "a user sees the reports on their executions" on public.execution_reports as permissive for select to authenticated
  using ((created_by = ( SELECT private.current_user_id() AS current_user_id)))
  with check ();

create policy "a user sees the runs of their executions" on public.execution_runs as permissive for select to authenticated
  using ((created_by = ( SELECT private.current_user_id() AS current_user_id)))
  with check ();

create policy "a user sees their own statistics" on public.execution_stats as permissive for select to authenticated
  using ((created_by = ( SELECT private.current_user_id() AS current_user_id)))
  with check ();

create policy "a user sees what was pruned of theirs" on public.execution_stats_pruned as permissive for select to authenticated
  using ((created_by = ( SELECT private.current_user_id() AS current_user_id)))
  with check ();

create policy "a user sees the timelines of their executions" on public.execution_timelines as permissive for select to authenticated
  using ((created_by = ( SELECT private.current_user_id() AS current_user_id)))
  with check ();

create policy "a user sees the transitions of their executions" on public.execution_transitions as permissive for select to authenticated
  using ((created_by = ( SELECT private.current_user_id() AS current_user_id)))
  with check ();

create policy "only the service role sees the state of the folder" on public.fold_state as permissive for select to authenticated
  using (false)
  with check ();

create policy "a user sees their own idempotency keys" on public.idempotency_keys as permissive for select to authenticated
  using ((user_id = ( SELECT private.current_user_id() AS current_user_id)))
  with check ();

create policy "only the service role sees the state of the monitor" on public.monitor_state as permissive for select to authenticated
  using (false)
  with check ();

create policy "a user sees their own row" on public.users as permissive for select to authenticated
  using ((id = ( SELECT private.current_user_id() AS current_user_id)))
  with check ();

create policy "a user sees their own executions" on public.workflow_executions as permissive for select to authenticated
  using ((created_by = ( SELECT private.current_user_id() AS current_user_id)))
  with check ();

create policy "a user sees their own workflows" on public.workflows as permissive for select to authenticated
  using ((user_id = ( SELECT private.current_user_id() AS current_user_id)))
  with check ();

grant on schema private
  usage to authenticated
  usage to service_role;

grant on schema public
  usage to anon
  usage to authenticated
  usage to public
  usage to service_role;

grant on table public.execution_changes
  select to authenticated
  delete, insert, maintain, references, select, trigger, truncate, update to service_role;

grant on table public.execution_checks
  select to authenticated
  delete, insert, maintain, references, select, trigger, truncate, update to service_role;

grant on table public.execution_deltas
  select to authenticated
  delete, insert, maintain, references, select, trigger, truncate, update to service_role;

grant on table public.execution_import_rows
  delete, insert, maintain, references, select, trigger, truncate, update to service_role;

grant on table public.execution_imports
  delete, insert, maintain, references, select, trigger, truncate, update to service_role;

grant on table public.execution_label_stats
  select to authenticated
  delete, insert, maintain, references, select, trigger, truncate, update to service_role;

grant on table public.execution_prunes
  delete, insert, maintain, references, select, trigger, truncate, update to service_role;

grant on table public.execution_quota_usage
  select to authenticated
  delete, insert, maintain, references, select, trigger, truncate, update to service_role;

grant on table public.execution_quotas
  select to authenticated
  delete, insert, maintain, references, select, trigger, truncate, update to service_role;

grant on table public.execution_reports
  select to authenticated
  delete, insert, maintain, references, select, trigger, truncate, update to service_role;

grant on table public.execution_runs
  select to authenticated
  delete, insert, maintain, references, select, trigger, truncate, update to service_role;

grant on table public.execution_stats
  select to authenticated
  delete, insert, maintain, references, select, trigger, truncate, update to service_role;

grant on table public.execution_stats_pruned
  select to authenticated
  delete, insert, maintain, references, select, trigger, truncate, update to service_role;

grant on table public.execution_timelines
  select to authenticated
  delete, insert, maintain, references, select, trigger, truncate, update to service_role;

grant on table public.execution_transitions
  select to authenticated
  delete, insert, maintain, references, select, trigger, truncate, update to service_role;

grant on table public.fold_state
  delete, insert, maintain, references, select, trigger, truncate, update to service_role;

grant on table public.idempotency_keys
  select to authenticated
  delete, insert, maintain, references, select, trigger, truncate, update to service_role;

grant on table public.monitor_state
  delete, insert, maintain, references, select, trigger, truncate, update to service_role;

grant on table public.users
  select to authenticated
  delete, insert, maintain, references, select, trigger, truncate, update to service_role;

grant on table public.workflow_executions
  select to authenticated
  delete, insert, maintain, references, select, trigger, truncate, update to service_role;

grant on table public.workflows
  select to authenticated
  delete, insert, maintain, references, select, trigger, truncate, update to service_role;

grant on view private.execution_summaries
  select to service_role;

grant on view public.workflow_run_counts
  select to authenticated
  delete, insert, maintain, references, select, trigger, truncate, update to service_role;

grant on view public.workflow_runs
  select to authenticated
  delete, insert, maintain, references, select, trigger, truncate, update to service_role;

grant on function private.add_histograms(smallint[],integer[],smallint[],integer[])
  execute to service_role;

grant on function private.add_labels(jsonb,jsonb)
  execute to service_role;

grant on function private.add_pruned(public.execution_stats_pruned[],integer)
  execute to service_role;

grant on function private.add_user()
  execute to service_role;

grant on function private.admit_by_quota(text,uuid,uuid)
  execute to service_role;

grant on function private.adopt_run(jsonb)
  execute to service_role;

grant on function private.begin_prune(uuid,jsonb)
  execute to service_role;

grant on function private.beyond_sql(jsonb,jsonb,text,text)
  execute to service_role;

grant on function private.bucket_ms(integer)
  execute to authenticated
  execute to service_role;

grant on function private.bucket_of(bigint)
  execute to authenticated
  execute to service_role;

grant on function private.buffers_read()
  execute to service_role;

grant on function private.cells_in(text,uuid,timestamp with time zone,timestamp with time zone,timestamp with time zone,timestamp with time zone)
  execute to authenticated
  execute to service_role;

grant on function private.cells_of(text,uuid,timestamp with time zone,timestamp with time zone,text)
  execute to service_role;

grant on function private.change_feed_blocker(interval)
  execute to service_role;

grant on function private.check_execution(text,text,text,text,text,text,integer,text,text,text,timestamp with time zone,bigint,integer,text,text[],text,timestamp with time zone,text,timestamp with time zone,timestamp with time zone,text,timestamp with time zone)
  execute to service_role;

grant on function private.check_execution_search(text,uuid,jsonb,text)
  execute to service_role;

grant on function private.check_import_options(jsonb)
  execute to service_role;

grant on function private.check_reported_time(public.workflow_executions,jsonb)
  execute to service_role;

grant on function private.check_status_change(public.workflow_executions,public.workflow_executions,text)
  execute to service_role;

grant on function private.clamp_bucket(integer,bigint,bigint)
  execute to authenticated
  execute to service_role;

grant on function private.close_passed_runs(uuid,text)
  execute to service_role;

grant on function private.complete_ended_execution(public.workflow_executions)
  execute to service_role;

grant on function private.complete_new_execution(public.workflow_executions)
  execute to service_role;

grant on function private.complete_parts(uuid,jsonb)
  execute to service_role;

grant on function private.count_from_cells(text,uuid,timestamp with time zone,timestamp with time zone,text[])
  execute to authenticated
  execute to service_role;

grant on function private.count_gone(public.workflow_executions)
  execute to service_role;

grant on function private.count_open(text,uuid,bigint)
  execute to service_role;

grant on function private.count_pruned(text,uuid,timestamp with time zone,timestamp with time zone,text[])
  execute to service_role;

grant on function private.count_runs(uuid,jsonb)
  execute to service_role;

grant on function private.counted(text[],uuid[],timestamp with time zone,timestamp with time zone,timestamp with time zone)
  execute to service_role;

grant on function private.current_user_id()
  execute to authenticated
  execute to service_role;

grant on function private.end_lost(uuid,jsonb)
  execute to service_role;

grant on function private.execution_filter_sql(text,uuid,jsonb)
  execute to service_role;

grant on function private.execution_sources(text,uuid,jsonb,text)
  execute to service_role;

grant on function private.extremes_of_rows(text,uuid,timestamp with time zone,timestamp with time zone)
  execute to service_role;

grant on function private.failure_edge(text,text,uuid,timestamp with time zone,timestamp with time zone,boolean)
  execute to authenticated
  execute to service_role;

grant on function private.failure_group(text,jsonb,text)
  execute to service_role;

grant on function private.failure_shape(jsonb,text)
  execute to service_role;

grant on function private.find_execution(text)
  execute to service_role;

grant on function private.find_executions(text,uuid,jsonb,jsonb,jsonb,integer)
  execute to service_role;

grant on function private.find_extremes(integer)
  execute to service_role;

grant on function private.find_named_executions(text,uuid,text[],boolean,jsonb,integer)
  execute to service_role;

grant on function private.folded_below()
  execute to authenticated
  execute to service_role;

grant on function private.follow_execution_change()
  execute to service_role;

grant on function private.followed(public.workflow_executions,public.execution_checks)
  execute to service_role;

grant on function private.group_import_rows(jsonb[])
  execute to service_role;

grant on function private.guard_execution()
  execute to service_role;

grant on function private.hours_from()
  execute to authenticated
  execute to service_role;

grant on function private.import_columns(regclass,jsonb)
  execute to service_role;

grant on function private.import_key(regclass)
  execute to service_role;

grant on function private.import_rows(jsonb,text,integer,boolean,boolean)
  execute to service_role;

grant on function private.import_run(jsonb,text,jsonb,boolean)
  execute to service_role;

grant on function private.import_source(text)
  execute to service_role;

grant on function private.import_workflow(uuid,text,text)
  execute to service_role;

grant on function private.is_behind(jsonb,jsonb,jsonb)
  execute to service_role;

grant on function private.is_known_run(uuid,text)
  execute to service_role;

grant on function private.is_superseded_run(uuid,text,text)
  execute to service_role;

grant on function private.is_taken_chain(public.workflow_executions,text)
  execute to service_role;

grant on function private.keep_transition()
  execute to service_role;

grant on function private.labels_in(text,text,uuid,timestamp with time zone,timestamp with time zone,timestamp with time zone,timestamp with time zone)
  execute to authenticated
  execute to service_role;

grant on function private.life_differences(text[],uuid[])
  execute to service_role;

grant on function private.like_pattern(text)
  execute to service_role;

grant on function private.list_order(jsonb,text,boolean)
  execute to service_role;

grant on function private.lock_owners(uuid[])
  execute to service_role;

grant on function private.lock_runs(jsonb,text,integer)
  execute to service_role;

grant on function private.lock_what_a_user_has()
  execute to service_role;

grant on function private.lock_what_a_workflow_has()
  execute to service_role;

grant on function private.lock_what_is_written_twice(jsonb,uuid[])
  execute to service_role;

grant on function private.lock_workflow_ids(text[])
  execute to service_role;

grant on function private.look_at_executions(jsonb,jsonb,jsonb,integer,integer)
  execute to service_role;

grant on function private.merge_cells(private.cell_change[],private.bucket_change[],private.label_change[])
  execute to service_role;

grant on function private.merge_runs(uuid,text,jsonb)
  execute to service_role;

grant on function private.named_uuid(text)
  execute to service_role;

grant on function private.next_rows(jsonb,text,integer,boolean)
  execute to service_role;

grant on function private.note_spent_cancel(public.workflow_executions,text,text)
  execute to service_role;

grant on function private.prunable(uuid,integer,timestamp with time zone,timestamp with time zone,timestamp with time zone)
  execute to service_role;

grant on function private.prune_counted(uuid[])
  execute to service_role;

grant on function private.prune_due(uuid[],uuid[],uuid[])
  execute to service_role;

grant on function private.queue_ms(timestamp with time zone,timestamp with time zone)
  execute to service_role;

grant on function private.quota_state(public.execution_quotas,public.execution_quota_usage,text,timestamp with time zone)
  execute to service_role;

grant on function private.quotas_for(text,uuid)
  execute to service_role;

grant on function private.rare_by_duration(text,uuid,jsonb)
  execute to service_role;

grant on function private.rare_by_text(text)
  execute to service_role;

grant on function private.rare_executions(text,uuid,jsonb,text)
  execute to service_role;

grant on function private.rarest_trigrams(text,integer)
  execute to service_role;

grant on function private.read_run(jsonb,text,text,jsonb,jsonb)
  execute to service_role;

grant on function private.read_stats(text,uuid,timestamp with time zone,timestamp with time zone,timestamp with time zone,timestamp with time zone,boolean)
  execute to authenticated
  execute to service_role;

grant on function private.read_status(text,jsonb)
  execute to service_role;

grant on function private.read_tags(jsonb)
  execute to service_role;

grant on function private.read_time(jsonb)
  execute to service_role;

grant on function private.record_open_run(uuid,jsonb)
  execute to service_role;

grant on function private.record_outcome(uuid,jsonb)
  execute to service_role;

grant on function private.record_unseen_ends(uuid,jsonb)
  execute to service_role;

grant on function private.recount(text[],uuid[],timestamp with time zone,timestamp with time zone,timestamp with time zone)
  execute to service_role;

grant on function private.recount_pruned()
  execute to service_role;

grant on function private.refuse_by_quota(jsonb)
  execute to service_role;

grant on function private.refuse_marker(text)
  execute to authenticated
  execute to service_role;

grant on function private.refuse_truncate()
  execute to service_role;

grant on function private.repair_stats(text[],uuid[],timestamp with time zone,timestamp with time zone,boolean)
  execute to service_role;

grant on function private.scan_source(text[])
  execute to service_role;

grant on function private.series_points(timestamp with time zone,timestamp with time zone,text,text)
  execute to authenticated
  execute to service_role;

grant on function private.signs_of(public.execution_deltas)
  execute to authenticated
  execute to service_role;

grant on function private.source_sql(jsonb,jsonb,jsonb,integer)
  execute to service_role;

grant on function private.stats_differences(text[],uuid[],timestamp with time zone,timestamp with time zone,boolean)
  execute to service_role;

grant on function private.stats_user(text)
  execute to authenticated
  execute to service_role;

grant on function private.stats_window(timestamp with time zone,timestamp with time zone)
  execute to authenticated
  execute to service_role;

grant on function private.stats_workflow(uuid,text)
  execute to authenticated
  execute to service_role;

grant on function private.tail_in(text,uuid,timestamp with time zone,timestamp with time zone)
  execute to authenticated
  execute to service_role;

grant on function private.take_over(public.workflow_executions,public.workflow_executions,text)
  execute to service_role;

grant on function private.takes_a_place(public.workflow_executions)
  execute to service_role;

grant on function private.text_array(jsonb)
  execute to service_role;

grant on function private.touch_workflow()
  execute to service_role;

grant on function private.trim_hours(integer)
  execute to service_role;

grant on function private.unwrap(jsonb)
  execute to service_role;

grant on function private.unwrap_object(jsonb)
  execute to service_role;

grant on function private.uuid_v7()
  execute to service_role;

grant on function public.admit_execution(jsonb)
  execute to service_role;

grant on function public.adopt_executions(jsonb)
  execute to service_role;

grant on function public.adopt_executions_document(jsonb)
  execute to service_role;

grant on function public.changes_since(text,integer)
  execute to service_role;

grant on function public.complete_workflow_run(uuid,text,integer,jsonb,jsonb)
  execute to service_role;

grant on function public.complete_workflow_run_and_get_count(uuid,text,integer,jsonb,jsonb)
  execute to service_role;

grant on function public.correct_first_run(uuid,text,text)
  execute to service_role;

grant on function public.count_executions(text,uuid,jsonb)
  execute to service_role;

grant on function public.counted_scopes(text,text,integer)
  execute to service_role;

grant on function public.counted_span(text,uuid)
  execute to service_role;

grant on function public.create_execution(jsonb)
  execute to service_role;

grant on function public.delete_workflow_executions(uuid,text,integer)
  execute to service_role;

grant on function public.describe_import(text,jsonb)
  execute to service_role;

grant on function public.due_checks(text,integer)
  execute to service_role;

grant on function public.end_lost_executions(jsonb)
  execute to service_role;

grant on function public.end_lost_executions_document(jsonb)
  execute to service_role;

grant on function public.execution_story(text)
  execute to service_role;

grant on function public.find_runs(text,jsonb)
  execute to service_role;

grant on function public.fix_stuck_runs(interval)
  execute to service_role;

grant on function public.fold_execution_stats(integer)
  execute to service_role;

grant on function public.get_execution_series(uuid,text,timestamp with time zone,timestamp with time zone,text,text)
  execute to authenticated
  execute to service_role;

grant on function public.get_execution_series_document(uuid,text,timestamp with time zone,timestamp with time zone,text,text)
  execute to authenticated
  execute to service_role;

grant on function public.get_execution_stats(uuid,text,timestamp with time zone,timestamp with time zone,boolean,boolean)
  execute to authenticated
  execute to service_role;

grant on function public.get_top_failures(uuid,text,timestamp with time zone,timestamp with time zone,integer)
  execute to authenticated
  execute to service_role;

grant on function public.get_top_failures_document(uuid,text,timestamp with time zone,timestamp with time zone,integer)
  execute to authenticated
  execute to service_role;

grant on function public.get_top_workflows(text,timestamp with time zone,timestamp with time zone,integer)
  execute to authenticated
  execute to service_role;

grant on function public.get_top_workflows_document(text,timestamp with time zone,timestamp with time zone,integer)
  execute to authenticated
  execute to service_role;

grant on function public.get_user_workflow_run_count(text,uuid)
  execute to authenticated
  execute to service_role;

grant on function public.get_workflow_counters(text,text)
  execute to authenticated
  execute to service_role;

grant on function public.get_workflow_counters_document(text,text)
  execute to authenticated
  execute to service_role;

grant on function public.import_workflow_runs(text,jsonb,bigint,integer,boolean,text)
  execute to service_role;

grant on function public.ledger_figures(text)
  execute to service_role;

grant on function public.lost_executions(text,integer,bigint,boolean,timestamp with time zone,uuid)
  execute to service_role;

grant on function public.own_figures(text,text)
  execute to service_role;

grant on function public.pending_starts(text,integer,integer)
  execute to service_role;

grant on function public.pending_starts_document(text,integer,integer)
  execute to service_role;

grant on function public.pending_timelines(text,integer)
  execute to service_role;

grant on function public.pending_timelines_document(text,integer)
  execute to service_role;

grant on function public.prune_executions(jsonb,uuid,integer,boolean,uuid)
  execute to service_role;

grant on function public.quotas_of(text,uuid)
  execute to service_role;

grant on function public.rebuild_execution_stats(text,uuid)
  execute to service_role;

grant on function public.rebuild_execution_stats_part(text[],uuid[],timestamp with time zone,timestamp with time zone,boolean)
  execute to service_role;

grant on function public.record_open(jsonb)
  execute to service_role;

grant on function public.record_open_document(jsonb)
  execute to service_role;

grant on function public.record_outcomes(jsonb,boolean)
  execute to service_role;

grant on function public.record_outcomes_document(jsonb,boolean)
  execute to service_role;

grant on function public.regroup_failures(uuid,integer)
  execute to service_role;

grant on function public.request_cancel(uuid,text,text)
  execute to service_role;

grant on function public.runledger_schema_version()
  execute to authenticated
  execute to service_role;

grant on function public.save_checks(jsonb)
  execute to service_role;

grant on function public.save_monitor_state(text,jsonb,jsonb)
  execute to service_role;

grant on function public.save_timelines(jsonb)
  execute to service_role;

grant on function public.search_executions(text,uuid,jsonb,text,boolean,integer,jsonb)
  execute to service_role;

grant on function public.set_quota(jsonb)
  execute to service_role;

grant on function public.trim_changes(integer)
  execute to service_role;

grant on function public.unproven_namespaces()
  execute to service_role;

grant on function public.unsettled_by_ids(text,uuid[])
  execute to service_role;

grant on function public.usual_durations(uuid[])
  execute to service_role;

grant on function public.usual_durations_document(uuid[])
  execute to service_role;

grant on function public.verify_execution_stats(text,uuid)
  execute to service_role;

grant on function public.verify_execution_stats_part(text[],uuid[],timestamp with time zone,timestamp with time zone,boolean)
  execute to service_role;

grant on function public.visible_workflows(text,uuid,text,uuid,integer)
  execute to service_role;

grant on function public.youngest_unsettled(text,integer,timestamp with time zone,uuid)
  execute to service_role;

grant on future functions in public
  execute to anon
  execute to authenticated
  execute to service_role;

grant on future sequences in public
  select, update, usage to anon
  select, update, usage to authenticated
  select, update, usage to service_role;

grant on future tables in public
  delete, insert, maintain, references, select, trigger, truncate, update to anon
  delete, insert, maintain, references, select, trigger, truncate, update to authenticated
  delete, insert, maintain, references, select, trigger, truncate, update to service_role;
