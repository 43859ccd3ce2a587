-- Recounts executions, names what differs from the counters, and sets it right. The recount goes a way of its own: it
-- groups the executions themselves and knows a total by how it was grouped, where the folder adds changes and marks a
-- total by an id.

/* Every number that is counted, in long form, as the rows and what was pruned have it: of users, of workflows, or of
   both, started in a window of whole UTC days (null: ever). Callers: stats_differences. */
-- for: service_role
create function runledger_private.recount(p_users text[], p_workflows uuid[], p_from timestamptz, p_to timestamptz,
  p_hours_from timestamptz)
returns table (created_by text, workflow_id uuid, grain text, starts_at timestamptz, field text, is_total boolean,
  n numeric)
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
           case when f.field in ('duration_min', 'queue_min') then min(f.n)
             when f.field in ('duration_max', 'queue_max') then max(f.n)
                else sum(f.n) end as n
      from runledger.workflow_executions e,
           lateral (select runledger_private.queue_ms(e.started_at, e.first_task_at) as ms) q,
           lateral (values (e.status, 1::bigint),
             ('duration_count', case when e.duration_ms is not null then 1 end), ('duration_sum', e.duration_ms),
             ('duration_min', e.duration_ms), ('duration_max', e.duration_ms),
             ('duration ' || runledger_private.bucket_of(e.duration_ms), 1),
             ('queue_count', case when q.ms is not null then 1 end), ('queue_sum', q.ms),
             ('queue_min', q.ms), ('queue_max', q.ms), ('queue ' || runledger_private.bucket_of(q.ms), 1),
             ('verdict ' || e.verdict, 1), ('failure ' || e.failure_group, 1)) f (field, n)
     where f.field is not null and f.n is not null
       and (p_users is null or e.created_by = any (p_users))
         and (p_workflows is null or e.workflow_id = any (p_workflows))
       and (p_from is null or (e.started_at >= p_from and e.started_at < p_to))
     group by 1, 2, 3, 4, 5
    union all
    select p.created_by, p.workflow_id, p.grain, p.starts_at, f.field, f.n::numeric
      from runledger.execution_stats_pruned p,
           lateral (
             select runledger_private.status_at(u.place), u.n from unnest(p.counts) with ordinality u (n, place)
             union all select * from (values ('duration_count', p.duration_count), ('duration_sum', p.duration_sum),
               ('duration_min', p.duration_min), ('duration_max', p.duration_max),
               ('queue_count', p.queue_count), ('queue_sum', p.queue_sum), ('queue_min', p.queue_min),
               ('queue_max', p.queue_max)) v
             union all select 'duration ' || d.bucket, d.n
               from unnest(p.duration_buckets, p.duration_counts) d (bucket, n)
             union all select 'queue ' || d.bucket, d.n from unnest(p.queue_buckets, p.queue_counts) d (bucket, n)
             union all select 'verdict ' || v.key, v.value::bigint from jsonb_each_text(p.verdicts) v
             union all select 'failure ' || v.key, v.value::bigint from jsonb_each_text(p.failures) v) f (field, n)
     where (p_users is null or p.created_by = any (p_users))
       and (p_workflows is null or p.workflow_id = any (p_workflows))
       and (p_from is null or (p.starts_at >= p_from and p.starts_at < p_to)))
  select case when grouping(a.created_by) = 1 then '' else a.created_by end,
         case when grouping(a.workflow_id) = 1 then '00000000-0000-0000-0000-000000000000' else a.workflow_id end,
         g.grain, g.starts_at, a.field, grouping(a.created_by) + grouping(a.workflow_id) > 0,
         case when a.field in ('duration_min', 'queue_min') then min(a.n)
           when a.field in ('duration_max', 'queue_max') then max(a.n)
              else sum(a.n) end
    from part a,
         lateral (values ('hour', a.starts_at), ('day', date_trunc('day', a.starts_at, 'UTC')),
           ('life', '-infinity')) g (grain, starts_at)
   where case g.grain when 'hour' then a.grain = 'hour' and a.starts_at >= p_hours_from
                      when 'life' then p_from is null and a.field not like 'duration %' and a.field not like 'queue %'
                        else true end
   group by grouping sets ((g.grain, g.starts_at, a.field, a.created_by, a.workflow_id),
     (g.grain, g.starts_at, a.field, a.created_by),
                           (g.grain, g.starts_at, a.field, a.workflow_id))
  having (p_users is null or grouping(a.created_by) = 0) and (p_workflows is null or grouping(a.workflow_id) = 0);
end $$;
