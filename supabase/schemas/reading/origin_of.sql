/* Who or what started an execution, by its first transition and its chain; unknown where nothing tells.
   Callers: execution_document. */
-- for: service_role
create function runledger_private.origin_of(e runledger.workflow_executions) returns text
language plpgsql stable
set search_path = ''
as $$
declare
  t record;
begin
  select x.source, x.actor, x.reason into t from runledger.execution_transitions x
   where x.execution_id = e.id and x.from_status is null and x.merged_execution_id is null
   order by x.revision limit 1;
  return case
    when t.reason = 'imported' and t.actor is null then 'import'
    when t.source = 'feed' then case
      -- As Temporal names what its schedules start, or a chain of cron.
      when e.temporal_workflow_id ~ '-\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$'
        or exists (select from runledger.execution_runs r where r.execution_id = e.id and r.cause = 'cron')
        then 'schedule'
      else 'adopted' end
    when t.source = 'service' and e.start_by is not null then 'api'
    when t.source = 'service' and t.actor is not null then 'backend'
    else 'unknown' end;
end $$;
