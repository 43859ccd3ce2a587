/* Guards every insert and update of an execution. Callers: the trigger below. */
-- for: service_role
create function runledger_private.guard_execution() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  note jsonb;
  authority text;
  regroups boolean;
  pruned runledger.workflow_executions;
begin
  if tg_op = 'INSERT' then
    if not exists (select from runledger.users u where u.id = new.created_by and u.left_at is null) then
      perform runledger_private.require_user(new.created_by);
    end if;
    new := runledger_private.complete_new_execution(new);
    if not runledger_private.is_open(new.status) then
      perform runledger_private.check_reported_time(new, new.last_transition);
      new := runledger_private.complete_ended_execution(new);
    end if;
    new.failure_group := runledger_private.failure_group(new.status, new.failure, new.error_message);
    note := coalesce(new.last_transition, '{}');
    if not runledger_private.is_open(new.status) then
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
    raise exception
      'Execution %: id, engine, started_at, namespace, Temporal workflow id and first run id never change.',
      old.id
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Record another execution instead.';
  end if;
  new.current_run_id := coalesce(new.current_run_id, new.temporal_run_id);
  -- Whoever writes a group asks for it to be made anew.
  regroups := new.failure_group is distinct from old.failure_group;
  new.failure_group := old.failure_group;
  new.revision := old.revision + 1;

  if runledger_private.is_open(new.status) or new.outcome_authority = 'engine' then
    new.lost_at := null;
  elsif runledger_private.is_open(old.status) and new.engine = 'temporal' then
    -- Whatever ends what the engine does not know settles it: nobody else will ever say more.
    new.lost_at := coalesce(new.lost_at, (select clock_timestamp() from runledger.execution_checks c
                                           where c.execution_id = new.id and c.health = 'lost'));
  end if;
  if runledger_private.is_open(new.status) then
    new.outcome_authority := null;
    new.completed_at := null;
    new.duration_ms := null;
    new.closing_run_id := null;
    new.recorded_at := null;
  end if;

  note := case when new.last_transition is distinct from old.last_transition then new.last_transition else '{}' end;
  authority := case when runledger_private.is_open(new.status) then coalesce(note ->> 'authority', 'reported')
                    else coalesce(new.outcome_authority, 'reported') end;

  if new.completed_at is distinct from old.completed_at then
    perform runledger_private.check_reported_time(new, note);
  end if;

  if (new.status, new.outcome_authority, new.closing_run_id)
     is distinct from (old.status, old.outcome_authority, old.closing_run_id) then
    perform runledger_private.check_status_change(old, new, authority);
    if runledger_private.is_open(new.status) then
      if not runledger_private.is_open(old.status) then
        new.output := null;
        new.output_note := null;
        new.error_message := null;
        new.failure := null;
        new.ended_by := null;
        new.end_reason := null;
      end if;
    else
      new := runledger_private.complete_ended_execution(new);
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
    new.failure_group := runledger_private.failure_group(new.status, new.failure, new.error_message);
  end if;
  return new;
end $$;

create trigger guard_execution before insert or update on runledger.workflow_executions
  for each row execute function runledger_private.guard_execution();
