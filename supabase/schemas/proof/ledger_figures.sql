/* Counts unsettled executions by health, and the last hour's ends by who noticed them first, with close -> recorded in
   milliseconds. Looks at the latest 10,000 changes of status at most.
   Callers: Ledger.figures. */
-- for: service_role
create function runledger.ledger_figures(p_namespace text) returns jsonb
language sql stable
set search_path = ''
as $$
  -- One look at each check, however many numbers come of it.
  with checks as materialized (
    select c.health, count(*) as n, min(c.last_check_at) as at,
           count(*) filter (where c.last_check_at is null) as never,
           min(c.next_check_at) filter (where c.last_check_at is null) as unchecked_since
      from runledger.execution_checks c where c.temporal_namespace = p_namespace group by 1),
  latest as materialized (
    -- Not those whose transaction ids a dump brought from another cluster, as far as they are ahead of this one's.
    select t.* from runledger.execution_transitions t where t.xid < pg_snapshot_xmax(pg_current_snapshot())
     order by t.xid desc limit 10000),
  changes as materialized (
    select t.*, e.completed_at, e.closing_run_id
      from (select * from latest l where l.authority = 'engine' and l.at > statement_timestamp() - interval '1 hour') t
      join runledger.workflow_executions e on e.id = t.execution_id and e.temporal_namespace = p_namespace),
  ends as (
    select t.source, greatest(0, extract(epoch from t.at - t.completed_at) * 1000)::bigint as lag
      from changes t
     where not runledger_private.is_open(t.to_status) and t.completed_at is not null and t.closing_run_id = t.run_id)
  select jsonb_build_object(
    'open', (select coalesce(sum(n), 0) from checks),
    'health', jsonb_build_object('live', 0, 'late', 0, 'wedged', 0, 'cancelling', 0, 'lost', 0)
      || coalesce((select jsonb_object_agg(c.health, c.n)
                     from checks c where c.health is not null), '{}'),
    'unchecked', (select coalesce(sum(never), 0) from checks),
    'oldestCheckAt', (select min(at) from checks),
    -- `having`: without rows there is no age, and greatest(0, null) is 0.
    'oldestCheckAgeMs', (select greatest(0, extract(epoch from clock_timestamp() - min(at)) * 1000)::bigint from checks
                          having min(at) is not null),
    -- A check that was never made is due since the execution was recorded.
    'oldestUncheckedAgeMs', (select greatest(0,
      extract(epoch from clock_timestamp() - min(unchecked_since)) * 1000)::bigint
                               from checks having min(unchecked_since) is not null),
    'timelines', (select jsonb_build_object('pending', count(*), 'oldestAgeMs', case when count(*) > 0 then
                    greatest(0, extract(epoch from clock_timestamp() - min(t.next_try_at)) * 1000)::bigint end)
                    from (select x.next_try_at from runledger.execution_timelines x
                           where x.temporal_namespace = p_namespace and x.state = 'pending'
                           order by x.next_try_at limit 10000) t),
    'changeFeedHeldBy', runledger_private.change_feed_blocker(),
    'recorded', coalesce((
      select jsonb_object_agg(s.source, jsonb_build_object('count', s.n, 'p50Ms', s.p[1], 'p95Ms', s.p[2], 'p99Ms',
        s.p[3], 'maxMs', s.p[4]))
        from (select source, count(*) as n,
                     percentile_disc(array[0.5, 0.95, 0.99, 1]) within group (order by lag) as p
                from ends group by 1) s), '{}'),
    'corrected', coalesce((
      select jsonb_object_agg(s.source, s.n)
        from (select t.source, count(*) as n from changes t
               where runledger_private.is_end(t.from_status)
                 and t.to_status <> t.from_status
               group by 1) s), '{}'),
    'capped', (select count(*) >= 10000 and min(l.at) > clock_timestamp() - interval '1 hour' from latest l));
$$;
