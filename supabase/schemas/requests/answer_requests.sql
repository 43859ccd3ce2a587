/* Notes what became of requests: { id, answer }. The first answer stays.
   Callers: Ledger.answerRequests. */
-- for: service_role
create function runledger.answer_requests(p_answers jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_items constant jsonb := runledger_private.unwrap(p_answers);
begin
  -- Whoever deletes an execution takes its requests in an order of its own, after the execution.
  perform from runledger.workflow_executions x where x.id in (
    select r.execution_id from runledger.execution_requests r
     where r.id = any (array(select (t ->> 'id')::uuid from jsonb_array_elements(v_items) t)))
    order by x.id for no key update;
  update runledger.execution_requests r set answer = left(t.value ->> 'answer', 100)
    from jsonb_array_elements(v_items) t
   where r.id = (t.value ->> 'id')::uuid and r.answer is null;
end $$;
