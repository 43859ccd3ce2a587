/* What a status means, in the ledger's word; null for one that nobody has said. Callers: read_run, describe_import. */
-- for: service_role
create function runledger_private.read_status(p_status text, p_statuses jsonb) returns text
language sql immutable
set search_path = ''
as $$
  select coalesce(p_statuses ->> coalesce(nullif(p_status, ''), 'none'),
    runledger_private.status_at(runledger_private.status_number(w.word)),
    case w.word
      when 'complete' then 'completed' when 'success' then 'completed'
      when 'succeeded' then 'completed' when 'successful' then 'completed' when 'done' then 'completed'
      when 'finished' then 'completed' when 'ok' then 'completed'
      when 'failure' then 'failed' when 'fail' then 'failed' when 'error' then 'failed'
      when 'errored' then 'failed' when 'crashed' then 'failed'
      when 'canceled' then 'cancelled' when 'aborted' then 'cancelled'
      when 'timedout' then 'timed_out' when 'timeout' then 'timed_out'
      when 'time_out' then 'timed_out'
      when 'killed' then 'terminated'
      when 'queued' then 'pending' when 'scheduled' then 'pending'
      when 'waiting' then 'pending' when 'created' then 'pending'
      when 'started' then 'running' when 'in_progress' then 'running'
      when 'inprogress' then 'running' when 'active' then 'running' when 'processing' then 'running'
      when 'executing' then 'running' end)
    from (select regexp_replace(regexp_replace(lower(trim(p_status)), '[\s-]+', '_', 'g'),
      '^workflow_execution_status_', '') as word) w;
$$;
