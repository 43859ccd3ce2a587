/* The limits that apply to a user: in one workflow, or without one all that there are for the user in workflows that
   they may see. Callers: Ledger.quotas. Returns [{ kind, limit, used, freesAt, workflowId }]. */
-- for: service_role
create function runledger.quotas_of(p_user_id text, p_workflow_id uuid default null) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('kind', s.kind, 'limit', s.max_executions, 'used', s.used, 'freesAt',
    s.frees_at,
                                               'workflowId', q.workflow_id)
                            order by q.workflow_id nulls last, s.frees_at, s.max_executions), '[]')
    from (select x.* from runledger_private.quotas_for(p_user_id, p_workflow_id) x where p_workflow_id is not null
          union all
          (select distinct on (x.workflow_id) x.* from runledger.execution_quotas x
             left join runledger.workflows w on w.id = x.workflow_id
            where p_workflow_id is null and (x.user_id = p_user_id or x.user_id is null)
              and (x.workflow_id is null or w.user_id = p_user_id or w.visibility = 'published')
            order by x.workflow_id, x.user_id nulls last)) q
    left join runledger.execution_quota_usage u on u.quota_id = q.id and u.user_id = p_user_id
   cross join lateral runledger_private.quota_state(q, u, p_user_id, clock_timestamp()) s;
$$;
