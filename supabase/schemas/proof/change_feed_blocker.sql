-- What the database counts for the proof, and the whole story of one execution. Service role only.

/* The transaction that holds up the feed of changes for longer than p_after; null while none does. Whoever reads
   changes goes no further than the oldest transaction of the whole cluster, in whatever database, a prepared one too.
   Without the right to read other roles' sessions, `kind` is `unknown`. Shows no query text, and so has more rights
   than its caller.
   Callers: ledger_figures. Returns { kind, pid, application, database, state, gid, since, waitingMs }. */
-- for: service_role
create function runledger_private.change_feed_blocker(p_after interval default interval '10 seconds') returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_xmin constant xid8 := pg_snapshot_xmin(pg_current_snapshot());
  v_blocker jsonb;
  v_since timestamptz;
  v_unread timestamptz;
begin
  select jsonb_build_object('kind', 'session', 'pid', a.pid, 'application', nullif(a.application_name, ''),
           'database', a.datname, 'state', a.state, 'gid', null), a.xact_start
    into v_blocker, v_since
    from pg_catalog.pg_stat_activity a where a.backend_xid = v_xmin::xid limit 1;
  if v_blocker is null then
    select jsonb_build_object('kind', 'prepared', 'pid', null, 'application', null,
             'database', p.database, 'state', 'prepared', 'gid', p.gid), p.prepared
      into v_blocker, v_since
      from pg_catalog.pg_prepared_xacts p where p.transaction = v_xmin::xid limit 1;
  end if;
  -- The oldest change that nobody can read yet, and whose transaction has ended.
  select c.changed_at into v_unread
    from runledger_private.changes_between(v_xmin, pg_snapshot_xmax(pg_current_snapshot())) c order by c.xid limit 1;
  if v_blocker is null then
    -- Nobody is at it, unless other roles' sessions are hidden.
    if v_xmin = pg_snapshot_xmax(pg_current_snapshot()) then return null; end if;
    v_blocker := jsonb_build_object('kind', 'unknown', 'pid', null, 'application', null, 'database', null, 'state',
      null, 'gid', null);
  end if;
  if coalesce(v_since, v_unread, 'infinity') > clock_timestamp() - p_after then return null; end if;
  return v_blocker || jsonb_build_object('since', coalesce(v_since, v_unread), 'waitingMs',
    (extract(epoch from clock_timestamp() - v_unread) * 1000)::bigint);
end $$;
