/* Keeps timelines, unless the execution was reset since, and puts off those that could not be read (without a
   `timeline`). In the order of the executions' ids, each locked first. Returns how many were kept.
   Callers: Ledger.saveTimelines. */
-- for: service_role
create function runledger.save_timelines(p_timelines jsonb) returns integer
language plpgsql
set search_path = ''
as $$
declare
  i record;
  n integer := 0;
begin
  for i in
    select (t.value ->> 'execution')::uuid as id, t.value ->> 'closingRunId' as closing_run_id,
           t.value -> 'timeline' as v, (t.value ->> 'retryInMs')::float8 as retry_in_ms
      from jsonb_array_elements(runledger_private.unwrap(p_timelines)) t order by 1
  loop
    perform from runledger.workflow_executions e where e.id = i.id for no key update;
    continue when not found;
    if i.retry_in_ms is not null then
      update runledger.execution_timelines t
         set next_try_at = clock_timestamp() + make_interval(secs => i.retry_in_ms / 1000)
       where t.execution_id = i.id and t.state = 'pending';
      continue;
    end if;
    update runledger.workflow_executions e set activities_executed = (i.v ->> 'activitiesExecuted')::int
     where e.id = i.id and e.closing_run_id = i.closing_run_id and i.v ->> 'state' <> 'missing'
       and e.activities_executed is distinct from (i.v ->> 'activitiesExecuted')::int;
    update runledger.execution_timelines t
       set state = i.v ->> 'state', steps = i.v -> 'steps', omitted = i.v -> 'omitted',
           activities_executed = (i.v ->> 'activitiesExecuted')::int, read_at = clock_timestamp()
      from runledger.workflow_executions e
     where t.execution_id = i.id and e.id = i.id and e.closing_run_id = i.closing_run_id;
    if found then n := n + 1; end if;
  end loop;
  return n;
end $$;
