/* What forgetting a user would delete. Callers: Ledger.describeUser.
   Returns { user, leftAt, executions, open, others, workflows, pruned }, or null: there is no such user. Counts stop
   at a million. */
-- for: service_role
create function runledger.describe_user(p_user text) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object('user', u.id, 'leftAt', u.left_at,
      'executions', (select count(*) from (
        select from runledger.workflow_executions e where e.created_by = u.id limit 1000000) c),
      'open', (select count(*) from (
        select from runledger.workflow_executions e
         where e.created_by = u.id and runledger_private.is_open(e.status) limit 1000000) c),
      'others', (select count(*) from (
        select from runledger.workflow_executions e join runledger.workflows w on w.id = e.workflow_id
         where w.user_id = u.id and e.created_by <> u.id limit 1000000) c),
      'workflows', (select count(*) from runledger.workflows w where w.user_id = u.id),
      'pruned', (select coalesce(sum(n), 0) from runledger.execution_stats_pruned p, unnest(p.counts) n
                  where p.created_by = u.id))
    from runledger.users u where u.id = p_user;
$$;
