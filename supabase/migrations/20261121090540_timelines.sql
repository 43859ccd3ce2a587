-- The queue that condenses histories after their end was recorded. Service role only.

/* Ended executions whose history is to be read, those due longest first, with the runs of their chain.
   Callers: Ledger.pendingTimelines. */
create function public.pending_timelines(p_namespace text, p_limit integer)
returns table (execution_id uuid, temporal_namespace text, temporal_workflow_id text, run_ids text[], closing_run_id text)
language sql stable
set search_path = ''
as $$
  select t.execution_id, e.temporal_namespace, e.temporal_workflow_id,
         coalesce((select array_agg(r.run_id order by r.started_at, r.run_id)
                     from (select k.run_id, k.started_at from public.execution_runs k
                            where k.execution_id = e.id order by k.started_at desc limit 50) r),
                  array[e.closing_run_id]),
         e.closing_run_id
    from public.execution_timelines t
    join public.workflow_executions e on e.id = t.execution_id
   where t.temporal_namespace = p_namespace and t.state = 'pending' and t.next_try_at <= statement_timestamp()
     and e.closing_run_id is not null
   order by t.next_try_at
   limit p_limit;
$$;

/* Keeps timelines, unless the execution was reset since, and puts off those that could not be read (without a
   `timeline`). In the order of the executions' ids, each locked first. Returns how many were kept.
   Callers: Ledger.saveTimelines. */
create function public.save_timelines(p_timelines jsonb) returns integer
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
      from jsonb_array_elements(private.unwrap(p_timelines)) t order by 1
  loop
    perform from public.workflow_executions e where e.id = i.id for no key update;
    continue when not found;
    if i.retry_in_ms is not null then
      update public.execution_timelines t
         set next_try_at = clock_timestamp() + make_interval(secs => i.retry_in_ms / 1000)
       where t.execution_id = i.id and t.state = 'pending';
      continue;
    end if;
    update public.workflow_executions e set activities_executed = (i.v ->> 'activitiesExecuted')::int
     where e.id = i.id and e.closing_run_id = i.closing_run_id and i.v ->> 'state' <> 'missing'
       and e.activities_executed is distinct from (i.v ->> 'activitiesExecuted')::int;
    update public.execution_timelines t
       set state = i.v ->> 'state', steps = i.v -> 'steps', omitted = i.v -> 'omitted',
           activities_executed = (i.v ->> 'activitiesExecuted')::int, read_at = clock_timestamp()
      from public.workflow_executions e
     where t.execution_id = i.id and e.id = i.id and e.closing_run_id = i.closing_run_id;
    if found then n := n + 1; end if;
  end loop;
  return n;
end $$;
