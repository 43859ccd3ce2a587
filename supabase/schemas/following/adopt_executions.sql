/* Makes executions of runs that were started elsewhere; what is known already stays as it is.
   Callers: Ledger.adopt. */
-- for: service_role
create function runledger.adopt_executions(p_runs jsonb)
returns table (ordinal integer, result text, execution_id uuid)
language plpgsql
set search_path = ''
as $$
declare
  i record;
begin
  -- The application may be registering one at this moment.
  perform runledger_private.lock_workflow_ids(array(
    select (t.value ->> 'namespace') || ':' || (t.value ->> 'temporalWorkflowId')
      from jsonb_array_elements(runledger_private.unwrap(p_runs)) t));
  -- Those whose sign-up the ledger missed, before any lock of a row.
  perform runledger_private.bring_user(u.id) from (
    select distinct t.value ->> 'userId' as id from jsonb_array_elements(runledger_private.unwrap(p_runs)) t
      order by 1) u;
  -- Users and workflows before the first execution, each in the order of their ids.
  perform from runledger.users u where u.id = any (array(
    select t.value ->> 'userId' from jsonb_array_elements(runledger_private.unwrap(p_runs)) t))
      order by u.id for key share;
  perform from runledger.workflows w where w.id = any (array(
    select runledger_private.workflow_of_run(t.value)
      from jsonb_array_elements(runledger_private.unwrap(p_runs)) t)) order by w.id for key share;
  for i in
    select t.ordinality::int as n, t.value as item
      from jsonb_array_elements(runledger_private.unwrap(p_runs)) with ordinality t order by 1
  loop
    ordinal := i.n;
    select a.result, a.execution_id into result, execution_id from runledger_private.adopt_run(i.item) a;
    return next;
  end loop;
end $$;
