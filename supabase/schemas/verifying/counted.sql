/* The same numbers as cells and tail have them. Smallest and largest values only of cells that claim them: not stale,
   and no delta waits. Callers: stats_differences. */
-- for: service_role
create function runledger_private.counted(p_users text[], p_workflows uuid[], p_from timestamptz, p_to timestamptz,
  p_hours_from timestamptz)
returns table (created_by text, workflow_id uuid, grain text, starts_at timestamptz, field text, is_total boolean,
  n numeric)
language plpgsql stable
set search_path = ''
set work_mem = '64MB'
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
  v_below xid8 := runledger_private.folded_below();
  v_nil constant uuid := '00000000-0000-0000-0000-000000000000';
begin
  return query
  with delta as materialized (
    select d.* from runledger.execution_deltas d
     where d.xid >= v_below
       and (p_users is null or d.created_by = any (p_users))
         and (p_workflows is null or d.workflow_id = any (p_workflows))),
  tail as materialized (
    select d.created_by, d.workflow_id, d.hour, f.field, sum(f.n) as n
      from delta d, lateral runledger_private.signs_of(row(d.*)::runledger.execution_deltas) s,
           lateral (values (s.status, s.n::bigint),
             ('duration_count', case when s.duration_ms is not null then s.n end),
             ('duration_sum', s.n * s.duration_ms),
             ('duration ' || runledger_private.bucket_of(s.duration_ms), s.n),
             ('queue_count', case when s.queue_ms is not null then s.n end), ('queue_sum', s.n * s.queue_ms),
             ('queue ' || runledger_private.bucket_of(s.queue_ms), s.n),
             ('verdict ' || s.verdict, s.n), ('failure ' || s.failure_group, s.n)) f (field, n)
     where f.field is not null and f.n is not null and (p_from is null or (d.hour >= p_from and d.hour < p_to))
     group by 1, 2, 3, 4),
  cell as materialized (
    select c.* from runledger.execution_stats c
     where (p_users is null or c.created_by = any (p_users))
       and (p_workflows is null or c.workflow_id = any (p_workflows))
       and (p_from is null or (c.grain <> 'life' and c.starts_at >= p_from and c.starts_at < p_to))
       and (c.grain <> 'hour' or c.starts_at >= p_hours_from)),
  folded as (
    select c.created_by, c.workflow_id, c.grain, c.starts_at, f.field, c.created_by = ''
      or c.workflow_id = v_nil as is_total, f.n
      from cell c,
           lateral (
             select runledger_private.status_at(u.place), u.n from unnest(c.counts) with ordinality u (n, place)
             union all select * from (values ('duration_count', c.duration_count), ('duration_sum', c.duration_sum),
               ('queue_count', c.queue_count), ('queue_sum', c.queue_sum)) v
             union all select 'duration ' || d.bucket, d.n
               from unnest(c.duration_buckets, c.duration_counts) d (bucket, n)
             union all select 'queue ' || d.bucket, d.n
               from unnest(c.queue_buckets, c.queue_counts) d (bucket, n)) f (field, n)
    union all
    select l.created_by, l.workflow_id, l.grain, l.starts_at, l.kind || ' ' || l.label, l.created_by = ''
      or l.workflow_id = v_nil,
           l.executions
      from runledger.execution_label_stats l
     where (p_users is null or l.created_by = any (p_users))
       and (p_workflows is null or l.workflow_id = any (p_workflows))
       and (p_from is null or (l.grain <> 'life' and l.starts_at >= p_from and l.starts_at < p_to))
       and (l.grain <> 'hour' or l.starts_at >= p_hours_from)
    union all
    select k.created_by, k.workflow_id, k.grain, k.starts_at, t.field, k.created_by = '' or k.workflow_id = v_nil, t.n
      from tail t, lateral runledger_private.cells_of(t.created_by, t.workflow_id, t.hour, p_hours_from) k
     where (k.grain <> 'life' or (p_from is null and t.field not like 'duration %' and t.field not like 'queue %'))
       and (p_users is null or k.created_by <> '') and (p_workflows is null or k.workflow_id <> v_nil))
  select f.created_by, f.workflow_id, f.grain, f.starts_at, f.field, f.is_total, sum(f.n) from folded f group by 1, 2,
         3, 4, 5, 6
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
