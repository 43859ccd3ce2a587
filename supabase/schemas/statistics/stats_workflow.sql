/* Which cells are read: those of a workflow, or, where none is named, those of all of a user (the nil uuid) or of
   everybody (null). Callers: every function of statistics. */
-- for: service_role, authenticated
create function runledger_private.stats_workflow(p_workflow_id uuid, p_user text) returns uuid
language sql stable
return case when p_workflow_id = '00000000-0000-0000-0000-000000000000'
  then runledger_private.refuse_marker('workflow id')::uuid
            when p_workflow_id is null and p_user <> '' then '00000000-0000-0000-0000-000000000000'
            else p_workflow_id end;
