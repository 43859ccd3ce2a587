-- What the database counts for the proof, and the whole story of one execution. Service role only.

/* Counts unsettled executions by health, and the last hour's ends by who noticed them first, with close -> recorded in
   milliseconds. Looks at the latest 10,000 changes of status at most.
   Callers: Ledger.figures. */
create function public.ledger_figures(p_namespace text) returns jsonb
language sql stable
set search_path = ''
as $$
  -- One look at each check, however many numbers come of it.
  with checks as materialized (
    select c.health, count(*) as n, min(coalesce(c.last_check_at, c.started_at)) as at,
           count(*) filter (where c.last_check_at is null) as never
      from public.execution_checks c where c.temporal_namespace = p_namespace group by 1),
  latest as materialized (
    -- Ids are in the order of time, so that the latest are read from the end of the primary key.
    select t.* from public.execution_transitions t order by t.id desc limit 10000),
  changes as materialized (
    select t.*, e.completed_at, e.closing_run_id
      from (select * from latest l where l.authority = 'engine' and l.at > statement_timestamp() - interval '1 hour') t
      join public.workflow_executions e on e.id = t.execution_id and e.temporal_namespace = p_namespace),
  ends as (
    select t.source, greatest(0, extract(epoch from t.at - t.completed_at) * 1000)::bigint as lag
      from changes t
     where t.to_status not in ('pending', 'running') and t.completed_at is not null and t.closing_run_id = t.run_id)
  select jsonb_build_object(
    'open', (select coalesce(sum(n), 0) from checks),
    'health', jsonb_build_object('live', 0, 'late', 0, 'wedged', 0, 'cancelling', 0, 'lost', 0)
      || coalesce((select jsonb_object_agg(c.health, c.n)
                     from checks c where c.health is not null), '{}'),
    'unchecked', (select coalesce(sum(never), 0) from checks),
    'oldestCheckAt', (select min(at) from checks),
    'oldestCheckAgeMs', (select greatest(0, extract(epoch from clock_timestamp() - min(at)) * 1000)::bigint from checks),
    'recorded', coalesce((
      select jsonb_object_agg(s.source, jsonb_build_object('count', s.n, 'p50Ms', s.p[1], 'p95Ms', s.p[2], 'p99Ms', s.p[3], 'maxMs', s.p[4]))
        from (select source, count(*) as n,
                     percentile_disc(array[0.5, 0.95, 0.99, 1]) within group (order by lag) as p
                from ends group by 1) s), '{}'),
    'corrected', coalesce((
      select jsonb_object_agg(s.source, s.n)
        from (select t.source, count(*) as n from changes t
               where t.from_status in ('completed', 'failed', 'cancelled', 'timed_out', 'terminated')
                 and t.to_status <> t.from_status
               group by 1) s), '{}'),
    'capped', (select count(*) >= 10000 and min(l.at) > clock_timestamp() - interval '1 hour' from latest l));
$$;

/* Everything the ledger holds of one execution, by row id or Temporal workflow id; null when there is none.
   Callers: Ledger.story. */
create function public.execution_story(p_ref text) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object(
    'execution', to_jsonb(e),
    'workflow_name', (select w.name from public.workflows w where w.id = e.workflow_id),
    'followed', case when e.engine = 'temporal' then (select to_jsonb(f) from private.followed(e, c) f) end,
    'transitions', coalesce((select jsonb_agg(to_jsonb(t) order by t.revision, t.at)
                               from public.execution_transitions t where t.execution_id = e.id), '[]'),
    'runs', coalesce((select jsonb_agg(to_jsonb(r) order by r.started_at)
                        from (select * from public.execution_runs k where k.execution_id = e.id
                               order by k.started_at desc limit 100) r), '[]'),
    'reports', coalesce((select jsonb_agg(to_jsonb(r) order by r.reported_at)
                           from (select * from public.execution_reports k where k.execution_id = e.id
                                  order by k.reported_at desc limit 100) r), '[]'),
    'health', case when c.health is not null then
      jsonb_build_object('health', c.health, 'reason', c.reason, 'remedy', c.remedy, 'checked_at', c.last_check_at) end,
    'timeline', (select to_jsonb(t) from public.execution_timelines t where t.execution_id = e.id))
    from public.workflow_executions e
    left join public.execution_checks c on c.execution_id = e.id
   where e.id = private.find_execution(p_ref);
$$;
