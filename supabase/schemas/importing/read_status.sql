/* What a status means, in the ledger's word; null for one that nobody has said. Callers: read_run, describe_import. */
-- for: service_role
create function runledger_private.read_status(p_status text, p_statuses jsonb) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  v_said constant text := p_statuses ->> case when btrim(p_status) <> '' then p_status else 'none' end;
  v_word text := lower(trim(p_status));
begin
  if v_said is not null then return v_said; end if;
  -- Most are written as here.
  if v_word = any (runledger_private.statuses()) then return v_word; end if;
  v_word := regexp_replace(regexp_replace(v_word, '[\s-]+', '_', 'g'), '^workflow_execution_status_', '');
  return coalesce(runledger_private.status_at(runledger_private.status_number(v_word)), case
    when v_word in ('complete', 'success', 'succeeded', 'successful', 'done', 'finished', 'ok') then 'completed'
    when v_word in ('failure', 'fail', 'error', 'errored', 'crashed') then 'failed'
    when v_word in ('canceled', 'aborted') then 'cancelled'
    when v_word in ('timedout', 'timeout', 'time_out') then 'timed_out'
    when v_word = 'killed' then 'terminated'
    when v_word in ('queued', 'scheduled', 'waiting', 'created') then 'pending'
    when v_word in ('started', 'in_progress', 'inprogress', 'active', 'processing', 'executing') then 'running' end);
end $$;
