/* Writes what follows from an update of an execution or its deletion: the transition or else the change, the delta of
   the counters, the check.
   One trigger for all of it: two would cost each write a call more. Callers: the trigger below. */
-- for: service_role
create function runledger_private.follow_execution_change() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  was_unsettled boolean;
  is_unsettled boolean;
  stays boolean := true;
  is_counted boolean;
  v_bytes bigint;
  v_kept constant bigint := runledger_private.payload_bytes(old.input, old.output, old.failure, old.error_message,
    old.state_snapshot, old.metadata);
  changes_status constant boolean := tg_op = 'UPDATE' and new.last_transition is distinct from old.last_transition;
begin
  if tg_op = 'DELETE' then
    insert into runledger.execution_changes (execution_id, created_by, workflow_id, revision, deleted, deleted_by)
      values (old.id, old.created_by, old.workflow_id, old.revision + 1, true, case pg_current_xact_id()::text
        when current_setting('runledger.pruning', true) then 'retention'
        when current_setting('runledger.deleting', true) then 'owner' end);
    -- A prune moves counts by itself.
    if current_setting('runledger.pruning', true) is distinct from pg_current_xact_id()::text then
      perform runledger_private.count_gone(old, v_kept);
    end if;
    return null;
  end if;
  if new.revision = old.revision then
    -- Payloads that were pruned are no news, and kept no longer.
    v_bytes := runledger_private.payload_bytes(new.input, new.output, new.failure, new.error_message,
      new.state_snapshot, new.metadata) - v_kept;
    if v_bytes <> 0 then
      insert into runledger.execution_deltas (created_by, workflow_id, hour, bytes)
        values (new.created_by, new.workflow_id, date_trunc('hour', new.started_at, 'UTC'), v_bytes);
    end if;
    return null;
  end if;
  was_unsettled := runledger_private.is_unsettled(old.engine, old.outcome_authority, old.lost_at);

  if not changes_status then
    insert into runledger.execution_changes (execution_id, created_by, workflow_id, revision)
      values (new.id, new.created_by, new.workflow_id, new.revision);
  end if;

  if new.created_by <> old.created_by or new.workflow_id <> old.workflow_id then
    stays := false;
    perform runledger_private.count_gone(old, v_kept);
  end if;
  is_counted := not stays or (new.status, new.duration_ms, new.first_task_at, new.verdict, new.failure_group)
     is distinct from (old.status, old.duration_ms, old.first_task_at, old.verdict, old.failure_group);
  v_bytes := runledger_private.payload_bytes(new.input, new.output, new.failure, new.error_message, new.state_snapshot,
    new.metadata) - case when stays then v_kept else 0 end;
  if is_counted or v_bytes <> 0 then
    insert into runledger.execution_deltas (created_by, workflow_id, hour, old_status, new_status, old_duration_ms,
        new_duration_ms, old_queue_ms, new_queue_ms, old_verdict, new_verdict, old_failure_group, new_failure_group,
        failure_shape, bytes)
      values (new.created_by, new.workflow_id, date_trunc('hour', new.started_at, 'UTC'),
              case when stays and is_counted then old.status end, case when is_counted then new.status end,
              case when stays then old.duration_ms end, new.duration_ms,
              case when stays then runledger_private.queue_ms(old.started_at, old.first_task_at) end,
              runledger_private.queue_ms(new.started_at, new.first_task_at),
              case when stays then old.verdict end, new.verdict,
              case when stays then old.failure_group end, new.failure_group,
              case when new.failure_group is not null then runledger_private.failure_shape(new.failure,
                new.error_message) end, nullif(v_bytes, 0));
  end if;

  if changes_status then
    insert into runledger.execution_transitions (execution_id, created_by, from_status, to_status, source, authority,
                                              actor, run_id, reason, report_id, is_lost, revision)
      values (new.id, new.created_by, old.status, new.status,
              new.last_transition ->> 'source', new.last_transition ->> 'authority', new.last_transition ->> 'actor',
              coalesce(new.closing_run_id, new.current_run_id), new.last_transition ->> 'reason',
              (new.last_transition ->> 'reportId')::uuid, new.lost_at is not null, new.revision);
  end if;

  is_unsettled := runledger_private.is_unsettled(new.engine, new.outcome_authority, new.lost_at);
  if is_unsettled and (not was_unsettled or new.status is distinct from old.status) then
    -- In place of `on conflict`, which is another record in the WAL.
    update runledger.execution_checks set next_check_at = now() where execution_id = new.id;
    if not found then
      insert into runledger.execution_checks (execution_id, created_by, temporal_namespace, started_at)
        values (new.id, new.created_by, new.temporal_namespace, new.started_at);
    end if;
  elsif not is_unsettled and was_unsettled then
    delete from runledger.execution_checks where execution_id = new.id;
  end if;

  if not is_unsettled and new.engine = 'temporal' and new.closing_run_id is not null and new.lost_at is null
     and changes_status then
    insert into runledger.execution_timelines (execution_id, created_by, temporal_namespace)
      values (new.id, new.created_by, new.temporal_namespace)
      on conflict (execution_id) do update set state = 'pending', read_at = null, next_try_at = now();
  elsif runledger_private.is_open(new.status) and old.outcome_authority = 'engine' then
    delete from runledger.execution_timelines where execution_id = new.id;
  end if;

  if new.created_by is distinct from old.created_by then
    update runledger.execution_transitions set created_by = new.created_by where execution_id = new.id;
    update runledger.execution_runs set created_by = new.created_by where execution_id = new.id;
    update runledger.execution_checks set created_by = new.created_by where execution_id = new.id;
    update runledger.execution_reports set created_by = new.created_by where execution_id = new.id;
    update runledger.execution_timelines set created_by = new.created_by where execution_id = new.id;
    update runledger.execution_start_options set created_by = new.created_by where execution_id = new.id;
    update runledger.execution_progress set created_by = new.created_by where execution_id = new.id;
    update runledger.execution_requests set created_by = new.created_by where execution_id = new.id;
  end if;
  return null;
end $$;

create trigger follow_execution_change after update or delete on runledger.workflow_executions
  for each row execute function runledger_private.follow_execution_change();
