/* Looks the next p_limit followed users up in the source and marks who is not there; what is theirs is kept for the
   source's grace. Where that would be most of them, or the source is empty, it is taken for a table that is being
   restored or a view that was changed: nobody is marked, and `refusal` says so.
   Returns how many left, and the id it came to: null at the end. Callers: sync_users. */
-- for: service_role
create function runledger_private.sync_leavers(s runledger.user_source, p_limit integer, out gone integer,
                                               out seen integer, out after_id text, out refusal text)
language plpgsql security definer
set search_path = ''
as $$
declare
  v_gone text[];
begin
  gone := 0;
  execute format('
    select array_agg(k.id) filter (where not %s), count(*), max(k.id)
      from (select u.id from runledger.users u
             where u.is_followed and u.left_at is null and u.moved_to is null and u.id > $1
             order by u.id limit $2) k', runledger_private.source_match_sql(s, 'k.id'))
    into v_gone, seen, after_id using coalesce(s.after_id, ''), p_limit;
  if v_gone is not null or s.refused_at is not null then
    refusal := runledger_private.refuse_leavers(s, coalesce(cardinality(v_gone), 0));
  end if;
  if refusal is not null then
    after_id := s.after_id;
    return;
  end if;
  update runledger.users u set left_at = clock_timestamp(), keep_until = clock_timestamp() + s.grace where u.id in (
    select x.id from runledger.users x
     where x.id = any (v_gone) and x.left_at is null order by x.id for no key update skip locked);
  get diagnostics gone = row_count;
  if seen < p_limit then after_id := null; end if;
end $$;
