/* Defines a workflow for a user. What the host lets this user do comes with the call: whether they may publish, and how
   many definitions they may have (archived ones included, those that follow the host's own table not). Who keeps as
   much as their quota allows defines none.
   Callers: WorkflowService.createWorkflow. */
-- for: service_role
create function runledger.create_workflow(p_user_id text, p_workflow jsonb, p_may_publish boolean default false,
                                          p_at_most integer default 1000)
returns setof runledger.workflows
language plpgsql
set search_path = ''
as $$
declare
  p jsonb := runledger_private.unwrap(p_workflow);
  v_count integer;
begin
  if p ->> 'visibility' = 'published' and not p_may_publish then perform runledger_private.refuse_to_publish(); end if;
  -- Two at once would both see room for one.
  perform pg_advisory_xact_lock(hashtextextended('runledger:workflows:' || p_user_id, 0));
  select count(*) into v_count from (
    select from runledger.workflows w where w.user_id = p_user_id and w.host_id is null limit p_at_most) t;
  if v_count >= p_at_most then
    raise exception 'A user may define at most % workflows, archived ones included, and % are defined.',
        p_at_most, v_count
      using errcode = 'PT429', detail = 'quota_exceeded',
            hint = 'Change one that is no longer needed instead, or ask the operator for a higher limit.';
  end if;
  perform runledger_private.refuse_by_storage(p_user_id);
  return query
    insert into runledger.workflows (user_id, name, description, temporal_namespace, workflow_type, task_queue,
        input_schema, execution_timeout, run_timeout, retry_policy, visibility, redact)
      values (p_user_id, p ->> 'name', p ->> 'description', coalesce(p ->> 'temporal_namespace', 'default'),
        p ->> 'workflow_type', p ->> 'task_queue', nullif(p -> 'input_schema', 'null'), p ->> 'execution_timeout',
        p ->> 'run_timeout', nullif(p -> 'retry_policy', 'null'), coalesce(p ->> 'visibility', 'private'),
        runledger_private.text_array(p -> 'redact'))
      returning *;
end $$;
