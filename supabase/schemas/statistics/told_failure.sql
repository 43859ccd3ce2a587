/* The message of a kind of failures as the API tells it: none of it where the workflow redacts its errors. Whose it is
   tells the workflow that is asked for, else the last execution of the kind; where none is left, every workflow
   counts. p_redacts: whether any workflow redacts anything, which is looked up once for all messages. Callers:
   get_failure_groups, get_top_failures. */
-- for: service_role, authenticated
create function runledger_private.told_failure(p_message text, p_redacts boolean, p_workflow_id uuid, p_last_id uuid)
returns text
language plpgsql stable
set search_path = ''
as $$
declare
  v_workflow uuid := p_workflow_id;
begin
  if not p_redacts then return p_message; end if;
  if v_workflow is null then
    select e.workflow_id into v_workflow from runledger.workflow_executions e where e.id = p_last_id;
  end if;
  return case when coalesce(
      (select runledger_private.hides_error(w.redact, p_message) from runledger.workflows w where w.id = v_workflow),
      exists (select from runledger.workflows w
               where w.redact <> '{}' and runledger_private.hides_error(w.redact, p_message)))
    then '[redacted]' else p_message end;
end $$;
