/* The first or last execution of a kind of failure that was started in a window. Callers: get_top_failures. */
-- for: service_role, authenticated
create function runledger_private.failure_edge(p_group text, p_user text, p_workflow uuid, p_from timestamptz,
  p_to timestamptz, p_first boolean,
                                     out at timestamptz, out id uuid)
language plpgsql stable
set search_path = ''
as $$
begin
  -- A branch each, so that each walks its index from its end.
  if p_user <> '' and p_first then
    select e.started_at, e.id into at, id from runledger.workflow_executions e
     where e.created_by = p_user and e.failure_group = p_group and (p_workflow is null or e.workflow_id = p_workflow)
       and e.started_at >= p_from and e.started_at < p_to
     order by e.started_at, e.id limit 1;
  elsif p_user <> '' then
    select e.started_at, e.id into at, id from runledger.workflow_executions e
     where e.created_by = p_user and e.failure_group = p_group and (p_workflow is null or e.workflow_id = p_workflow)
       and e.started_at >= p_from and e.started_at < p_to
     order by e.started_at desc, e.id desc limit 1;
  elsif p_first then
    select e.started_at, e.id into at, id from runledger.workflow_executions e
     where e.workflow_id = p_workflow and e.failure_group = p_group and e.started_at >= p_from and e.started_at < p_to
     order by e.started_at, e.id limit 1;
  else
    select e.started_at, e.id into at, id from runledger.workflow_executions e
     where e.workflow_id = p_workflow and e.failure_group = p_group and e.started_at >= p_from and e.started_at < p_to
     order by e.started_at desc, e.id desc limit 1;
  end if;
end $$;
