/* Looks the next p_limit followed users up in the source and marks who is not there. A source without any row is taken
   for one that is being restored: nobody leaves by it. Returns how many left, and the id it came to: null at the end.
   Callers: sync_users. */
-- for: service_role
create function runledger_private.sync_leavers(s runledger.user_source, p_limit integer,
                                               out gone integer, out seen integer, out after_id text)
language plpgsql security definer
set search_path = ''
as $$
declare
  v_is_empty boolean;
  v_gone text[];
begin
  gone := 0;
  seen := 0;
  execute format('select not exists (select from %s)', s.source) into v_is_empty;
  if v_is_empty then return; end if;
  execute format('
    select array_agg(k.id) filter (where not %s), count(*), max(k.id)
      from (select u.id from runledger.users u
             where u.is_followed and u.left_at is null and u.moved_to is null and u.id > $1
             order by u.id limit $2) k', runledger_private.source_match_sql(s, 'k.id'))
    into v_gone, seen, after_id using coalesce(s.after_id, ''), p_limit;
  update runledger.users u set left_at = clock_timestamp() where u.id in (
    select x.id from runledger.users x
     where x.id = any (v_gone) and x.left_at is null order by x.id for no key update skip locked);
  get diagnostics gone = row_count;
  if seen < p_limit then after_id := null; end if;
end $$;
