/* Why the account of a token may do nothing any more although the token is still valid: `banned`, `deleted`, or
   `signed_out` (the session that Supabase Auth gave the token to is gone). Null: nothing of the kind is known, as
   for tokens that Supabase Auth did not issue, or where its tables are missing or hidden. Tells about the token's
   own account only.
   Callers: runledger.current_access. */
-- for: service_role, authenticated
create function runledger_private.access_ended() returns text
language plpgsql stable security definer
set search_path = ''
as $$
declare
  c_uuid constant text := '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$';
  v_claims constant jsonb := auth.jwt();
  v_account uuid;
  v_session uuid;
  v_ended text;
begin
  if v_claims ->> 'sub' ~* c_uuid then v_account := (v_claims ->> 'sub')::uuid; end if;
  if v_claims ->> 'session_id' ~* c_uuid then v_session := (v_claims ->> 'session_id')::uuid; end if;
  if v_account is null or to_regclass('auth.users') is null then return null; end if;
  select case when u.deleted_at is not null then 'deleted' when u.banned_until > now() then 'banned' end into v_ended
    from auth.users u where u.id = v_account;
  -- Hosts sign tokens for users that Supabase Auth never had; those name no session.
  if not found and v_session is not null then return 'deleted'; end if;
  if v_ended is null and v_session is not null and to_regclass('auth.sessions') is not null then
    perform from auth.sessions s where s.id = v_session;
    if not found then return 'signed_out'; end if;
  end if;
  return v_ended;
exception
  when undefined_table or undefined_column or insufficient_privilege then return null;
end $$;
