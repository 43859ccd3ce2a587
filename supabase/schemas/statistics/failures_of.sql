/* Executions of one kind of failure in a scope and a window, the oldest or the latest first, by the index of their
   kind. Callers: get_failure_groups, get_failure_users. */
-- for: service_role
create function runledger_private.failures_of(p_user_id text, p_workflow_id uuid, p_group text, p_from timestamptz,
  p_to timestamptz, p_oldest boolean, p_most integer)
returns table (id uuid, created_by text, started_at timestamptz)
language plpgsql stable
set search_path = ''
set enable_sort = off
set enable_bitmapscan = off
as $$
begin
  return query execute format(
    'select e.id, e.created_by, e.started_at from runledger.workflow_executions e
      where e.failure_group = %L and %s and e.started_at >= %L and e.started_at < %L
      order by e.started_at %s, e.id %5$s limit %s',
    p_group, concat_ws(' and ', case when p_user_id is null and p_workflow_id is null
        then runledger_private.everybody_sql() end,
      'e.created_by = ' || quote_literal(p_user_id),
      'e.workflow_id = ' || quote_literal(p_workflow_id)),
    p_from, p_to, case when p_oldest then 'asc' else 'desc' end, p_most);
end $$;
