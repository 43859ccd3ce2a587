/* The account at Supabase Auth that a user is: as the ledger knows it, else by their own id. Null where that is not the
   id of an account. Callers: account_ended, account_claims. */
-- for: nobody
create function runledger_private.account_of(p_user text) returns uuid
language sql stable
set search_path = ''
as $$
  select coalesce(
    (select u.auth_user_id from runledger.users u where u.id = p_user),
    case when p_user ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then p_user::uuid end)
$$;
