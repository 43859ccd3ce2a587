/* What a row says and what the ledger has, side by side, where the row says anything. Callers: compare_import. */
-- for: service_role
create function runledger_private.imported_values(e runledger.workflow_executions, x jsonb)
returns table (name text, theirs text, ours text)
language sql stable
set search_path = ''
as $$
  select v.name, v.theirs, v.ours
    from (values
      ('user', e.created_by, x ->> 'created_by'),
      ('workflow', e.workflow_id::text, x ->> 'workflow_id'),
      ('status', e.status, x ->> 'status'),
      ('started_at', e.started_at::text, (x ->> 'started_at')::timestamptz::text),
      ('completed_at', e.completed_at::text, (x ->> 'completed_at')::timestamptz::text),
      ('duration_ms', coalesce(e.duration_ms::text, x ->> 'duration_ms'), x ->> 'duration_ms'),
      ('error_message', e.error_message, x ->> 'error_message'),
      ('input', coalesce(e.input, x -> 'input')::text, (x -> 'input')::text),
      ('output', coalesce(e.output, x -> 'output')::text, (x -> 'output')::text),
      ('state_snapshot', coalesce(e.state_snapshot, x -> 'state_snapshot')::text, (x -> 'state_snapshot')::text),
      ('activities_executed', coalesce(e.activities_executed::text, x ->> 'activities_executed'),
        x ->> 'activities_executed'),
      ('verdict', coalesce(e.verdict, x ->> 'verdict'), x ->> 'verdict'),
      ('temporal_run_id', coalesce(e.temporal_run_id, x ->> 'temporal_run_id'), x ->> 'temporal_run_id'))
      v (name, theirs, ours);
$$;
