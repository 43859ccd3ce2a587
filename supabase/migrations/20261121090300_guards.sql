-- The rules of an execution's life, in triggers: SQL functions, views, a plain update and Studio all obey them.

/* Fills what an insert left out. Callers: guard_execution. */
create function private.complete_new_execution(e public.workflow_executions) returns public.workflow_executions
language plpgsql
set search_path = ''
as $$
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
end $$;

/* Refuses the time of a reported end that lies ahead, or before the start: a clock or a unit that is wrong (seconds where
   milliseconds are meant are in 1970). Five minutes are left to clocks. What the engine says and what an import brings is
   never refused. Callers: guard_execution. */
create function private.check_reported_time(e public.workflow_executions, note jsonb) returns void
language plpgsql
set search_path = ''
as $$
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
end $$;

/* Fills what an end left out: time, duration, message, authority. Callers: guard_execution. */
create function private.complete_ended_execution(e public.workflow_executions) returns public.workflow_executions
language plpgsql
set search_path = ''
as $$
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
end $$;

/* Refuses a change of status that cannot be. The same rule as isLegalChange in @runledger/contracts.
   Callers: guard_execution. */
create function private.check_status_change(old_row public.workflow_executions, new_row public.workflow_executions,
                                            authority text) returns void
language plpgsql
set search_path = ''
as $$
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
end $$;

/* Guards every insert and update of an execution. Callers: the trigger below. */
create function private.guard_execution() returns trigger
language plpgsql security definer
set search_path = ''
as $$
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
end $$;

create trigger guard_execution before insert or update on public.workflow_executions
  for each row execute function private.guard_execution();

/* Takes an execution from the counters of its user and workflow, with a delta of what left. Callers: the trigger below. */
create function private.count_gone(e public.workflow_executions) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into public.execution_deltas (created_by, workflow_id, hour, old_status, old_duration_ms, old_queue_ms,
                                       old_verdict, old_failure_group)
    values (e.created_by, e.workflow_id, date_trunc('hour', e.started_at, 'UTC'), e.status, e.duration_ms,
            private.queue_ms(e.started_at, e.first_task_at), e.verdict, e.failure_group);
end $$;

/* Writes what follows from a change of an execution: the change, the delta of the counters, the transition, the check.
   One trigger for all of it: two would cost each write a call more. Callers: the trigger below. */
create function private.follow_execution_change() returns trigger
language plpgsql security definer
set search_path = ''
as $$
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
end $$;

create trigger follow_execution_change after insert or update or delete on public.workflow_executions
  for each row execute function private.follow_execution_change();

/* Transitions are append only; only a new owner is written to them, or the execution that theirs turned out to be.
   Callers: the trigger below. */
create function private.keep_transition() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if to_jsonb(new) - 'created_by' is distinct from to_jsonb(old) - 'created_by'
     and current_setting('runledger.correcting', true) is distinct from pg_current_xact_id()::text then
    raise exception 'A transition never changes.'
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Transitions are append only; they go with their execution.';
  end if;
  return new;
end $$;
create trigger keep_transition before update on public.execution_transitions
  for each row execute function private.keep_transition();

