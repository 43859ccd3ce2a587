/* The keys of app_metadata that Supabase Auth has given the account of this token another value for, or taken away,
   since the token was issued. Callers: runledger.current_access. */
-- for: service_role, authenticated
create function runledger_private.changed_claims() returns jsonb
language sql stable security definer
set search_path = ''
as $$
  select coalesce(jsonb_agg(w.key order by w.key), '[]')
    from runledger.users u, jsonb_each(u.changed_claims) w
   where u.id = runledger.current_user_id() and w.value > coalesce(auth.jwt() -> 'iat', '0');
$$;
