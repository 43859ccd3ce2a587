/* Keeps users in step with sign-ups. Callers: the trigger on auth.users. */
-- for: service_role
create function runledger_private.add_user() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  insert into runledger.users (id) values (new.id::text) on conflict (id) do nothing;
  return new;
end $$;

create trigger runledger_add_user after insert on auth.users
  for each row execute function runledger_private.add_user();

insert into runledger.users (id) select u.id::text from auth.users u on conflict (id) do nothing;
