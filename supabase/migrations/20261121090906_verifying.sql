-- Recounts everything, names what differs, and sets it right.

/* Every number that is counted, in long form, as the rows and what was pruned have it. Callers: verify_execution_stats. */
create function private.recount(p_user text, p_workflow uuid, p_hours_from timestamptz)
returns table (created_by text, workflow_id uuid, grain text, starts_at timestamptz, field text, n numeric)
language sql stable
set search_path = ''
as $$
  with row_field as (
    select e.created_by, e.workflow_id, 'hour' as grain, date_trunc('hour', e.started_at, 'UTC') as starts_at, f.field, sum(f.n) as n
      from public.workflow_executions e,
           lateral (select private.queue_ms(e.started_at, e.first_task_at) as ms) q,
           lateral (values (e.status, 1::bigint),
             ('duration_count', case when e.duration_ms is not null then 1 end), ('duration_sum', e.duration_ms),
             ('duration ' || private.bucket_of(e.duration_ms), 1),
             ('queue_count', case when q.ms is not null then 1 end), ('queue_sum', q.ms),
             ('queue ' || private.bucket_of(q.ms), 1),
             ('verdict ' || e.verdict, 1), ('failure ' || e.failure_group, 1)) f (field, n)
     where f.field is not null and f.n is not null
       and (p_user is null or e.created_by = p_user) and (p_workflow is null or e.workflow_id = p_workflow)
     group by 1, 2, 3, 4, 5),
  pruned_field as (
    select p.created_by, p.workflow_id, p.grain, p.starts_at, f.field, f.n
      from public.execution_stats_pruned p,
           lateral (
             select * from (values ('completed', p.completed), ('failed', p.failed), ('cancelled', p.cancelled),
               ('timed_out', p.timed_out), ('terminated', p.terminated), ('duration_count', p.duration_count),
               ('duration_sum', p.duration_sum), ('queue_count', p.queue_count), ('queue_sum', p.queue_sum)) v
             union all select 'duration ' || d.bucket, d.n from unnest(p.duration_buckets, p.duration_counts) d (bucket, n)
             union all select 'queue ' || d.bucket, d.n from unnest(p.queue_buckets, p.queue_counts) d (bucket, n)
             union all select 'verdict ' || v.key, v.value::bigint from jsonb_each_text(p.verdicts) v
             union all select 'failure ' || v.key, v.value::bigint from jsonb_each_text(p.failures) v) f (field, n)
     where (p_user is null or p.created_by = p_user) and (p_workflow is null or p.workflow_id = p_workflow))
  select k.created_by, k.workflow_id, k.grain, k.starts_at, a.field, sum(a.n)
    from (select * from row_field union all select * from pruned_field) a,
         lateral private.cells_of(a.created_by, a.workflow_id, a.starts_at, p_hours_from, a.grain) k
   where k.grain <> 'life' or (a.field not like 'duration %' and a.field not like 'queue %')
   group by 1, 2, 3, 4, 5;
$$;

/* The same numbers as cells and tail have them. Callers: verify_execution_stats. */
create function private.counted(p_user text, p_workflow uuid, p_hours_from timestamptz)
returns table (created_by text, workflow_id uuid, grain text, starts_at timestamptz, field text, n numeric)
language sql stable
set search_path = ''
as $$
  with tail as (
    select d.created_by, d.workflow_id, d.hour, f.field, sum(f.n) as n
      from public.execution_deltas d, lateral private.signs_of(d) s,
           lateral (values (s.status, s.n::bigint),
             ('duration_count', case when s.duration_ms is not null then s.n end), ('duration_sum', s.n * s.duration_ms),
             ('duration ' || private.bucket_of(s.duration_ms), s.n),
             ('queue_count', case when s.queue_ms is not null then s.n end), ('queue_sum', s.n * s.queue_ms),
             ('queue ' || private.bucket_of(s.queue_ms), s.n),
             ('verdict ' || s.verdict, s.n), ('failure ' || s.failure_group, s.n)) f (field, n)
     where f.field is not null and f.n is not null and d.xid >= private.folded_below()
       and (p_user is null or d.created_by = p_user) and (p_workflow is null or d.workflow_id = p_workflow)
     group by 1, 2, 3, 4),
  folded as (
    select c.created_by, c.workflow_id, c.grain, c.starts_at, f.field, f.n
      from public.execution_stats c,
           lateral (
             select * from (values ('pending', c.pending), ('running', c.running), ('completed', c.completed),
               ('failed', c.failed), ('cancelled', c.cancelled), ('timed_out', c.timed_out), ('terminated', c.terminated),
               ('duration_count', c.duration_count), ('duration_sum', c.duration_sum),
               ('queue_count', c.queue_count), ('queue_sum', c.queue_sum)) v
             union all select 'duration ' || d.bucket, d.n from unnest(c.duration_buckets, c.duration_counts) d (bucket, n)
             union all select 'queue ' || d.bucket, d.n from unnest(c.queue_buckets, c.queue_counts) d (bucket, n)) f (field, n)
    union all
    select l.created_by, l.workflow_id, l.grain, l.starts_at, l.kind || ' ' || l.label, l.executions
      from public.execution_label_stats l)
  select a.created_by, a.workflow_id, a.grain, a.starts_at, a.field, sum(a.n)
    from (
      select * from folded f where f.grain <> 'hour' or f.starts_at >= p_hours_from
      union all
      select k.created_by, k.workflow_id, k.grain, k.starts_at, t.field, t.n
        from tail t, lateral private.cells_of(t.created_by, t.workflow_id, t.hour, p_hours_from) k
       where k.grain <> 'life' or (t.field not like 'duration %' and t.field not like 'queue %')) a
   group by 1, 2, 3, 4, 5;
$$;

/* Recounts all executions (of a user, of a workflow, if given) and answers every number in which cells and tail differ:
   none, ever. Reads every row: seconds for a million. p_user_id checks the user's cells; p_workflow_id those of the
   workflow; both, those of the pair. Smallest and largest values are checked where they are said to be exact.
   Callers: `runledger verify`, rebuild_execution_stats, tests. */
create function public.verify_execution_stats(p_user_id text default null, p_workflow_id uuid default null)
returns table (created_by text, workflow_id uuid, grain text, starts_at timestamptz, field text, counted numeric, recounted numeric)
language plpgsql stable
set search_path = ''
as $$
declare
  v_hours_from timestamptz := (select s.hours_from from public.fold_state s);
  v_below xid8 := private.folded_below();
  v_nil uuid := '00000000-0000-0000-0000-000000000000';
begin
  return query
  with difference as (
    select a.created_by, a.workflow_id, a.grain, a.starts_at, a.field, sum(a.counted) as counted, sum(a.recounted) as recounted
      from (select c.created_by, c.workflow_id, c.grain, c.starts_at, c.field, c.n as counted, 0::numeric as recounted
              from private.counted(p_user_id, p_workflow_id, v_hours_from) c
            union all
            select r.created_by, r.workflow_id, r.grain, r.starts_at, r.field, 0, r.n
              from private.recount(p_user_id, p_workflow_id, v_hours_from) r) a
     group by 1, 2, 3, 4, 5 having sum(a.counted) <> sum(a.recounted)),
  extreme as (
    select c.created_by, c.workflow_id, c.grain, c.starts_at, x.field, x.counted::numeric, x.recounted::numeric
      from public.execution_stats c
      cross join lateral private.extremes_of_rows(c.created_by, c.workflow_id,
        c.starts_at, case c.grain when 'hour' then c.starts_at + interval '1 hour' when 'day' then c.starts_at + interval '1 day' else 'infinity' end) r
      cross join lateral (values ('duration_min', c.duration_min, r.duration_min), ('duration_max', c.duration_max, r.duration_max),
        ('queue_min', c.queue_min, r.queue_min), ('queue_max', c.queue_max, r.queue_max)) x (field, counted, recounted)
     where not c.is_stale and (c.grain <> 'hour' or c.starts_at >= v_hours_from)
       and (p_user_id is null or c.created_by = p_user_id) and (p_workflow_id is null or c.workflow_id = p_workflow_id)
       and x.counted is distinct from x.recounted
       -- Where deltas wait, smallest and largest are those of cell and tail together.
       and not exists (
         select from public.execution_deltas d
          where d.xid >= v_below and (c.created_by = '' or d.created_by = c.created_by)
            and (c.workflow_id = v_nil or d.workflow_id = c.workflow_id)))
  select d.created_by, d.workflow_id, d.grain, d.starts_at, d.field, d.counted, d.recounted
    from difference d
   where (p_user_id is null or d.created_by = p_user_id)
     and (p_workflow_id is null or d.workflow_id = p_workflow_id)
  union all
  select * from extreme
  order by 1, 3, 2, 4, 5;
end $$;

/* Repairs the counters, under the lock of the folder: adds to each cell what verify_execution_stats says it lacks.
   Answers how many numbers it changed: none, unless somebody wrote to the tables behind the triggers.
   Callers: `runledger verify --repair`. */
create function public.rebuild_execution_stats(p_user_id text default null, p_workflow_id uuid default null) returns integer
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
      from public.verify_execution_stats(p_user_id, p_workflow_id) v)
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
