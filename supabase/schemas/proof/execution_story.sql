/* Everything the ledger holds of one execution, by row id or Temporal workflow id; null when there is none.
   Callers: Ledger.story. */
-- for: service_role
create function runledger.execution_story(p_ref text) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object(
    'execution', to_jsonb(e),
    'workflow_name', (select w.name from runledger.workflows w where w.id = e.workflow_id),
    'followed', case when e.engine = 'temporal' then (select to_jsonb(f) from runledger_private.followed(e, c) f) end,
    'transitions', coalesce((select jsonb_agg(to_jsonb(t) order by t.revision, t.at)
                               from runledger.execution_transitions t where t.execution_id = e.id), '[]'),
    'runs', coalesce((select jsonb_agg(to_jsonb(r) order by r.started_at)
                        from (select * from runledger.execution_runs k where k.execution_id = e.id
                               order by k.started_at desc limit 100) r), '[]'),
    'reports', coalesce((select jsonb_agg(to_jsonb(r) order by r.reported_at)
                           from (select * from runledger.execution_reports k where k.execution_id = e.id
                                  order by k.reported_at desc limit 100) r), '[]'),
    'health', case when c.health is not null then
      jsonb_build_object('health', c.health, 'reason', c.reason, 'remedy', c.remedy, 'checked_at', c.last_check_at) end,
    'timeline', (select to_jsonb(t) from runledger.execution_timelines t where t.execution_id = e.id))
    from runledger.workflow_executions e
    left join runledger.execution_checks c on c.execution_id = e.id
   where e.id = runledger_private.find_execution(p_ref);
$$;
