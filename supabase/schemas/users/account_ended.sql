/* Whether Supabase Auth has banned or deleted the account of a user, as far as that is known: not where its tables are
   missing or hidden. Callers: find_machine_key. */
-- for: service_role
create function runledger_private.account_ended(p_user text) returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_account uuid := runledger_private.account_of(p_user);
begin
  if v_account is null or to_regclass('auth.users') is null then return false; end if;
  return exists (select from auth.users a
                  where a.id = v_account and (a.deleted_at is not null or a.banned_until > now()));
exception
  when undefined_table or undefined_column or insufficient_privilege then return false;
end $$;
