-- The one path by which executions are created, started and ended. Everything here needs the service role.

/* The execution that a caller means: a row id first, then the newest with that Temporal workflow id, then the one that
   the row of this id turned out to be.
   Callers: record_outcomes, request_cancel. */
create function private.find_execution(p_ref text) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  v_id uuid;
begin
  if p_ref ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then
    select e.id into v_id from public.workflow_executions e where e.id = p_ref::uuid;
    if found then return v_id; end if;
  end if;
  select e.id into v_id from public.workflow_executions e
   where e.temporal_workflow_id = p_ref order by e.started_at desc, e.id desc limit 1;
  if not found and p_ref ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then
    select t.execution_id into v_id from public.execution_transitions t where t.merged_execution_id = p_ref::uuid limit 1;
  end if;
  return v_id;
end $$;

/* Records what a caller started. A run that is known already, the first or a later one of its chain, gives its row, with
   what it lacked filled in.
   Callers: ExecutionService.createExecution. Returns { execution, created }. */
create function public.create_execution(p_execution jsonb) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  p jsonb := private.unwrap(p_execution);
  v_namespace text := coalesce(p ->> 'temporal_namespace', 'default');
  v_workflow_id text := p ->> 'temporal_workflow_id';
  v_run_id text := p ->> 'temporal_run_id';
  e public.workflow_executions;
begin
  if (p ->> 'started_at')::timestamptz not between '2000-01-01' and clock_timestamp() + interval '5 minutes' then
    raise exception 'An execution cannot have started at %.', p ->> 'started_at'
      using errcode = 'PT400', detail = 'invalid_input {"startedAt": ["lies ahead, or before 2000"]}',
            hint = 'Pass a time with its zone, or milliseconds since 1970, or leave it out: then it is now.';
  end if;
  if v_workflow_id is not null then
    -- A workflow id with and without its run id is one execution: two callers may not insert both at once.
    perform private.lock_workflow_ids(array[v_namespace || ':' || v_workflow_id]);
    select * into e from public.workflow_executions x
     where x.temporal_namespace = v_namespace and x.temporal_workflow_id = v_workflow_id
       -- Without a run id it is what is open: an execution that has ended does not come back by its workflow id.
       and (x.temporal_run_id = v_run_id or x.temporal_run_id is null
            or (v_run_id is null and x.status in ('pending', 'running'))
            or private.is_known_run(x.id, v_run_id))
     order by x.temporal_run_id is not distinct from v_run_id desc, private.is_known_run(x.id, v_run_id) desc,
              x.started_at desc limit 1;
    if found and (e.created_by, e.workflow_id::text) is distinct from (p ->> 'created_by', p ->> 'workflow_id') then
      raise exception 'The run % of workflow id % is recorded for another user or workflow.', v_run_id, v_workflow_id
        using errcode = 'PT409', detail = 'conflict', hint = 'A Temporal run belongs to one execution: check which user and workflow started it.';
    end if;
    if found then
      update public.workflow_executions x
         set temporal_run_id = coalesce(x.temporal_run_id, v_run_id),
             status = case when x.status = 'pending' and v_run_id is not null then 'running' else x.status end,
             last_transition = case when x.status = 'pending' and v_run_id is not null
               then jsonb_build_object('source', 'service', 'at', clock_timestamp()) else x.last_transition end,
             input = coalesce(x.input, p -> 'input'),
             input_note = case when x.input is null then coalesce(p ->> 'input_note', x.input_note) else x.input_note end,
             tags = case when x.tags = '{}' then private.text_array(p -> 'tags') else x.tags end,
             metadata = coalesce(p -> 'metadata', '{}') || x.metadata
       where x.id = e.id returning * into e;
      return jsonb_build_object('execution', to_jsonb(e), 'created', false);
    end if;
  end if;
  insert into public.workflow_executions (id, workflow_id, created_by, temporal_namespace, temporal_workflow_id,
      temporal_run_id, input, input_note, tags, metadata, started_at, last_transition)
    values (coalesce((p ->> 'id')::uuid, private.uuid_v7()), (p ->> 'workflow_id')::uuid, p ->> 'created_by', case when v_workflow_id is not null then v_namespace end,
      v_workflow_id, v_run_id, p -> 'input', p ->> 'input_note', private.text_array(p -> 'tags'), coalesce(p -> 'metadata', '{}'),
      coalesce((p ->> 'started_at')::timestamptz, now()),
      jsonb_build_object('source', 'service', 'actor', p ->> 'created_by'))
    on conflict (id) do nothing
    returning * into e;
  if not found then
    -- The caller's own attempt came through and only its answer was lost.
    select * into e from public.workflow_executions x where x.id = (p ->> 'id')::uuid;
    return jsonb_build_object('execution', to_jsonb(e), 'created', false);
  end if;
  return jsonb_build_object('execution', to_jsonb(e), 'created', true);
end $$;

/* Callers: create_execution, admit_execution. */
create function private.text_array(p jsonb) returns text[]
language plpgsql immutable
set search_path = ''
as $$
begin
  return (select coalesce(array_agg(t.value order by t.ordinality), '{}')
            from jsonb_array_elements_text(case when jsonb_typeof(p) = 'array' then p else '[]' end) with ordinality t);
end $$;

/* Admits an execution that the ledger is to start, and inserts it as pending under an id of its own that is also its
   Temporal workflow id. The same idempotency key within 24 hours gives the same execution; a quota may refuse a new one.
   Callers: Ledger.admit. Returns { execution, created }. */
create function public.admit_execution(p_request jsonb) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  p jsonb := private.unwrap(p_request);
  v_id uuid := coalesce((p ->> 'id')::uuid, private.uuid_v7());
  v_user text := p ->> 'created_by';
  v_key text := p ->> 'idempotency_key';
  w public.workflows;
  k public.idempotency_keys;
  e public.workflow_executions;
begin
  select * into w from public.workflows x where x.id = (p ->> 'workflow_id')::uuid;
  if not found then
    raise exception 'There is no workflow %.', p ->> 'workflow_id'
      using errcode = 'PT404', detail = 'not_found', hint = 'List the workflows that you can start, and use the id of one.';
  end if;
  if w.archived_at is not null then
    raise exception 'Workflow % is archived.', w.id
      using errcode = 'PT422', detail = 'not_startable', hint = 'Its owner can take it out of the archive.';
  end if;
  if v_key is not null then
    perform pg_advisory_xact_lock(hashtextextended('runledger:key:' || v_user || ':' || w.id || ':' || v_key, 0));
    select * into k from public.idempotency_keys x where x.user_id = v_user and x.workflow_id = w.id and x.key = v_key;
    if found and k.expires_at > clock_timestamp() then
      if k.input_hash <> p ->> 'input_hash' then
        raise exception 'The idempotency key % was used with another input.', v_key
          using errcode = 'PT409', detail = 'conflict', hint = 'Use a new key for a new request; a repeated request carries the same input.';
      end if;
      select * into e from public.workflow_executions x where x.id = k.execution_id;
      return jsonb_build_object('execution', to_jsonb(e), 'created', false);
    end if;
  end if;
  perform private.admit_by_quota(v_user, w.id, v_id);
  insert into public.workflow_executions (id, workflow_id, created_by, temporal_namespace, temporal_workflow_id,
      input, tags, metadata, start_by, last_transition)
    values (v_id, w.id, v_user, w.temporal_namespace, v_id::text, p -> 'input', private.text_array(p -> 'tags'),
      coalesce(p -> 'metadata', '{}'), clock_timestamp() + make_interval(secs => (p ->> 'start_within_ms')::float8 / 1000),
      jsonb_build_object('source', 'service', 'actor', v_user))
    on conflict (id) do nothing
    returning * into e;
  if not found then
    select * into e from public.workflow_executions x where x.id = v_id;
    return jsonb_build_object('execution', to_jsonb(e), 'created', true);
  end if;
  if v_key is not null then
    insert into public.idempotency_keys (user_id, workflow_id, key, input_hash, execution_id, expires_at)
      values (v_user, w.id, v_key, p ->> 'input_hash', v_id, clock_timestamp() + interval '24 hours')
      on conflict (user_id, workflow_id, key) do update
        set input_hash = excluded.input_hash, execution_id = excluded.execution_id, expires_at = excluded.expires_at;
  end if;
  return jsonb_build_object('execution', to_jsonb(e), 'created', true);
end $$;

/* Whether a run is one of those that the ledger knows of an execution. Callers: create_execution. */
create function private.is_known_run(p_execution uuid, p_run text) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  return p_run is not null
     and exists (select from public.execution_runs k where k.execution_id = p_execution and k.run_id = p_run);
end $$;

/* Merges what was read of a chain's runs. Callers: record_outcome, record_open_run. */
create function private.merge_runs(p_execution uuid, p_user text, p_runs jsonb) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into public.execution_runs as k (execution_id, run_id, created_by, cause, previous_run_id, status, started_at,
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

/* Runs of the chain that are over, and whose end Temporal no longer told: only the newest one can be open.
   Callers: record_outcome, record_open_run. */
create function private.close_passed_runs(p_execution uuid, p_newest text) returns void
language plpgsql
set search_path = ''
as $$
begin
  update public.execution_runs k set status = 'unknown'
   where k.execution_id = p_execution and k.status = 'running' and k.run_id <> p_newest;
end $$;

/* Whether the chain is known to have gone on from this run: its end by the engine is recorded and another run is current,
   or it began before the current one; of two that began together, the links say which.
   Callers: record_outcome, record_open_run, find_runs. */
create function private.is_superseded_run(p_execution uuid, p_run text, p_current text) returns boolean
language plpgsql stable
set search_path = ''
as $$
declare
  run public.execution_runs;
  follower public.execution_runs;
begin
  if p_run is null or p_current is null or p_run = p_current then return false; end if;
  if exists (select from public.execution_transitions t
              where t.execution_id = p_execution and t.run_id = p_run and t.authority = 'engine'
                and t.to_status not in ('pending', 'running') and t.merged_execution_id is null) then
    return true;
  end if;
  select * into run from public.execution_runs k where k.execution_id = p_execution and k.run_id = p_run;
  if not found then return false; end if;
  select * into follower from public.execution_runs k where k.execution_id = p_execution and k.run_id = p_current;
  while found and follower.started_at >= run.started_at loop
    if follower.started_at > run.started_at or follower.previous_run_id = p_run then return true; end if;
    select * into follower from public.execution_runs k
     where k.execution_id = p_execution and k.run_id = follower.previous_run_id and k.run_id <> p_current;
  end loop;
  return false;
end $$;

/* How many runs the ledger knows of, or was told of. Callers: record_outcome, record_open_run. */
create function private.count_runs(p_execution uuid, p_runs jsonb) returns integer
language plpgsql stable
set search_path = ''
as $$
begin
  return greatest(1, (select count(*)::int from public.execution_runs k where k.execution_id = p_execution),
    (select max((r ->> 'runNumber')::int)
       from jsonb_array_elements(case when jsonb_typeof(p_runs) = 'array' then p_runs else '[]' end) r));
end $$;

/* Whether another execution has the chain whose first run this is. Callers: record_outcome, record_open_run. */
create function private.is_taken_chain(e public.workflow_executions, p_first_run text) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  return exists (select from public.workflow_executions x
                  where x.temporal_namespace = e.temporal_namespace and x.temporal_workflow_id = e.temporal_workflow_id
                    and x.temporal_run_id = p_first_run and x.id <> e.id);
end $$;

/* Ends that a reset undid before anybody had looked: each is recorded as if it had been seen, oldest first.
   Callers: record_outcome, record_open_run. */
create function private.record_unseen_ends(p_id uuid, p jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
  run jsonb;
begin
  for run in
    select r.value from jsonb_array_elements(case when jsonb_typeof(p -> 'runs') = 'array' then p -> 'runs' else '[]' end)
             with ordinality r
     where (r.value ->> 'wasEnd')::boolean and r.value ->> 'runId' is distinct from p ->> 'runId'
       and not exists (
         select from public.execution_transitions t
          where t.execution_id = p_id and t.run_id = r.value ->> 'runId' and t.authority = 'engine'
            and t.to_status not in ('pending', 'running'))
     order by r.ordinality
  loop
    perform private.record_outcome(p_id, jsonb_build_object(
      'authority', 'engine', 'source', p -> 'source', 'status', run -> 'status', 'runId', run -> 'runId',
      'firstRunId', p -> 'firstRunId', 'completedAt', run -> 'closedAt', 'errorMessage', run -> 'errorMessage',
      'engineStartedAt', p -> 'engineStartedAt', 'firstTaskAt', p -> 'firstTaskAt',
      'reason', 'It had ended so before it was reset.'));
  end loop;
end $$;

/* Says in the history that a request to cancel is over although the execution goes on. Callers: record_open_run. */
create function private.note_spent_cancel(e public.workflow_executions, p_run text, p_source text) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into public.execution_transitions (execution_id, created_by, from_status, to_status, source, authority, actor,
                                            run_id, reason, revision)
    values (e.id, e.created_by, e.status, 'running', p_source, 'engine', e.cancel_requested_by, p_run,
            left('The run that was asked to cancel is over, and the execution goes on in another'
                 || coalesce('. The request said: ' || e.cancel_reason, ''), 4000), e.revision + 1);
end $$;

/* Records that the engine says an execution is open in a run: a start, the next run of the chain, a reset, or that a
   report was wrong (only where `takeBackRevision` is still the row's revision). A request to cancel is about the runs that
   were open when it was made: a run that began later has none, unless the engine says so.
   Callers: record_open, record_outcome. */
create function private.record_open_run(p_id uuid, p jsonb) returns text
language plpgsql
set search_path = ''
as $$
declare
  v_run text := p ->> 'runId';
  v_asked jsonb := case when jsonb_typeof(p -> 'cancelRequest') = 'object' then p -> 'cancelRequest' end;
  e public.workflow_executions;
  goes_on boolean;
  is_spent boolean;
begin
  select * into e from public.workflow_executions x where x.id = p_id for no key update;
  if not found then return 'not_found'; end if;
  if e.engine = 'none' or e.temporal_run_id <> p ->> 'firstRunId' then return 'conflict'; end if;
  if e.temporal_run_id is null and private.is_taken_chain(e, p ->> 'firstRunId') then return 'other_execution'; end if;
  perform private.merge_runs(p_id, e.created_by, p -> 'runs');
  if jsonb_array_length(coalesce(p -> 'runs', '[]')) > 1 then
    perform private.record_unseen_ends(p_id, p);
    select * into e from public.workflow_executions x where x.id = p_id;
  end if;
  goes_on := e.current_run_id is not null and e.current_run_id <> v_run;
  is_spent := e.cancel_requested_at is not null and goes_on and not coalesce((p ->> 'cancelRequested')::boolean, false)
    and not exists (select from public.execution_runs k
                     where k.execution_id = p_id and k.run_id = v_run and k.started_at <= e.cancel_requested_at);

  update public.workflow_executions x
     set status = 'running',
         temporal_run_id = coalesce(x.temporal_run_id, p ->> 'firstRunId', v_run),
         current_run_id = v_run,
         run_count = greatest(x.run_count, private.count_runs(x.id, p -> 'runs')),
         engine_started_at = coalesce(x.engine_started_at, (p ->> 'engineStartedAt')::timestamptz),
         first_task_at = coalesce(x.first_task_at, (p ->> 'firstTaskAt')::timestamptz),
         input = coalesce(x.input, nullif(p #> '{input,value}', 'null')),
         input_note = case when x.input is null then coalesce(p #>> '{input,note}', x.input_note) else x.input_note end,
         cancel_requested_at = case when is_spent then null
           when goes_on or x.cancel_requested_at is null
             then coalesce((v_asked ->> 'at')::timestamptz, x.cancel_requested_at) else x.cancel_requested_at end,
         cancel_requested_by = case when is_spent then null
           when goes_on or x.cancel_requested_at is null
             then coalesce(v_asked ->> 'by', x.cancel_requested_by) else x.cancel_requested_by end,
         cancel_reason = case when is_spent then null
           when v_asked is not null and (goes_on or x.cancel_requested_at is null) then v_asked ->> 'reason'
           else x.cancel_reason end,
         last_transition = case when x.status = 'running' then x.last_transition else jsonb_build_object(
           'source', p ->> 'source', 'authority', 'engine', 'at', clock_timestamp(), 'reason',
           case when x.status = 'pending' then null
                when x.outcome_authority = 'reported' then 'The engine says that it is still running.'
                else 'It was reset.' end) end
   where x.id = p_id and x.engine = 'temporal'
     and coalesce(x.temporal_run_id = p ->> 'firstRunId', true)
     and not private.is_superseded_run(x.id, v_run, x.current_run_id)
     and case
       when x.status = 'pending' then true
       when x.status = 'running' then
         x.current_run_id is distinct from v_run
         or (x.engine_started_at is null and p ->> 'engineStartedAt' is not null)
         or (x.first_task_at is null and p ->> 'firstTaskAt' is not null)
         or (x.cancel_requested_at is null and v_asked is not null)
         or (x.input is null and x.input_note is null
             and (p #> '{input,value}' <> 'null' or p #>> '{input,note}' is not null))
         or x.run_count < private.count_runs(x.id, p -> 'runs')
       when x.outcome_authority = 'reported' then
         x.temporal_run_id is null or x.revision = (p ->> 'takeBackRevision')::bigint
       else x.closing_run_id is distinct from v_run
     end;
  if found then
    if goes_on then perform private.close_passed_runs(p_id, v_run); end if;
    if is_spent and e.status = 'running' then perform private.note_spent_cancel(e, v_run, p ->> 'source'); end if;
    return 'applied';
  end if;
  select * into e from public.workflow_executions x where x.id = p_id;
  return case when e.status in ('pending', 'running') and not private.is_superseded_run(p_id, v_run, e.current_run_id)
              then 'unchanged' else 'already_terminal' end;
end $$;

/* Fills what the row of a settled execution lacks beside its outcome. Callers: record_outcome. */
create function private.complete_parts(p_id uuid, p jsonb) returns void
language plpgsql
set search_path = ''
as $$
begin
  update public.workflow_executions x
     set run_count = greatest(x.run_count, private.count_runs(x.id, p -> 'runs')),
         engine_started_at = coalesce(x.engine_started_at, (p ->> 'engineStartedAt')::timestamptz),
         first_task_at = coalesce(x.first_task_at, (p ->> 'firstTaskAt')::timestamptz),
         cancel_requested_at = coalesce(x.cancel_requested_at, (p #>> '{cancelRequest,at}')::timestamptz),
         cancel_requested_by = case when x.cancel_requested_at is null then p #>> '{cancelRequest,by}' else x.cancel_requested_by end,
         cancel_reason = case when x.cancel_requested_at is null then p #>> '{cancelRequest,reason}' else x.cancel_reason end
   where x.id = p_id
     and ((x.cancel_requested_at is null and p #>> '{cancelRequest,at}' is not null)
          or x.run_count < private.count_runs(x.id, p -> 'runs')
          or (x.engine_started_at is null and p ->> 'engineStartedAt' is not null)
          or (x.first_task_at is null and p ->> 'firstTaskAt' is not null));
  perform private.close_passed_runs(p_id, p ->> 'runId');
end $$;

/* Records one end, by the engine or by a report. One guarded statement each. Callers: record_outcomes. */
create function private.record_outcome(p_id uuid, p jsonb) returns text
language plpgsql
set search_path = ''
as $$
declare
  v_authority text := coalesce(p ->> 'authority', 'reported');
  v_run text := p ->> 'runId';
  v_report uuid := (p ->> 'reportId')::uuid;
  v_asked jsonb := case when jsonb_typeof(p -> 'cancelRequest') = 'object' then p -> 'cancelRequest' end;
  v_result text;
  -- It was cancelled as somebody had asked, and nobody else says who that was.
  is_asked boolean;
  e public.workflow_executions;
begin
  select * into e from public.workflow_executions x where x.id = p_id for no key update;
  if not found then return 'not_found'; end if;

  if v_report is not null then
    select case when r.execution_id = p_id then r.result else 'conflict' end into v_result
      from public.execution_reports r where r.report_id = v_report;
    if found then return v_result; end if;
  end if;
  if v_authority = 'engine' then
    if e.engine = 'none' or e.temporal_run_id <> p ->> 'firstRunId' then return 'conflict'; end if;
    if e.temporal_run_id is null and v_run is not null and private.is_taken_chain(e, p ->> 'firstRunId') then
      return 'other_execution';
    end if;
    perform private.merge_runs(p_id, e.created_by, p -> 'runs');
    if jsonb_array_length(coalesce(p -> 'runs', '[]')) > 1 then
      perform private.record_unseen_ends(p_id, p);
      select * into e from public.workflow_executions x where x.id = p_id;
    end if;
    -- A run that began and ended before anybody saw it open is opened first: a reset, or the next one after a request to
    -- cancel, which was not about it.
    if v_run <> e.current_run_id and (e.outcome_authority = 'engine' or e.cancel_requested_at is not null)
       and not private.is_superseded_run(p_id, v_run, e.current_run_id) then
      perform private.record_open_run(p_id, p - 'engineStartedAt' - 'firstTaskAt' - 'runs');
      select * into e from public.workflow_executions x where x.id = p_id;
    end if;
  end if;

  is_asked := p ->> 'status' = 'cancelled' and (v_run is null or v_run = e.current_run_id);
  update public.workflow_executions x
     set status = p ->> 'status',
         outcome_authority = v_authority,
         input = coalesce(x.input, nullif(p #> '{input,value}', 'null')),
         input_note = case when x.input is null then coalesce(p #>> '{input,note}', x.input_note) else x.input_note end,
         cancel_requested_at = coalesce(x.cancel_requested_at, (v_asked ->> 'at')::timestamptz),
         cancel_requested_by = case when x.cancel_requested_at is null then v_asked ->> 'by' else x.cancel_requested_by end,
         cancel_reason = case when x.cancel_requested_at is null then v_asked ->> 'reason' else x.cancel_reason end,
         temporal_run_id = coalesce(x.temporal_run_id, p ->> 'firstRunId'),
         current_run_id = case when v_authority = 'engine' then coalesce(v_run, x.current_run_id) else x.current_run_id end,
         closing_run_id = case when x.engine = 'none' then null when v_authority = 'engine' then v_run
                               else coalesce(v_run, x.current_run_id) end,
         run_count = case when v_authority = 'engine'
           then greatest(x.run_count, private.count_runs(x.id, p -> 'runs')) else x.run_count end,
         engine_started_at = coalesce(x.engine_started_at, (p ->> 'engineStartedAt')::timestamptz),
         first_task_at = coalesce(x.first_task_at, (p ->> 'firstTaskAt')::timestamptz),
         completed_at = coalesce((p ->> 'completedAt')::timestamptz, clock_timestamp()),
         duration_ms = (p ->> 'durationMs')::bigint,
         -- A payload that the monitor cannot read leaves the one that was reported.
         output = case when p ->> 'status' <> 'completed' then null
                       when p ? 'output' and p -> 'output' <> 'null' then p -> 'output'
                       when x.status = 'completed' then x.output end,
         output_note = case when p -> 'output' = 'null' and x.status = 'completed' and x.output is not null then null
                            else p ->> 'outputNote' end,
         error_message = left(p ->> 'errorMessage', 4000),
         failure = case when p -> 'failure' <> 'null' then p -> 'failure' end,
         state_snapshot = coalesce(p -> 'stateSnapshot', x.state_snapshot),
         verdict = coalesce(p ->> 'verdict', x.verdict),
         activities_executed = coalesce((p ->> 'activitiesExecuted')::int, x.activities_executed),
         last_transition = jsonb_build_object('source', p ->> 'source', 'authority', v_authority,
           'actor', coalesce(p ->> 'actor', case when is_asked then x.cancel_requested_by end),
           'reason', left(coalesce(p ->> 'reason', case when is_asked then x.cancel_reason end), 4000),
           'reportId', v_report, 'at', clock_timestamp())
   where x.id = p_id
     and not private.is_superseded_run(x.id, v_run, x.current_run_id)
     and case v_authority
       when 'reported' then x.status in ('pending', 'running') and (not exists (
         select from public.execution_transitions t
          where t.execution_id = x.id and t.authority = 'reported' and t.to_status not in ('pending', 'running')
            and t.run_id is not distinct from coalesce(case when x.engine = 'temporal' then v_run end, x.current_run_id))
         -- What the engine has lost it cannot contradict.
         or exists (select from public.execution_checks c where c.execution_id = x.id and c.health = 'lost'))
       else x.engine = 'temporal' and x.outcome_authority is distinct from 'engine'
     end;
  if found then
    v_result := 'applied';
    if v_authority = 'engine' and v_run <> e.temporal_run_id then perform private.close_passed_runs(p_id, v_run); end if;
  else
    select * into e from public.workflow_executions x where x.id = p_id;
    -- Deleted while the update waited for it.
    if not found then return 'not_found'; end if;
    v_result := case when e.status in ('pending', 'running')
                       and not private.is_superseded_run(p_id, v_run, e.current_run_id)
                     then 'conflict' else 'already_terminal' end;
    if v_authority = 'engine' and e.outcome_authority = 'engine' and e.closing_run_id is not distinct from v_run then
      perform private.complete_parts(p_id, p);
    end if;
    if v_authority = 'reported' then
      update public.execution_checks set next_check_at = now() where execution_id = p_id;
      -- The business may speak after the engine.
      update public.workflow_executions x set verdict = p ->> 'verdict'
       where x.id = p_id and x.verdict is distinct from p ->> 'verdict' and p ->> 'verdict' is not null;
    end if;
  end if;
  if v_report is not null then
    insert into public.execution_reports (report_id, execution_id, created_by, status, run_id, actor, result)
      values (v_report, p_id, e.created_by, p ->> 'status', v_run, p ->> 'actor', v_result)
      on conflict (report_id) do nothing;
    if not found then
      select r.result into v_result from public.execution_reports r
       where r.report_id = v_report and r.execution_id = p_id;
      if not found then
        raise exception 'The report id % is being used for another execution.', v_report
          using errcode = 'PT409', detail = 'conflict', hint = 'Give each report an id of its own; only its repeats carry it again.';
      end if;
    end if;
  end if;
  return v_result;
end $$;

/* Records ends: engine outcomes from the monitor, reports from callers, in one call and in the order of the executions'
   ids (see 20261121090350_lock_order.sql). Answers come in the order of the items.
   Callers: Ledger.recordOutcomes, every mark method, updateExecution. */
create function public.record_outcomes(p_outcomes jsonb, p_count_runs boolean default false)
returns table (ordinal integer, execution_id uuid, result text, status text, authority text, revision bigint,
               cancel_requested_at timestamptz, cancel_requested_by text, cancel_reason text, run_count bigint)
language plpgsql
set search_path = ''
as $$
declare
  v_items constant jsonb := private.unwrap(p_outcomes);
  v_ids constant uuid[] := array(
    select private.find_execution(t.value ->> 'execution') from jsonb_array_elements(v_items) with ordinality t order by t.ordinality);
  i record;
begin
  perform private.lock_what_is_written_twice(v_items, v_ids);
  for i in
    select t.ordinality::int as n, t.value as item, v_ids[t.ordinality] as id
      from jsonb_array_elements(v_items) with ordinality t order by 3, 1
  loop
    ordinal := i.n;
    execution_id := i.id;
    result := private.record_outcome(i.id, i.item);
    select x.status, x.outcome_authority, x.revision, x.cancel_requested_at, x.cancel_requested_by, x.cancel_reason,
           case when p_count_runs then public.get_user_workflow_run_count(x.created_by, x.workflow_id) end
      into status, authority, revision, cancel_requested_at, cancel_requested_by, cancel_reason, run_count
      from public.workflow_executions x where x.id = i.id;
    return next;
  end loop;
end $$;

/* Records what the engine says is open, in the order of the executions' ids. Answers come in the order of the items.
   Callers: Ledger.recordOpen. */
create function public.record_open(p_runs jsonb)
returns table (ordinal integer, execution_id uuid, result text, status text, authority text, revision bigint,
               cancel_requested_at timestamptz, cancel_requested_by text, cancel_reason text)
language plpgsql
set search_path = ''
as $$
declare
  v_items constant jsonb := private.unwrap(p_runs);
  v_ids constant uuid[] := array(
    select (t.value ->> 'execution')::uuid from jsonb_array_elements(v_items) with ordinality t order by t.ordinality);
  i record;
begin
  perform private.lock_what_is_written_twice(v_items, v_ids);
  for i in
    select t.ordinality::int as n, t.value as item, v_ids[t.ordinality] as id
      from jsonb_array_elements(v_items) with ordinality t order by 3, 1
  loop
    ordinal := i.n;
    execution_id := i.id;
    result := private.record_open_run(i.id, i.item);
    select x.status, x.outcome_authority, x.revision, x.cancel_requested_at, x.cancel_requested_by, x.cancel_reason
      into status, authority, revision, cancel_requested_at, cancel_requested_by, cancel_reason
      from public.workflow_executions x where x.id = i.id;
    return next;
  end loop;
end $$;

/* Notes who asked to cancel. A pending execution that the ledger has not started yet is cancelled by it; if a start was
   under way, the engine's word brings it back and the cancel follows.
   Callers: Ledger.requestCancel. */
create function public.request_cancel(p_execution uuid, p_by text, p_reason text)
returns table (ordinal integer, execution_id uuid, result text, status text, authority text, revision bigint,
               cancel_requested_at timestamptz, cancel_requested_by text, cancel_reason text)
language plpgsql
set search_path = ''
as $$
declare
  e public.workflow_executions;
begin
  update public.workflow_executions x
     set cancel_requested_at = coalesce(x.cancel_requested_at, clock_timestamp()),
         cancel_requested_by = coalesce(x.cancel_requested_by, p_by),
         cancel_reason = coalesce(x.cancel_reason, left(p_reason, 2000)),
         status = case when x.status = 'pending' and x.start_by is not null then 'cancelled' else x.status end,
         last_transition = case when x.status = 'pending' and x.start_by is not null
           then jsonb_build_object('source', 'user', 'actor', p_by, 'reason', left(p_reason, 2000), 'at', clock_timestamp())
           else x.last_transition end
   where x.id = p_execution and x.status in ('pending', 'running')
  returning * into e;
  if found then
    result := 'applied';
  else
    select * into e from public.workflow_executions x where x.id = p_execution;
    result := case when found then 'already_terminal' else 'not_found' end;
  end if;
  ordinal := 1;
  execution_id := p_execution;
  status := e.status;
  authority := e.outcome_authority;
  revision := e.revision;
  cancel_requested_at := e.cancel_requested_at;
  cancel_requested_by := e.cancel_requested_by;
  cancel_reason := e.cancel_reason;
  return next;
end $$;

/* Deletes a workflow's executions, of one user if given, at most p_limit a call. Returns how many.
   Callers: ExecutionService.deleteWorkflowExecutions. */
create function public.delete_workflow_executions(p_workflow_id uuid, p_user_id text default null, p_limit integer default 1000)
returns integer
language plpgsql
set search_path = ''
as $$
declare
  n integer;
begin
  delete from public.workflow_executions x where x.id in (
    select d.id from public.workflow_executions d
     where d.workflow_id = p_workflow_id and (p_user_id is null or d.created_by = p_user_id)
     order by d.id limit p_limit for update skip locked);
  get diagnostics n = row_count;
  return n;
end $$;
