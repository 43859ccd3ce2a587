/* Numbers of a life that differ from the sum of its days: what is left to compare where the executions are too many to
   be read in one statement and were compared day by day. Callers: stats_differences. */
-- for: service_role
create function runledger_private.life_differences(p_users text[], p_workflows uuid[])
returns table (created_by text, workflow_id uuid, grain text, starts_at timestamptz, field text, counted numeric,
  recounted numeric)
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
        from runledger.execution_stats c,
             lateral (
               select runledger_private.status_at(u.place), u.n from unnest(c.counts) with ordinality u (n, place)
               union all select * from (values ('duration_count', c.duration_count), ('duration_sum', c.duration_sum),
                 ('queue_count', c.queue_count), ('queue_sum', c.queue_sum)) v) f (field, n)
       where c.grain in ('day', 'life') and (p_users is null or c.created_by = any (p_users))
         and (p_workflows is null or c.workflow_id = any (p_workflows))
      union all
      select l.created_by, l.workflow_id, l.grain, l.kind || ' ' || l.label, l.executions
        from runledger.execution_label_stats l
       where l.grain in ('day', 'life') and (p_users is null or l.created_by = any (p_users))
         and (p_workflows is null or l.workflow_id = any (p_workflows))) x
   group by 1, 2, 5
  having coalesce(sum(x.n) filter (where x.grain = 'life'), 0) <> coalesce(sum(x.n) filter (where x.grain = 'day'), 0);
end $$;
