/* Everything the ledger holds of one execution, by row id or Temporal workflow id; null when there is none.
   Callers: Ledger.story. */
-- for: service_role
create function runledger.execution_story(p_ref text) returns jsonb
language sql stable
set search_path = ''
as $$
  select runledger_private.story_parts(e) || jsonb_build_object(
    'execution', to_jsonb(e),
    'workflow_name', (select w.name from runledger.workflows w where w.id = e.workflow_id),
    'followed', case when e.engine = 'temporal' then (select to_jsonb(f) from runledger_private.followed(e, c) f) end,
    'timeline', (select to_jsonb(t) from runledger.execution_timelines t where t.execution_id = e.id))
    from runledger.workflow_executions e
    left join runledger.execution_checks c on c.execution_id = e.id
   where e.id = runledger_private.find_execution(p_ref);
$$;
