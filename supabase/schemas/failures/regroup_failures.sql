-- Groups of failures after their rule has changed. Service role only.

/* Makes the groups of failures anew, of the next executions after an id, where they differ from the present rule. The
   counters follow by the same deltas as any other change, so they are exact at every moment; what retention has removed
   keeps the group it was counted in. Call it again with `after` until `done`.
   Callers: an operator, after an upgrade that changes runledger_private.failure_shape. Returns { after, done, examined,
   changed }. */
-- for: service_role
create function runledger.regroup_failures(p_after uuid default null, p_limit integer default 1000) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_limit constant integer := least(greatest(coalesce(p_limit, 1000), 1), 10000);
  v_ids uuid[];
  v_changed integer;
begin
  select coalesce(array_agg(d.id order by d.id), '{}') into v_ids from (
    select e.id from runledger.workflow_executions e
     where (p_after is null or e.id > p_after) and e.failure_group is not null
     order by e.id limit v_limit) d;
  -- Like every other writer of several: in the order of their ids.
  perform from runledger.workflow_executions e where e.id = any (v_ids) order by e.id for update;
  -- The guard makes the group; a null asks it to.
  update runledger.workflow_executions e set failure_group = null
   where e.id = any (v_ids) and e.failure_group is distinct
     from runledger_private.failure_group(e.status, e.failure, e.error_message);
  get diagnostics v_changed = row_count;
  return jsonb_build_object('after', coalesce(v_ids[cardinality(v_ids)], p_after), 'done', cardinality(v_ids) < v_limit,
    'examined', cardinality(v_ids), 'changed', v_changed);
end $$;
