/* Removes rows, timelines and payloads. Locks like a deletion of a user or workflow and like the recording of outcomes
   do, in the order of ids, so that nobody waits in a circle. Callers: prune_executions. */
-- for: service_role
create function runledger_private.prune_due(p_rows uuid[], p_timelines uuid[], p_payloads uuid[]) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_all constant uuid[] := p_rows || p_timelines || p_payloads;
begin
  perform runledger_private.lock_owners(v_all);
  perform from runledger.workflow_executions e where e.id = any (v_all) order by e.id for update;
  if p_rows <> '{}' then perform runledger_private.prune_counted(p_rows); end if;
  delete from runledger.execution_timelines t where t.execution_id = any (p_timelines);
  -- One that was reopened since its end was looked at keeps what it has.
  update runledger.workflow_executions e set input = null, output = null, state_snapshot = null, output_note = 'pruned'
   where e.id = any (p_payloads) and e.completed_at is not null;
end $$;
