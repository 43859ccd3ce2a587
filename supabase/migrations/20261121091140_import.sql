-- Brings the rows of a hand-written table into the ledger, batch by batch. docs/importing.md says how. Service role only.

-- One row per table that was imported: how far it has got, and how its present pass stands.
create table public.execution_imports (
  source text primary key,
  pass bigint not null default 0,
  options jsonb not null default '{}',
  -- Rows of the table when the pass began.
  total bigint not null default 0,
  rows bigint not null default 0,
  taken bigint not null default 0,
  known bigint not null default 0,
  refused bigint not null default 0,
  -- The primary key of the last row that was looked at.
  after_key text,
  started_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  constraint every_row_is_taken_known_or_refused check (rows = taken + known + refused)
);

-- What became of each row. One that was taken is never taken again, even when its execution is gone since.
create table public.execution_import_rows (
  source text not null,
  source_id text not null,
  -- As the table spells it.
  status text,
  result text not null,
  -- Why it was refused, or what is to be known of one that was taken.
  reason text,
  detail text,
  execution_id uuid,
  primary key (source, source_id),
  constraint import_result_is_known check (result in ('taken', 'known', 'refused')),
  constraint a_refused_row_says_why check (result <> 'refused' or reason is not null)
);

/* A uuid made of a name (RFC 9562, version 8): the same name gives the same one, always. Callers: read_run. */
create function private.named_uuid(p_name text) returns uuid
language sql immutable parallel safe
set search_path = ''
as $$
  select encode(set_byte(set_byte(h.b, 6, (get_byte(h.b, 6) & 15) | 128), 8, (get_byte(h.b, 8) & 63) | 128), 'hex')::uuid
    from (select substring(sha256(convert_to(p_name, 'UTF8')) from 1 for 16) as b) h;
$$;

/* A time as people store it: a timestamp, its text, or seconds or milliseconds since 1970; null for anything else, and
   for what lies before 1970, where languages have their zero. Text without a zone is read in the session's. Callers: read_run. */
create function private.read_time(p jsonb) returns timestamptz
language plpgsql stable
set search_path = ''
as $$
declare
  v_text constant text := p #>> '{}';
  v_time timestamptz;
begin
  if v_text ~ '^\d{9,11}(\.\d+)?$' then
    v_time := to_timestamp(v_text::float8);
  elsif v_text ~ '^\d{12,14}(\.\d+)?$' then
    v_time := to_timestamp(v_text::float8 / 1000);
  elsif v_text ~ '^\d{4}-\d\d-\d\d' then
    v_time := v_text::timestamptz;
  end if;
  return case when v_time >= '1970-01-01' and isfinite(v_time) then v_time end;
exception when data_exception then
  return null;
end $$;

/* What a status means, in the ledger's word; null for one that nobody has said. Callers: read_run, describe_import. */
create function private.read_status(p_status text, p_statuses jsonb) returns text
language sql immutable
set search_path = ''
as $$
  select coalesce(p_statuses ->> coalesce(nullif(p_status, ''), 'none'),
    case regexp_replace(regexp_replace(lower(trim(p_status)), '[\s-]+', '_', 'g'), '^workflow_execution_status_', '')
      when 'completed' then 'completed' when 'complete' then 'completed' when 'success' then 'completed'
      when 'succeeded' then 'completed' when 'successful' then 'completed' when 'done' then 'completed'
      when 'finished' then 'completed' when 'ok' then 'completed'
      when 'failed' then 'failed' when 'failure' then 'failed' when 'fail' then 'failed' when 'error' then 'failed'
      when 'errored' then 'failed' when 'crashed' then 'failed'
      when 'cancelled' then 'cancelled' when 'canceled' then 'cancelled' when 'aborted' then 'cancelled'
      when 'timed_out' then 'timed_out' when 'timedout' then 'timed_out' when 'timeout' then 'timed_out'
      when 'time_out' then 'timed_out'
      when 'terminated' then 'terminated' when 'killed' then 'terminated'
      when 'pending' then 'pending' when 'queued' then 'pending' when 'scheduled' then 'pending'
      when 'waiting' then 'pending' when 'created' then 'pending'
      when 'running' then 'running' when 'started' then 'running' when 'in_progress' then 'running'
      when 'inprogress' then 'running' when 'active' then 'running' when 'processing' then 'running'
      when 'executing' then 'running' end);
$$;

/* The table that is meant: by name, else the one that the adopt script renamed.
   Callers: describe_import, import_workflow_runs. */
create function private.import_source(p_source text) returns regclass
language plpgsql stable
set search_path = ''
as $$
declare
  v_table regclass;
  v_found text[];
begin
  if p_source is null then
    select array_agg(x.name order by x.name) into v_found
      from (values ('public.workflow_executions_adopted'), ('public.workflow_runs_adopted')) x (name)
     where exists (select from pg_catalog.pg_class c where c.oid = to_regclass(x.name) and c.relkind in ('r', 'p'));
    if cardinality(v_found) = 1 then return to_regclass(v_found[1]); end if;
    raise exception '%', case when v_found is null then 'There is no public.workflow_executions_adopted and no public.workflow_runs_adopted.'
        else 'There are both ' || array_to_string(v_found, ' and ') || '.' end
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Name the table to import.';
  end if;
  begin
    v_table := coalesce(to_regclass(p_source), to_regclass(format('public.%I', p_source)));
  exception when others then
    v_table := to_regclass(format('public.%I', p_source));
  end;
  if v_table is null then
    raise exception 'There is no table %.', left(p_source, 200)
      using errcode = 'PT404', detail = 'not_found', hint = 'Name it with its schema, like public.workflow_runs_adopted.';
  end if;
  if v_table in ('public.workflow_executions'::regclass, 'public.workflow_runs'::regclass) then
    raise exception '% is the ledger itself.', v_table
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Name the table that it replaced, like public.workflow_runs_adopted.';
  end if;
  return v_table;
end $$;

/* The one column that tells a table's rows apart, and its type. Callers: describe_import, import_workflow_runs. */
create function private.import_key(p_table regclass, out name text, out type text)
language plpgsql stable
set search_path = ''
as $$
begin
  select a.attname, format_type(a.atttypid, a.atttypmod) into name, type
    from pg_catalog.pg_index i
    join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0] and a.attnotnull
   where i.indrelid = p_table and i.indisunique and i.indisvalid and i.indnkeyatts = 1 and i.indpred is null and i.indkey[0] > 0
   order by i.indisprimary desc, a.attnum limit 1;
  if not found then
    raise exception '% has no primary key of one column, so that its rows cannot be told apart.', p_table
      using errcode = 'PT400', detail = 'invalid_input',
            hint = format('Give it one: alter table %s add primary key (id), or add column import_id bigint generated always as identity primary key.', p_table);
  end if;
end $$;

/* Which column holds what: by name in snake_case or camelCase, unless `columns` of the options says otherwise (null:
   none). Callers: describe_import, import_workflow_runs. */
create function private.import_columns(p_table regclass, p_options jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_given constant jsonb := coalesce(p_options -> 'columns', '{}');
  v_columns jsonb;
  v_wrong text;
begin
  select string_agg(g.key || '=' || coalesce(g.value, 'null'), ', ' order by g.key) into v_wrong
    from jsonb_each_text(v_given) g
   where g.key not in ('id', 'user', 'workflow', 'workflow_name', 'status', 'started_at', 'completed_at', 'duration_ms', 'error_message',
                       'failure', 'input', 'output', 'temporal_namespace', 'temporal_workflow_id', 'temporal_run_id',
                       'metadata', 'tags', 'state_snapshot', 'verdict')
      or (g.value is not null and not exists (
        select from pg_catalog.pg_attribute a where a.attrelid = p_table and a.attname = g.value and a.attnum > 0 and not a.attisdropped));
  if v_wrong is not null then
    raise exception 'Columns of % cannot be read like this: %.', p_table, v_wrong
      using errcode = 'PT400', detail = 'invalid_input',
            hint = 'Write what=column, where what is one of id, user, workflow, workflow_name, status, started_at, completed_at, duration_ms, error_message, failure, input, output, temporal_namespace, temporal_workflow_id, temporal_run_id, metadata, tags, state_snapshot and verdict.';
  end if;
  select coalesce(jsonb_object_agg(f.target, f.name), '{}') into v_columns
    from (select distinct on (c.target) c.target, a.attname as name
            from (values ('id', 'id', 1), ('id', 'execution_id', 2), ('id', 'run_id', 3),
              ('user', 'created_by', 1), ('user', 'user_id', 2), ('user', 'owner_id', 3),
              ('workflow', 'workflow_id', 1), ('workflow_name', 'workflow_name', 1), ('workflow_name', 'workflow_type', 2),
              ('status', 'status', 1), ('status', 'state', 2), ('started_at', 'started_at', 1), ('started_at', 'start_time', 2), ('started_at', 'created_at', 3),
              ('completed_at', 'completed_at', 1), ('completed_at', 'finished_at', 2), ('completed_at', 'ended_at', 3),
              ('completed_at', 'closed_at', 4), ('completed_at', 'end_time', 5), ('duration_ms', 'duration_ms', 1), ('duration_ms', 'execution_time_ms', 2),
              ('error_message', 'error_message', 1), ('error_message', 'failure_reason', 2),
              ('failure', 'error_details', 1), ('failure', 'failure', 2), ('failure', 'error', 3),
              ('input', 'input', 1), ('input', 'input_data', 2), ('output', 'output', 1), ('output', 'result', 2), ('output', 'output_data', 3),
              ('temporal_namespace', 'temporal_namespace', 1), ('temporal_workflow_id', 'temporal_workflow_id', 1),
              ('temporal_run_id', 'temporal_run_id', 1), ('metadata', 'metadata', 1), ('tags', 'tags', 1),
              ('state_snapshot', 'state_snapshot', 1), ('verdict', 'verdict', 1)) c (target, name, rank)
            join pg_catalog.pg_attribute a on a.attrelid = p_table and a.attnum > 0 and not a.attisdropped
             and lower(regexp_replace(a.attname, '([a-z0-9])([A-Z])', '\1_\2', 'g')) = c.name
           where not v_given ? c.target
             -- A column that was given for something is nothing else besides.
             and not exists (select from jsonb_each_text(v_given) g where g.value = a.attname)
           order by c.target, c.rank) f;
  return v_columns || jsonb_strip_nulls(v_given);
end $$;

/* Refuses options that name what is not there. Callers: describe_import, import_workflow_runs. */
create function private.check_import_options(o jsonb) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_wrong text;
begin
  select string_agg(format('%s=%s', w.key, w.value), ', ') into v_wrong
    from (select * from jsonb_each_text(o -> 'workflows') union all select 'workflow', o ->> 'workflow' where o ->> 'workflow' is not null) w
   where not exists (select from public.workflows x where x.id::text = lower(w.value));
  if v_wrong is not null then
    raise exception 'There is no such workflow: %.', v_wrong
      using errcode = 'PT404', detail = 'not_found', hint = 'Create it first, or leave it out: workflows that are missing are made.';
  end if;
  select string_agg(format('%s=%s', w.key, w.value), ', ') into v_wrong from jsonb_each_text(o -> 'statuses') w
   where w.value not in ('pending', 'running', 'completed', 'failed', 'cancelled', 'timed_out', 'terminated');
  if v_wrong is not null then
    raise exception 'The ledger has no such status: %.', v_wrong
      using errcode = 'PT400', detail = 'invalid_input',
            hint = 'Map to pending, running, completed, failed, cancelled, timed_out or terminated.';
  end if;
end $$;

/* Text as a list of tags: an array, its JSON, or words between commas. Callers: read_run. */
create function private.read_tags(p jsonb) returns text[]
language sql immutable
set search_path = ''
as $$
  select coalesce(array_agg(trim(t.tag) order by t.n), '{}')
    from (select x.value as tag, x.ordinality as n
            from jsonb_array_elements_text(case when jsonb_typeof(private.unwrap_object(p)) = 'array' then private.unwrap_object(p) else '[]' end)
              with ordinality x
          union all
          select s.value, s.ordinality from string_to_table(
            case when jsonb_typeof(private.unwrap_object(p)) = 'string' then p #>> '{}' end, ',') with ordinality s (value, ordinality)) t
   where trim(t.tag) <> '';
$$;

/* A row of the table as an execution, or the reason why it cannot be one. Reads nothing but its arguments.
   Callers: import_run. */
create function private.read_run(p jsonb, p_key text, p_source text, c jsonb, o jsonb,
                                 out e public.workflow_executions, out reason text, out detail text)
language plpgsql stable
set search_path = ''
as $$
declare
  v_id constant text := coalesce(p ->> (c ->> 'id'), p_key);
  v_workflow constant text := coalesce(nullif(p ->> (c ->> 'workflow'), ''), nullif(p ->> (c ->> 'workflow_name'), ''));
  v_failure constant jsonb := private.unwrap_object(p -> (c ->> 'failure'));
  v_metadata constant jsonb := private.unwrap_object(p -> (c ->> 'metadata'));
  v_duration constant text := p ->> (c ->> 'duration_ms');
  v_is_uuid constant text := '^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$';
  -- What has no column of its own.
  v_rest jsonb := '{}';
begin
  e.id := case when v_id ~ v_is_uuid then v_id::uuid else private.named_uuid('run:' || p_source || ':' || v_id) end;
  e.created_by := coalesce(nullif(p ->> (c ->> 'user'), ''), o ->> 'user');
  e.workflow_id := case
    when o -> 'workflows' ? v_workflow then (o -> 'workflows' ->> v_workflow)::uuid
    when v_workflow ~ v_is_uuid then v_workflow::uuid
    when v_workflow is not null then private.named_uuid('workflow:' || v_workflow)
    else (o ->> 'workflow')::uuid end;
  e.status := private.read_status(p ->> (c ->> 'status'), o -> 'statuses');
  e.started_at := private.read_time(p -> (c ->> 'started_at'));
  e.temporal_workflow_id := nullif(p ->> (c ->> 'temporal_workflow_id'), '');
  e.temporal_run_id := case when e.temporal_workflow_id is not null then nullif(p ->> (c ->> 'temporal_run_id'), '') end;
  e.tags := private.read_tags(p -> (c ->> 'tags'));

  select x.reason, left(x.detail, 500) into reason, detail from (values
    (e.created_by is null, 'it names no user', null),
    (e.workflow_id is null, 'it names no workflow', null),
    (e.status is null, 'its status is not known', coalesce(p ->> (c ->> 'status'), 'none')),
    (e.started_at is null, 'its start is missing, or is no time', p ->> (c ->> 'started_at')),
    (e.started_at > clock_timestamp() + interval '1 day', 'its start lies in the future', e.started_at::text),
    (cardinality(e.tags) > 50, 'it has more than 50 tags', cardinality(e.tags)::text),
    (length(e.temporal_workflow_id) > 255, 'its Temporal workflow id has more than 255 characters', e.temporal_workflow_id),
    (length(p ->> (c ->> 'verdict')) > 100, 'its verdict has more than 100 characters', p ->> (c ->> 'verdict'))
    ) x (is_so, reason, detail) where x.is_so limit 1;
  if reason is not null then return; end if;

  if e.status in ('pending', 'running') then
    e.status := case when e.temporal_run_id is not null then 'running' else e.status end;
    v_rest := jsonb_build_object('completedAt', p -> (c ->> 'completed_at'), 'durationMs', p -> (c ->> 'duration_ms'));
  else
    e.outcome_authority := 'reported';
    e.duration_ms := case when v_duration ~ '^\d{1,15}(\.\d+)?$' then round(v_duration::numeric)::bigint end;
    e.completed_at := coalesce(private.read_time(p -> (c ->> 'completed_at')), e.started_at + make_interval(secs => e.duration_ms / 1000.0));
    if e.completed_at is null or e.completed_at > clock_timestamp() + interval '1 day' then
      reason := case when e.completed_at is null then 'it has ended, but neither its end nor its duration can be read'
                     else 'its end lies in the future' end;
      detail := left(p ->> (c ->> 'completed_at'), 500);
      return;
    end if;
    if e.temporal_workflow_id is not null and e.temporal_run_id is null then
      -- Nothing tells which run this was: the next run under this workflow id would be taken for it.
      v_rest := jsonb_build_object('temporalWorkflowId', e.temporal_workflow_id);
      e.temporal_workflow_id := null;
    end if;
  end if;
  e.engine := case when e.temporal_workflow_id is null then 'none' else 'temporal' end;
  e.temporal_namespace := case when e.engine = 'temporal'
    then coalesce(nullif(p ->> (c ->> 'temporal_namespace'), ''), o ->> 'namespace', 'default') end;

  e.input := private.unwrap_object(nullif(p -> (c ->> 'input'), 'null'));
  e.output := private.unwrap_object(nullif(p -> (c ->> 'output'), 'null'));
  e.state_snapshot := private.unwrap_object(nullif(p -> (c ->> 'state_snapshot'), 'null'));
  e.verdict := nullif(p ->> (c ->> 'verdict'), '');
  e.failure := case when jsonb_typeof(v_failure) in ('object', 'array') then v_failure
                    when length(v_failure #>> '{}') > 4000 then v_failure end;
  e.error_message := left(coalesce(nullif(p ->> (c ->> 'error_message'), ''),
    case when jsonb_typeof(v_failure) = 'object' then coalesce(v_failure ->> 'message', v_failure ->> 'error', v_failure #>> '{}')
         else nullif(v_failure #>> '{}', '') end), 4000);
  if e.status not in ('pending', 'running', 'completed') then
    e.error_message := coalesce(e.error_message, 'The execution ended as ' || e.status || '; no reason was given.');
  end if;
  if coalesce((o ->> 'keep_rest')::boolean, false) then
    select v_rest || coalesce(jsonb_object_agg(r.key, r.value), '{}') into v_rest
      from jsonb_each(p) r where not exists (select from jsonb_each_text(c) x where x.value = r.key);
  end if;
  v_rest := jsonb_strip_nulls(v_rest);
  e.metadata := case when jsonb_typeof(v_metadata) = 'object' then v_metadata
                     when coalesce(v_metadata, 'null') <> 'null' then jsonb_build_object('metadata', v_metadata) else '{}' end
    || case when v_rest <> '{}' then jsonb_build_object('imported', v_rest) else '{}' end;
end $$;

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

/* What an import would read: the columns, the statuses with their numbers, how many rows. Reads the whole table once.
   Callers: ImportService.describe. Returns { source, key, rows, columns: [{ column, type, takenAs }], statuses:
   [{ status, becomes, rows }] }. */
create function public.describe_import(p_source text default null, p_options jsonb default '{}') returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_table constant regclass := private.import_source(p_source);
  v_key constant text := (private.import_key(v_table)).name;
  v_columns constant jsonb := private.import_columns(v_table, private.unwrap(p_options));
  v_statuses jsonb;
  v_rows bigint;
begin
  perform private.check_import_options(private.unwrap(p_options));
  execute format('select coalesce(sum(s.n), 0), coalesce(jsonb_agg(jsonb_build_object(''status'', s.status, ''becomes'',
      private.read_status(s.status, $1), ''rows'', s.n) order by s.n desc, s.status), ''[]'')
    from (select left(%s, 200) as status, count(*) as n from %s t group by 1) s',
    case when v_columns ? 'status' then format('t.%I::text', v_columns ->> 'status') else 'null::text' end, v_table)
    into v_rows, v_statuses using private.unwrap(p_options) -> 'statuses';
  return jsonb_build_object('source', v_table, 'key', v_key, 'rows', v_rows, 'statuses', v_statuses, 'columns', (
    select jsonb_agg(jsonb_build_object('column', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'takenAs',
             (select string_agg(c.key, ', ' order by c.key) from jsonb_each_text(v_columns) c where c.value = a.attname)) order by a.attnum)
      from pg_catalog.pg_attribute a where a.attrelid = v_table and a.attnum > 0 and not a.attisdropped));
end $$;

/* Takes the next rows of a table into the ledger, and keeps how far it has got: the next call goes on from there, also
   after an interruption. Without `p_pass` it goes on with the pass that is under way or begins another one; a pass that has
   ended stays so. A dry run keeps nothing: it goes on after `p_after`.
   Callers: ImportService.importRuns. Returns { source, pass, done, total, after, rows, taken, known, refused, groups }. */
create function public.import_workflow_runs(p_source text default null, p_options jsonb default '{}', p_pass bigint default null,
                                            p_limit integer default 500, p_dry_run boolean default false, p_after text default null)
returns jsonb
language plpgsql
set search_path = '' set timezone = 'UTC'
as $$
declare
  v_table constant regclass := private.import_source(p_source);
  v_options constant jsonb := coalesce(private.unwrap(p_options), '{}');
  v_limit constant integer := least(greatest(coalesce(p_limit, 500), 1), 5000);
  v_plan jsonb;
  v_batch jsonb;
  s public.execution_imports;
begin
  perform private.check_import_options(v_options);
  select jsonb_build_object('source', v_table, 'key', k.name, 'keyType', k.type, 'options', v_options,
                            'columns', private.import_columns(v_table, v_options))
    into v_plan from private.import_key(v_table) k;
  if not p_dry_run then
    insert into public.execution_imports (source, finished_at) values (v_table::text, clock_timestamp()) on conflict do nothing;
    -- Two at once take turns.
    select * into s from public.execution_imports i where i.source = v_table::text for update;
    if s.finished_at is not null and (p_pass is null or p_pass > s.pass) then
      execute format('select count(*) from %s', v_table) into s.total;
      update public.execution_imports i
         set pass = i.pass + 1, options = v_options, total = s.total, rows = 0, taken = 0, known = 0, refused = 0,
             after_key = null, started_at = clock_timestamp(), finished_at = null
       where i.source = s.source returning * into s;
    end if;
  end if;

  if s.finished_at is null then
    perform private.lock_runs(v_plan, case when p_dry_run then p_after else s.after_key end, v_limit) where not p_dry_run;
    begin
      v_batch := private.import_rows(v_plan, case when p_dry_run then p_after else s.after_key end, v_limit, p_dry_run, false);
    exception when others then
      v_batch := private.import_rows(v_plan, case when p_dry_run then p_after else s.after_key end, v_limit, p_dry_run, true);
    end;
  end if;
  if p_dry_run then
    return v_batch || jsonb_build_object('source', v_table, 'done', (v_batch ->> 'rows')::int < v_limit);
  end if;
  if v_batch is not null then
    update public.execution_imports i
       set rows = i.rows + (v_batch ->> 'rows')::bigint, taken = i.taken + (v_batch ->> 'taken')::bigint,
           known = i.known + (v_batch ->> 'known')::bigint, refused = i.refused + (v_batch ->> 'refused')::bigint,
           after_key = v_batch ->> 'after', options = v_options, updated_at = clock_timestamp(),
           finished_at = case when (v_batch ->> 'rows')::int < v_limit then clock_timestamp() end
     where i.source = s.source returning * into s;
  end if;
  return jsonb_build_object('source', s.source, 'pass', s.pass, 'done', s.finished_at is not null, 'total', s.total, 'rows', s.rows,
    'taken', s.taken, 'known', s.known, 'refused', s.refused, 'after', s.after_key, 'groups', case when s.finished_at is not null then (
      select coalesce(jsonb_agg(to_jsonb(g)), '[]')
        from (select r.status, r.result, r.reason, count(*) as rows, min(r.source_id) as example, min(r.detail) as detail
                from public.execution_import_rows r where r.source = s.source group by 1, 2, 3) g) else '[]' end);
end $$;

/* Locks the Temporal workflow ids of the next rows as create_execution and adopt_executions do, in the order of the ids:
   the application may be registering one at this moment. Callers: import_workflow_runs. */
create function private.lock_runs(p_plan jsonb, p_after text, p_limit integer) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_id text;
begin
  if p_plan -> 'columns' ->> 'temporal_workflow_id' is null then return; end if;
  for v_id in execute format('select distinct n.ns || '':'' || n.id from (
      select %1$s as ns, t.%2$I::text as id from %3$s t %4$s order by t.%5$I limit $2) n where n.id <> '''' order by 1',
      case when p_plan -> 'columns' ->> 'temporal_namespace' is null then 'cast($3 as text)'
           else format('coalesce(nullif(t.%I::text, ''''), $3)', p_plan -> 'columns' ->> 'temporal_namespace') end,
      p_plan -> 'columns' ->> 'temporal_workflow_id', p_plan ->> 'source',
      case when p_after is not null then format('where t.%I > $1::%s', p_plan ->> 'key', p_plan ->> 'keyType') end, p_plan ->> 'key')
    using p_after, p_limit, coalesce(p_plan -> 'options' ->> 'namespace', 'default')
  loop
    perform pg_advisory_xact_lock(hashtextextended('runledger:' || v_id, 0));
  end loop;
end $$;

alter table public.execution_imports enable row level security;
alter table public.execution_import_rows enable row level security;
create policy "only the service role sees imports" on public.execution_imports
  for select to authenticated using (false);
create policy "only the service role sees the rows of imports" on public.execution_import_rows
  for select to authenticated using (false);
revoke all on public.execution_imports, public.execution_import_rows from anon, authenticated;
grant all on public.execution_imports, public.execution_import_rows to service_role;

do $$
declare
  f regprocedure;
begin
  foreach f in array array[
    'private.named_uuid(text)', 'private.read_time(jsonb)', 'private.read_status(text, jsonb)', 'private.import_source(text)',
    'private.import_key(regclass)', 'private.check_import_options(jsonb)', 'private.import_columns(regclass, jsonb)', 'private.read_tags(jsonb)',
    'private.read_run(jsonb, text, text, jsonb, jsonb)', 'private.import_workflow(uuid, text, text)',
    'private.import_run(jsonb, text, jsonb, boolean)', 'private.next_rows(jsonb, text, integer, boolean)',
    'private.import_rows(jsonb, text, integer, boolean, boolean)', 'private.group_import_rows(jsonb[])',
    'private.lock_runs(jsonb, text, integer)', 'public.describe_import(text, jsonb)',
    'public.import_workflow_runs(text, jsonb, bigint, integer, boolean, text)'
  ]::regprocedure[] loop
    execute format('revoke execute on function %s from public, anon, authenticated', f);
    execute format('grant execute on function %s to service_role', f);
  end loop;
end $$;
