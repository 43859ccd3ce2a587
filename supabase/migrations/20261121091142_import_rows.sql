-- Takes rows of a hand-written table in, one by one.

/* Makes sure that a run's workflow is there; one that is missing is made under its owner of old, else under the run's user.
   Callers: import_run. */
create function private.import_workflow(p_id uuid, p_user text, p_name text) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_old jsonb;
begin
  if exists (select from public.workflows w where w.id = p_id) then return; end if;
  if exists (select from pg_catalog.pg_attribute a
              where a.attrelid = to_regclass('public.workflows_adopted') and a.attname = 'id' and not a.attisdropped) then
    execute 'select to_jsonb(w) from public.workflows_adopted w where w.id::text = $1 limit 1' into v_old using p_id::text;
  end if;
  insert into public.workflows (id, user_id, name, description, temporal_namespace, workflow_type, task_queue)
    values (p_id,
      coalesce((select u.id from public.users u where u.id = coalesce(v_old ->> 'user_id', v_old ->> 'created_by')), p_user),
      left(coalesce(nullif(v_old ->> 'name', ''), p_name, 'Imported'), 200), left(v_old ->> 'description', 2000), 'default',
      left(coalesce(nullif(v_old ->> 'workflow_type', ''), nullif(v_old ->> 'name', ''), p_name, 'imported'), 200),
      left(coalesce(nullif(v_old ->> 'task_queue', ''), 'imported'), 200))
    on conflict (id) do nothing;
end $$;

/* Takes one row, or says why not; a dry run only says it. Callers: import_rows. */
create function private.import_run(p jsonb, p_key text, p_plan jsonb, p_dry_run boolean,
                                   out result text, out reason text, out detail text, out execution_id uuid)
language plpgsql
set search_path = ''
as $$
declare
  v_source constant text := p_plan ->> 'source';
  o constant jsonb := p_plan -> 'options';
  c constant jsonb := p_plan -> 'columns';
  e public.workflow_executions;
  x public.workflow_executions;
  v_read record;
begin
  select r.execution_id into execution_id from public.execution_import_rows r
   where r.source = v_source and r.source_id = p_key and r.result = 'taken';
  if found then
    result := 'known';
    return;
  end if;
  select * into v_read from private.read_run(p, p_key, v_source, c, o);
  e := v_read.e;
  result := 'refused';
  reason := v_read.reason;
  detail := v_read.detail;
  if reason is not null then return; end if;

  select * into x from public.workflow_executions k where k.id = e.id;
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
    select k.id::text into detail from public.workflow_executions k
     where k.temporal_namespace = e.temporal_namespace and k.temporal_workflow_id = e.temporal_workflow_id
       and (k.temporal_run_id = e.temporal_run_id or k.temporal_run_id is null
            or (e.temporal_run_id is null and k.status in ('pending', 'running'))) limit 1;
    if found then
      reason := 'its Temporal run is recorded already, as another execution';
      return;
    end if;
  end if;
  if not exists (select from public.users u where u.id = e.created_by) then
    if not coalesce((o ->> 'create_users')::boolean, false) then
      reason := 'its user is not in public.users';
      detail := e.created_by;
      return;
    end if;
    if not p_dry_run then insert into public.users (id) values (e.created_by) on conflict (id) do nothing; end if;
  end if;

  result := 'taken';
  execution_id := e.id;
  if e.status in ('pending', 'running') then
    reason := case e.engine when 'none' then 'it is still open, and no engine knows how it ends'
                            else 'it is still open; the monitor asks Temporal' end;
  end if;
  if p_dry_run then return; end if;
  perform private.import_workflow(e.workflow_id, e.created_by, coalesce(
    nullif(p ->> (c ->> 'workflow_name'), ''), nullif(p ->> (c ->> 'workflow'), '')));
  insert into public.workflow_executions (id, workflow_id, created_by, engine, temporal_namespace, temporal_workflow_id,
      temporal_run_id, status, outcome_authority, input, output, error_message, failure, state_snapshot, started_at,
      completed_at, duration_ms, verdict, tags, metadata, last_transition)
    values (e.id, e.workflow_id, e.created_by, e.engine, e.temporal_namespace, e.temporal_workflow_id,
      e.temporal_run_id, e.status, e.outcome_authority, e.input, e.output, e.error_message, e.failure, e.state_snapshot, e.started_at,
      e.completed_at, e.duration_ms, e.verdict, e.tags, e.metadata, jsonb_build_object('source', 'service', 'reason', 'imported'));
  if e.completed_at < coalesce((o ->> 'confirm_since')::timestamptz, 'infinity') then
    -- An end of long ago stands as it was reported: Temporal has forgotten it, and the monitor need not ask.
    delete from public.execution_checks k where k.execution_id = e.id;
  end if;
end $$;

/* The next rows of the table as {key, row}; without rows only keys, so that one that cannot be read stops no other.
   Callers: import_rows. */
create function private.next_rows(p_plan jsonb, p_after text, p_limit integer, p_with_rows boolean)
returns table (key text, run jsonb)
language plpgsql stable
set search_path = ''
as $$
begin
  return query execute format('select t.%1$I::text, %4$s from %2$s t %3$s order by t.%1$I limit $2',
    p_plan ->> 'key', p_plan ->> 'source',
    case when p_after is not null then format('where t.%I > $1::%s', p_plan ->> 'key', p_plan ->> 'keyType') end,
    case when p_with_rows then 'to_jsonb(t)' else 'null::jsonb' end) using p_after, p_limit;
end $$;

/* Takes the next rows. When it is careful, each row is on its own, and what the database refuses is the row's reason.
   Callers: import_workflow_runs. Returns { rows, taken, known, refused, after, groups }. */
create function private.import_rows(p_plan jsonb, p_after text, p_limit integer, p_dry_run boolean, p_is_careful boolean)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  i record;
  v record;
  v_run jsonb;
  v_seen jsonb[] := '{}';
  v_after text := p_after;
begin
  for i in select * from private.next_rows(p_plan, p_after, p_limit, not p_is_careful) loop
    v_after := i.key;
    v_run := i.run;
    if p_is_careful then
      begin
        execute format('select to_jsonb(t) from %s t where t.%I = $1::%s', p_plan ->> 'source', p_plan ->> 'key', p_plan ->> 'keyType')
          into v_run using i.key;
        select * into v from private.import_run(v_run, i.key, p_plan, p_dry_run);
      exception when others then
        -- The row's own fault, not that of the database or of the moment.
        if left(sqlstate, 2) not in ('21', '22', '23', '54', 'P0', 'PT') then raise; end if;
        select 'refused' as result, 'the database refuses it' as reason, left(sqlerrm, 500) as detail, null::uuid as execution_id into v;
      end;
    else
      select * into v from private.import_run(v_run, i.key, p_plan, p_dry_run);
    end if;
    v_seen := v_seen || jsonb_build_object('key', i.key, 'status', left(v_run ->> (p_plan -> 'columns' ->> 'status'), 200),
      'result', v.result, 'reason', v.reason, 'detail', v.detail, 'execution', v.execution_id);
  end loop;
  if not p_dry_run then
    insert into public.execution_import_rows as r (source, source_id, status, result, reason, detail, execution_id)
      select p_plan ->> 'source', s ->> 'key', s ->> 'status', s ->> 'result', s ->> 'reason', s ->> 'detail', (s ->> 'execution')::uuid
        from unnest(v_seen) s
      on conflict (source, source_id) do update
        set status = excluded.status, result = excluded.result, reason = excluded.reason, detail = excluded.detail,
            execution_id = excluded.execution_id
        where r.result <> 'taken';
  end if;
  return (
    select jsonb_build_object('rows', count(*), 'taken', count(*) filter (where s ->> 'result' = 'taken'),
        'known', count(*) filter (where s ->> 'result' = 'known'), 'refused', count(*) filter (where s ->> 'result' = 'refused'),
        'after', v_after, 'groups', private.group_import_rows(v_seen))
      from unnest(v_seen) s);
end $$;

/* Rows that met the same, counted, with one of them as an example. Callers: import_rows. */
create function private.group_import_rows(p_rows jsonb[]) returns jsonb
language sql immutable
set search_path = ''
as $$
  select coalesce(jsonb_agg(to_jsonb(g)), '[]')
    from (select s ->> 'status' as status, s ->> 'result' as result, s ->> 'reason' as reason, count(*) as rows,
                 min(s ->> 'key') as example, min(s ->> 'detail') as detail
            from unnest(p_rows) s group by 1, 2, 3) g;
$$;
