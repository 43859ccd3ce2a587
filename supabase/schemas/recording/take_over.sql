-- Which chain an execution is: what Temporal calls the first run, whatever the caller said.

/* Takes over what an execution lacks from another that turned out to be the same, and everything that was written about
   it.
   Callers: correct_first_run. */
-- for: service_role
create function runledger_private.take_over(p_kept runledger.workflow_executions, p_gone runledger.workflow_executions,
  p_source text)
returns void
language plpgsql
set search_path = ''
as $$
begin
  update runledger.workflow_executions x
     set input = coalesce(x.input, p_gone.input),
         tags = case when x.tags = '{}' then p_gone.tags else x.tags end,
         metadata = p_gone.metadata || x.metadata,
         state_snapshot = coalesce(x.state_snapshot, p_gone.state_snapshot),
         verdict = coalesce(x.verdict, p_gone.verdict),
         run_count = greatest(x.run_count, p_gone.run_count)
   where x.id = p_kept.id;
  update runledger.execution_reports r set execution_id = p_kept.id where r.execution_id = p_gone.id;
  update runledger.execution_progress r set execution_id = p_kept.id where r.execution_id = p_gone.id
    and not exists (select from runledger.execution_progress o where o.execution_id = p_kept.id);
  update runledger.execution_requests r set execution_id = p_kept.id where r.execution_id = p_gone.id;
  update runledger.execution_requests r set rerun_id = p_kept.id where r.rerun_id = p_gone.id;
  update runledger.idempotency_keys k set execution_id = p_kept.id where k.execution_id = p_gone.id;
  insert into runledger.execution_runs (execution_id, run_id, created_by, cause, previous_run_id, status, started_at,
    closed_at,
                                     error_message)
    select p_kept.id, r.run_id, r.created_by, r.cause, r.previous_run_id, r.status, r.started_at, r.closed_at,
           r.error_message
      from runledger.execution_runs r where r.execution_id = p_gone.id
    on conflict (execution_id, run_id) do nothing;
  -- Whoever holds the other's id is led here by the transition.
  update runledger.execution_transitions t set execution_id = p_kept.id
   where t.execution_id = p_gone.id and t.merged_execution_id is not null;
  delete from runledger.workflow_executions x where x.id = p_gone.id;
  insert into runledger.execution_transitions (execution_id, created_by, from_status, to_status, source, authority,
    run_id,
                                            reason, revision, merged_execution_id)
    select x.id, x.created_by, x.status, x.status, p_source, 'engine', p_gone.temporal_run_id,
           'It was registered once more, by a later run of its chain: both are one execution.', x.revision, p_gone.id
      from runledger.workflow_executions x where x.id = p_kept.id;
  update runledger.execution_checks c set next_check_at = clock_timestamp() where c.execution_id = p_kept.id;
end $$;
