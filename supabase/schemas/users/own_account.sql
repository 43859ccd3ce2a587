/* What Supabase Auth would say of the account of this token in one that is issued now; null where it does not know it.
   Callers: runledger.current_access. */
-- for: service_role, authenticated
create function runledger_private.own_account() returns jsonb
language sql stable security definer
set search_path = ''
as $$
  select runledger_private.account_claims(runledger.current_user_id());
$$;
