-- The one path by which executions are created, started and ended. Everything here needs the service role.

/* The execution that a caller means: a row id first, then the newest with that Temporal workflow id, then the one that
   the row of this id turned out to be.
   Callers: record_outcomes, request_cancel. */
-- for: service_role
create function runledger_private.find_execution(p_ref text) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  v_id uuid;
begin
  if p_ref ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then
    select e.id into v_id from runledger.workflow_executions e where e.id = p_ref::uuid;
    if found then return v_id; end if;
  end if;
  select e.id into v_id from runledger.workflow_executions e
   where e.temporal_workflow_id = p_ref order by e.started_at desc, e.id desc limit 1;
  if not found and p_ref ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then
    return runledger_private.present_id(p_ref::uuid);
  end if;
  return v_id;
end $$;
