/* Admits one execution within the quotas that apply, and takes it from them; waits for others of the same user and
   quota. An execution that is there already was charged with it. Without a quota it is four probes of an index.
   Callers: admit_execution. Raises quota_exceeded. */
-- for: service_role
create function runledger_private.admit_by_quota(p_user text, p_workflow uuid, p_execution uuid) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_quotas uuid[];
  v_now timestamptz;
  v_refused jsonb;
begin
  select array_agg(x.id order by x.id) into v_quotas from runledger_private.quotas_for(p_user, p_workflow) x;
  if v_quotas is null then return; end if;

  perform runledger_private.lock_quotas(p_user, array[p_workflow], v_quotas);
  -- This attempt's predecessor may have come through while this one waited.
  perform from runledger.workflow_executions e where e.id = p_execution;
  if found then return; end if;

  v_now := clock_timestamp();
  select jsonb_build_object('kind', s.kind, 'limit', s.max_executions, 'used', s.used, 'freesAt', s.frees_at,
    'workflowId', x.workflow_id)
    into v_refused
    from runledger.execution_quotas x
    join runledger.execution_quota_usage k on k.quota_id = x.id and k.user_id = p_user
   cross join lateral runledger_private.quota_state(x, k, p_user, v_now) s
   where x.id = any (v_quotas) and s.used >= s.max_executions
   order by s.frees_at desc nulls last, s.max_executions, s.kind, x.workflow_id nulls first limit 1;
  if found then perform runledger_private.refuse_by_quota(v_refused); end if;

  update runledger.execution_quota_usage k
     set hour = greatest(k.hour, date_trunc('hour', v_now, 'UTC')),
         hour_used = 1 + case when k.hour >= date_trunc('hour', v_now, 'UTC') then k.hour_used else 0 end,
         day = greatest(k.day, date_trunc('day', v_now, 'UTC')),
         day_used = 1 + case when k.day >= date_trunc('day', v_now, 'UTC') then k.day_used else 0 end,
         month = greatest(k.month, date_trunc('month', v_now, 'UTC')),
         month_used = 1 + case when k.month >= date_trunc('month', v_now, 'UTC') then k.month_used else 0 end
   where k.quota_id = any (v_quotas) and k.user_id = p_user;
end $$;
