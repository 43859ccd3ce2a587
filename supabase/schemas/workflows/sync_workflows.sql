/* Compares up to p_limit rows with the table that is followed: what the triggers missed, and views, which have none.
   Goes on where the last call stopped; `done` says that a pass is complete, and the next call begins a new one.
   Callers: Ledger.syncWorkflows, follow_workflows. Returns { source, isMissing, examined, changed, archived, done }. */
-- for: service_role
create function runledger.sync_workflows(p_limit integer default 1000) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  v_limit constant integer := least(greatest(p_limit, 1), 10000);
  f runledger.followed_workflows;
  h record;
  o record;
  v_is_done boolean := false;
begin
  -- Another one is at it, or nothing is followed.
  select * into f from runledger.followed_workflows for no key update skip locked;
  if not found or to_regclass(f.host_table) is null then
    return jsonb_build_object('source', f.host_table, 'isMissing', f.host_table is not null, 'examined', 0,
      'changed', 0, 'archived', 0, 'done', true);
  end if;
  select 0 as examined, 0 as changed into h;
  select 0 as examined, 0 as archived into o;
  if f.sync_phase = 'host' then
    select * into h from runledger_private.sync_host_rows(f, v_limit);
    f.sync_after := h.last;
    if h.examined < v_limit then
      f.sync_after := null;
      f.sync_phase := 'ours';
    end if;
  end if;
  if f.sync_phase = 'ours' and h.examined < v_limit then
    select * into o from runledger_private.sync_our_rows(f, v_limit - h.examined);
    f.sync_after := coalesce(o.last, f.sync_after);
    v_is_done := o.examined < v_limit - h.examined;
  end if;
  update runledger.followed_workflows x
     set sync_phase = case when v_is_done then 'host' else f.sync_phase end,
         sync_after = case when not v_is_done then f.sync_after end,
         synced_at = case when v_is_done then clock_timestamp() else x.synced_at end;
  return jsonb_build_object('source', f.host_table, 'isMissing', false, 'examined', h.examined + o.examined,
    'changed', h.changed, 'archived', o.archived, 'done', v_is_done);
end $$;
