/* Kinds of failures of a user, of everybody in a workflow whose owner asks, or of everybody, with most executions
   started in a window, of equal ones the one seen last, or one of them alone: how many, of how many users (counted in
   the latest 1,000), how many in the window of the same length before, whether the kind is new in it, and counts over
   time.
   Callers: StatisticsReader.failureGroups. Returns { groups, bucketsStartAt, from, to, asOf }. */
-- for: service_role
create function runledger.get_failure_groups(p_user_id text default null, p_workflow_id uuid default null,
  p_from timestamptz default null, p_to timestamptz default null, p_limit integer default 10,
  p_everybody boolean default false, p_group text default null) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_user text := coalesce(p_user_id, '');
  v_workflow uuid := p_workflow_id;
  v_to constant timestamptz := coalesce(p_to, case when p_from is not null then now() end);
  v_limit constant integer := least(greatest(p_limit, 1), 200);
  w record;
  b record;
  v_before record;
  v_labels text[];
  v_top jsonb;
  v_previous jsonb;
  v_ever jsonb := '{}';
  v_buckets record;
  v_redacts constant boolean := exists (select from runledger.workflows x where x.redact <> '{}');
begin
  if p_user_id is null and p_workflow_id is null and not p_everybody then
    raise exception 'Failures are of a user, of a workflow, or of both.'
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Pass a user or a workflow.';
  end if;
  select * into w from runledger_private.stats_window(p_from, v_to);
  select array_agg(l.label),
         jsonb_object_agg(l.label, jsonb_build_object('n', l.n, 'description', l.description))
    into v_labels, v_top
    from (
      -- Of kinds as frequent as each other the one seen last comes first: of those that the limit falls among, all are
      -- looked at.
      select c.* from (
        select * from runledger_private.labels_in('failure', v_user, v_workflow, w.starts_at, w.days_from, w.days_to,
          w.ends_at)
         where p_group is null or label = p_group
         order by n desc, last_at desc fetch first (v_limit) rows with ties) c
        left join lateral runledger_private.failures_of(p_user_id, p_workflow_id, c.label, w.starts_at, w.ends_at,
          false, 1) z on true
       order by c.n desc, z.started_at desc nulls last, c.description, c.label limit v_limit) l;
  if isfinite(w.starts_at) then
    -- A window of thousands of years has none of its length before it that Postgres could name: all before it, then.
    select * into b from runledger_private.stats_window(
      case when w.ends_at - w.starts_at < w.starts_at - '0001-01-01 UTC'::timestamptz
           then w.starts_at - (w.ends_at - w.starts_at) end, w.starts_at);
    select coalesce(jsonb_object_agg(l.label, l.n), '{}') into v_previous
      from runledger_private.labels_in('failure', v_user, v_workflow, b.starts_at, b.days_from, b.days_to, b.ends_at) l
     where l.label = any (v_labels);
    select * into v_before from runledger_private.stats_window(null, w.starts_at);
    select coalesce(jsonb_object_agg(l.label, l.n), '{}') into v_ever
      from runledger_private.labels_in('failure', v_user, v_workflow, v_before.starts_at, v_before.days_from,
        v_before.days_to, v_before.ends_at) l
     where l.label = any (v_labels);
  end if;
  v_buckets := runledger_private.failure_buckets(v_user, v_workflow, v_labels, w.starts_at, w.ends_at);
  return jsonb_build_object(
    'from', case when isfinite(w.starts_at) then w.starts_at end,
    'to', case when isfinite(w.ends_at) then w.ends_at end,
    'asOf', statement_timestamp(),
    'bucketsStartAt', coalesce(to_jsonb(v_buckets.starts), '[]'),
    'groups', (
      select coalesce(jsonb_agg(jsonb_build_object(
               'failureGroup', g.label,
               'type', nullif(split_part(v_top -> g.label ->> 'description', E'\n', 1), '-'),
               'activityType', nullif(split_part(v_top -> g.label ->> 'description', E'\n', 2), '-'),
               'message', runledger_private.told_failure(split_part(v_top -> g.label ->> 'description', E'\n', 3),
                 v_redacts, p_workflow_id, s.last_id),
               'executions', v_top -> g.label -> 'n',
               'previous', case when v_previous is not null then coalesce(v_previous -> g.label, '0') end,
               'isNew', case when v_previous is not null then not v_ever ? g.label end,
               'series', coalesce(v_buckets.counts -> g.label, '[]'),
               'users', s.users, 'usersExactness', case when s.looked >= 1000 then 'capped' else 'exact' end,
               'firstSeenAt', (select min(x.started_at) from runledger_private.failures_of(p_user_id, p_workflow_id,
                 g.label, w.starts_at, w.ends_at, true, 1) x),
               'lastSeenAt', s.last_seen_at, 'lastExecutionId', s.last_id)
               order by (v_top -> g.label -> 'n')::bigint desc, s.last_seen_at desc nulls last,
                 v_top -> g.label ->> 'description', g.label), '[]')
        from unnest(v_labels) g (label)
       cross join lateral (
         select count(distinct x.created_by) as users, count(*) as looked, max(x.started_at) as last_seen_at,
                (array_agg(x.id order by x.started_at desc, x.id desc))[1] as last_id
           from runledger_private.failures_of(p_user_id, p_workflow_id, g.label, w.starts_at, w.ends_at, false,
             1000) x) s));
end $$;
