-- Lists and counts that no index can serve alone. Callers: the service role, with the scope as an argument.
--
-- A list is served by a source: executions of the scope in the list's order, by an index. A look reads a bounded number
-- of them and keeps what satisfies the filter. Looks are repeated until the page is full, nothing is left, or the page
-- has read its share of buffers; then it says how far it came.

-- Words in error messages, by their trigrams. As an array, not by the operator class for `ilike`: that one compares every
-- row that it finds before a limit can stop it. A team may have the extension in a schema of its own already.
create schema if not exists extensions;
create extension if not exists pg_trgm with schema extensions;
do $$
begin
  execute format(
    'create index idx_workflow_executions_error_text on public.workflow_executions
       using gin (%s.show_trgm(error_message)) with (gin_pending_list_limit = 256) where error_message is not null',
    (select e.extnamespace::regnamespace from pg_catalog.pg_extension e where e.extname = 'pg_trgm'));
end $$;

/* Refuses what is no list: without a scope it would be everybody's, and a part of a filter that is none would be ignored.
   Returns the filter without its empty parts. Callers: search_executions, count_executions. */
create function private.check_execution_search(p_user_id text, p_workflow_id uuid, p_filter jsonb,
                                               p_order_by text default 'started_at') returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  parts constant text[] := array['status', 'from', 'to', 'verdict', 'minDurationMs', 'maxDurationMs', 'tags', 'allTags',
                                 'health', 'failureGroup', 'text', 'ids'];
  filter jsonb := coalesce((select jsonb_object_agg(f.key, f.value) from jsonb_each(p_filter) f
                             where f.value not in ('null', '[]', '""')), '{}');
  wrong text := case
    when p_user_id is null and p_workflow_id is null then 'A list is of a user, of a workflow, or of both.'
    when filter - parts <> '{}'
      then format('There is no filter by %s.', (select string_agg(k, ', ') from jsonb_object_keys(filter - parts) k))
    when p_order_by is null or p_order_by not in ('started_at', 'completed_at', 'duration')
      then format('There is no order by %s.', p_order_by)
    when filter ? 'ids' and p_order_by <> 'started_at' then 'A list of ids is ordered by started_at.'
    when jsonb_array_length(case when filter ? 'ids' then filter -> 'ids' else '[]' end) > 100
      then 'A list is of 100 ids at most.'
    end;
begin
  if wrong is not null then
    raise exception '%', wrong using errcode = 'PT400', detail = 'invalid_input',
      hint = 'See ExecutionFilter and ListExecutionsOptions in @runledger/contracts.';
  end if;
  return filter;
end $$;

/* A text as a pattern that finds it anywhere. Callers: execution_filter_sql, rare_executions. */
create function private.like_pattern(p_text text) returns text
language sql immutable parallel safe
return '%' || regexp_replace(p_text, '([\\%_])', '\\\1', 'g') || '%';

/* A filter within its scope as SQL over `e`. Callers: find_executions. */
create function private.execution_filter_sql(p_user_id text, p_workflow_id uuid, p_filter jsonb) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  return concat_ws(' and ',
    'e.created_by = ' || quote_literal(p_user_id),
    'e.workflow_id = ' || quote_literal(p_workflow_id),
    case when p_filter ? 'status'
      then 'e.status = any (' || quote_literal(private.text_array(p_filter -> 'status')) || '::text[])' end,
    'e.started_at >= ' || quote_literal((p_filter ->> 'from')::timestamptz),
    'e.started_at < ' || quote_literal((p_filter ->> 'to')::timestamptz),
    'e.verdict = ' || quote_literal(p_filter ->> 'verdict'),
    'e.duration_ms >= ' || (p_filter ->> 'minDurationMs')::bigint,
    'e.duration_ms <= ' || (p_filter ->> 'maxDurationMs')::bigint,
    case when p_filter ? 'tags'
      then 'e.tags && ' || quote_literal(private.text_array(p_filter -> 'tags')) || '::text[]' end,
    case when p_filter ? 'allTags'
      then 'e.tags @> ' || quote_literal(private.text_array(p_filter -> 'allTags')) || '::text[]' end,
    case when p_filter ? 'health'
      then 'exists (select from public.execution_checks x where x.execution_id = e.id and x.health = any ('
           || quote_literal(private.text_array(p_filter -> 'health')) || '::text[]))' end,
    'e.failure_group = ' || quote_literal(p_filter ->> 'failureGroup'),
    'e.error_message ilike ' || quote_literal(private.like_pattern(p_filter ->> 'text')),
    case when p_filter ? 'ids'
      then '(e.id::text = any (' || quote_literal(private.text_array(p_filter -> 'ids'))
           || '::text[]) or e.temporal_workflow_id = any ('
           || quote_literal(private.text_array(p_filter -> 'ids')) || '::text[]))' end);
end $$;

/* The sources of a list: each holds everything that the filter can find, in the list's order, by an index of its own.
   One of several branches is their merge. Callers: find_executions. */
create function private.execution_sources(p_user_id text, p_workflow_id uuid, p_filter jsonb, p_order_by text)
returns setof jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  of_user text := 'e.created_by = ' || quote_literal(p_user_id);
  of_workflow text := 'e.workflow_id = ' || quote_literal(p_workflow_id);
  by_start boolean := p_order_by = 'started_at';
  statuses text[] := case when p_filter ? 'status' then private.text_array(p_filter -> 'status') end;
  unsuccessful boolean := coalesce(statuses <@ array['failed', 'cancelled', 'timed_out', 'terminated'], false);
  says_why boolean := unsuccessful or p_filter ? 'text';
  -- As the indexes say it.
  unsettled text :=
    '(e.outcome_authority is null or (e.engine = ''temporal'' and e.outcome_authority = ''reported'' and e.lost_at is null))';
  failure text := 'e.failure_group = ' || quote_literal(p_filter ->> 'failureGroup');
begin
  if p_filter ? 'ids' then
    return next jsonb_build_object('kind', 'ids', 'ids', p_filter -> 'ids');
    return;
  end if;
  if of_user is not null then
    if by_start and p_filter ? 'health' then
      return next private.scan_source(array[of_user || ' and ' || unsettled]);
    elsif by_start and failure is not null then
      return next private.scan_source(array[of_user || ' and ' || failure]);
    elsif by_start and p_filter ? 'verdict' then
      return next private.scan_source(array[of_user || ' and e.verdict = ' || quote_literal(p_filter ->> 'verdict')]);
    elsif (by_start and not 'completed' = any (statuses)) or (p_order_by = 'completed_at' and unsuccessful) then
      return next private.scan_source(array(
        select of_user || ' and e.status = ' || quote_literal(s) from unnest(statuses) s group by s));
    elsif by_start and says_why then
      return next private.scan_source(array[of_user || ' and e.error_message is not null']);
    elsif of_workflow is null or p_order_by = 'duration' then
      return next private.scan_source(array[of_user]);
    end if;
  end if;
  if of_workflow is null then return; end if;
  if by_start and (p_filter ? 'health' or statuses <@ array['pending', 'running']) then
    return next private.scan_source(array[of_workflow || ' and ' || unsettled]);
  elsif by_start and failure is not null then
    return next private.scan_source(array[of_workflow || ' and ' || failure]);
  elsif by_start and says_why then
    return next private.scan_source(array[of_workflow || ' and e.error_message is not null']);
  elsif of_user is null or p_order_by = 'duration' then
    return next private.scan_source(array[of_workflow]);
  end if;
  if of_user is not null and p_order_by <> 'duration' then
    return next private.scan_source(array[of_workflow || ' and ' || of_user]);
  end if;
end $$;

/* Callers: execution_sources. */
create function private.scan_source(p_branches text[]) returns jsonb
language sql immutable parallel safe
return jsonb_build_object('kind', 'scan', 'branches', p_branches);

/* A position and bounds in the list's order as SQL over a column and an id.
   Callers: source_sql. */
create function private.beyond_sql(p_list jsonb, p_after jsonb, p_column text, p_id text) returns text
language plpgsql immutable
set search_path = ''
as $$
begin
  return concat_ws(' and ',
    p_column || ' is not null',
    p_column || ' >= ' || quote_literal(p_list ->> 'atLeast'),
    p_column || ' < ' || quote_literal(p_list ->> 'below'),
    p_column || ' <= ' || quote_literal(p_list ->> 'atMost'),
    format('(%s, %s) %s (%L, %L)', p_column, p_id, case p_list ->> 'direction' when 'asc' then '>' else '<' end,
           p_after ->> 'value', p_after ->> 'id')
      || case when p_after is null then null else '' end);
end $$;

/* What a look reads: up to p_most rows of each branch from a position on, as (branch, v, id, ok) and the columns that are
   shown. Callers: look_at_executions. */
create function private.source_sql(p_source jsonb, p_list jsonb, p_after jsonb, p_most integer) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  col text := 'e.' || quote_ident(p_list ->> 'column');
  beyond text := private.beyond_sql(p_list, p_after, col, 'e.id');
  tail text := format('order by %s %s, e.id %2$s limit %s', col, p_list ->> 'direction', p_most);
  row_sql text := format('%s as v, e.id, %s as ok%s', col, p_list ->> 'filter',
    (select string_agg(format(', e.%I', c), '') from jsonb_array_elements_text(p_list -> 'columns') c where c <> 'id'));
begin
  case p_source ->> 'kind'
  when 'scan' then
    return (select string_agg(format('(select %s as branch, %s from public.workflow_executions e where %s and %s %s)',
                                     b.ordinality, row_sql, b.value, beyond, tail), ' union all ')
              from jsonb_array_elements_text(p_source -> 'branches') with ordinality b);
  when 'few' then
    return format('select 1 as branch, %s from public.workflow_executions e where e.ctid = any (%L::tid[]) and %s',
                  row_sql, private.text_array(p_source -> 'places'), beyond);
  when 'ids' then
    return format(
      'select i.branch, f.* from unnest(%L::text[]) with ordinality i (name, branch)
        cross join lateral (
          (select %s from public.workflow_executions e
            where e.id = case when i.name ~* ''^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$'' then i.name::uuid end and %s)
          union all
          (select %2$s from public.workflow_executions e
            where e.temporal_workflow_id = i.name and %3$s %s)) f',
      private.text_array(p_source -> 'ids'), row_sql, beyond, tail);
  end case;
end $$;

/* One look at a source from a position on, at up to p_most rows of each branch: what satisfies the filter, at most
   p_wanted, as positions and as rows to show, and where the look ended (null where nothing is left). What one branch
   has beyond the end of another waits. Callers: find_executions. */
create function private.look_at_executions(p_source jsonb, p_list jsonb, p_after jsonb, p_most integer, p_wanted integer,
                                           out hits jsonb, out shown json[], out looked integer, out ended jsonb)
language plpgsql stable
set search_path = ''
-- An ordered index scan is the plan, whatever the statistics say: it alone stops at its limit.
set enable_seqscan = off
set enable_bitmapscan = off
set enable_sort = off
set enable_incremental_sort = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
declare
  direction text := p_list ->> 'direction';
begin
  execute format(
    'with looked as materialized (
       select s.*, row_number() over (partition by s.branch order by s.v %1$s, s.id %1$s) as n from (%2$s) s),
     ended as (select l.v, l.id from looked l where l.n = %3$s order by l.v %1$s, l.id %1$s limit 1),
     found as (
       select distinct on (l.v, l.id) l.* from looked l
        where l.ok and not exists (select from ended h where (l.v, l.id) %4$s (h.v, h.id))
        order by l.v %1$s, l.id %1$s limit %5$s)
     select (select coalesce(jsonb_agg(jsonb_build_object(''value'', f.v, ''id'', f.id) order by f.v %1$s, f.id %1$s), ''[]'')
               from found f),
            (select array_agg(json_build_object(%6$s) order by f.v %1$s, f.id %1$s) from found f),
            (select count(*) from looked),
            (select jsonb_build_object(''value'', h.v, ''id'', h.id) from ended h)',
    direction, private.source_sql(p_source, p_list, p_after, p_most), p_most,
    case direction when 'asc' then '>' else '<' end, p_wanted,
    (select string_agg(format('%L, f.%I', c, c), ', ') from jsonb_array_elements_text(p_list -> 'columns') c))
  into hits, shown, looked, ended;
end $$;

do $$
declare
  f regprocedure;
begin
  for f in select p.oid from pg_catalog.pg_proc p where p.pronamespace = 'private'::regnamespace and p.proname in (
    'check_execution_search', 'like_pattern', 'execution_filter_sql', 'execution_sources', 'scan_source',
    'beyond_sql', 'source_sql', 'look_at_executions') loop
    execute format('revoke execute on function %s from public, anon, authenticated', f);
    execute format('grant execute on function %s to service_role', f);
  end loop;
end $$;
