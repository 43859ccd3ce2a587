/* Goes on through the source and through the users that came from it, p_limit of each: adds who is missing, marks who
   has left. It is what follows a view, and what repairs whatever a trigger had to leave out.
   Callers: Ledger.syncUsers. Returns { source, isMissing, problem, added, left, done };
   `done`: both ends were reached. `problem`: why users cannot be followed, as a sentence; null: nothing is wrong. */
-- for: service_role
create function runledger.sync_users(p_limit integer default 1000) returns jsonb
language plpgsql security definer
set search_path = ''
-- A source that hides rows is an error here, not one that lacks users.
set row_security = off
as $$
declare
  v_limit constant integer := least(greatest(coalesce(p_limit, 1000), 1), 100000);
  s runledger.user_source;
  c record;
  l record;
  v_is_missing boolean;
  v_problem text;
begin
  -- One at a time; the other one finds its place taken.
  select * into s from runledger.user_source x for update skip locked;
  if not found then
    return jsonb_build_object('source', null, 'isMissing', false, 'problem', null, 'added', 0, 'left', 0,
      'done', true);
  end if;
  select 0 as added, null::text[] as after_key into c;
  select 0 as gone, null::text as after_id, null::text as refusal into l;
  v_is_missing := to_regclass(s.source) is null;
  if v_is_missing then
    v_problem := format('%s, which users came from, is gone: runledger.follow_users names another.', s.source);
  else
    begin
      select * into c from runledger_private.sync_from_source(s, v_limit);
      begin
        select * into l from runledger_private.sync_leavers(s, v_limit);
        v_problem := l.refusal;
      exception when data_exception then
        v_problem := format('Who has left %s cannot be told, its ids look different now: %s. '
          || 'Call runledger.follow_users again.', s.source, sqlerrm);
      end;
    exception when syntax_error_or_access_rule_violation or data_exception then
      v_problem := format('Users cannot be followed from %s as it is now: %s. Call runledger.follow_users again.',
        s.source, sqlerrm);
    end;
  end if;
  update runledger.user_source x
     set after_key = c.after_key, after_id = l.after_id, synced_at = clock_timestamp(), problem = v_problem,
         refused_at = case when v_problem is not null then coalesce(x.refused_at, clock_timestamp()) end;
  return jsonb_build_object('source', s.source, 'isMissing', v_is_missing, 'problem', v_problem, 'added', c.added,
    'left', l.gone, 'done', c.after_key is null and l.after_id is null);
end $$;
