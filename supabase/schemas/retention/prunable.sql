/* What is due among the next executions after an id. An execution is due when it has ended before the time of a part,
   and is settled: nobody follows it any more. Callers: prune_executions. */
-- for: service_role
create function runledger_private.prunable(p_after uuid, p_limit integer, p_payloads timestamptz,
  p_timelines timestamptz, p_rows timestamptz)
returns table (id uuid, has_payloads boolean, has_timeline boolean, is_old boolean, is_settled boolean,
               payloads_due boolean, timeline_due boolean, row_due boolean)
language plpgsql stable
set search_path = ''
as $$
begin
  return query
    select d.id, d.has_payloads, d.has_timeline, d.is_old, d.is_settled,
           d.has_payloads and d.is_settled and coalesce(d.completed_at < greatest(p_payloads, p_rows), false),
           d.has_timeline and d.is_settled and coalesce(d.completed_at < greatest(p_timelines, p_rows), false),
           d.is_settled and coalesce(d.completed_at < p_rows, false)
      from (
        select e.id, e.completed_at, e.input is not null or e.output is not null
          or e.state_snapshot is not null as has_payloads,
               exists (select from runledger.execution_timelines t where t.execution_id = e.id) as has_timeline,
               coalesce(e.completed_at < greatest(p_payloads, p_timelines, p_rows), false) as is_old,
               e.completed_at is not null
                 and not exists (select from runledger.execution_checks c where c.execution_id = e.id) as is_settled
          from runledger.workflow_executions e
         where p_after is null or e.id > p_after
         order by e.id limit p_limit) d;
end $$;
