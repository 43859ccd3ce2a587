/* Admits an execution that the ledger is to start, and inserts it as pending under an id of its own that is also its
   Temporal workflow id. The same idempotency key within 24 hours gives the same execution; a quota may refuse a new
   one. Null where the workflow is not the one that the request was checked against (`workflow_updated_at`). A rerun
   (`rerun_of`: { execution, reason }) is noted with the execution of the same user that it repeats.
   A key whose execution the engine refused to start is free again.
   Callers: Ledger.admit, admit_executions. Returns { execution, created }; whoever created it has its input, of up to
   megabytes, and is not sent it again. */
-- for: service_role
create function runledger.admit_execution(p_request jsonb) returns jsonb
language plpgsql
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  p jsonb := runledger_private.unwrap(p_request);
  v_id uuid := coalesce((p ->> 'id')::uuid, runledger_private.uuid_v7());
  v_user text := p ->> 'created_by';
  v_key text := p ->> 'idempotency_key';
  w runledger.workflows;
  k runledger.idempotency_keys;
  e runledger.workflow_executions;
begin
  select * into w from runledger.workflows x where x.id = (p ->> 'workflow_id')::uuid;
  if not found then
    raise exception 'There is no workflow %.', p ->> 'workflow_id'
      using errcode = 'PT404', detail = 'not_found',
        hint = 'List the workflows that you can start, and use the id of one.';
  end if;
  -- Every change of a workflow sets it anew: who may use it, and what it takes, are as they were when that was checked.
  if w.updated_at <> (p ->> 'workflow_updated_at')::timestamptz then return null; end if;
  if w.archived_at is not null then
    raise exception 'Workflow % is archived.', w.id
      using errcode = 'PT422', detail = 'not_startable', hint = 'Its owner can take it out of the archive.';
  end if;
  if v_key is not null then
    perform pg_advisory_xact_lock(runledger_private.key_lock(v_user, w.id, v_key));
    select * into k from runledger.idempotency_keys x where x.user_id = v_user and x.workflow_id = w.id
      and x.key = v_key;
    if found and k.expires_at > clock_timestamp() and not exists (
      select from runledger.workflow_executions x where x.id = k.execution_id and x.status = 'failed'
         and x.closing_run_id is null and x.failure ->> 'type' = 'StartRefused') then
      if k.input_hash <> p ->> 'input_hash' then
        raise exception 'The idempotency key % was used with another input.', v_key
          using errcode = 'PT409', detail = 'conflict',
            hint = 'Use a new key for a new request; a repeated request carries the same input.';
      end if;
      select * into e from runledger.workflow_executions x where x.id = k.execution_id;
      return jsonb_build_object('execution', to_jsonb(e), 'created', false);
    end if;
  end if;
  perform runledger_private.require_user(v_user);
  perform runledger_private.admit_by_quota(v_user, w.id, v_id);
  insert into runledger.workflow_executions (id, workflow_id, created_by, temporal_namespace, temporal_workflow_id,
      input, tags, metadata, start_by, last_transition)
    values (v_id, w.id, v_user, w.temporal_namespace, v_id::text, p -> 'input',
      runledger_private.text_array(p -> 'tags'),
      coalesce(p -> 'metadata', '{}'), clock_timestamp()
        + make_interval(secs => (p ->> 'start_within_ms')::float8 / 1000),
      jsonb_build_object('source', 'service', 'actor', v_user))
    on conflict (id) do nothing
    returning * into e;
  if not found then
    select * into e from runledger.workflow_executions x where x.id = v_id;
    e.input := null;
    return jsonb_build_object('execution', to_jsonb(e), 'created', true);
  end if;
  if p ? 'start_options' then
    insert into runledger.execution_start_options (execution_id, created_by, start_delay_ms, execution_timeout,
        run_timeout)
      values (v_id, v_user, (p #>> '{start_options,startDelayMs}')::bigint,
        p #>> '{start_options,executionTimeout}', p #>> '{start_options,runTimeout}');
  end if;
  if p ? 'rerun_of' then
    perform from runledger.workflow_executions x
      where x.id = (p #>> '{rerun_of,execution}')::uuid and x.created_by = v_user for key share;
    if not found then
      raise exception 'There is no execution % of this user to repeat.', p #>> '{rerun_of,execution}'
        using errcode = 'PT404', detail = 'not_found', hint = 'It may have been deleted; start a new one.';
    end if;
    insert into runledger.execution_requests (execution_id, created_by, kind, actor, reason, rerun_id, answer)
      values ((p #>> '{rerun_of,execution}')::uuid, v_user, 'rerun', v_user, left(p #>> '{rerun_of,reason}', 2000),
        v_id, 'requested');
  end if;
  if v_key is not null then
    insert into runledger.idempotency_keys (user_id, workflow_id, key, input_hash, execution_id, expires_at)
      values (v_user, w.id, v_key, p ->> 'input_hash', v_id, clock_timestamp() + interval '24 hours')
      on conflict (user_id, workflow_id, key) do update
        set input_hash = excluded.input_hash, execution_id = excluded.execution_id, expires_at = excluded.expires_at;
  end if;
  e.input := null;
  return jsonb_build_object('execution', to_jsonb(e), 'created', true);
end $$;
