/* Settles changed rows that are executions already; where the database refuses some, in halves, down to
   the row whose fault it is: that one is noted again with its problem, for a minute later.
   Callers: forward_changes, itself. */
-- for: service_role
create function runledger_private.forward_part(p_plan jsonb, p_keys text[]) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  n constant integer := cardinality(p_keys);
begin
  return runledger_private.forward_some(p_plan, p_keys);
exception when others then
  if left(sqlstate, 2) not in ('21', '22', '23', '54', 'P0', 'PT') then raise; end if;
  if n > 1 then
    return runledger_private.add_counts(runledger_private.forward_part(p_plan, p_keys[:n / 2]),
      runledger_private.forward_part(p_plan, p_keys[n / 2 + 1:]));
  end if;
  insert into runledger.forwarded_rows (source, source_id, problem, due_at)
    values (p_plan ->> 'source', p_keys[1], left(sqlerrm, 500), clock_timestamp() + interval '1 minute');
  return '{"refused": 1}';
end $$;
