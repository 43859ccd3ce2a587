-- Optional limits of what users run through the API, and what of them is used. Service role only, but for reading one's own.

create table public.execution_quotas (
  id uuid primary key default private.uuid_v7(),
  -- Null: every user, each by itself.
  user_id text
    constraint the_user_is_known references public.users (id) on update cascade on delete cascade,
  -- Null: all workflows together.
  workflow_id uuid
    constraint the_workflow_is_known references public.workflows (id) on delete cascade,
  runs_per_hour bigint,
  runs_per_day bigint,
  runs_per_month bigint,
  concurrent_runs bigint,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint there_is_one_quota_for_a_user_and_a_workflow unique nulls not distinct (user_id, workflow_id),
  constraint limits_are_not_negative
    check (runs_per_hour >= 0 and runs_per_day >= 0 and runs_per_month >= 0 and concurrent_runs >= 0)
);
create index idx_execution_quotas_workflow on public.execution_quotas (workflow_id);

-- What one user has used of one quota in the present hour, day and month, by UTC. One row, however long it goes on.
create table public.execution_quota_usage (
  quota_id uuid not null references public.execution_quotas (id) on delete cascade,
  user_id text not null references public.users (id) on update cascade on delete cascade,
  hour timestamptz not null default '-infinity',
  hour_used bigint not null default 0,
  day timestamptz not null default '-infinity',
  day_used bigint not null default 0,
  month timestamptz not null default '-infinity',
  month_used bigint not null default 0,
  primary key (quota_id, user_id),
  constraint usage_is_not_negative check (hour_used >= 0 and day_used >= 0 and month_used >= 0)
) with (fillfactor = 80);
create index idx_execution_quota_usage_user on public.execution_quota_usage (user_id);

/* The quotas that limit a user in a workflow: at most one for the workflow and one for all together; one that names the
   user stands in place of the one for every user. Four probes of one index.
   Callers: admit_by_quota, quotas_of. */
create function private.quotas_for(p_user text, p_workflow uuid) returns setof public.execution_quotas
language plpgsql stable
set search_path = ''
as $$
begin
  return query select * from public.execution_quotas q where q.user_id = p_user and q.workflow_id = p_workflow;
  if not found then
    return query select * from public.execution_quotas q where q.user_id is null and q.workflow_id = p_workflow;
  end if;
  return query select * from public.execution_quotas q where q.user_id = p_user and q.workflow_id is null;
  if not found then
    return query select * from public.execution_quotas q where q.user_id is null and q.workflow_id is null;
  end if;
end $$;

/* Whether an execution that is open takes a place of those that may run at once: not one that Temporal does not know, nor
   one that was not started in time. Callers: count_open. */
create function private.takes_a_place(e public.workflow_executions) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  return not (e.status = 'pending' and e.temporal_run_id is null and coalesce(e.start_by <= clock_timestamp(), false))
     and not exists (select from public.execution_checks c where c.execution_id = e.id and c.health = 'lost');
end $$;

/* How many executions of a user are open, of one workflow if given; counts no further than p_limit.
   Callers: quota_state. */
create function private.count_open(p_user text, p_workflow uuid, p_limit bigint) returns bigint
language plpgsql stable
set search_path = ''
as $$
begin
  -- Two statements, so that each has the plan that serves it: both read the user's open executions and nothing else.
  if p_workflow is null then
    return (select count(*) from (
      select from public.workflow_executions e
       where e.created_by = p_user and e.status in ('pending', 'running') and private.takes_a_place(e) limit p_limit) o);
  end if;
  return (select count(*) from (
    select from public.workflow_executions e
     where e.created_by = p_user and e.status in ('pending', 'running') and e.workflow_id = p_workflow
       and private.takes_a_place(e) limit p_limit) o);
end $$;

/* Each limit of a quota with what a user has used of it at a moment and when that frees: the end of the hour, day or
   month by UTC; null for concurrent runs, which free when one of them ends. What is open is counted no further than the limit.
   Callers: admit_by_quota, quotas_of. */
create function private.quota_state(q public.execution_quotas, u public.execution_quota_usage, p_user text, p_at timestamptz)
returns table (kind text, max_runs bigint, used bigint, frees_at timestamptz)
language sql stable
set search_path = ''
as $$
  select w.kind, w.max_runs, case when w.used_in = w.window_start then w.used else 0 end,
         (w.window_start at time zone 'UTC' + w.span) at time zone 'UTC'
    from (values
      ('runsPerHour', q.runs_per_hour, u.hour, u.hour_used, interval '1 hour',
        greatest(u.hour, date_trunc('hour', p_at, 'UTC'))),
      ('runsPerDay', q.runs_per_day, u.day, u.day_used, interval '1 day',
        greatest(u.day, date_trunc('day', p_at, 'UTC'))),
      ('runsPerMonth', q.runs_per_month, u.month, u.month_used, interval '1 month',
        greatest(u.month, date_trunc('month', p_at, 'UTC')))) w (kind, max_runs, used_in, used, span, window_start)
   where w.max_runs is not null
  union all
  select 'concurrentRuns', q.concurrent_runs, private.count_open(p_user, q.workflow_id, q.concurrent_runs), null
   where q.concurrent_runs is not null;
$$;

/* Refuses by the limit that frees last, so that whoever waits for it is not refused by the next one.
   Callers: admit_by_quota. */
create function private.refuse_by_quota(p_state jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_kind constant text := p_state ->> 'kind';
  v_limit constant bigint := (p_state ->> 'limit')::bigint;
  v_frees timestamptz := (p_state ->> 'freesAt')::timestamptz;
  v_of text := 'in all workflows together';
begin
  if p_state ->> 'workflowId' is not null then
    select format('of the workflow "%s"', w.name) into v_of
      from public.workflows w where w.id = (p_state ->> 'workflowId')::uuid;
  end if;
  raise exception '%', case when v_kind = 'concurrentRuns'
      then format('Only %s %s at a time may be open %s, and %s.', v_limit, case v_limit when 1 then 'run' else 'runs' end, v_of,
                  case v_limit when 0 then 'none is allowed' when 1 then 'one is' else v_limit || ' are' end)
      else format('Only %s %s %s may be started %s, and %s of them %s used.', v_limit,
                  case v_limit when 1 then 'run' else 'runs' end,
                  case v_kind when 'runsPerHour' then 'an hour' when 'runsPerDay' then 'a day' else 'a month' end, v_of,
                  p_state ->> 'used', case when p_state ->> 'used' = '1' then 'is' else 'are' end) end
    using errcode = 'PT429', detail = 'quota_exceeded ' || p_state::text,
          hint = case when v_limit = 0 then 'The operator has closed it; ask them.'
                      when v_frees is null then 'Try again when one of them has ended.'
                      else format('Try again at %s UTC.', to_char(v_frees at time zone 'UTC', 'YYYY-MM-DD HH24:MI')) end;
end $$;

/* Admits one execution within the quotas that apply, and takes it from them; waits for others of the same user and
   quota. An execution that is there already was charged with it. Without a quota it is four probes of an index.
   Callers: admit_execution. Raises quota_exceeded. */
create function private.admit_by_quota(p_user text, p_workflow uuid, p_execution uuid) returns void
language plpgsql
set search_path = ''
as $$
declare
  q public.execution_quotas;
  u public.execution_quota_usage;
  v_quotas uuid[];
  v_now timestamptz;
  v_refused jsonb;
begin
  select array_agg(x.id order by x.id) into v_quotas from private.quotas_for(p_user, p_workflow) x;
  if v_quotas is null then return; end if;

  -- What a deletion locks first is locked first here too, and quotas in the order of their ids: nobody waits in a circle.
  perform from public.users x where x.id = p_user for key share;
  perform from public.workflows x where x.id = p_workflow for key share;
  for q in select * from public.execution_quotas x where x.id = any (v_quotas) order by x.id for key share loop
    insert into public.execution_quota_usage (quota_id, user_id) values (q.id, p_user) on conflict do nothing;
    perform from public.execution_quota_usage x where x.quota_id = q.id and x.user_id = p_user for update;
  end loop;
  -- This attempt's predecessor may have come through while this one waited.
  perform from public.workflow_executions e where e.id = p_execution;
  if found then return; end if;

  v_now := clock_timestamp();
  select jsonb_build_object('kind', s.kind, 'limit', s.max_runs, 'used', s.used, 'freesAt', s.frees_at, 'workflowId', x.workflow_id)
    into v_refused
    from public.execution_quotas x
    join public.execution_quota_usage k on k.quota_id = x.id and k.user_id = p_user
   cross join lateral private.quota_state(x, k, p_user, v_now) s
   where x.id = any (v_quotas) and s.used >= s.max_runs
   order by s.frees_at desc nulls last, s.max_runs limit 1;
  if found then perform private.refuse_by_quota(v_refused); end if;

  update public.execution_quota_usage k
     set hour = greatest(k.hour, date_trunc('hour', v_now, 'UTC')),
         hour_used = 1 + case when k.hour >= date_trunc('hour', v_now, 'UTC') then k.hour_used else 0 end,
         day = greatest(k.day, date_trunc('day', v_now, 'UTC')),
         day_used = 1 + case when k.day >= date_trunc('day', v_now, 'UTC') then k.day_used else 0 end,
         month = greatest(k.month, date_trunc('month', v_now, 'UTC')),
         month_used = 1 + case when k.month >= date_trunc('month', v_now, 'UTC') then k.month_used else 0 end
   where k.quota_id = any (v_quotas) and k.user_id = p_user;
end $$;

/* The limits that apply to a user: in one workflow, or without one all that there are for the user in workflows that
   they may see. Callers: Ledger.quotas. Returns [{ kind, limit, used, freesAt, workflowId }]. */
create function public.quotas_of(p_user_id text, p_workflow_id uuid default null) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('kind', s.kind, 'limit', s.max_runs, 'used', s.used, 'freesAt', s.frees_at,
                                               'workflowId', q.workflow_id)
                            order by q.workflow_id nulls last, s.frees_at, s.max_runs), '[]')
    from (select x.* from private.quotas_for(p_user_id, p_workflow_id) x where p_workflow_id is not null
          union all
          (select distinct on (x.workflow_id) x.* from public.execution_quotas x
             left join public.workflows w on w.id = x.workflow_id
            where p_workflow_id is null and (x.user_id = p_user_id or x.user_id is null)
              and (x.workflow_id is null or w.user_id = p_user_id or w.visibility = 'published')
            order by x.workflow_id, x.user_id nulls last)) q
    left join public.execution_quota_usage u on u.quota_id = q.id and u.user_id = p_user_id
   cross join lateral private.quota_state(q, u, p_user_id, clock_timestamp()) s;
$$;

/* Sets limits of a user, a workflow, or both: { user_id, workflow_id, runs_per_hour, … }. A limit that is left out stays
   as it is, null takes it away. Callers: QuotaService.setQuota. */
create function public.set_quota(p_quota jsonb) returns setof public.execution_quotas
language sql volatile
set search_path = ''
as $$
  insert into public.execution_quotas as q (user_id, workflow_id, runs_per_hour, runs_per_day, runs_per_month, concurrent_runs)
  select p ->> 'user_id', (p ->> 'workflow_id')::uuid, (p ->> 'runs_per_hour')::bigint, (p ->> 'runs_per_day')::bigint,
         (p ->> 'runs_per_month')::bigint, (p ->> 'concurrent_runs')::bigint
    from private.unwrap(p_quota) p
   where jsonb_typeof(p) = 'object'
  on conflict (user_id, workflow_id) do update
    set runs_per_hour = case when private.unwrap(p_quota) ? 'runs_per_hour' then excluded.runs_per_hour else q.runs_per_hour end,
        runs_per_day = case when private.unwrap(p_quota) ? 'runs_per_day' then excluded.runs_per_day else q.runs_per_day end,
        runs_per_month = case when private.unwrap(p_quota) ? 'runs_per_month' then excluded.runs_per_month else q.runs_per_month end,
        concurrent_runs = case when private.unwrap(p_quota) ? 'concurrent_runs' then excluded.concurrent_runs else q.concurrent_runs end,
        updated_at = clock_timestamp()
  returning *;
$$;

alter table public.execution_quotas enable row level security;
alter table public.execution_quota_usage enable row level security;
create policy "a user sees the quotas that name them" on public.execution_quotas
  for select to authenticated using (user_id = (select private.current_user_id()));
create policy "a user sees what they have used" on public.execution_quota_usage
  for select to authenticated using (user_id = (select private.current_user_id()));
revoke all on public.execution_quotas, public.execution_quota_usage from anon, authenticated;
grant select on public.execution_quotas, public.execution_quota_usage to authenticated;
grant all on public.execution_quotas, public.execution_quota_usage to service_role;

do $$
declare
  f regprocedure;
begin
  foreach f in array array[
    'private.quotas_for(text, uuid)', 'private.takes_a_place(public.workflow_executions)', 'private.count_open(text, uuid, bigint)',
    'private.quota_state(public.execution_quotas, public.execution_quota_usage, text, timestamptz)',
    'private.refuse_by_quota(jsonb)', 'private.admit_by_quota(text, uuid, uuid)',
    'public.quotas_of(text, uuid)', 'public.set_quota(jsonb)'
  ]::regprocedure[] loop
    execute format('revoke execute on function %s from public, anon, authenticated', f);
    execute format('grant execute on function %s to service_role', f);
  end loop;
end $$;
