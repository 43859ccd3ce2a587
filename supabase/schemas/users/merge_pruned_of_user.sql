/* Adds what was pruned of a user to what was pruned of another one, where both have the same part; the triggers count
   it. What somebody else holds is left to the next batch. Callers: move_some_of_user. */
-- for: service_role
create function runledger_private.merge_pruned_of_user(p_user text, p_to text) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_part runledger.execution_stats_pruned;
  v_moved runledger.execution_stats_pruned[] := '{}';
begin
  for v_part in
    select x.* from runledger.execution_stats_pruned x
      join runledger.execution_stats_pruned o on o.created_by = p_to and o.workflow_id = x.workflow_id
       and o.grain = x.grain and o.starts_at = x.starts_at
     where x.created_by = p_user order by x.workflow_id, x.grain, x.starts_at for update of x, o skip locked
  loop
    delete from runledger.execution_stats_pruned x
     where x.created_by = p_user and x.workflow_id = v_part.workflow_id and x.grain = v_part.grain
       and x.starts_at = v_part.starts_at;
    v_part.created_by := p_to;
    v_moved := v_moved || v_part;
  end loop;
  perform runledger_private.keep_pruned(v_moved);
end $$;
