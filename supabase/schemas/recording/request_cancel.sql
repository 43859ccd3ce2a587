/* Notes who asked to cancel. A pending execution that the ledger has not started yet is cancelled by it; if a start was
   under way, the engine's word brings it back and the cancel follows.
   Callers: Ledger.requestCancel. */
-- for: service_role
create function runledger.request_cancel(p_execution uuid, p_by text, p_reason text)
returns table (ordinal integer, execution_id uuid, result text, status text, authority text, revision bigint,
               cancel_requested_at timestamptz, cancel_requested_by text, cancel_reason text)
language plpgsql
set search_path = ''
as $$
declare
  e runledger.workflow_executions;
begin
  update runledger.workflow_executions x
     set cancel_requested_at = coalesce(x.cancel_requested_at, clock_timestamp()),
         cancel_requested_by = coalesce(x.cancel_requested_by, p_by),
         cancel_reason = coalesce(x.cancel_reason, left(p_reason, 2000)),
         status = case when x.status = 'pending' and x.start_by is not null then 'cancelled' else x.status end,
         last_transition = case when x.status = 'pending' and x.start_by is not null
           then jsonb_build_object('source', 'user', 'actor', p_by, 'reason', left(p_reason, 2000), 'at',
             clock_timestamp())
           else x.last_transition end
   where x.id = p_execution and runledger_private.is_open(x.status)
  returning * into e;
  if found then
    result := 'applied';
  else
    select * into e from runledger.workflow_executions x where x.id = p_execution;
    result := case when found then 'already_terminal' else 'not_found' end;
  end if;
  ordinal := 1;
  execution_id := p_execution;
  status := e.status;
  authority := e.outcome_authority;
  revision := e.revision;
  cancel_requested_at := e.cancel_requested_at;
  cancel_requested_by := e.cancel_requested_by;
  cancel_reason := e.cancel_reason;
  return next;
end $$;
