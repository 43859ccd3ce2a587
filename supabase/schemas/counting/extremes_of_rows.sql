/* Smallest and largest times of a scope's executions started in [p_from, p_to), pruned ones included.
   Callers: find_extremes. */
-- for: service_role
create function runledger_private.extremes_of_rows(p_user text, p_workflow uuid, p_from timestamptz, p_to timestamptz,
  out duration_min bigint, out duration_max bigint, out queue_min bigint, out queue_max bigint)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_variable
begin
  -- A branch each, so that each has its index.
  if p_user = '' then
    select min(e.duration_ms), max(e.duration_ms), min(runledger_private.queue_ms(e.started_at, e.first_task_at)),
           max(runledger_private.queue_ms(e.started_at, e.first_task_at))
      into duration_min, duration_max, queue_min, queue_max
      from runledger.workflow_executions e
     where e.workflow_id = p_workflow and e.started_at >= p_from and e.started_at < p_to;
  elsif p_workflow = '00000000-0000-0000-0000-000000000000' then
    select min(e.duration_ms), max(e.duration_ms), min(runledger_private.queue_ms(e.started_at, e.first_task_at)),
           max(runledger_private.queue_ms(e.started_at, e.first_task_at))
      into duration_min, duration_max, queue_min, queue_max
      from runledger.workflow_executions e
     where e.created_by = p_user and e.started_at >= p_from and e.started_at < p_to;
  else
    select min(e.duration_ms), max(e.duration_ms), min(runledger_private.queue_ms(e.started_at, e.first_task_at)),
           max(runledger_private.queue_ms(e.started_at, e.first_task_at))
      into duration_min, duration_max, queue_min, queue_max
      from runledger.workflow_executions e
     where e.created_by = p_user and e.workflow_id = p_workflow and e.started_at >= p_from and e.started_at < p_to;
  end if;
  select least(duration_min, min(p.duration_min)), greatest(duration_max, max(p.duration_max)),
         least(queue_min, min(p.queue_min)), greatest(queue_max, max(p.queue_max))
    into duration_min, duration_max, queue_min, queue_max
    from runledger.execution_stats_pruned p
   where (p_user = '' or p.created_by = p_user)
     and (p_workflow = '00000000-0000-0000-0000-000000000000' or p.workflow_id = p_workflow)
     and p.starts_at >= p_from and p.starts_at < p_to;
end $$;
