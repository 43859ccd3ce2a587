/* Locks what a user has used of some quotas. What a deletion locks first is locked first here too, and all in the order
   of their ids: nobody waits in a circle. Callers: admit_by_quota, admit_executions. */
-- for: service_role
create function runledger_private.lock_quotas(p_user text, p_workflows uuid[], p_quotas uuid[]) returns void
language plpgsql
set search_path = ''
as $$
declare
  q runledger.execution_quotas;
begin
  perform from runledger.users x where x.id = p_user for key share;
  perform from runledger.workflows x where x.id = any (p_workflows) order by x.id for key share;
  for q in select * from runledger.execution_quotas x where x.id = any (p_quotas) order by x.id for key share loop
    insert into runledger.execution_quota_usage (quota_id, user_id) values (q.id, p_user) on conflict do nothing;
    perform from runledger.execution_quota_usage x where x.quota_id = q.id and x.user_id = p_user for update;
  end loop;
end $$;
