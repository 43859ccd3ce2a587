/* An execution beside another of the same scope, or beside the latest one of its user's in its workflow that was
   started before it and completed (looked for among the 1,000 before it). Null where there is no such execution.
   Callers: ExecutionReader.compared. Returns { execution, other } with documents; other is null where there is none. */
-- for: service_role
create function runledger.compare_executions(p_id uuid, p_user_id text default null, p_workflow_id uuid default null,
                                             p_with uuid default null, p_everybody boolean default false) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_parts constant text[] := array['payloads', 'timeline'];
  e runledger.workflow_executions;
  o runledger.workflow_executions;
begin
  select * into e from runledger_private.in_scope(p_id, p_user_id, p_workflow_id, p_everybody);
  if e.id is null then return null; end if;
  if p_with is not null then
    select * into o from runledger_private.in_scope(p_with, p_user_id, p_workflow_id, p_everybody);
  else
    select x.* into o from runledger.workflow_executions x
     where x.id = (
       select b.id from (
         select y.id, y.status, y.started_at from runledger.workflow_executions y
          where y.workflow_id = e.workflow_id and y.created_by = e.created_by
            and (y.started_at, y.id) < (e.started_at, e.id)
          order by y.started_at desc, y.id desc limit 1000) b
        where b.status = 'completed' order by b.started_at desc, b.id desc limit 1);
  end if;
  return jsonb_build_object(
    'execution', runledger_private.execution_document(e, v_parts),
    'other', case when o.id is not null then runledger_private.execution_document(o, v_parts) end);
end $$;
