/* The user on whose behalf a statement runs. Replace it where `users.id` is not the id of `auth.users`, for example:
     select u.id from runledger.users u where u.auth_user_id = auth.uid()
   Callers: every policy. */
-- for: service_role, authenticated
create function runledger_private.current_user_id() returns text
language sql stable parallel safe
return auth.uid()::text;
