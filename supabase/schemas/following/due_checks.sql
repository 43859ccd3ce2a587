/* Unsettled executions whose check is due, oldest check first. `statement_timestamp()`, for a clock that goes on within
   a statement is compared row by row, by no index.
   Callers: Ledger.dueChecks. Returns [followed_execution]. */
-- for: service_role
create function runledger.due_checks(p_namespace text, p_limit integer) returns json
language sql stable
set search_path = ''
as $$
  select coalesce(json_agg(row_to_json(f) order by c.next_check_at), '[]')
    from (select * from runledger.execution_checks k
           where k.temporal_namespace = p_namespace and k.next_check_at <= statement_timestamp()
           order by k.next_check_at limit p_limit) c
   cross join lateral (select * from runledger.workflow_executions x where x.id = c.execution_id limit 1) e
   cross join lateral runledger_private.followed(e, c) f;
$$;
