/* How many executions of a window were pruned: counters keep them, lists do not have them. Null where that is too much
   to add up. The window is one that counters can say, so no row lies across its ends. Callers: count_executions. */
-- for: service_role
create function runledger_private.count_pruned(p_user_id text, p_workflow_id uuid, p_from timestamptz, p_to timestamptz,
                                     p_statuses text[]) returns bigint
language plpgsql stable
set search_path = ''
as $$
begin
  return (with pruned as materialized (
    select p.counts from runledger.execution_stats_pruned p
     where (p_user_id is null or p.created_by = p_user_id) and (p_workflow_id is null or p.workflow_id = p_workflow_id)
       and (p_from is null or p.starts_at >= p_from) and (p_to is null or p.starts_at < p_to)
     limit 1001)
  select case when (select count(*) from pruned) <= 1000 then coalesce(sum(s.n), 0)::bigint end
    from pruned p, unnest(p.counts) with ordinality s (n, place)
   where p_statuses is null or runledger_private.status_at(s.place) = any (p_statuses));
end $$;
