/* How far one of a user's executions, or of all that the reader may see, has got: as reported, else, while it is
   open, what share of the usual time has passed. Usual is the median of the completed ones among the user's
   latest 200 of its workflow. Null where the user has no such execution.
   Callers: ExecutionReader.progress. Returns { status, workflow, reported, elapsed_ms, usual_ms }. */
-- for: service_role
create function runledger.progress_of(p_user text, p_execution uuid, p_everybody boolean default false)
returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object('status', x.status,
    'workflow', (select jsonb_build_object('id', w.id, 'name', w.name, 'redact', to_jsonb(w.redact))
                   from runledger.workflows w where w.id = x.workflow_id),
    'reported', (
      select jsonb_build_object('step', r.step, 'steps', r.steps, 'percent', r.percent, 'message', r.message,
               'reported_at', r.reported_at, 'counter', r.counter)
        from runledger.execution_progress r where r.execution_id = x.id and r.created_by = x.created_by),
    'elapsed_ms',
      (extract(epoch from statement_timestamp() - coalesce(x.engine_started_at, x.started_at)) * 1000)::bigint,
    'usual_ms', case when x.completed_at is null then (
      select percentile_disc(0.5) within group (order by d.duration_ms)
        from (select q.status, q.duration_ms from runledger.workflow_executions q
               where q.workflow_id = x.workflow_id and q.created_by = x.created_by
               order by q.started_at desc, q.id desc limit 200) d
       where d.status = 'completed') end)
    from runledger.workflow_executions x
   where x.id = runledger_private.present_id(p_execution)
     and case when p_everybody then runledger_private.unless_left(p_user) is not null
     else x.created_by = runledger_private.unless_left(p_user) end
$$;
