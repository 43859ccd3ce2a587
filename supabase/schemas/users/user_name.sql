/* What a user is called, where that is known: by default the name in their profile of Supabase Auth. Replace it where
   the names are kept elsewhere.
   Callers: list_workflows. */
-- for: service_role
create function runledger_private.user_name(p_user_id text) returns text
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_name text;
begin
  -- Ids of other shapes are not of Supabase Auth.
  if p_user_id !~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then return null; end if;
  select coalesce(nullif(u.raw_user_meta_data ->> 'full_name', ''), nullif(u.raw_user_meta_data ->> 'name', ''))
    into v_name from auth.users u where u.id = p_user_id::uuid;
  return left(v_name, 200);
exception when undefined_table or undefined_column or insufficient_privilege then
  return null;
end $$;
