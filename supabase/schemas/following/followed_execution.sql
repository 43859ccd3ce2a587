-- What the monitor reads and writes beside outcomes. Everything here needs the service role.

/* An execution as the monitor sees it. */
create type runledger_private.followed_execution as (
  execution_id uuid, workflow_id uuid, temporal_namespace text, temporal_workflow_id text, temporal_run_id text,
  current_run_id text, closing_run_id text, status text, authority text, started_at timestamptz,
  registered_at timestamptz, engine_started_at timestamptz, first_task_at timestamptz, run_count integer,
  lacks_input boolean, reported_at timestamptz, reported_for_ms bigint, cancel_requested_at timestamptz,
  cancel_requested_by text,
  cancel_reason text, start_by timestamptz, is_past_start_by boolean, last_check_at timestamptz, health text,
  revision bigint,
  lost_at timestamptz);
