/* Takes one row, or says why not; a dry run only says it. Callers: import_rows. */
-- for: service_role
create function runledger_private.import_run(p jsonb, p_key text, p_plan jsonb, p_dry_run boolean,
                                   out result text, out reason text, out detail text, out execution_id uuid)
language plpgsql
set search_path = ''
as $$
declare
  v_source constant text := p_plan ->> 'source';
  o constant jsonb := p_plan -> 'options';
  c constant jsonb := p_plan -> 'columns';
  e runledger.workflow_executions;
  x runledger.workflow_executions;
  v_read record;
begin
  select r.execution_id into execution_id from runledger.execution_import_rows r
   where r.source = v_source and r.source_id = p_key and r.result = 'taken';
  if found then
    result := 'known';
    return;
  end if;
  select * into v_read from runledger_private.read_run(p, p_key, v_source, c, o);
  e := v_read.e;
  result := 'refused';
  reason := v_read.reason;
  detail := v_read.detail;
  if reason is not null then return; end if;

  select * into x from runledger.workflow_executions k where k.id = e.id;
  if found then
    if (x.created_by, x.workflow_id) is distinct from (e.created_by, e.workflow_id) then
      reason := 'its id is that of an execution of another user or workflow';
      detail := e.id::text;
      return;
    end if;
    result := 'known';
    execution_id := e.id;
    return;
  end if;
  if e.temporal_workflow_id is not null then
    select k.id::text into detail from runledger.workflow_executions k
     where k.temporal_namespace = e.temporal_namespace and k.temporal_workflow_id = e.temporal_workflow_id
       and (k.temporal_run_id = e.temporal_run_id or k.temporal_run_id is null
            or (e.temporal_run_id is null and runledger_private.is_open(k.status))) limit 1;
    if found then
      reason := 'its Temporal run is recorded already, as another execution';
      return;
    end if;
  end if;
  if not runledger_private.bring_user(e.created_by, p_dry_run) then
    if exists (select from runledger.users u where u.id = e.created_by) then
      reason := 'its user has left';
      detail := e.created_by;
      return;
    end if;
    if not coalesce((o ->> 'create_users')::boolean, false) then
      reason := 'its user is not in runledger.users';
      detail := e.created_by;
      return;
    end if;
    if not p_dry_run then insert into runledger.users (id) values (e.created_by) on conflict (id) do nothing; end if;
  end if;

  result := 'taken';
  execution_id := e.id;
  if runledger_private.is_open(e.status) then
    reason := case e.engine when 'none' then 'it is still open, and no engine knows how it ends'
                            else 'it is still open; the monitor asks Temporal' end;
  end if;
  if p_dry_run then return; end if;
  perform runledger_private.import_workflow(e.workflow_id, e.created_by, coalesce(
    nullif(p ->> (c ->> 'workflow_name'), ''), nullif(p ->> (c ->> 'workflow'), '')));
  insert into runledger.workflow_executions (id, workflow_id, created_by, engine, temporal_namespace,
    temporal_workflow_id,
      temporal_run_id, status, outcome_authority, input, output, error_message, failure, state_snapshot, started_at,
      completed_at, duration_ms, verdict, tags, metadata, last_transition)
    values (e.id, e.workflow_id, e.created_by, e.engine, e.temporal_namespace, e.temporal_workflow_id,
      e.temporal_run_id, e.status, e.outcome_authority, e.input, e.output, e.error_message, e.failure, e.state_snapshot,
      e.started_at,
      e.completed_at, e.duration_ms, e.verdict, e.tags, e.metadata,
      jsonb_build_object('source', 'service', 'reason', 'imported'));
  if e.completed_at < coalesce((o ->> 'confirm_since')::timestamptz, 'infinity') then
    -- An end of long ago stands as it was reported: Temporal has forgotten it, and the monitor need not ask.
    delete from runledger.execution_checks k where k.execution_id = e.id;
  end if;
end $$;
