/* Pending executions that wait for the ledger to start them, and still may be started.
   Callers: Ledger.pendingStarts. */
-- for: service_role
create function runledger.pending_starts(p_namespace text, p_older_than_ms integer, p_limit integer)
returns table (execution_id uuid, temporal_namespace text, temporal_workflow_id text, workflow_type text,
               task_queue text, input jsonb, execution_timeout text, run_timeout text, retry_policy jsonb, user_id text,
               start_delay_ms bigint)
language sql stable
set search_path = ''
as $$
  select e.id, e.temporal_namespace, e.temporal_workflow_id, w.workflow_type, w.task_queue, e.input,
         coalesce(o.execution_timeout, w.execution_timeout), coalesce(o.run_timeout, w.run_timeout), w.retry_policy,
         e.created_by,
         -- It counts from the request, however often the start is tried.
         nullif(greatest(0, o.start_delay_ms
           - (extract(epoch from statement_timestamp() - e.started_at) * 1000)::bigint), 0)
    from runledger.workflow_executions e
    join runledger.workflows w on w.id = e.workflow_id
    left join runledger.execution_start_options o on o.execution_id = e.id
   where e.temporal_namespace = p_namespace and e.status = 'pending' and e.temporal_run_id is null
     and e.start_by > statement_timestamp() and e.cancel_requested_at is null
     and e.started_at <= statement_timestamp() - make_interval(secs => p_older_than_ms / 1000.0)
   order by e.started_at
   limit p_limit;
$$;
