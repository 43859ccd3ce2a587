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
    (octet_length(e.temporal_workflow_id) > 1000, 'its Temporal workflow id has more than 1,000 bytes', e.temporal_workflow_id),
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
