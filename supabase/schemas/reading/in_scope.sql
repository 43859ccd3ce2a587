/* An execution by its id, or by the id of a row that turned out to be it, where it is of this user, or of this
   workflow, whose owner asks, or where an operator asks; nothing otherwise.
   Callers: read_execution, compare_executions. */
-- for: service_role
create function runledger_private.in_scope(p_id uuid, p_user_id text, p_workflow_id uuid,
  p_everybody boolean default false)
returns setof runledger.workflow_executions rows 1
language plpgsql stable
set search_path = ''
as $$
declare
  v_id uuid := p_id;
  -- Nobody reads what is about to be deleted.
  v_user constant text := runledger_private.unless_left(p_user_id);
begin
  for hop in 1..10 loop
    return query select * from runledger.workflow_executions e
      where e.id = v_id
        and case when p_everybody then v_user is not null when p_workflow_id is null then e.created_by = v_user
                 else e.workflow_id = p_workflow_id end;
    if found or exists (select from runledger.workflow_executions e where e.id = v_id) then return; end if;
    select t.execution_id into v_id from runledger.execution_transitions t
     where t.merged_execution_id = v_id limit 1;
    if not found then return; end if;
  end loop;
end $$;
