/* Who or what started an execution, as SQL over `e` (its id, start_by and temporal_workflow_id): by its first
   transition and its chain; unknown where nothing tells. Text, for a list asks it of each row that it looks at.
   Callers: origin_of, execution_filter_sql. */
-- for: service_role
create function runledger_private.origin_sql() returns text
language sql immutable
return $sql$coalesce((
  select case
      when x.reason = 'imported' and x.actor is null then 'import'
      when x.source = 'feed' then case
        -- As Temporal names what its schedules start, or a chain of cron.
        when e.temporal_workflow_id ~ '-\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$'
          or exists (select from runledger.execution_runs r where r.execution_id = e.id and r.cause = 'cron')
          then 'schedule'
        else 'adopted' end
      when x.source = 'user' then 'adopted'
      when x.source = 'service' and e.start_by is not null then 'api'
      when x.source = 'service' and x.actor is not null then 'backend' end
    from runledger.execution_transitions x
   where x.execution_id = e.id and x.from_status is null and x.merged_execution_id is null
   order by x.revision limit 1), 'unknown')$sql$;
