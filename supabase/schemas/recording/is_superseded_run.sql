/* Whether the chain is known to have gone on from this run: its end by the engine is recorded and another run is
   current, or it began before the current one; of two that began together, the links say which.
   Callers: record_outcome, record_open_run, find_runs. */
-- for: service_role
create function runledger_private.is_superseded_run(p_execution uuid, p_run text, p_current text) returns boolean
language plpgsql stable
set search_path = ''
as $$
declare
  run runledger.execution_runs;
  follower runledger.execution_runs;
begin
  if p_run is null or p_current is null or p_run = p_current then return false; end if;
  if exists (select from runledger.execution_transitions t
              where t.execution_id = p_execution and t.run_id = p_run and t.authority = 'engine'
                and not runledger_private.is_open(t.to_status) and t.merged_execution_id is null) then
    return true;
  end if;
  select * into run from runledger.execution_runs k where k.execution_id = p_execution and k.run_id = p_run;
  if not found then return false; end if;
  select * into follower from runledger.execution_runs k where k.execution_id = p_execution and k.run_id = p_current;
  while found and follower.started_at >= run.started_at loop
    if follower.started_at > run.started_at or follower.previous_run_id = p_run then return true; end if;
    select * into follower from runledger.execution_runs k
     where k.execution_id = p_execution and k.run_id = follower.previous_run_id and k.run_id <> p_current;
  end loop;
  return false;
end $$;
