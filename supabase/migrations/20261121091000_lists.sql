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
set search_path = ''
as $$
  select '%' || regexp_replace(p_text, '([\\%_])', '\\\1', 'g') || '%';
$$;

/* A filter within its scope as SQL over `e`. Callers: find_executions. */
create function private.execution_filter_sql(p_user_id text, p_workflow_id uuid, p_filter jsonb) returns text
language sql stable
set search_path = ''
as $$
  select concat_ws(' and ',
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
$$;

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
    '(e.outcome_authority is null or (e.engine = ''temporal'' and e.outcome_authority = ''reported''))';
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
set search_path = ''
as $$
  select jsonb_build_object('kind', 'scan', 'branches', p_branches);
$$;

/* A position and bounds in the list's order as SQL over a column and an id.
   Callers: source_sql. */
create function private.beyond_sql(p_list jsonb, p_after jsonb, p_column text, p_id text) returns text
language sql immutable
set search_path = ''
as $$
  select concat_ws(' and ',
    p_column || ' is not null',
    p_column || ' >= ' || quote_literal(p_list ->> 'atLeast'),
    p_column || ' < ' || quote_literal(p_list ->> 'below'),
    p_column || ' <= ' || quote_literal(p_list ->> 'atMost'),
    format('(%s, %s) %s (%L, %L)', p_column, p_id, case p_list ->> 'direction' when 'asc' then '>' else '<' end,
           p_after ->> 'value', p_after ->> 'id')
      || case when p_after is null then null else '' end);
$$;

/* What a look reads: up to p_most rows of each branch from a position on, as (branch, v, id, shown): shown is null where
   the filter does not hold. Callers: look_at_executions. */
create function private.source_sql(p_source jsonb, p_list jsonb, p_after jsonb, p_most integer) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  col text := 'e.' || quote_ident(p_list ->> 'column');
  beyond text := private.beyond_sql(p_list, p_after, col, 'e.id');
  tail text := format('order by %s %s, e.id %2$s limit %s', col, p_list ->> 'direction', p_most);
  row_sql text := format('%s as v, e.id, case when %s then %s end as shown', col, p_list ->> 'filter', p_list ->> 'shown');
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
   p_wanted, and where the look ended (null where nothing is left). What one branch shows beyond the end of another waits.
   Callers: find_executions. */
create function private.look_at_executions(p_source jsonb, p_list jsonb, p_after jsonb, p_most integer, p_wanted integer,
                                           out hits jsonb, out looked integer, out ended jsonb)
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
       select distinct on (l.v, l.id) l.v, l.id, l.shown from looked l
        where l.shown is not null and not exists (select from ended h where (l.v, l.id) %4$s (h.v, h.id))
        order by l.v %1$s, l.id %1$s limit %5$s)
     select (select coalesce(jsonb_agg(jsonb_build_object(''value'', f.v, ''id'', f.id, ''shown'', f.shown)
                                       order by f.v %1$s, f.id %1$s), ''[]'') from found f),
            (select count(*) from looked),
            (select jsonb_build_object(''value'', h.v, ''id'', h.id) from ended h)',
    direction, private.source_sql(p_source, p_list, p_after, p_most), p_most,
    case direction when 'asc' then '>' else '<' end, p_wanted)
  into hits, looked, ended;
end $$;

/* The four rarest trigrams that every message with this text has; null where even the rarest is in more messages than
   p_most or where there are none. By what `analyze` last saw. Callers: rare_by_text. */
create function private.rarest_trigrams(p_text text, p_most integer) returns text[]
language sql stable security definer
set search_path = ''
as $$
  with trigrams as (
    -- Plain letters and digits only: others are hashed, and those at the edge of a word have blanks.
    select distinct substr(w.word, i, 3) as trigram
      from (select m[1] as word from regexp_matches(lower(p_text), '[a-z0-9]{3,}', 'g') m) w,
           generate_series(1, length(w.word) - 2) i),
  seen as (
    select f.trigram, f.share
      from pg_catalog.pg_stats s, unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) f (trigram, share)
     where s.schemaname = 'public' and s.tablename = 'idx_workflow_executions_error_text'),
  ranked as (
    select t.trigram, coalesce(s.share, 0) as share, row_number() over (order by coalesce(s.share, 0), t.trigram) as n
      from trigrams t left join seen s on s.trigram = t.trigram)
  select array_agg(r.trigram) filter (where r.n <= 4) from ranked r
  having min(r.share) * (select greatest(c.reltuples, 0) from pg_catalog.pg_class c
                          where c.oid = to_regclass('public.idx_workflow_executions_error_text')) <= p_most;
$$;

/* All executions whose error message may hold a text, where they are few; else null. Callers: rare_executions. */
create function private.rare_by_text(p_text text) returns tid[]
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set enable_indexscan = off
set jit = off
as $$
declare
  few constant integer := 1000;
  trigrams text[] := private.rarest_trigrams(p_text, 20 * few);
  places tid[];
begin
  if trigrams is null then return null; end if;
  execute format(
    'select array_agg(c.place) from (select e.ctid as place from public.workflow_executions e
       where e.error_message is not null and %s.show_trgm(e.error_message) @> %L::text[] limit %s) c',
    (select e.extnamespace::regnamespace from pg_catalog.pg_extension e where e.extname = 'pg_trgm'), trigrams, few + 1)
  into places;
  return case when coalesce(cardinality(places), 0) <= few then coalesce(places, '{}') end;
end $$;

/* All executions of a scope that took so long, where they are few; else null. Callers: rare_executions. */
create function private.rare_by_duration(p_user_id text, p_workflow_id uuid, p_filter jsonb) returns tid[]
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set enable_bitmapscan = off
set enable_sort = off
set jit = off
as $$
declare
  few constant integer := 1000;
  places tid[];
begin
  execute format(
    'select array_agg(c.place) from (
       select e.ctid as place from public.workflow_executions e
        where %s and e.duration_ms >= %s and e.duration_ms <= %s order by e.duration_ms limit %s) c',
    coalesce('e.created_by = ' || quote_literal(p_user_id), 'e.workflow_id = ' || quote_literal(p_workflow_id)),
    coalesce((p_filter ->> 'minDurationMs')::bigint, 0),
    coalesce((p_filter ->> 'maxDurationMs')::bigint, 9223372036854775807), few + 1)
  into places;
  return case when coalesce(cardinality(places), 0) <= few then coalesce(places, '{}') end;
end $$;

/* What a rare text or an unusual run time finds, as a source that is read whole; null where there is too much of it.
   Callers: find_executions. */
create function private.rare_executions(p_user_id text, p_workflow_id uuid, p_filter jsonb, p_order_by text)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  places tid[];
begin
  if p_filter ? 'text' then
    places := private.rare_by_text(p_filter ->> 'text');
  end if;
  if places is null and p_order_by <> 'duration' and p_filter ?| array['minDurationMs', 'maxDurationMs'] then
    places := private.rare_by_duration(p_user_id, p_workflow_id, p_filter);
  end if;
  return case when places is not null then jsonb_build_object('kind', 'few', 'places', to_jsonb(places::text[])) end;
end $$;

/* About how many buffers of executions and their checks this transaction has read so far; 0 with track_counts off. Of a
   large value or a check, an index is read as well. Callers: find_executions. */
create function private.buffers_read() returns bigint
language sql volatile
set search_path = ''
as $$
  select pg_catalog.pg_stat_get_xact_blocks_fetched(c.oid)
         + 3 * pg_catalog.pg_stat_get_xact_blocks_fetched(c.reltoastrelid)
         + 4 * pg_catalog.pg_stat_get_xact_blocks_fetched('public.execution_checks'::regclass)
    from pg_catalog.pg_class c where c.oid = 'public.workflow_executions'::regclass;
$$;

/* A list's order as the functions above take it. Callers: find_executions. */
create function private.list_order(p_filter jsonb, p_order_by text, p_ascending boolean) returns jsonb
language sql immutable
set search_path = ''
as $$
  select jsonb_build_object('column', 'started_at', 'direction', case when p_ascending then 'asc' else 'desc' end)
    || case p_order_by
         when 'started_at' then jsonb_build_object('atLeast', p_filter -> 'from', 'below', p_filter -> 'to')
         when 'completed_at' then jsonb_build_object('column', 'completed_at')
         when 'duration' then jsonb_build_object('column', 'duration_ms', 'atLeast', p_filter -> 'minDurationMs',
                                                 'atMost', p_filter -> 'maxDurationMs')
       end;
$$;

/* Whether a list's position a lies behind b. Callers: find_executions. */
create function private.is_behind(p_list jsonb, a jsonb, b jsonb) returns boolean
language sql stable
set search_path = ''
as $$
  select case when p_list ->> 'direction' = 'asc' then order_of.a > order_of.b else order_of.a < order_of.b end
    from (select case when p_list ->> 'column' = 'duration_ms' then (a ->> 'value')::numeric
                      else extract(epoch from (a ->> 'value')::timestamptz) end as a,
                 case when p_list ->> 'column' = 'duration_ms' then (b ->> 'value')::numeric
                      else extract(epoch from (b ->> 'value')::timestamptz) end as b) order_of;
$$;

/* An execution as lists show it, as SQL over `e`: no payloads. Callers: find_executions. */
create function private.execution_summary_sql() returns text
language sql immutable parallel safe
set search_path = ''
as $$
  select 'jsonb_build_object(' || string_agg(format('%L, e.%I', c, c), ', ') || ')'
    from unnest(array['id', 'workflow_id', 'created_by', 'engine', 'temporal_namespace', 'temporal_workflow_id',
      'temporal_run_id', 'current_run_id', 'closing_run_id', 'run_count', 'status', 'outcome_authority',
      'error_message', 'started_at', 'engine_started_at', 'first_task_at', 'completed_at', 'duration_ms',
      'activities_executed', 'verdict', 'tags', 'metadata', 'cancel_requested_at', 'cancel_requested_by',
      'cancel_reason', 'start_by', 'recorded_at', 'revision']) c;
$$;

/* Finds up to p_most executions of a scope from a position on, as [{ value, id, shown }]. Where it stopped at its share
   of buffers, ended says how far it came; null where nothing is left or enough was found.
   Callers: search_executions, count_executions. */
create function private.find_executions(p_user_id text, p_workflow_id uuid, p_filter jsonb, p_list jsonb, p_after jsonb,
                                        p_most integer, out hits jsonb, out ended jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  order_by text := p_list ->> 'orderBy';
  list jsonb := private.list_order(p_filter, order_by, (p_list ->> 'ascending')::boolean)
    || jsonb_build_object('filter', private.execution_filter_sql(p_user_id, p_workflow_id, p_filter),
         'shown', case when p_list ? 'summaries' then private.execution_summary_sql() else '''true''::jsonb' end);
  -- Statuses alone are asked for most, and need the least.
  share integer := case when p_filter - array['status', 'from', 'to', 'verdict'] = '{}' then 1500 else 3000 end;
  -- Long texts and many tags lie outside of the row, which costs up to six buffers more: short steps, to notice it.
  step integer := case when p_filter ?| array['text', 'tags', 'allTags'] then 300 else 1500 end;
  at_start bigint := private.buffers_read();
  spent bigint;
  looked bigint := 0;
  candidate jsonb;
  source jsonb;
  -- Some more than are wanted: most lists find most of what they look at, and a second look costs as much as ten rows.
  first integer := greatest(50, least(p_most * 8 / 5, step));
  branches integer;
  affordable bigint;
  rows_all bigint := 0;
  rows_each integer;
  look record;
begin
  hits := '[]';
  if order_by <> 'started_at' and private.text_array(p_filter -> 'status') <@ array['pending', 'running']
     and p_filter ? 'status' then return; end if;

  -- The first look is at each source: the one that comes furthest with it goes on.
  for candidate in select private.execution_sources(p_user_id, p_workflow_id, p_filter, order_by) loop
    branches := greatest(1, jsonb_array_length(coalesce(candidate -> 'branches', candidate -> 'ids', '[]')));
    look := private.look_at_executions(candidate, list, p_after, greatest(5, first / branches), p_most);
    looked := looked + look.looked;
    if source is null or look.ended is null or private.is_behind(list, look.ended, ended) then
      source := candidate;
      hits := look.hits;
      ended := look.ended;
    end if;
    exit when ended is null or jsonb_array_length(hits) = p_most;
  end loop;

  candidate := null;
  while ended is not null and jsonb_array_length(hits) < p_most loop
    if candidate is null then
      candidate := coalesce(private.rare_executions(p_user_id, p_workflow_id, p_filter, order_by), '{}');
      source := case when candidate = '{}' then source else candidate end;
    end if;
    branches := greatest(1, jsonb_array_length(coalesce(source -> 'branches', source -> 'ids', '[]')));
    spent := private.buffers_read() - at_start;
    affordable := greatest(share - spent, 0) * looked / greatest(spent, looked, 1);
    -- Rows that lie side by side cost few buffers, but each is compared.
    exit when source ->> 'kind' <> 'few' and (affordable < 20 * branches or looked > 20000);
    -- As many as should fill the page by what was found so far; where that was too few, twice as many.
    rows_all := greatest((p_most - jsonb_array_length(hits)) * looked * 5 / (4 * greatest(jsonb_array_length(hits), 1)),
                         2 * rows_all);
    rows_each := case when source ->> 'kind' = 'few' then 2000
      else greatest(15, least(rows_all, step, affordable) / branches) end;
    look := private.look_at_executions(source, list, ended, rows_each, p_most - jsonb_array_length(hits));
    looked := looked + look.looked;
    hits := hits || look.hits;
    ended := look.ended;
  end loop;
  if jsonb_array_length(hits) >= p_most then ended := null; end if;
end $$;

/* One page of a scope's executions by any filter, in any order, without payloads: { rows, next, searchedUntil }.
   next is { value, id } of where the following page begins, null at the end; searchedUntil the sort value up to which
   everything was searched where the page was not filled. Callers: ExecutionReader.list, ExecutionService.list*. */
create function public.search_executions(p_user_id text default null, p_workflow_id uuid default null,
                                         p_filter jsonb default '{}',
                                         p_order_by text default 'started_at', p_ascending boolean default false,
                                         p_limit integer default 50, p_after jsonb default null) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  filter jsonb := private.check_execution_search(p_user_id, p_workflow_id, private.unwrap(p_filter), p_order_by);
  after jsonb := nullif(private.unwrap(p_after), 'null');
  most integer := least(greatest(p_limit, 1), 1000);
  answer record;
  last jsonb;
begin
  answer := private.find_executions(p_user_id, p_workflow_id, filter,
    jsonb_build_object('orderBy', p_order_by, 'ascending', p_ascending, 'summaries', true), after, most + 1);
  if jsonb_array_length(answer.hits) > most then
    last := answer.hits -> most - 1;
    answer.hits := answer.hits - most;
  end if;
  return jsonb_build_object(
    'rows', coalesce((select jsonb_agg(h.value -> 'shown' order by h.ordinality)
                        from jsonb_array_elements(answer.hits) with ordinality h), '[]'),
    'next', coalesce(last, answer.ended) - 'shown',
    'searchedUntil', case when jsonb_array_length(answer.hits) < most then answer.ended ->> 'value' end);
end $$;

/* How many executions of a window were pruned: counters keep them, lists do not have them. Null where that is too much
   to add up. The window is one that counters can say, so no row lies across its ends. Callers: count_executions. */
create function private.count_pruned(p_user_id text, p_workflow_id uuid, p_from timestamptz, p_to timestamptz,
                                     p_statuses text[]) returns bigint
language sql stable
set search_path = ''
as $$
  with pruned as materialized (
    select p.completed, p.failed, p.cancelled, p.timed_out, p.terminated from public.execution_stats_pruned p
     where (p_user_id is null or p.created_by = p_user_id) and (p_workflow_id is null or p.workflow_id = p_workflow_id)
       and (p_from is null or p.starts_at >= p_from) and (p_to is null or p.starts_at < p_to)
     limit 1001)
  select case when (select count(*) from pruned) <= 1000 then coalesce(sum(s.n), 0)::bigint end
    from pruned p, lateral (values ('completed', p.completed), ('failed', p.failed), ('cancelled', p.cancelled),
                                   ('timed_out', p.timed_out), ('terminated', p.terminated)) s (status, n)
   where p_statuses is null or s.status = any (p_statuses);
$$;

/* How many executions of a scope a filter finds: { count, exactness, limit, asOf }. Exact where counters say it or fewer
   than limit are found; else capped: there are at least count. Callers: ExecutionReader.count,
   ExecutionService.countExecutions. */
create function public.count_executions(p_user_id text default null, p_workflow_id uuid default null,
                                        p_filter jsonb default '{}') returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  filter jsonb := private.check_execution_search(p_user_id, p_workflow_id, private.unwrap(p_filter));
  most constant integer := 1000;
  statuses text[] := case when filter ? 'status' then private.text_array(filter -> 'status') end;
  starts_at timestamptz := filter ->> 'from';
  ends_at timestamptz := filter ->> 'to';
  counted bigint;
  answer record;
  capped boolean := false;
begin
  if filter - array['status', 'from', 'to'] = '{}' then
    counted := private.count_from_cells(p_user_id, p_workflow_id, starts_at, ends_at, statuses)
      - private.count_pruned(p_user_id, p_workflow_id, starts_at, ends_at, statuses);
  end if;
  if counted is null then
    answer := private.find_executions(p_user_id, p_workflow_id, filter,
      jsonb_build_object('orderBy', 'started_at', 'ascending', false), null, most + 1);
    counted := least(jsonb_array_length(answer.hits), most);
    capped := answer.ended is not null or jsonb_array_length(answer.hits) > most;
  end if;
  return jsonb_build_object('count', counted, 'exactness', case when capped then 'capped' else 'exact' end,
                            'limit', most, 'asOf', now());
end $$;

do $$
declare
  f regprocedure;
begin
  for f in select p.oid from pg_catalog.pg_proc p where p.pronamespace = 'private'::regnamespace and p.proname in (
    'check_execution_search', 'like_pattern', 'execution_filter_sql', 'execution_sources',
    'scan_source', 'beyond_sql', 'source_sql', 'look_at_executions', 'rare_by_text',
    'rarest_trigrams', 'rare_by_duration', 'rare_executions', 'buffers_read', 'list_order', 'is_behind', 'find_executions',
    'execution_summary_sql', 'count_pruned') loop
    execute format('revoke execute on function %s from public, anon, authenticated', f);
    execute format('grant execute on function %s to service_role', f);
  end loop;
  foreach f in array array[
    'public.search_executions(text, uuid, jsonb, text, boolean, integer, jsonb)',
    'public.count_executions(text, uuid, jsonb)'
  ]::regprocedure[] loop
    execute format('revoke execute on function %s from public, anon, authenticated', f);
    execute format('grant execute on function %s to service_role', f);
  end loop;
end $$;
