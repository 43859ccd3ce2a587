-- What the database counts for the proof, and the whole story of one execution. Service role only.

/* The transaction that holds up the feed of changes for longer than p_after; null while none does. Whoever reads changes goes
   no further than the oldest transaction of the whole cluster, in whatever database, a prepared one too. Without the right
   to read other roles' sessions, `kind` is `unknown`. Shows no query text, and so has more rights than its caller.
   Callers: ledger_figures. Returns { kind, pid, application, database, state, gid, since, waitingMs }. */
create function private.change_feed_blocker(p_after interval default interval '10 seconds') returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_xmin constant xid8 := pg_snapshot_xmin(pg_current_snapshot());
  v_blocker jsonb;
  v_since timestamptz;
  v_unread timestamptz;
begin
  select jsonb_build_object('kind', 'session', 'pid', a.pid, 'application', nullif(a.application_name, ''),
           'database', a.datname, 'state', a.state, 'gid', null), a.xact_start
    into v_blocker, v_since
    from pg_catalog.pg_stat_activity a where a.backend_xid = v_xmin::xid limit 1;
  if v_blocker is null then
    select jsonb_build_object('kind', 'prepared', 'pid', null, 'application', null,
             'database', p.database, 'state', 'prepared', 'gid', p.gid), p.prepared
      into v_blocker, v_since
      from pg_catalog.pg_prepared_xacts p where p.transaction = v_xmin::xid limit 1;
  end if;
  -- The oldest change that nobody can read yet, and whose transaction has ended.
  select c.changed_at into v_unread from public.execution_changes c where c.xid >= v_xmin order by c.xid limit 1;
  if v_blocker is null then
    -- Nobody is at it, unless other roles' sessions are hidden.
    if v_xmin = pg_snapshot_xmax(pg_current_snapshot()) then return null; end if;
    v_blocker := jsonb_build_object('kind', 'unknown', 'pid', null, 'application', null, 'database', null, 'state', null, 'gid', null);
  end if;
  if coalesce(v_since, v_unread, 'infinity') > clock_timestamp() - p_after then return null; end if;
  return v_blocker || jsonb_build_object('since', coalesce(v_since, v_unread), 'waitingMs',
    (extract(epoch from clock_timestamp() - v_unread) * 1000)::bigint);
end $$;

/* Counts unsettled executions by health, and the last hour's ends by who noticed them first, with close -> recorded in
   milliseconds. Looks at the latest 10,000 changes of status at most.
   Callers: Ledger.figures. */
create function public.ledger_figures(p_namespace text) returns jsonb
language sql stable
set search_path = ''
as $$
  -- One look at each check, however many numbers come of it.
  with checks as materialized (
    select c.health, count(*) as n, min(c.last_check_at) as at, count(*) filter (where c.last_check_at is null) as never,
           min(c.next_check_at) filter (where c.last_check_at is null) as unchecked_since
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
    -- `having`: without rows there is no age, and greatest(0, null) is 0.
    'oldestCheckAgeMs', (select greatest(0, extract(epoch from clock_timestamp() - min(at)) * 1000)::bigint from checks
                          having min(at) is not null),
    -- A check that was never made is due since the execution was recorded.
    'oldestUncheckedAgeMs', (select greatest(0, extract(epoch from clock_timestamp() - min(unchecked_since)) * 1000)::bigint
                               from checks having min(unchecked_since) is not null),
    'timelines', (select jsonb_build_object('pending', count(*), 'oldestAgeMs', case when count(*) > 0 then
                    greatest(0, extract(epoch from clock_timestamp() - min(t.next_try_at)) * 1000)::bigint end)
                    from (select x.next_try_at from public.execution_timelines x
                           where x.temporal_namespace = p_namespace and x.state = 'pending'
                           order by x.next_try_at limit 10000) t),
    'changeFeedHeldBy', private.change_feed_blocker(),
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

/* The unsettled executions of one user in a namespace, as figures of their own: what a proof says to a tenant. Counts no
   further than 10,000. Callers: Ledger.ownFigures. Returns { open, health, unchecked, oldestCheckAgeMs, capped }. */
create function public.own_figures(p_user_id text, p_namespace text) returns jsonb
language sql stable
set search_path = ''
as $$
  with checks as (
    select c.health, c.last_check_at as at
      from public.workflow_executions e
      join public.execution_checks c on c.execution_id = e.id and c.temporal_namespace = p_namespace
     where e.created_by = p_user_id
       and (e.outcome_authority is null or (e.engine = 'temporal' and e.outcome_authority = 'reported' and e.lost_at is null))
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

/* Namespaces with unsettled executions that no monitor has published a proof of lately: nobody follows them. Late is twice
   the period that the proof gives, and a minute at least. One probe for each namespace there is.
   Callers: Ledger.unprovenNamespaces. Returns [{ namespace, provedAt }]. */
create function public.unproven_namespaces() returns jsonb
language sql stable
set search_path = ''
as $$
  with recursive n as (
    (select c.temporal_namespace as name from public.execution_checks c order by 1 limit 1)
    union all
    select (select c.temporal_namespace from public.execution_checks c where c.temporal_namespace > n.name order by 1 limit 1)
      from n where n.name is not null)
  select coalesce(jsonb_agg(jsonb_build_object('namespace', n.name, 'provedAt', m.proof ->> 'at') order by n.name), '[]')
    from n
    left join public.monitor_state m on m.temporal_namespace = n.name
   where n.name is not null
     -- Without any proof yet: a minute after the first execution came, so that a first start is not blamed.
     and (m.proof is not null or (
       select c.next_check_at from public.execution_checks c where c.temporal_namespace = n.name
        order by c.next_check_at limit 1) < clock_timestamp() - interval '1 minute')
     and coalesce((m.proof ->> 'at')::timestamptz, '-infinity') < clock_timestamp()
           - greatest(interval '1 minute', 2 * make_interval(secs => coalesce((m.proof ->> 'periodMs')::float8, 0) / 1000));
$$;
