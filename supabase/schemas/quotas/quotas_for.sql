/* The quotas that limit a user in a workflow: at most one for the workflow and one for all together; a per-user
   quota overrides the one for every user. Four probes of one index.
   Callers: admit_by_quota, quotas_of. */
-- for: service_role
create function runledger_private.quotas_for(p_user text, p_workflow uuid) returns setof runledger.execution_quotas
language plpgsql stable
set search_path = ''
as $$
begin
  return query select * from runledger.execution_quotas q where q.user_id = p_user and q.workflow_id = p_workflow;
  if not found then
    return query select * from runledger.execution_quotas q where q.user_id is null and q.workflow_id = p_workflow;
  end if;
  return query select * from runledger.execution_quotas q where q.user_id = p_user and q.workflow_id is null;
  if not found then
    return query select * from runledger.execution_quotas q where q.user_id is null and q.workflow_id is null;
  end if;
end $$;
