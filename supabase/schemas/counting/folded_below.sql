/* Where unfolded deltas begin. A bound that came from another cluster, with a dump or a copy, says nothing of this
   one's transaction ids, whichever are larger: then all deltas are unfolded. Callers: every read, the folder. */
-- for: service_role, authenticated
create function runledger_private.folded_below() returns xid8
language plpgsql stable security definer
set search_path = ''
as $$
begin
  return (select case when s.cluster = (select c.system_identifier from pg_control_system() c)
                           and s.folded_below <= pg_snapshot_xmax(pg_current_snapshot()) then s.folded_below
                             else '0'::xid8 end
            from runledger.fold_state s);
end $$;
