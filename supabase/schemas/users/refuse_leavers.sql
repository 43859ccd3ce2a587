/* Why nobody is taken to have left although p_gone users at least were not found: the source is empty, or more than
   half of all users, and more than 10, would have left without anybody having confirmed it. Null: they may go.
   Callers: sync_leavers. */
-- for: service_role
create function runledger_private.refuse_leavers(s runledger.user_source, p_gone integer) returns text
language plpgsql security definer
set search_path = ''
as $$
declare
  v_is_empty boolean;
  v_waiting bigint;
  v_gone bigint;
  v_all bigint;
begin
  if s.confirmed_until > clock_timestamp() then return null; end if;
  execute format('select not exists (select from %s)', s.source) into v_is_empty;
  -- Marked already, by comparison.
  select count(*) into v_waiting from runledger.users u 
   where u.left_at is not null and u.keep_until is not null and u.is_followed;
  -- To look up every user for a few of very many is not worth its time: more will show in the next parts.
  if not v_is_empty and s.refused_at is null and p_gone + v_waiting <= 10
     and exists (select from runledger.users u where u.is_followed offset 100000) then return null; end if;
  execute format('select count(*), count(*) filter (where not %s) from runledger.users k
                   where k.is_followed and k.left_at is null and k.moved_to is null',
    runledger_private.source_match_sql(s, 'k.id')) into v_all, v_gone;
  v_all := v_all + v_waiting;
  v_gone := v_gone + v_waiting;
  if v_gone = 0 or not v_is_empty and (v_gone <= 10 or v_gone * 2 <= v_all) then return null; end if;
  return format('%s of %s users are not in %s any more. Nobody is taken to have left until most of them are back, '
    || 'or you confirm it: select runledger.confirm_leavers().', v_gone, v_all, s.source);
end $$;
