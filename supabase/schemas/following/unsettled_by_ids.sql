/* Which of these executions are unsettled. Callers: Ledger.unsettledByIds. Returns [followed_execution]. */
-- for: service_role
create function runledger.unsettled_by_ids(p_namespace text, p_ids uuid[]) returns json
language sql stable
set search_path = ''
as $$
  select coalesce(json_agg(row_to_json(f)), '[]')
    from (select distinct i.id from unnest(p_ids) i (id)) i
   cross join lateral (select * from runledger.execution_checks k where k.execution_id = i.id limit 1) c
   cross join lateral (select * from runledger.workflow_executions x where x.id = i.id limit 1) e
   cross join lateral runledger_private.followed(e, c) f
   where c.temporal_namespace = p_namespace;
$$;
