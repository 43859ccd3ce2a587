/* Ends direct executions that have been open for longer than older_than as failed: by hand only, nothing calls it.
   Executions with an engine are never touched: the monitor knows how they end. Returns how many. */
-- for: service_role
create function runledger.fix_stuck_runs(older_than interval default '1 hour') returns integer
language plpgsql
set search_path = ''
as $$
declare
  n integer;
begin
  with stuck as (
    select x.id from runledger.workflow_executions x
     where x.engine = 'none' and runledger_private.is_open(x.status) and x.started_at < clock_timestamp() - older_than
     order by x.id for no key update)
  update runledger.workflow_executions e
     set status = 'failed',
         error_message = 'No end was reported within ' || older_than::text || '.',
         failure = jsonb_build_object('type', 'StuckRun', 'message',
           'No end was reported within ' || older_than::text || '.'),
         last_transition = jsonb_build_object('source', 'user', 'actor', 'fix_stuck_runs',
           'reason', 'open for longer than ' || older_than::text, 'at', clock_timestamp())
    from stuck
   where e.id = stuck.id;
  get diagnostics n = row_count;
  return n;
end $$;
