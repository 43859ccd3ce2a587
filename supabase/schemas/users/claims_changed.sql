/* Notes which keys of app_metadata Supabase Auth gave users another value for, or took away: tokens from before go on
   saying what was there. A minute is added, by which the clock of who issues tokens may be ahead of this one. Kept for
   a week, as long as a token lives at most. A host's statement never fails because of the ledger.
   Callers: the trigger runledger_claims_changed on auth.users. */
-- for: service_role
create function runledger_private.claims_changed() returns trigger
language plpgsql security definer
set search_path = ''
set lock_timeout = '100ms'
as $$
declare
  c_now constant numeric := extract(epoch from clock_timestamp());
  c record;
begin
  for c in
    with given as (
      select o.id, case jsonb_typeof(o.raw_app_meta_data) when 'object' then o.raw_app_meta_data else '{}' end as old,
             case jsonb_typeof(n.raw_app_meta_data) when 'object' then n.raw_app_meta_data else '{}' end as new
        from old_rows o join new_rows n on n.id = o.id
       where o.raw_app_meta_data is distinct from n.raw_app_meta_data
    )
    select u.id, jsonb_object_agg(k.key, c_now + 60) as keys
      from given g
      cross join lateral jsonb_object_keys(g.old || g.new) k (key)
      cross join lateral (
        select x.id from runledger.users x where x.auth_user_id = g.id union all
        select x.id from runledger.users x where x.id = g.id::text and x.auth_user_id is null) u
     where g.old -> k.key is distinct from g.new -> k.key
     group by u.id order by u.id
  loop
    update runledger.users u
       set changed_claims = coalesce((select jsonb_object_agg(w.key, w.value) from jsonb_each(u.changed_claims) w
                                       where w.value > to_jsonb(c_now - 604800)), '{}') || c.keys
     where u.id = c.id;
  end loop;
  return null;
exception when others then
  return null;
end $$;
