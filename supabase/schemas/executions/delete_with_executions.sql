/* Deletes what was written beside executions that are gone, in place of foreign keys: whoever writes it has just
   written or locked the execution itself, so that a key finds nothing amiss, and costs each write a query and a lock
   more.
   Callers: the trigger below. */
-- for: service_role
create function runledger_private.delete_with_executions() returns trigger
language plpgsql security definer
set search_path = ''
-- A plan that was made while there were few rows is kept when there are many.
set enable_seqscan = off
as $$
declare
  v_ids constant uuid[] := array(select g.id from gone g);
begin
  if v_ids = '{}' then return null; end if;
  delete from runledger.execution_transitions x where x.execution_id = any (v_ids);
  delete from runledger.execution_runs x where x.execution_id = any (v_ids);
  delete from runledger.execution_reports x where x.execution_id = any (v_ids);
  delete from runledger.execution_checks x where x.execution_id = any (v_ids);
  delete from runledger.execution_start_options x where x.execution_id = any (v_ids);
  delete from runledger.execution_progress x where x.execution_id = any (v_ids);
  delete from runledger.execution_requests x where x.execution_id = any (v_ids);
  delete from runledger.execution_timelines x where x.execution_id = any (v_ids);
  return null;
end $$;

create trigger delete_with_executions after delete on runledger.workflow_executions
  referencing old table as gone for each statement execute function runledger_private.delete_with_executions();
