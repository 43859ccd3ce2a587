/* Of which users (null: all) the bytes that are counted differ from what their executions keep. Callers:
   stats_differences. */
-- for: service_role
create function runledger_private.storage_differences(p_users text[])
returns table (created_by text, counted numeric, recounted numeric)
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
  v_below constant xid8 := runledger_private.folded_below();
begin
  return query
    select x.created_by, coalesce(sum(x.counted), 0), coalesce(sum(x.recounted), 0) from (
      select s.created_by, s.bytes as counted, null::bigint as recounted from runledger.execution_storage s
       where p_users is null or s.created_by = any (p_users)
      union all
      select d.created_by, d.bytes, null from runledger.execution_deltas d
       where d.xid >= v_below and (p_users is null or d.created_by = any (p_users))
      union all
      select e.created_by, null, runledger_private.payload_bytes(e.input, e.output, e.failure, e.error_message,
               e.state_snapshot, e.metadata)
        from runledger.workflow_executions e where p_users is null or e.created_by = any (p_users)) x
     group by 1 having coalesce(sum(x.counted), 0) <> coalesce(sum(x.recounted), 0);
end $$;
