/* Ends executions that Temporal does not know: { execution, status, reason, actor, source, unknownAtRevision } each.
   Answers come in the order of the items. Callers: Ledger.endLost. */
-- for: service_role
create function runledger.end_lost_executions(p_items jsonb)
returns table (ordinal integer, execution_id uuid, result text, status text, authority text, revision bigint,
               cancel_requested_at timestamptz, cancel_requested_by text, cancel_reason text)
language plpgsql
set search_path = ''
as $$
declare
  i record;
begin
  for i in
    select t.ordinality::int as n, t.value as item,
           coalesce(runledger_private.present_id((t.value ->> 'execution')::uuid),
             (t.value ->> 'execution')::uuid) as id
      from jsonb_array_elements(runledger_private.unwrap(p_items)) with ordinality t order by 3, 1
  loop
    ordinal := i.n;
    execution_id := i.id;
    if not runledger_private.is_end(i.item ->> 'status')
       or coalesce(i.item ->> 'reason', '') = '' then
      raise exception 'Ending an execution that Temporal does not know needs a terminal status and a reason, not "%".',
      i.item ->> 'status'
        using errcode = 'PT400', detail = 'invalid_input', hint = 'Say how it ended, and how you know.';
    end if;
    result := runledger_private.end_lost(i.id, i.item);
    select x.status, x.outcome_authority, x.revision, x.cancel_requested_at, x.cancel_requested_by, x.cancel_reason
      into status, authority, revision, cancel_requested_at, cancel_requested_by, cancel_reason
      from runledger.workflow_executions x where x.id = i.id;
    return next;
  end loop;
end $$;
