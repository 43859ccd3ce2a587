-- Retention: payloads, timelines and rows of executions that ended long ago go, and statistics stay. Service role only.

-- One row per run of the retention: what it was told, how far it has got, what it has done.
create table public.execution_prunes (
  id uuid primary key,
  policy jsonb not null,
  payloads_before timestamptz,
  timelines_before timestamptz,
  rows_before timestamptz,
  -- Executions are walked in the order of their ids.
  after_id uuid,
  examined bigint not null default 0,
  had_payloads bigint not null default 0,
  payloads bigint not null default 0,
  had_timelines bigint not null default 0,
  timelines bigint not null default 0,
  rows bigint not null default 0,
  -- Old enough, but not settled: the monitor still follows them.
  unsettled bigint not null default 0,
  started_at timestamptz not null default clock_timestamp(),
  beat_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz
);
create index idx_execution_prunes_started_at on public.execution_prunes (started_at);

/* What is due among the next executions after an id. An execution is due when it has ended before the time of a part,
   and is settled: nobody follows it any more. Callers: prune_executions. */
create function private.prunable(p_after uuid, p_limit integer, p_payloads timestamptz, p_timelines timestamptz, p_rows timestamptz)
returns table (id uuid, has_payloads boolean, has_timeline boolean, is_old boolean, is_settled boolean,
               payloads_due boolean, timeline_due boolean, row_due boolean)
language plpgsql stable
set search_path = ''
as $$
begin
  return query
    select d.id, d.has_payloads, d.has_timeline, d.is_old, d.is_settled,
           d.has_payloads and d.is_settled and coalesce(d.completed_at < greatest(p_payloads, p_rows), false),
           d.has_timeline and d.is_settled and coalesce(d.completed_at < greatest(p_timelines, p_rows), false),
           d.is_settled and coalesce(d.completed_at < p_rows, false)
      from (
        select e.id, e.completed_at, e.input is not null or e.output is not null or e.state_snapshot is not null as has_payloads,
               exists (select from public.execution_timelines t where t.execution_id = e.id) as has_timeline,
               coalesce(e.completed_at < greatest(p_payloads, p_timelines, p_rows), false) as is_old,
               e.completed_at is not null
                 and not exists (select from public.execution_checks c where c.execution_id = e.id) as is_settled
          from public.workflow_executions e
         where p_after is null or e.id > p_after
         order by e.id limit p_limit) d;
end $$;

/* Begins a run of the retention, or finds the one of this id. Raises conflict while another one is heard of.
   Callers: prune_executions. */
create function private.begin_prune(p_run uuid, p_policy jsonb) returns public.execution_prunes
language plpgsql
set search_path = ''
as $$
declare
  r public.execution_prunes;
  other public.execution_prunes;
begin
  -- For the transaction: it waits for the batch that is under way. In between, whoever was heard of within a minute keeps its place.
  perform pg_advisory_xact_lock(hashtextextended('runledger:prune', 0));
  select * into other from public.execution_prunes x
   where x.id <> p_run and x.finished_at is null and x.beat_at > clock_timestamp() - interval '1 minute'
   order by x.started_at limit 1;
  if found then
    raise exception 'Another prune is under way, since % UTC.', to_char(other.started_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')
      using errcode = 'PT409', detail = 'conflict', hint = 'One runs at a time; try again when it has ended, or a minute after it was broken off.';
  end if;
  insert into public.execution_prunes (id, policy, payloads_before, timelines_before, rows_before)
    values (p_run, p_policy, clock_timestamp() - (p_policy ->> 'payloads')::interval,
      clock_timestamp() - (p_policy ->> 'timelines')::interval, clock_timestamp() - (p_policy ->> 'rows')::interval)
    on conflict (id) do nothing;
  select * into r from public.execution_prunes x where x.id = p_run;
  return r;
end $$;

/* Removes rows, timelines and payloads. Locks like a deletion of a user or workflow and like the recording of outcomes do, in
   the order of ids, so that nobody waits in a circle. Callers: prune_executions. */
create function private.prune_due(p_rows uuid[], p_timelines uuid[], p_payloads uuid[]) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_all constant uuid[] := p_rows || p_timelines || p_payloads;
begin
  perform private.lock_owners(v_all);
  perform from public.workflow_executions e where e.id = any (v_all) order by e.id for update;
  if p_rows <> '{}' then perform private.prune_counted(p_rows); end if;
  delete from public.execution_timelines t where t.execution_id = any (p_timelines);
  -- One that was reopened since its end was looked at keeps what it has.
  update public.workflow_executions e set input = null, output = null, state_snapshot = null, output_note = 'pruned'
   where e.id = any (p_payloads) and e.completed_at is not null;
end $$;

/* Removes what is due among the next executions, by a policy { payloads, timelines, rows } of intervals, and keeps how far the
   run has got: the next call with its id goes on from there. A dry run only counts: it goes on after `p_after`.
   Callers: RetentionService.prune. Returns, of the whole run, of a dry run for these executions only: { after, done, examined, unsettled, payloads, timelines, rows: { before, due } }. */
create function public.prune_executions(p_policy jsonb, p_run uuid default null, p_limit integer default 5000,
                                        p_dry_run boolean default false, p_after uuid default null)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_policy constant jsonb := private.unwrap(p_policy);
  v_limit constant integer := least(greatest(coalesce(p_limit, 5000), 1), 20000);
  r public.execution_prunes;
  v_due record;
  v_done boolean;
begin
  if jsonb_typeof(v_policy) is distinct from 'object' or jsonb_strip_nulls(v_policy) = '{}' or exists (
    select from jsonb_each_text(v_policy) x
     where x.key not in ('payloads', 'timelines', 'rows') or x.value::interval < interval '1 minute') then
    raise exception 'A policy says after how long payloads, timelines and rows go, each a minute or more; not %.', left(v_policy::text, 200)
      using errcode = 'PT400', detail = 'invalid_input', hint = 'For example {"payloads": "30 days", "rows": "365 days"}.';
  end if;
  if p_dry_run then
    r.payloads_before := clock_timestamp() - (v_policy ->> 'payloads')::interval;
    r.timelines_before := clock_timestamp() - (v_policy ->> 'timelines')::interval;
    r.rows_before := clock_timestamp() - (v_policy ->> 'rows')::interval;
    r.after_id := p_after;
  else
    r := private.begin_prune(p_run, v_policy);
  end if;

  select coalesce((array_agg(d.id order by d.id desc))[1], r.after_id) as after, count(*) as examined,
         count(*) filter (where d.is_old and not d.is_settled) as unsettled,
         count(*) filter (where d.has_payloads) as with_payloads, count(*) filter (where d.payloads_due) as payloads,
         count(*) filter (where d.has_timeline) as with_timeline, count(*) filter (where d.timeline_due) as timelines,
         count(*) filter (where d.row_due) as rows,
         coalesce(array_agg(d.id order by d.id) filter (where d.row_due), '{}') as row_ids,
         coalesce(array_agg(d.id order by d.id) filter (where d.timeline_due and not d.row_due), '{}') as timeline_ids,
         coalesce(array_agg(d.id order by d.id) filter (where d.payloads_due and not d.row_due), '{}') as payload_ids
    into v_due
    from private.prunable(r.after_id, v_limit, r.payloads_before, r.timelines_before, r.rows_before) d
   where r.finished_at is null;
  v_done := v_due.examined < v_limit;

  if not p_dry_run and r.finished_at is null then
    perform private.prune_due(v_due.row_ids, v_due.timeline_ids, v_due.payload_ids);
    update public.execution_prunes x
       set after_id = v_due.after, examined = x.examined + v_due.examined, unsettled = x.unsettled + v_due.unsettled,
           had_payloads = x.had_payloads + v_due.with_payloads, payloads = x.payloads + v_due.payloads,
           had_timelines = x.had_timelines + v_due.with_timeline, timelines = x.timelines + v_due.timelines,
           rows = x.rows + v_due.rows,
           beat_at = clock_timestamp(), finished_at = case when v_done then clock_timestamp() end
     where x.id = r.id returning * into r;
  end if;
  if not p_dry_run then
    return jsonb_build_object('after', r.after_id, 'done', r.finished_at is not null, 'examined', r.examined, 'unsettled', r.unsettled,
      'payloads', jsonb_build_object('before', r.had_payloads, 'due', r.payloads),
      'timelines', jsonb_build_object('before', r.had_timelines, 'due', r.timelines),
      'rows', jsonb_build_object('before', r.examined, 'due', r.rows));
  end if;
  return jsonb_build_object('after', v_due.after, 'done', v_done, 'examined', v_due.examined, 'unsettled', v_due.unsettled,
    'payloads', jsonb_build_object('before', v_due.with_payloads, 'due', v_due.payloads),
    'timelines', jsonb_build_object('before', v_due.with_timeline, 'due', v_due.timelines),
    'rows', jsonb_build_object('before', v_due.examined, 'due', v_due.rows));
end $$;

alter table public.execution_prunes enable row level security;
create policy "only the service role sees the runs of the retention" on public.execution_prunes
  for select to authenticated using (false);
revoke all on public.execution_prunes from anon, authenticated;
grant all on public.execution_prunes to service_role;

do $$
declare
  f regprocedure;
begin
  foreach f in array array[
    'private.prunable(uuid, integer, timestamptz, timestamptz, timestamptz)', 'private.begin_prune(uuid, jsonb)',
    'private.prune_due(uuid[], uuid[], uuid[])',
    'public.prune_executions(jsonb, uuid, integer, boolean, uuid)'
  ]::regprocedure[] loop
    execute format('revoke execute on function %s from public, anon, authenticated', f);
    execute format('grant execute on function %s to service_role', f);
  end loop;
end $$;
