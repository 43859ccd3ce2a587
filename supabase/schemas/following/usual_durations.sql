/* How long workflows usually take: quantiles of the latest 500 executions of each that completed.
   Callers: Ledger.usualDurations. */
-- for: service_role
create function runledger.usual_durations(p_workflow_ids uuid[])
returns table (workflow_id uuid, sample bigint, quantiles_ms bigint[])
language sql stable
set search_path = ''
as $$
  select w.id, s.sample, s.quantiles
    from unnest(p_workflow_ids) w (id)
   cross join lateral (
     select count(*) as sample,
            percentile_disc(array[0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75,
                                  0.8, 0.85, 0.9, 0.95, 0.99, 1]) within group (order by d.duration_ms) as quantiles
       from (select e.duration_ms from runledger.workflow_executions e
              where e.workflow_id = w.id and e.status = 'completed' and e.completed_at is not null
              order by e.completed_at desc, e.id desc limit 500) d) s
   where s.sample > 0;
$$;
