/* The workflow that a run belongs to which was started elsewhere: the one that its rule names, or else one of its
   namespace, type and queue; the user's own first. Another user's is taken only where the rule names it, or its owner.
   Callers: adopt_executions, adopt_run. */
-- for: service_role
create function runledger_private.workflow_of_run(p jsonb) returns uuid
language plpgsql stable
set search_path = ''
as $$
begin
  if p ->> 'workflowId' is not null then
    return (select w.id from runledger.workflows w
             where w.id = (p ->> 'workflowId')::uuid and w.archived_at is null);
  end if;
  return (select w.id from runledger.workflows w
           where w.user_id = any (array[p ->> 'userId', p ->> 'workflowOwner']) and w.archived_at is null
             and w.temporal_namespace = p ->> 'namespace' and w.workflow_type = p ->> 'workflowType'
             and w.task_queue = p ->> 'taskQueue'
             and (w.user_id = p ->> 'userId' or w.visibility = 'published')
           order by w.user_id = p ->> 'userId' desc, w.created_at, w.id limit 1);
end $$;
