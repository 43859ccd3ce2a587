/* Ends that a reset undid before anybody had looked: each is recorded as if it had been seen, oldest first.
   Callers: record_outcome, record_open_run. */
-- for: service_role
create function runledger_private.record_unseen_ends(p_id uuid, p jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
  run jsonb;
begin
  for run in
    select r.value from jsonb_array_elements(case when jsonb_typeof(p -> 'runs') = 'array' then p -> 'runs'
      else '[]' end)
             with ordinality r
     where (r.value ->> 'wasEnd')::boolean and r.value ->> 'runId' is distinct from p ->> 'runId'
       and not exists (
         select from runledger.execution_transitions t
          where t.execution_id = p_id and t.run_id = r.value ->> 'runId' and t.authority = 'engine'
            and not runledger_private.is_open(t.to_status))
     order by r.ordinality
  loop
    perform runledger_private.record_outcome(p_id, jsonb_build_object(
      'authority', 'engine', 'source', p -> 'source', 'status', run -> 'status', 'runId', run -> 'runId',
      'firstRunId', p -> 'firstRunId', 'completedAt', run -> 'closedAt', 'errorMessage', run -> 'errorMessage',
      'engineStartedAt', p -> 'engineStartedAt', 'firstTaskAt', p -> 'firstTaskAt',
      'reason', 'It had ended so before it was reset.'));
  end loop;
end $$;
