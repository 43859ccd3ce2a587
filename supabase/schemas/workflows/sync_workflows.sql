/* Compares up to p_limit rows with the table that is followed: what the triggers missed, and views, which have none.
   Goes on where the last call stopped; `done` says that a pass is complete, and the next call begins a new one.
   Callers: Ledger.syncWorkflows, follow_workflows. Returns { source, isMissing, problem, examined, changed, archived,
   done }. `problem`: why definitions cannot be followed, as a sentence; null: nothing is wrong. */
-- for: service_role
create function runledger.sync_workflows(p_limit integer default 1000) returns jsonb
language plpgsql security definer
set search_path = ''
-- A table that hides rows is an error here, not one that lacks them.
set row_security = off
as $$
declare
  v_limit constant integer := least(greatest(p_limit, 1), 10000);
  f runledger.followed_workflows;
  p record;
  v_is_missing boolean;
  v_problem text;
begin
  -- Another one is at it, or nothing is followed.
  select * into f from runledger.followed_workflows for no key update skip locked;
  if not found then
    return jsonb_build_object('source', null, 'isMissing', false, 'problem', null, 'examined', 0, 'changed', 0,
      'archived', 0, 'done', true);
  end if;
  select 'host' as phase, null::text as last, 0 as examined, 0 as changed, 0 as archived, true as is_done into p;
  v_is_missing := to_regclass(f.host_table) is null;
  if v_is_missing then
    v_problem := format('%s, which definitions came from, is gone: runledger.follow_workflows names another.',
      f.host_table);
  else
    begin
      select * into p from runledger_private.sync_part_of_workflows(f, v_limit);
    -- The host changed or hid what is followed.
    exception when syntax_error_or_access_rule_violation or data_exception then
      v_problem := format('Definitions cannot be followed from %s as it is now: %s. '
        || 'Call runledger.follow_workflows again.',
        f.host_table, sqlerrm);
    end;
  end if;
  update runledger.followed_workflows x
     set sync_phase = p.phase, sync_after = p.last, problem = v_problem,
         synced_at = case when p.is_done and v_problem is null then clock_timestamp() else x.synced_at end;
  return jsonb_build_object('source', f.host_table, 'isMissing', v_is_missing, 'problem', v_problem,
    'examined', p.examined, 'changed', p.changed, 'archived', p.archived, 'done', p.is_done);
end $$;
