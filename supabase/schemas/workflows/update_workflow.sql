/* Changes the named columns of a workflow that the user owns; none of another's. Whoever may not publish may not change
   what others can start either, but may always withdraw it. Whoever may not see in clear what is redacted may hide
   more, and not less. What follows the host's table is changed there.
   Callers: WorkflowService.updateWorkflow. */
-- for: service_role
create function runledger.update_workflow(p_id uuid, p_user_id text, p_changes jsonb,
                                          p_may_publish boolean default false, p_may_reveal boolean default false)
returns setof runledger.workflows
language plpgsql
set search_path = ''
as $$
declare
  p jsonb := runledger_private.unwrap(p_changes);
  w runledger.workflows;
  v_followed text[];
  v_redacted text[];
begin
  select * into w from runledger.workflows x where x.id = p_id and x.user_id = p_user_id for no key update;
  if not found then return; end if;
  select array(select jsonb_object_keys(p) intersect select unnest(f.follows)) into v_followed
    from runledger.followed_workflows f where f.host_table = w.host_table;
  if cardinality(v_followed) > 0 then
    raise exception 'The workflow % follows % there, so % changes there.', w.name, w.host_table,
        array_to_string(v_followed, ', ')
      using errcode = 'PT409', detail = 'conflict', hint = 'Change the row of that table: this one follows it.';
  end if;
  v_redacted := w.redact;
  w := jsonb_populate_record(w, (
    select coalesce(json_object_agg(c.key, c.value)::jsonb, '{}') from jsonb_each(p) c
     where c.key in ('name', 'description', 'workflow_type', 'task_queue', 'input_schema', 'execution_timeout',
                     'run_timeout', 'retry_policy', 'visibility', 'archived_at', 'redact')));
  if not p_may_reveal and exists (
    select from unnest(v_redacted) o
     where not exists (select from unnest(w.redact) n where n = o or starts_with(o, n || '/'))) then
    raise exception 'You may not show again what the workflow % redacts: a pointer may be added, or widened.', w.name
      using errcode = 'PT403', detail = 'permission_denied',
            hint = 'Ask somebody whom the host lets see redacted fields in clear.';
  end if;
  if w.visibility = 'published' and w.archived_at is null and not p_may_publish then
    perform runledger_private.refuse_to_publish();
  end if;
  return query
    update runledger.workflows x
       set name = w.name, description = w.description, workflow_type = w.workflow_type, task_queue = w.task_queue,
           input_schema = w.input_schema, execution_timeout = w.execution_timeout, run_timeout = w.run_timeout,
           retry_policy = w.retry_policy, visibility = w.visibility, archived_at = w.archived_at,
           redact = w.redact
     where x.id = w.id returning x.*;
end $$;
