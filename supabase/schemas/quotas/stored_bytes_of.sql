/* How many bytes a user keeps: what their executions carry, folded and not folded yet, and what their workflows define.
   Reads one row, the user's part of the tail and their workflows. Callers: quota_state, refuse_by_storage. */
-- for: service_role
create function runledger_private.stored_bytes_of(p_user text) returns bigint
language plpgsql stable
set search_path = ''
as $$
declare
  v_below constant xid8 := runledger_private.folded_below();
begin
  return (
    select greatest(0, coalesce((select s.bytes from runledger.execution_storage s where s.created_by = p_user), 0)
      + coalesce((select sum(d.bytes) from runledger.execution_deltas d
                   where d.created_by = p_user and d.xid >= v_below), 0)
      + coalesce((select sum(coalesce(pg_column_size(w.input_schema), 0) + coalesce(pg_column_size(w.description), 0)
                             + pg_column_size(w.redact))
                    from runledger.workflows w where w.user_id = p_user), 0))::bigint);
end $$;
