/* Changes after a cursor, one per execution, and the cursor to go on with. The cursor is the oldest transaction that
   was still running, so a change that commits late is never passed over. A null cursor, or one from another cluster,
   starts at the present.
   Callers: Ledger.changesSince. Returns { changes, cursor }. */
-- for: service_role
create function runledger.changes_since(p_cursor text, p_limit integer) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_now xid8 := pg_snapshot_xmin(pg_current_snapshot());
  v_from xid8 := p_cursor::xid8;
  v_to xid8;
  v_changes jsonb;
begin
  if v_from is null or v_from >= v_now then
    return jsonb_build_object('changes', '[]'::jsonb, 'cursor', v_now::text);
  end if;
  -- A page ends with a whole transaction.
  select c.xid into v_to from runledger_private.changes_between(v_from, v_now) c order by c.xid offset p_limit limit 1;
  -- Of an execution that is gone only its deletion is told, which may be further on.
  select coalesce(jsonb_agg(jsonb_build_object('executionId', d.execution_id, 'userId', d.created_by, 'workflowId',
           coalesce(d.workflow_id, e.workflow_id), 'revision', d.revision, 'deleted', d.deleted)
           || case when d.deleted_by is null then '{}' else jsonb_build_object('deletedBy', d.deleted_by) end
           order by d.xid), '[]')
    into v_changes
    from (select distinct on (c.execution_id) c.* from runledger_private.changes_between(v_from, v_now) c
           where v_to is null or c.xid <= v_to
           order by c.execution_id, c.revision desc) d
    left join lateral (select x.workflow_id from runledger.workflow_executions x where x.id = d.execution_id limit 1) e
      on d.workflow_id is null
   where coalesce(d.workflow_id, e.workflow_id) is not null;
  return jsonb_build_object('changes', v_changes,
    'cursor', case when v_to is null then v_now::text else ((v_to::text::numeric) + 1)::text end);
end $$;
