/* The user whose token a request carries: the one mapped to the account by `users.auth_user_id`, else the token's `sub`
   as it is, whatever its form. Replace it where another claim says who the user is:
     create or replace function runledger_private.current_user_id() returns text language sql stable
       set search_path = '' as $$ select auth.jwt() ->> 'customer_id' $$;
   One that reads runledger.users has to be `security definer`, as this one is: the table's policy asks it.
   Callers: runledger.current_user_id. */
-- for: service_role, authenticated
create function runledger_private.current_user_id() returns text
language plpgsql stable parallel safe security definer
set search_path = ''
as $$
declare
  -- As auth.uid() reads it, without its cast to uuid.
  v_sub constant text := coalesce(nullif(current_setting('request.jwt.claim.sub', true), ''),
    nullif(auth.jwt() ->> 'sub', ''));
  v_user text;
begin
  if v_sub ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then
    select u.id into v_user from runledger.users u where u.auth_user_id = v_sub::uuid;
  end if;
  return coalesce(v_user, v_sub);
end $$;
