/* Whom a kind of failure hit in a workflow, whose owner asks: by the latest 10,000 of a window, most often hit first,
   then last hit.
   Callers: StatisticsReader.failureUsers. Returns { users, exactness }. */
-- for: service_role
create function runledger.get_failure_users(p_workflow_id uuid, p_group text, p_from timestamptz default null,
  p_to timestamptz default null, p_limit integer default 100) returns jsonb
language sql stable
set search_path = ''
as $$
  with hit as materialized (
    select x.* from runledger_private.failures_of(null, p_workflow_id, p_group, coalesce(p_from, '-infinity'),
      coalesce(p_to, 'infinity'), false, 10000) x)
  select jsonb_build_object(
    'exactness', case when (select count(*) >= 10000 or count(distinct h.created_by) > p_limit from hit h)
                      then 'capped' else 'exact' end,
    'users', (
      select coalesce(jsonb_agg(jsonb_build_object('userId', u.created_by,
               'name', runledger_private.user_name(u.created_by),
               'executions', u.n, 'firstSeenAt', u.first_at, 'lastSeenAt', u.last_at, 'lastExecutionId', u.last_id)
               order by u.n desc, u.last_at desc, u.created_by), '[]')
        from (select h.created_by, count(*) as n, min(h.started_at) as first_at, max(h.started_at) as last_at,
                     (array_agg(h.id order by h.started_at desc, h.id desc))[1] as last_id
                from hit h group by 1 order by 2 desc, 4 desc, 1 limit least(greatest(p_limit, 1), 200)) u));
$$;
