/* Numbers of executions by status as counters keep them: at the place of each status (status_number), 0 between, and
   nothing after the last. p_places ascend. Callers: whatever makes changes of cells. */
-- for: service_role
create function runledger_private.counts_of(p_places integer[], p_counts bigint[]) returns bigint[]
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  v_counts bigint[] := '{}';
begin
  for i in 1 .. coalesce(cardinality(p_places), 0) loop
    for j in coalesce(cardinality(v_counts), 0) + 1 .. p_places[i] - 1 loop
      v_counts[j] := 0;
    end loop;
    v_counts[p_places[i]] := p_counts[i];
  end loop;
  return v_counts;
end $$;
