-- Searching and counting: looks at a source until a page is full, nothing is left, or its share of buffers is read.

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
language plpgsql volatile
set search_path = ''
as $$
begin
  return (select pg_catalog.pg_stat_get_xact_blocks_fetched(c.oid)
         + 3 * pg_catalog.pg_stat_get_xact_blocks_fetched(c.reltoastrelid)
         + 4 * pg_catalog.pg_stat_get_xact_blocks_fetched('public.execution_checks'::regclass)
    from pg_catalog.pg_class c where c.oid = 'public.workflow_executions'::regclass);
end $$;

/* A list's order as the functions above take it. Callers: find_executions. */
create function private.list_order(p_filter jsonb, p_order_by text, p_ascending boolean) returns jsonb
language sql immutable
return jsonb_build_object('column', 'started_at', 'direction', case when p_ascending then 'asc' else 'desc' end)
    || case p_order_by
         when 'started_at' then jsonb_build_object('atLeast', p_filter -> 'from', 'below', p_filter -> 'to')
         when 'completed_at' then jsonb_build_object('column', 'completed_at')
         when 'duration' then jsonb_build_object('column', 'duration_ms', 'atLeast', p_filter -> 'minDurationMs',
                                                 'atMost', p_filter -> 'maxDurationMs')
       end;

/* Whether a list's position a lies behind b. Callers: find_executions. */
create function private.is_behind(p_list jsonb, a jsonb, b jsonb) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  return (select case when p_list ->> 'direction' = 'asc' then order_of.a > order_of.b else order_of.a < order_of.b end
    from (select case when p_list ->> 'column' = 'duration_ms' then (a ->> 'value')::numeric
                      else extract(epoch from (a ->> 'value')::timestamptz) end as a,
                 case when p_list ->> 'column' = 'duration_ms' then (b ->> 'value')::numeric
                      else extract(epoch from (b ->> 'value')::timestamptz) end as b) order_of);
end $$;

/* Finds up to p_most executions of a scope from a position on, as [{ value, id }] and as rows to show. Where it stopped at
   its share of buffers, ended says how far it came; null where nothing is left or enough was found.
   Callers: search_executions, count_executions. */
create function private.find_executions(p_user_id text, p_workflow_id uuid, p_filter jsonb, p_list jsonb, p_after jsonb,
                                        p_most integer, out hits jsonb, out shown json[], out ended jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  order_by text := p_list ->> 'orderBy';
  list jsonb := private.list_order(p_filter, order_by, (p_list ->> 'ascending')::boolean)
    || jsonb_build_object('filter', private.execution_filter_sql(p_user_id, p_workflow_id, p_filter),
         'columns', coalesce(p_list -> 'columns', '[]'));
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
      shown := look.shown;
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
    shown := shown || look.shown;
    ended := look.ended;
  end loop;
  if jsonb_array_length(hits) >= p_most then ended := null; end if;
end $$;

-- What lists show of an execution: no payloads. Callers: the functions below.
create view private.execution_summaries with (security_invoker = on) as
  select id, workflow_id, created_by, engine, temporal_namespace, temporal_workflow_id, temporal_run_id, current_run_id,
         closing_run_id, run_count, status, outcome_authority, error_message, started_at, engine_started_at, first_task_at,
         completed_at, duration_ms, activities_executed, verdict, tags, metadata, cancel_requested_at, cancel_requested_by,
         cancel_reason, start_by, recorded_at, lost_at, ended_by, end_reason, revision
    from public.workflow_executions;
revoke all on private.execution_summaries from public, anon, authenticated;
grant select on private.execution_summaries to service_role;

/* Finds and shows what row ids and Temporal workflow ids name, by statements whose plans are kept; null where the ids
   name more than 200 executions, which the search goes through by position. Callers: search_executions. */
create function private.find_named_executions(p_user_id text, p_workflow_id uuid, p_ids text[], p_ascending boolean,
                                              p_after jsonb, p_most integer, out hits jsonb, out shown json[])
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  few constant integer := 200;
  after_at constant timestamptz := p_after ->> 'value';
  after_id constant uuid := p_after ->> 'id';
  named uuid[] := array(
    select e.id from unnest(p_ids) i (name)
     cross join lateral (select e.id from public.workflow_executions e where e.temporal_workflow_id = i.name) e
     limit few + 1);
begin
  if cardinality(named) > few then return; end if;
  named := named || array(
    select i.name::uuid from unnest(p_ids) i (name) where i.name ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$');
  select coalesce(jsonb_agg(jsonb_build_object('value', p.started_at, 'id', p.id)), '[]'), array_agg(to_json(p))
    into hits, shown
    from (select s.* from private.execution_summaries s
           where s.id = any (named) and (p_user_id is null or s.created_by = p_user_id)
             and (p_workflow_id is null or s.workflow_id = p_workflow_id)
             and (p_after is null or case when p_ascending then (s.started_at, s.id) > (after_at, after_id)
                                          else (s.started_at, s.id) < (after_at, after_id) end)
           order by case when p_ascending then s.started_at end, case when p_ascending then s.id end, s.started_at desc, s.id desc
           limit p_most) p;
end $$;

/* One page of a scope's executions by any filter, in any order, without payloads: { rows, next, searchedUntil }.
   next is { value, id } of where the following page begins, null at the end; searchedUntil the sort value up to which
   everything was searched where the page was not filled. Callers: ExecutionReader.list, ExecutionService.list*. */
create function public.search_executions(p_user_id text default null, p_workflow_id uuid default null,
                                         p_filter jsonb default '{}',
                                         p_order_by text default 'started_at', p_ascending boolean default false,
                                         p_limit integer default 50, p_after jsonb default null) returns json
language plpgsql stable
set search_path = ''
as $$
declare
  filter jsonb := private.check_execution_search(p_user_id, p_workflow_id, private.unwrap(p_filter), p_order_by);
  after jsonb := nullif(private.unwrap(p_after), 'null');
  most integer := least(greatest(p_limit, 1), 1000);
  hits jsonb;
  shown json[];
  ended jsonb;
  last jsonb;
begin
  if filter ? 'ids' and filter - 'ids' = '{}' then
    select n.hits, n.shown into hits, shown from private.find_named_executions(
      p_user_id, p_workflow_id, private.text_array(filter -> 'ids'), p_ascending, after, most + 1) n;
  end if;
  if hits is null then
    select f.hits, f.shown, f.ended into hits, shown, ended from private.find_executions(p_user_id, p_workflow_id, filter,
      jsonb_build_object('orderBy', p_order_by, 'ascending', p_ascending, 'columns', (
        select jsonb_agg(a.attname order by a.attnum) from pg_catalog.pg_attribute a
         where a.attrelid = 'private.execution_summaries'::regclass and a.attnum > 0)), after, most + 1) f;
  end if;
  if jsonb_array_length(hits) > most then
    last := hits -> most - 1;
    hits := hits - most;
  end if;
  return json_build_object(
    'rows', coalesce(array_to_json(shown[1:most]), '[]'),
    'next', coalesce(last, ended),
    'searchedUntil', case when jsonb_array_length(hits) < most then ended ->> 'value' end);
end $$;

/* How many executions of a window were pruned: counters keep them, lists do not have them. Null where that is too much
   to add up. The window is one that counters can say, so no row lies across its ends. Callers: count_executions. */
create function private.count_pruned(p_user_id text, p_workflow_id uuid, p_from timestamptz, p_to timestamptz,
                                     p_statuses text[]) returns bigint
language plpgsql stable
set search_path = ''
as $$
begin
  return (with pruned as materialized (
    select p.completed, p.failed, p.cancelled, p.timed_out, p.terminated from public.execution_stats_pruned p
     where (p_user_id is null or p.created_by = p_user_id) and (p_workflow_id is null or p.workflow_id = p_workflow_id)
       and (p_from is null or p.starts_at >= p_from) and (p_to is null or p.starts_at < p_to)
     limit 1001)
  select case when (select count(*) from pruned) <= 1000 then coalesce(sum(s.n), 0)::bigint end
    from pruned p, lateral (values ('completed', p.completed), ('failed', p.failed), ('cancelled', p.cancelled),
                                   ('timed_out', p.timed_out), ('terminated', p.terminated)) s (status, n)
   where p_statuses is null or s.status = any (p_statuses));
end $$;

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
    'rarest_trigrams', 'rare_by_text', 'rare_by_duration', 'rare_executions', 'buffers_read', 'list_order',
    'is_behind', 'find_executions', 'find_named_executions',
    'count_pruned') loop
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
