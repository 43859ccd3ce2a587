/* Puts the trigger on Supabase Auth's table of users that notes what their tokens say no more, unless it is there. It
   depends on no column. Callers: follow_users. */
-- for: service_role
create function runledger_private.follow_claims() returns void
language plpgsql
set search_path = ''
as $$
begin
  if to_regclass('auth.users') is null or exists (
    select from pg_catalog.pg_trigger g where g.tgrelid = to_regclass('auth.users')
       and g.tgname = 'runledger_claims_changed' and g.tgenabled <> 'D') then return; end if;
  create or replace trigger runledger_claims_changed after update on auth.users
    referencing old table as old_rows new table as new_rows
    for each statement execute function runledger_private.claims_changed();
exception
  -- The tables of this source may be another's than Supabase Auth's.
  when insufficient_privilege then return;
end $$;
