/* The unsettled executions of one user in a namespace, as figures of their own: what a proof says to a tenant. Counts
   no further than 10,000. Callers: Ledger.ownFigures. Returns { open, health, unchecked, oldestCheckAgeMs, capped }. */
-- for: service_role
create function runledger.own_figures(p_user_id text, p_namespace text) returns jsonb
language sql stable
set search_path = ''
as $$
  with checks as (
    select c.health, c.last_check_at as at
      from runledger.workflow_executions e
      join runledger.execution_checks c on c.execution_id = e.id and c.temporal_namespace = p_namespace
     where e.created_by = p_user_id
       and (e.outcome_authority is null or (e.engine = 'temporal' and e.outcome_authority = 'reported'
         and e.lost_at is null))
     limit 10000)
  select jsonb_build_object(
    'open', (select count(*) from checks),
    'health', jsonb_build_object('live', 0, 'late', 0, 'wedged', 0, 'cancelling', 0, 'lost', 0)
      || coalesce((select jsonb_object_agg(c.health, c.n)
                     from (select health, count(*) as n from checks where health is not null group by 1) c), '{}'),
    'unchecked', (select count(*) from checks where at is null),
    'oldestCheckAgeMs', (select greatest(0, extract(epoch from clock_timestamp() - min(at)) * 1000)::bigint from checks
                          having min(at) is not null),
    'capped', (select count(*) >= 10000 from checks));
$$;
