/* Changes of executions by transactions from one on, below another: what a transition tells is written nowhere else.
   Those of the last day: a transaction that lasts for hours is told when it ends, and a dump brings transitions with
   the transaction ids of the cluster that it came from.
   Callers: changes_since, change_feed_blocker. */
-- for: service_role
create function runledger_private.changes_between(p_from xid8, p_below xid8)
returns table (xid xid8, execution_id uuid, created_by text, workflow_id uuid, revision bigint, deleted boolean,
               deleted_by text, changed_at timestamptz)
language sql stable
begin atomic
  select c.xid, c.execution_id, c.created_by, c.workflow_id, c.revision, c.deleted, c.deleted_by, c.changed_at
    from runledger.execution_changes c where c.xid >= p_from and c.xid < p_below
  union all
  select t.xid, t.execution_id, t.created_by, null, t.revision, false, null, t.at
    from runledger.execution_transitions t
   where t.xid >= p_from and t.xid < p_below and t.at > statement_timestamp() - interval '1 day';
end;
