/* Records what came of one start, { open } or { outcome } as record_open and record_outcomes take them, and answers the
   row as it stands then: whoever waits for the start needs no second call to read it.
   Callers: Ledger.recordStart. Returns { answer, execution }; execution is null where there is none any more. */
-- for: service_role
create function runledger.record_start(p_start jsonb) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  p constant jsonb := runledger_private.unwrap(p_start);
  v_answer jsonb;
  e runledger.workflow_executions;
begin
  if p ? 'open' then
    select to_jsonb(r) into v_answer from runledger.record_open(jsonb_build_array(p -> 'open')) r;
  else
    select to_jsonb(r) into v_answer from runledger.record_outcomes(jsonb_build_array(p -> 'outcome')) r;
  end if;
  select * into e from runledger.workflow_executions x where x.id = (v_answer ->> 'execution_id')::uuid;
  return jsonb_build_object('answer', v_answer, 'execution', case when found then to_jsonb(e) end);
end $$;
