/* What differs between the counters and a recount: of users, of workflows or of both (null: all), in a window of whole
   UTC days (null: ever). Of lives alone with p_lives. Of users, ever, also what their executions keep
   (stored_bytes). Callers: verify_execution_stats, verify_execution_stats_part, repair_stats. */
-- for: service_role
create function runledger_private.stats_differences(p_users text[], p_workflows uuid[], p_from timestamptz,
  p_to timestamptz, p_lives boolean)
returns table (created_by text, workflow_id uuid, grain text, starts_at timestamptz, field text, counted numeric,
  recounted numeric)
language plpgsql stable
set search_path = ''
set work_mem = '64MB'
as $$
#variable_conflict use_column
declare
  v_hours_from timestamptz := (select s.hours_from from runledger.fold_state s);
begin
  if p_lives then
    return query select * from runledger_private.life_differences(p_users, p_workflows);
    return;
  end if;
  return query
  select created_by, workflow_id, grain, starts_at, field,
         case when x.is_extreme then c.n else coalesce(c.n, 0) end, case when x.is_extreme then r.n
           else coalesce(r.n, 0) end
    from (select true as is_claim, c.* from runledger_private.counted(p_users, p_workflows, p_from, p_to,
      v_hours_from) c) c
    full join runledger_private.recount(p_users, p_workflows, p_from, p_to, v_hours_from) r
   using (created_by, workflow_id, grain, starts_at, field, is_total),
         lateral (select field in ('duration_min', 'duration_max', 'queue_min', 'queue_max') as is_extreme) x
   where case when x.is_extreme then c.is_claim and c.n is distinct from r.n
     else coalesce(c.n, 0) <> coalesce(r.n, 0) end
   order by 1, 3, 2, 4, 5;
  if p_workflows is null and p_from is null then
    return query select d.created_by, '00000000-0000-0000-0000-000000000000'::uuid, 'life', '-infinity'::timestamptz,
        'stored_bytes', d.counted, d.recounted
      from runledger_private.storage_differences(p_users) d;
  end if;
end $$;
