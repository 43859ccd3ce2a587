/* Writes what follows from new executions, once for all of a statement: their transitions, the deltas of the counters,
   the checks, and for ends by the engine the timelines to be read. Callers: the trigger below. */
-- for: service_role
create function runledger_private.follow_new_executions() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  insert into runledger.execution_deltas (created_by, workflow_id, hour, new_status, new_duration_ms, new_queue_ms,
      new_verdict, new_failure_group, failure_shape, bytes)
    select a.created_by, a.workflow_id, date_trunc('hour', a.started_at, 'UTC'), a.status, a.duration_ms,
           runledger_private.queue_ms(a.started_at, a.first_task_at), a.verdict, a.failure_group,
           case when a.failure_group is not null then runledger_private.failure_shape(a.failure, a.error_message) end,
           -- As the row has it: what is in a transition table is neither compressed nor beside its row.
           (select runledger_private.payload_bytes(e.input, e.output, e.failure, e.error_message, e.state_snapshot,
              e.metadata) from runledger.workflow_executions e where e.id = a.id)
      from added a;
  if not found then return null; end if;
  insert into runledger.execution_transitions (execution_id, created_by, to_status, source, authority, actor, run_id,
      reason, report_id, is_lost, revision)
    select a.id, a.created_by, a.status, a.last_transition ->> 'source', a.last_transition ->> 'authority',
           a.last_transition ->> 'actor', coalesce(a.closing_run_id, a.current_run_id), a.last_transition ->> 'reason',
           (a.last_transition ->> 'reportId')::uuid, a.lost_at is not null, a.revision
      from added a;
  insert into runledger.execution_checks (execution_id, created_by, temporal_namespace, started_at)
    select a.id, a.created_by, a.temporal_namespace, a.started_at
      from added a where runledger_private.is_unsettled(a.engine, a.outcome_authority, a.lost_at);
  insert into runledger.execution_timelines (execution_id, created_by, temporal_namespace)
    select a.id, a.created_by, a.temporal_namespace
      from added a where a.outcome_authority = 'engine' and a.closing_run_id is not null
    on conflict (execution_id) do update set state = 'pending', read_at = null, next_try_at = now();
  return null;
end $$;

create trigger follow_new_executions after insert on runledger.workflow_executions
  referencing new table as added for each statement execute function runledger_private.follow_new_executions();
