/* How far one of a user's executions, or of all that the reader may see, has got. Null where the user has no such
   execution.
   Callers: ExecutionReader.progress. Returns what progress_part does, and workflow. */
-- for: service_role
create function runledger.progress_of(p_user text, p_execution uuid, p_everybody boolean default false)
returns jsonb
language sql stable
set search_path = ''
as $$
  select runledger_private.progress_part(x) || jsonb_build_object(
    'workflow', (select jsonb_build_object('id', w.id, 'name', w.name, 'redact', to_jsonb(w.redact))
                   from runledger.workflows w where w.id = x.workflow_id))
    from runledger.workflow_executions x
   where x.id = runledger_private.present_id(p_execution)
     and case when p_everybody then runledger_private.unless_left(p_user) is not null
     else x.created_by = runledger_private.unless_left(p_user) end
$$;
