/* The same per user and workflow; last_run_at is the newest start of any execution that is still kept. */
create or replace view runledger.workflow_run_counts with (security_invoker = on) as
  select x.user_id, x.workflow_id, sum(x.completed)::bigint as completed_count, sum(x.failed)::bigint as failed_count,
         sum(x.completed + x.failed)::bigint as total_count,
         (select max(e.started_at) from runledger.workflow_executions e
           where e.workflow_id = x.workflow_id and e.created_by = x.user_id) as last_run_at
    from (
      select s.created_by as user_id, s.workflow_id,
             coalesce(s.counts[runledger_private.status_number('completed')], 0) as completed,
             coalesce(s.counts[runledger_private.status_number('failed')], 0) as failed,
             (select sum(n) from unnest(s.counts) n) as total
        from runledger.execution_stats s
       where s.grain = 'life' and s.created_by <> '' and s.workflow_id <> '00000000-0000-0000-0000-000000000000'
      union all
      select d.created_by, d.workflow_id, v.n * (v.status = 'completed')::int, v.n * (v.status = 'failed')::int, v.n
        from runledger.execution_deltas d, lateral runledger_private.signs_of(d) v
       where d.xid >= (select runledger_private.folded_below())) x
   group by x.user_id, x.workflow_id having sum(x.total) > 0;

grant select on runledger.workflow_run_counts to authenticated;
grant all on runledger.workflow_run_counts to service_role;
