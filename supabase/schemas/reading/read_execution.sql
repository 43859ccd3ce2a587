/* One execution of a user, or of a workflow that the caller owns, or of anybody, with what its page
   shows; null when there is none.
   Callers: ExecutionReader.details, get. */
-- for: service_role
create function runledger.read_execution(p_id uuid, p_user_id text default null, p_workflow_id uuid default null,
                                         p_parts text[] default '{}', p_everybody boolean default false) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (select runledger_private.execution_document(e, p_parts)
            from runledger_private.in_scope(p_id, p_user_id, p_workflow_id, p_everybody) e);
end $$;
