/* Records what came of starts, { open: [...] } or { outcome: [...] } as record_open and record_outcomes take them, and
   answers the rows as they stand then, without their inputs: whoever waits for a start, and has its input, needs no
   second call to read it.
   Callers: Ledger.recordStart. Returns [{ answer, execution }] in the order of the items; execution is null where there
   is none any more. */
-- for: service_role
create function runledger.record_starts(p_starts jsonb) returns jsonb
language plpgsql
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  p constant jsonb := runledger_private.unwrap(p_starts);
  v_answers jsonb;
begin
  if p ? 'open' then
    select jsonb_agg(to_jsonb(r) order by r.ordinal) into v_answers from runledger.record_open(p -> 'open') r;
  else
    select jsonb_agg(to_jsonb(r) order by r.ordinal) into v_answers from runledger.record_outcomes(p -> 'outcome') r;
  end if;
  -- A statement of its own: it sees what the one before has written. Not a join: a plan that was kept from when there
  -- were few executions would read all of them. An array, not jsonb_agg: that takes time by the square of an object's
  -- keys (Postgres 15 to 17, 3 s for 16,000), and what is recorded has as many as its user likes.
  return (
    select coalesce(to_jsonb(array_agg(jsonb_build_object('answer', a.value, 'execution', (
             select to_jsonb(jsonb_populate_record(x, '{"input": null}')) from runledger.workflow_executions x
               where x.id = (a.value ->> 'execution_id')::uuid))
             order by a.ordinality)), '[]')
      from jsonb_array_elements(v_answers) with ordinality a);
end $$;
