/* Adds users that the source has, and takes back who has come back; p_accounts are their accounts in Supabase Auth,
   where the source names them. One account is one user: the first of the source that has it. An id of more than 1,000
   bytes is nobody's. Who is being forgotten on request, and who is moved from or to another id, stays as they are.
   Returns how many it added or took back.
   Callers: the triggers on the source, bring_user, sync_users. */
-- for: service_role
create function runledger_private.bring_users(p_ids text[], p_accounts uuid[] default null) returns integer
language plpgsql
set search_path = ''
as $$
declare
  n integer;
begin
  insert into runledger.users as u (id, is_followed)
    select distinct i.id, true from unnest(p_ids) i (id) where octet_length(i.id) between 1 and 1000 order by 1
    on conflict (id) do update set is_followed = true, left_at = null, keep_until = null
      where u.moved_to is null and u.is_followed <> (u.left_at is null);
  get diagnostics n = row_count;
  if p_accounts is not null then
    update runledger.users u set auth_user_id = m.account
      from (select distinct on (coalesce(i.account::text, i.id)) i.id, i.account
              from unnest(p_ids, p_accounts) i (id, account)
             order by coalesce(i.account::text, i.id), i.id) m
     where u.id = m.id and u.auth_user_id is distinct from m.account
       and not exists (select from runledger.users x where x.auth_user_id = m.account and x.id <> m.id);
  end if;
  return n;
end $$;
