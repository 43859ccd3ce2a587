-- What the feeds ask about runs, and how runs that were started elsewhere become executions. Service role only.

/* What is known of runs, in their order. `isRecorded`: the run's end, or a later run of its chain, is in the ledger.
   `execution`: the one that the run belongs to; for an unknown run the newest one with its workflow id.
   Callers: Ledger.findRuns. Returns [{ isRecorded, isKnown, execution }]. */
-- for: service_role
create function runledger.find_runs(p_namespace text, p_runs jsonb) returns jsonb
language plpgsql stable
set search_path = ''
-- Planned once: planning for each call reads more than the runs do.
set plan_cache_mode = force_generic_plan
as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
             'isKnown', m.id is not null,
             'isRecorded', coalesce(m.id is not null and (
               m.closing_run_id = r.run_id and m.outcome_authority = 'engine'
               or k.status <> 'running'
               or (m.current_run_id is distinct from r.run_id
                 and runledger_private.is_superseded_run(m.id, r.run_id, m.current_run_id))), false),
             'execution', case when m.id is not null then (select to_jsonb(f)
                               from runledger_private.followed(m, null) f)
                               when n.id is not null then (select to_jsonb(f)
                                 from runledger_private.followed(n, null) f) end) order by r.ordinality), '[]')
      from (select t.ordinality, t.value ->> 'temporalWorkflowId' as workflow_id, t.value ->> 'runId' as run_id
              from jsonb_array_elements(runledger_private.unwrap(p_runs)) with ordinality t) r
      left join lateral (
        select x.status, x.execution_id from runledger.execution_runs x
          join runledger.workflow_executions e on e.id = x.execution_id and e.temporal_namespace = p_namespace
         where x.run_id = r.run_id and e.temporal_workflow_id = r.workflow_id limit 1) k on true
      left join lateral (
        select e.* from runledger.workflow_executions e
         where e.temporal_namespace = p_namespace and e.temporal_workflow_id = r.workflow_id
           and (e.id = k.execution_id or r.run_id in (e.temporal_run_id, e.current_run_id, e.closing_run_id))
         limit 1) m on true
      left join lateral (
        select e.* from runledger.workflow_executions e
         where m.id is null and e.temporal_namespace = p_namespace and e.temporal_workflow_id = r.workflow_id
         order by e.started_at desc, e.id desc limit 1) n on true);
end $$;
