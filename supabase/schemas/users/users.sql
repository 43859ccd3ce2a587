-- Ours, whatever the host has for its own users: filled from auth.users, by the trigger below.
create table runledger.users (
  id text primary key,
  created_at timestamptz not null default now(),
  constraint user_id_is_not_empty check (id <> '')
);

alter table runledger.users enable row level security;
create policy "a user sees their own row" on runledger.users
  for select to authenticated using (id = (select runledger_private.current_user_id()));

create trigger refuse_truncate before truncate on runledger.users
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.users to authenticated;
grant all on runledger.users to service_role;
