-- The queue that condenses histories after their end was recorded. Service role only.

/* Ended executions whose history is to be read, those due longest first, with the runs of their chain.
   Callers: Ledger.pendingTimelines. */
-- for: service_role
create function runledger.pending_timelines(p_namespace text, p_limit integer)
returns table (execution_id uuid, temporal_namespace text, temporal_workflow_id text, run_ids text[],
  closing_run_id text)
language sql stable
set search_path = ''
as $$
  select t.execution_id, e.temporal_namespace, e.temporal_workflow_id,
         coalesce((select array_agg(r.run_id order by r.started_at, r.run_id)
                     from (select k.run_id, k.started_at from runledger.execution_runs k
                            where k.execution_id = e.id order by k.started_at desc limit 50) r),
                  array[e.closing_run_id]),
         e.closing_run_id
    from runledger.execution_timelines t
    join runledger.workflow_executions e on e.id = t.execution_id
   where t.temporal_namespace = p_namespace and t.state = 'pending' and t.next_try_at <= statement_timestamp()
     and e.closing_run_id is not null
   order by t.next_try_at
   limit p_limit;
$$;
