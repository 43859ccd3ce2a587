-- Recounts executions, names what differs from the counters, and sets it right. The recount goes a way of its own: it groups the
-- executions themselves and knows a total by how it was grouped, where the folder adds changes and marks a total by an id.

/* Every number that is counted, in long form, as the rows and what was pruned have it: of users, of workflows, or of both,
   started in a window of whole UTC days (null: ever). Callers: stats_differences. */
create function private.recount(p_users text[], p_workflows uuid[], p_from timestamptz, p_to timestamptz, p_hours_from timestamptz)
returns table (created_by text, workflow_id uuid, grain text, starts_at timestamptz, field text, is_total boolean, n numeric)
language plpgsql stable
set search_path = ''
set work_mem = '64MB'
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
begin
  return query
  with part as materialized (
    select e.created_by, e.workflow_id, 'hour' as grain, date_trunc('hour', e.started_at, 'UTC') as starts_at, f.field,
           case when f.field in ('duration_min', 'queue_min') then min(f.n) when f.field in ('duration_max', 'queue_max') then max(f.n)
                else sum(f.n) end as n
      from public.workflow_executions e,
           lateral (select private.queue_ms(e.started_at, e.first_task_at) as ms) q,
           lateral (values (e.status, 1::bigint),
             ('duration_count', case when e.duration_ms is not null then 1 end), ('duration_sum', e.duration_ms),
             ('duration_min', e.duration_ms), ('duration_max', e.duration_ms), ('duration ' || private.bucket_of(e.duration_ms), 1),
             ('queue_count', case when q.ms is not null then 1 end), ('queue_sum', q.ms),
             ('queue_min', q.ms), ('queue_max', q.ms), ('queue ' || private.bucket_of(q.ms), 1),
             ('verdict ' || e.verdict, 1), ('failure ' || e.failure_group, 1)) f (field, n)
     where f.field is not null and f.n is not null
       and (p_users is null or e.created_by = any (p_users)) and (p_workflows is null or e.workflow_id = any (p_workflows))
       and (p_from is null or (e.started_at >= p_from and e.started_at < p_to))
     group by 1, 2, 3, 4, 5
    union all
    select p.created_by, p.workflow_id, p.grain, p.starts_at, f.field, f.n::numeric
      from public.execution_stats_pruned p,
           lateral (
             select * from (values ('completed', p.completed), ('failed', p.failed), ('cancelled', p.cancelled),
               ('timed_out', p.timed_out), ('terminated', p.terminated), ('duration_count', p.duration_count),
               ('duration_sum', p.duration_sum), ('duration_min', p.duration_min), ('duration_max', p.duration_max),
               ('queue_count', p.queue_count), ('queue_sum', p.queue_sum), ('queue_min', p.queue_min), ('queue_max', p.queue_max)) v
             union all select 'duration ' || d.bucket, d.n from unnest(p.duration_buckets, p.duration_counts) d (bucket, n)
             union all select 'queue ' || d.bucket, d.n from unnest(p.queue_buckets, p.queue_counts) d (bucket, n)
             union all select 'verdict ' || v.key, v.value::bigint from jsonb_each_text(p.verdicts) v
             union all select 'failure ' || v.key, v.value::bigint from jsonb_each_text(p.failures) v) f (field, n)
     where (p_users is null or p.created_by = any (p_users)) and (p_workflows is null or p.workflow_id = any (p_workflows))
       and (p_from is null or (p.starts_at >= p_from and p.starts_at < p_to)))
  select case when grouping(a.created_by) = 1 then '' else a.created_by end,
         case when grouping(a.workflow_id) = 1 then '00000000-0000-0000-0000-000000000000' else a.workflow_id end,
         g.grain, g.starts_at, a.field, grouping(a.created_by) + grouping(a.workflow_id) > 0,
         case when a.field in ('duration_min', 'queue_min') then min(a.n) when a.field in ('duration_max', 'queue_max') then max(a.n)
              else sum(a.n) end
    from part a,
         lateral (values ('hour', a.starts_at), ('day', date_trunc('day', a.starts_at, 'UTC')), ('life', '-infinity')) g (grain, starts_at)
   where case g.grain when 'hour' then a.grain = 'hour' and a.starts_at >= p_hours_from
                      when 'life' then p_from is null and a.field not like 'duration %' and a.field not like 'queue %' else true end
   group by grouping sets ((g.grain, g.starts_at, a.field, a.created_by, a.workflow_id), (g.grain, g.starts_at, a.field, a.created_by),
                           (g.grain, g.starts_at, a.field, a.workflow_id))
  having (p_users is null or grouping(a.created_by) = 0) and (p_workflows is null or grouping(a.workflow_id) = 0);
end $$;

/* The same numbers as cells and tail have them. Smallest and largest values only of cells that claim them: not stale, and no
   delta waits. Callers: stats_differences. */
create function private.counted(p_users text[], p_workflows uuid[], p_from timestamptz, p_to timestamptz, p_hours_from timestamptz)
returns table (created_by text, workflow_id uuid, grain text, starts_at timestamptz, field text, is_total boolean, n numeric)
language plpgsql stable
set search_path = ''
set work_mem = '64MB'
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
  v_below xid8 := private.folded_below();
  v_nil constant uuid := '00000000-0000-0000-0000-000000000000';
begin
  return query
  with delta as materialized (
    select d.* from public.execution_deltas d
     where d.xid >= v_below
       and (p_users is null or d.created_by = any (p_users)) and (p_workflows is null or d.workflow_id = any (p_workflows))),
  tail as materialized (
    select d.created_by, d.workflow_id, d.hour, f.field, sum(f.n) as n
      from delta d, lateral private.signs_of(row(d.*)::public.execution_deltas) s,
           lateral (values (s.status, s.n::bigint),
             ('duration_count', case when s.duration_ms is not null then s.n end), ('duration_sum', s.n * s.duration_ms),
             ('duration ' || private.bucket_of(s.duration_ms), s.n),
             ('queue_count', case when s.queue_ms is not null then s.n end), ('queue_sum', s.n * s.queue_ms),
             ('queue ' || private.bucket_of(s.queue_ms), s.n),
             ('verdict ' || s.verdict, s.n), ('failure ' || s.failure_group, s.n)) f (field, n)
     where f.field is not null and f.n is not null and (p_from is null or (d.hour >= p_from and d.hour < p_to))
     group by 1, 2, 3, 4),
  cell as materialized (
    select c.* from public.execution_stats c
     where (p_users is null or c.created_by = any (p_users)) and (p_workflows is null or c.workflow_id = any (p_workflows))
       and (p_from is null or (c.grain <> 'life' and c.starts_at >= p_from and c.starts_at < p_to))
       and (c.grain <> 'hour' or c.starts_at >= p_hours_from)),
  folded as (
    select c.created_by, c.workflow_id, c.grain, c.starts_at, f.field, c.created_by = '' or c.workflow_id = v_nil as is_total, f.n
      from cell c,
           lateral (
             select * from (values ('pending', c.pending), ('running', c.running), ('completed', c.completed),
               ('failed', c.failed), ('cancelled', c.cancelled), ('timed_out', c.timed_out), ('terminated', c.terminated),
               ('duration_count', c.duration_count), ('duration_sum', c.duration_sum),
               ('queue_count', c.queue_count), ('queue_sum', c.queue_sum)) v
             union all select 'duration ' || d.bucket, d.n from unnest(c.duration_buckets, c.duration_counts) d (bucket, n)
             union all select 'queue ' || d.bucket, d.n from unnest(c.queue_buckets, c.queue_counts) d (bucket, n)) f (field, n)
    union all
    select l.created_by, l.workflow_id, l.grain, l.starts_at, l.kind || ' ' || l.label, l.created_by = '' or l.workflow_id = v_nil,
           l.executions
      from public.execution_label_stats l
     where (p_users is null or l.created_by = any (p_users)) and (p_workflows is null or l.workflow_id = any (p_workflows))
       and (p_from is null or (l.grain <> 'life' and l.starts_at >= p_from and l.starts_at < p_to))
       and (l.grain <> 'hour' or l.starts_at >= p_hours_from)
    union all
    select k.created_by, k.workflow_id, k.grain, k.starts_at, t.field, k.created_by = '' or k.workflow_id = v_nil, t.n
      from tail t, lateral private.cells_of(t.created_by, t.workflow_id, t.hour, p_hours_from) k
     where (k.grain <> 'life' or (p_from is null and t.field not like 'duration %' and t.field not like 'queue %'))
       and (p_users is null or k.created_by <> '') and (p_workflows is null or k.workflow_id <> v_nil))
  select f.created_by, f.workflow_id, f.grain, f.starts_at, f.field, f.is_total, sum(f.n) from folded f group by 1, 2, 3, 4, 5, 6
  union all
  select c.created_by, c.workflow_id, c.grain, c.starts_at, x.field, c.created_by = '' or c.workflow_id = v_nil, x.n
    from cell c,
         lateral (values ('duration_min', c.duration_min), ('duration_max', c.duration_max), ('queue_min', c.queue_min),
                         ('queue_max', c.queue_max)) x (field, n)
   where not c.is_stale
     and case when c.created_by = '' then c.workflow_id not in (select d.workflow_id from delta d)
              when c.workflow_id = v_nil then c.created_by not in (select d.created_by from delta d)
              else (c.created_by, c.workflow_id) not in (select d.created_by, d.workflow_id from delta d) end;
end $$;

/* Numbers of a life that differ from the sum of its days: what is left to compare where the executions are too many to be read
   in one statement and were compared day by day. Callers: stats_differences. */
create function private.life_differences(p_users text[], p_workflows uuid[])
returns table (created_by text, workflow_id uuid, grain text, starts_at timestamptz, field text, counted numeric, recounted numeric)
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
begin
  return query
  select x.created_by, x.workflow_id, 'life', '-infinity'::timestamptz, x.field,
         coalesce(sum(x.n) filter (where x.grain = 'life'), 0), coalesce(sum(x.n) filter (where x.grain = 'day'), 0)
    from (
      select c.created_by, c.workflow_id, c.grain, f.field, f.n
        from public.execution_stats c,
             lateral (values ('pending', c.pending), ('running', c.running), ('completed', c.completed),
               ('failed', c.failed), ('cancelled', c.cancelled), ('timed_out', c.timed_out), ('terminated', c.terminated),
               ('duration_count', c.duration_count), ('duration_sum', c.duration_sum),
               ('queue_count', c.queue_count), ('queue_sum', c.queue_sum)) f (field, n)
       where c.grain in ('day', 'life') and (p_users is null or c.created_by = any (p_users))
         and (p_workflows is null or c.workflow_id = any (p_workflows))
      union all
      select l.created_by, l.workflow_id, l.grain, l.kind || ' ' || l.label, l.executions
        from public.execution_label_stats l
       where l.grain in ('day', 'life') and (p_users is null or l.created_by = any (p_users))
         and (p_workflows is null or l.workflow_id = any (p_workflows))) x
   group by 1, 2, 5
  having coalesce(sum(x.n) filter (where x.grain = 'life'), 0) <> coalesce(sum(x.n) filter (where x.grain = 'day'), 0);
end $$;

/* What differs between the counters and a recount: of users, of workflows or of both (null: all), in a window of whole UTC days
   (null: ever). Of lives alone with p_lives. Callers: verify_execution_stats, verify_execution_stats_part, repair_stats. */
create function private.stats_differences(p_users text[], p_workflows uuid[], p_from timestamptz, p_to timestamptz, p_lives boolean)
returns table (created_by text, workflow_id uuid, grain text, starts_at timestamptz, field text, counted numeric, recounted numeric)
language plpgsql stable
set search_path = ''
set work_mem = '64MB'
as $$
#variable_conflict use_column
declare
  v_hours_from timestamptz := (select s.hours_from from public.fold_state s);
begin
  if p_lives then
    return query select * from private.life_differences(p_users, p_workflows);
    return;
  end if;
  return query
  select created_by, workflow_id, grain, starts_at, field,
         case when x.is_extreme then c.n else coalesce(c.n, 0) end, case when x.is_extreme then r.n else coalesce(r.n, 0) end
    from (select true as is_claim, c.* from private.counted(p_users, p_workflows, p_from, p_to, v_hours_from) c) c
    full join private.recount(p_users, p_workflows, p_from, p_to, v_hours_from) r
   using (created_by, workflow_id, grain, starts_at, field, is_total),
         lateral (select field in ('duration_min', 'duration_max', 'queue_min', 'queue_max') as is_extreme) x
   where case when x.is_extreme then c.is_claim and c.n is distinct from r.n else coalesce(c.n, 0) <> coalesce(r.n, 0) end
   order by 1, 3, 2, 4, 5;
end $$;

/* Recounts all executions (of a user, of a workflow, if given) in one snapshot and answers every number in which cells and tail
   differ: none, ever. Reads every row, some hundred thousand in 8 s: the parts below have no such limit. p_user_id checks the
   user's cells; p_workflow_id those of the workflow; both, those of the pair. Smallest and largest values are checked where they
   are said to be exact. Callers: tests, people. */
create function public.verify_execution_stats(p_user_id text default null, p_workflow_id uuid default null)
returns table (created_by text, workflow_id uuid, grain text, starts_at timestamptz, field text, counted numeric, recounted numeric)
language plpgsql stable
set search_path = ''
as $$
begin
  return query select * from private.stats_differences(
    case when p_user_id is not null then array[p_user_id] end, case when p_workflow_id is not null then array[p_workflow_id] end,
    null, null, false);
end $$;

/* The ids of users, or of workflows, that executions or counters name, in order, after the last one of a page. Found by steps from
   id to id, so that a page costs what it shows. Callers: Ledger.findDrift. Returns [id]. */
create function public.counted_scopes(p_by text, p_after text, p_limit integer) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_ids text[];
begin
  if p_by = 'user' then
    with recursive named as (
      (select s.created_by as id from public.execution_stats s where s.created_by > coalesce(p_after, '') order by 1 limit 1)
      union all
      select (select s.created_by from public.execution_stats s where s.created_by > n.id order by 1 limit 1)
        from named n where n.id is not null)
    select array_agg(x.id order by x.id) into v_ids from (
      (select u.id from public.users u where u.id > coalesce(p_after, '') order by u.id limit p_limit)
      union (select n.id from named n where n.id is not null limit p_limit)
      order by id limit p_limit) x;
  else
    with recursive named as (
      (select s.workflow_id as id from public.execution_stats s
        where s.created_by = '' and s.grain = 'life' and s.workflow_id > coalesce(p_after, '00000000-0000-0000-0000-000000000000')::uuid
        order by 1 limit 1)
      union all
      select (select s.workflow_id from public.execution_stats s
               where s.created_by = '' and s.grain = 'life' and s.workflow_id > n.id order by 1 limit 1)
        from named n where n.id is not null)
    select array_agg(x.id::text order by x.id) into v_ids from (
      (select w.id from public.workflows w where p_after is null or w.id > p_after::uuid order by w.id limit p_limit)
      union (select n.id from named n where n.id is not null limit p_limit)
      order by id limit p_limit) x;
  end if;
  return to_jsonb(coalesce(v_ids, '{}'));
end $$;

/* The UTC days in which a user or a workflow has executions or counters: { from, to }, null where there are none.
   Callers: Ledger.findDrift. */
create function public.counted_span(p_user_id text default null, p_workflow_id uuid default null) returns jsonb
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
begin
  return (
    select jsonb_build_object('from', date_trunc('day', min(x.first), 'UTC'),
                              'to', date_trunc('day', max(x.last), 'UTC') + interval '1 day')
      from (
        select min(e.started_at) as first, max(e.started_at) as last from public.workflow_executions e
         where (p_user_id is null or e.created_by = p_user_id) and (p_workflow_id is null or e.workflow_id = p_workflow_id)
        union all
        select min(s.starts_at), max(s.starts_at) from public.execution_stats s
         where s.grain = 'day' and (p_user_id is null or s.created_by = p_user_id) and (p_workflow_id is null or s.workflow_id = p_workflow_id)
        union all
        select min(p.starts_at), max(p.starts_at) from public.execution_stats_pruned p
         where (p_user_id is null or p.created_by = p_user_id) and (p_workflow_id is null or p.workflow_id = p_workflow_id)) x);
end $$;

/* One part of a check: of these users, of these workflows, or of both, in a window of whole UTC days if given, or of lives alone.
   Callers: Ledger.findDrift. Returns the rows of verify_execution_stats. */
create function public.verify_execution_stats_part(p_users text[] default null, p_workflows uuid[] default null,
  p_from timestamptz default null, p_to timestamptz default null, p_lives boolean default false) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(to_jsonb(d)), '[]') from private.stats_differences(p_users, p_workflows, p_from, p_to, p_lives) d;
$$;

/* Repairs counters, under the lock of the folder: adds to each cell what stats_differences says it lacks. Answers how many
   numbers it changed. Callers: rebuild_execution_stats, rebuild_execution_stats_part. */
create function private.repair_stats(p_users text[], p_workflows uuid[], p_from timestamptz, p_to timestamptz, p_lives boolean)
returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_cells private.cell_change[];
  v_buckets private.bucket_change[];
  v_labels private.label_change[];
  v_fields integer;
begin
  perform from public.fold_state for update;
  while public.fold_execution_stats() = 20000 loop end loop;
  with drift as materialized (
    select v.*, v.recounted - v.counted as n,
           dense_rank() over (order by v.created_by, v.workflow_id, v.grain, v.starts_at)::int as cell
      from private.stats_differences(p_users, p_workflows, p_from, p_to, p_lives) v)
  select (select count(*) from drift),
         (select array_agg(c.change order by c.cell) from (
            select d.cell, row(min(d.created_by), (array_agg(d.workflow_id))[1], min(d.grain), min(d.starts_at),
                   coalesce(sum(n) filter (where field = 'pending'), 0), coalesce(sum(n) filter (where field = 'running'), 0),
                   coalesce(sum(n) filter (where field = 'completed'), 0), coalesce(sum(n) filter (where field = 'failed'), 0),
                   coalesce(sum(n) filter (where field = 'cancelled'), 0), coalesce(sum(n) filter (where field = 'timed_out'), 0),
                   coalesce(sum(n) filter (where field = 'terminated'), 0),
                   coalesce(sum(n) filter (where field = 'duration_count'), 0), coalesce(sum(n) filter (where field = 'duration_sum'), 0),
                   null, null, null, null,
                   coalesce(sum(n) filter (where field = 'queue_count'), 0), coalesce(sum(n) filter (where field = 'queue_sum'), 0),
                   null, null, null, null, min(d.grain) <> 'life', min(d.grain) <> 'life')::private.cell_change as change
              from drift d group by 1) c),
         (select array_agg(row(d.cell, d.field like 'queue %', split_part(d.field, ' ', 2)::smallint, d.n)::private.bucket_change)
            from drift d where d.field like 'duration %' or d.field like 'queue %'),
         (select array_agg(row(d.created_by, d.workflow_id, d.grain, d.starts_at, split_part(d.field, ' ', 1),
                               substr(d.field, strpos(d.field, ' ') + 1), null, d.n)::private.label_change)
            from drift d where d.field like 'verdict %' or d.field like 'failure %')
    into v_fields, v_cells, v_buckets, v_labels;
  if v_fields > 0 then
    perform private.merge_cells(v_cells, v_buckets, v_labels);
    update public.execution_stats s set is_stale = true from unnest(v_cells) c
     where s.created_by = c.created_by and s.grain = c.grain and s.workflow_id = c.workflow_id and s.starts_at = c.starts_at;
    perform private.find_extremes(1000000);
  end if;
  return v_fields;
end $$;

/* Repairs the counters of everybody, of a user, of a workflow or of a pair in one transaction. Answers how many numbers it changed:
   none, unless somebody wrote to the tables behind the triggers. Callers: tests, people. */
create function public.rebuild_execution_stats(p_user_id text default null, p_workflow_id uuid default null) returns integer
language plpgsql
set search_path = ''
as $$
begin
  return private.repair_stats(
    case when p_user_id is not null then array[p_user_id] end, case when p_workflow_id is not null then array[p_workflow_id] end,
    null, null, false);
end $$;

/* The same for one part, as verify_execution_stats_part takes it. Callers: Ledger.repairDrift. */
create function public.rebuild_execution_stats_part(p_users text[] default null, p_workflows uuid[] default null,
  p_from timestamptz default null, p_to timestamptz default null, p_lives boolean default false) returns integer
language plpgsql
set search_path = ''
as $$
begin
  return private.repair_stats(p_users, p_workflows, p_from, p_to, p_lives);
end $$;
