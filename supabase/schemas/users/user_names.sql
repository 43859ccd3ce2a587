/* What users are called, by id: of those among them who have executions of this workflow, whose owner asks.
   Callers: Ledger.userNames. */
-- for: service_role
create function runledger.user_names(p_ids text[], p_workflow_id uuid) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(u, runledger_private.user_name(u)), '{}') from unnest(p_ids) u
   where exists (select from runledger.workflow_executions e where e.workflow_id = p_workflow_id and e.created_by = u);
$$;
