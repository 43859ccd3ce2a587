/* Goes on through the source and through the users that came from it, p_limit of each: adds who is missing, marks who has
   left. It is what follows a view, and what repairs whatever a trigger had to leave out.
   Callers: Ledger.syncUsers. Returns { source, isMissing, added, left, done };
   `done`: both ends were reached. */
-- for: service_role
create function runledger.sync_users(p_limit integer default 1000) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  v_limit constant integer := least(greatest(coalesce(p_limit, 1000), 1), 100000);
  s runledger.user_source;
  c record;
  l record;
begin
  -- One at a time; the other one finds its place taken.
  select * into s from runledger.user_source x for update skip locked;
  if not found or to_regclass(s.source) is null then
    return jsonb_build_object('source', s.source, 'isMissing', s.source is not null, 'added', 0, 'left', 0,
      'done', true);
  end if;
  select * into c from runledger_private.sync_from_source(s, v_limit);
  select * into l from runledger_private.sync_leavers(s, v_limit);
  update runledger.user_source x
     set after_key = c.after_key, after_id = l.after_id, synced_at = clock_timestamp();
  return jsonb_build_object('source', s.source, 'isMissing', false, 'added', c.added, 'left', l.gone,
    'done', c.after_key is null and l.after_id is null);
end $$;
