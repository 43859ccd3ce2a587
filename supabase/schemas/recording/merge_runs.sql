/* Merges what was read of a chain's runs. Callers: record_outcome, record_open_run. */
-- for: service_role
create function runledger_private.merge_runs(p_execution uuid, p_user text, p_runs jsonb) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into runledger.execution_runs as k (execution_id, run_id, created_by, cause, previous_run_id, status,
    started_at,
                                          closed_at, error_message)
  select p_execution, r ->> 'runId', p_user, r ->> 'cause', r ->> 'previousRunId', r ->> 'status',
         (r ->> 'startedAt')::timestamptz, (r ->> 'closedAt')::timestamptz, left(r ->> 'errorMessage', 4000)
    from jsonb_array_elements(case when jsonb_typeof(p_runs) = 'array' then p_runs else '[]' end) r
  on conflict (execution_id, run_id) do update
    set status = excluded.status, closed_at = excluded.closed_at, error_message = excluded.error_message,
        previous_run_id = coalesce(k.previous_run_id, excluded.previous_run_id)
    where (k.status = 'running' and excluded.status <> 'running')
       or (k.status = 'unknown' and excluded.status not in ('running', 'unknown'));
end $$;
