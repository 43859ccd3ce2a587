-- What the feeds ask about runs, and how runs that were started elsewhere become executions. Service role only.

/* What is known of runs, in their order. `isRecorded`: the run's end, or a later run of its chain, is in the ledger.
   `execution`: the one that the run belongs to; for an unknown run the newest one with its workflow id.
   Callers: Ledger.findRuns. Returns [{ isRecorded, isKnown, execution }]. */
create function public.find_runs(p_namespace text, p_runs jsonb) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
           'isKnown', m.id is not null,
           'isRecorded', coalesce(m.id is not null and (
             m.closing_run_id = r.run_id and m.outcome_authority = 'engine'
             or k.status <> 'running'
             or (m.current_run_id is distinct from r.run_id and private.is_superseded_run(m.id, r.run_id, m.current_run_id))), false),
           'execution', case when m.id is not null then (select to_jsonb(f) from private.followed(m, null) f)
                             when n.id is not null then (select to_jsonb(f) from private.followed(n, null) f) end) order by r.ordinality), '[]')
    from (select t.ordinality, t.value ->> 'workflowId' as workflow_id, t.value ->> 'runId' as run_id
            from jsonb_array_elements(private.unwrap(p_runs)) with ordinality t) r
    left join lateral (
      select x.status, x.execution_id from public.execution_runs x
        join public.workflow_executions e on e.id = x.execution_id and e.temporal_namespace = p_namespace
       where x.run_id = r.run_id and e.temporal_workflow_id = r.workflow_id limit 1) k on true
    left join lateral (
      select e.* from public.workflow_executions e
       where e.temporal_namespace = p_namespace and e.temporal_workflow_id = r.workflow_id
         and (e.id = k.execution_id or r.run_id in (e.temporal_run_id, e.current_run_id, e.closing_run_id))
       limit 1) m on true
    left join lateral (
      select e.* from public.workflow_executions e
       where m.id is null and e.temporal_namespace = p_namespace and e.temporal_workflow_id = r.workflow_id
       order by e.started_at desc, e.id desc limit 1) n on true;
$$;

/* Makes one execution of a run that was started elsewhere. Callers: adopt_executions. */
create function private.adopt_run(p jsonb, out result text, out execution_id uuid)
language plpgsql
set search_path = ''
as $$
declare
  v_namespace text := p ->> 'namespace';
  v_workflow_id text := p ->> 'workflowId';
  v_run text := p ->> 'firstRunId';
  v_definition uuid;
begin
  select x.id into execution_id from public.workflow_executions x
   where x.temporal_namespace = v_namespace and x.temporal_workflow_id = v_workflow_id
     and (x.temporal_run_id = v_run or x.temporal_run_id is null)
   limit 1;
  if found then
    result := 'known';
    return;
  end if;
  if not exists (select from public.users u where u.id = p ->> 'userId') then
    result := 'unknown_user';
    return;
  end if;
  select w.id into v_definition from public.workflows w
   where case when p ->> 'definitionId' is not null then w.id = (p ->> 'definitionId')::uuid
              else w.temporal_namespace = v_namespace and w.workflow_type = p ->> 'workflowType'
                   and w.task_queue = p ->> 'taskQueue'
                   and (w.user_id = p ->> 'userId' or w.visibility = 'published') end
   order by w.created_at, w.id limit 1;
  if not found then
    result := 'unknown_workflow';
    return;
  end if;
  insert into public.workflow_executions (workflow_id, created_by, temporal_namespace, temporal_workflow_id,
      temporal_run_id, started_at, last_transition)
    values (v_definition, p ->> 'userId', v_namespace, v_workflow_id, v_run, (p ->> 'startedAt')::timestamptz,
      jsonb_build_object('source', 'feed', 'reason', 'It was started elsewhere, and adopted by rule.'))
    returning id into execution_id;
  result := 'adopted';
end $$;

/* Makes executions of runs that were started elsewhere; what is known already stays as it is.
   Callers: Ledger.adopt. */
create function public.adopt_executions(p_runs jsonb)
returns table (ordinal integer, result text, execution_id uuid)
language plpgsql
set search_path = ''
as $$
declare
  i record;
begin
  -- The application may be registering one at this moment.
  perform private.lock_workflow_ids(array(
    select (t.value ->> 'namespace') || ':' || (t.value ->> 'workflowId') from jsonb_array_elements(private.unwrap(p_runs)) t));
  -- Users and workflows before the first execution, each in the order of their ids.
  perform from public.users u where u.id in (
    select t.value ->> 'userId' from jsonb_array_elements(private.unwrap(p_runs)) t) order by u.id for key share;
  perform from public.workflows w where w.id in (
    select x.id from jsonb_array_elements(private.unwrap(p_runs)) t
      join public.workflows x on x.temporal_namespace = t.value ->> 'namespace' and x.workflow_type = t.value ->> 'workflowType'
                             and x.task_queue = t.value ->> 'taskQueue'
    union
    select (t.value ->> 'definitionId')::uuid from jsonb_array_elements(private.unwrap(p_runs)) t) order by w.id for key share;
  for i in
    select t.ordinality::int as n, t.value as item
      from jsonb_array_elements(private.unwrap(p_runs)) with ordinality t order by 1
  loop
    ordinal := i.n;
    select a.result, a.execution_id into result, execution_id from private.adopt_run(i.item) a;
    return next;
  end loop;
end $$;

/* How long workflows usually take: quantiles of the latest 500 executions of each that completed.
   Callers: Ledger.usualDurations. */
create function public.usual_durations(p_workflow_ids uuid[])
returns table (definition_id uuid, sample bigint, quantiles_ms bigint[])
language sql stable
set search_path = ''
as $$
  select w.id, s.sample, s.quantiles
    from unnest(p_workflow_ids) w (id)
   cross join lateral (
     select count(*) as sample,
            percentile_disc(array[0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75,
                                  0.8, 0.85, 0.9, 0.95, 0.99, 1]) within group (order by d.duration_ms) as quantiles
       from (select e.duration_ms from public.workflow_executions e
              where e.workflow_id = w.id and e.status = 'completed' and e.completed_at is not null
              order by e.completed_at desc, e.id desc limit 500) d) s
   where s.sample > 0;
$$;
