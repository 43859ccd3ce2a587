/* Whether Supabase Auth has banned or deleted the account of a user, as far as that is known: not where its tables are
   missing or hidden. Callers: find_machine_key. */
-- for: service_role
create function runledger_private.account_ended(p_user text) returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
declare
  c_uuid constant text := '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$';
  v_account uuid := (select u.auth_user_id from runledger.users u where u.id = p_user);
begin
  if v_account is null and p_user ~* c_uuid then v_account := p_user::uuid; end if;
  if v_account is null or to_regclass('auth.users') is null then return false; end if;
  return exists (select from auth.users a
                  where a.id = v_account and (a.deleted_at is not null or a.banned_until > now()));
exception
  when undefined_table or undefined_column or insufficient_privilege then return false;
end $$;
