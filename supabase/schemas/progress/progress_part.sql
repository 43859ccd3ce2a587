/* How far an execution has got: as reported, else, while it is open, what share of the usual time has passed. Usual is
   the median of the completed ones among its user's latest 200 of its workflow.
   Callers: progress_of, execution_document. Returns { status, reported, elapsed_ms, usual_ms }. */
-- for: service_role
create function runledger_private.progress_part(e runledger.workflow_executions) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object('status', e.status,
    'reported', (
      select jsonb_build_object('step', r.step, 'steps', r.steps, 'percent', r.percent, 'message', r.message,
               'reported_at', r.reported_at, 'counter', r.counter)
        from runledger.execution_progress r where r.execution_id = e.id and r.created_by = e.created_by),
    'elapsed_ms',
      (extract(epoch from statement_timestamp() - coalesce(e.engine_started_at, e.started_at)) * 1000)::bigint,
    'usual_ms', case when e.completed_at is null then (
      select percentile_disc(0.5) within group (order by d.duration_ms)
        from (select q.status, q.duration_ms from runledger.workflow_executions q
               where q.workflow_id = e.workflow_id and q.created_by = e.created_by
               order by q.started_at desc, q.id desc limit 200) d
       where d.status = 'completed') end)
$$;
