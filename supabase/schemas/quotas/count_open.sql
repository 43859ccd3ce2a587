/* How many executions of a user are open, of one workflow if given; counts no further than p_limit.
   Callers: quota_state. */
-- for: service_role
create function runledger_private.count_open(p_user text, p_workflow uuid, p_limit bigint) returns bigint
language plpgsql stable
set search_path = ''
as $$
begin
  -- Two statements, so that each has the plan that serves it: both read the user's open executions and nothing else.
  if p_workflow is null then
    return (select count(*) from (
      select from runledger.workflow_executions e
       where e.created_by = p_user and runledger_private.is_open(e.status)
         and runledger_private.takes_a_place(e) limit p_limit) o);
  end if;
  return (select count(*) from (
    select from runledger.workflow_executions e
     where e.created_by = p_user and runledger_private.is_open(e.status) and e.workflow_id = p_workflow
       and runledger_private.takes_a_place(e) limit p_limit) o);
end $$;
