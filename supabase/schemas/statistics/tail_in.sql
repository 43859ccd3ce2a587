/* What is not folded yet, of a window, as signed rows. Callers: every function of statistics. */
-- for: service_role, authenticated
create function runledger_private.tail_in(p_user text, p_workflow uuid, p_starts_at timestamptz, p_ends_at timestamptz)
returns table (workflow_id uuid, hour timestamptz, n integer, status text, duration_ms bigint, queue_ms bigint,
  verdict text,
               failure_group text, failure_shape text)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_below xid8 := runledger_private.folded_below();
begin
  if p_user <> '' then
    return query
      select d.workflow_id, d.hour, v.* from runledger.execution_deltas d, lateral runledger_private.signs_of(d) v
       where d.created_by = p_user and d.xid >= v_below and d.hour >= p_starts_at and d.hour < p_ends_at
         and (p_workflow is null or p_workflow = '00000000-0000-0000-0000-000000000000' or d.workflow_id = p_workflow);
  elsif p_workflow is not null then
    return query
      select d.workflow_id, d.hour, v.* from runledger.execution_deltas d, lateral runledger_private.signs_of(d) v
       where d.workflow_id = p_workflow and d.xid >= v_below and d.hour >= p_starts_at and d.hour < p_ends_at;
  else
    return query
      select d.workflow_id, d.hour, v.* from runledger.execution_deltas d, lateral runledger_private.signs_of(d) v
       where d.xid >= v_below and d.hour >= p_starts_at and d.hour < p_ends_at;
  end if;
end $$;
