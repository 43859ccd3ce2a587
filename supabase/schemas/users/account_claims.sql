/* What Supabase Auth would say of a user in a token issued now: { sub, email, role, app_metadata, user_metadata }. Null
   where it does not know them, as users of other issuers, or where its tables are missing or hidden.
   Callers: find_machine_key, own_account. */
-- for: service_role
create function runledger_private.account_claims(p_user text) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_account uuid := runledger_private.account_of(p_user);
begin
  if v_account is null or to_regclass('auth.users') is null then return null; end if;
  return (select jsonb_build_object('sub', a.id, 'email', a.email, 'role', a.role,
            'app_metadata', coalesce(a.raw_app_meta_data, '{}'), 'user_metadata', coalesce(a.raw_user_meta_data, '{}'))
            from auth.users a where a.id = v_account);
exception
  when undefined_table or undefined_column or insufficient_privilege then return null;
end $$;
