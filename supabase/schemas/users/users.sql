-- Ours, whatever the host has for its own users, with no foreign key into the host's tables: `follow_users` fills it.
create table runledger.users (
  id text primary key,
  -- Whose tokens are this user's, where the host's id is not that of Supabase Auth. Null: the token's `sub` is the id.
  auth_user_id uuid constraint an_account_of_auth_is_one_user unique,
  created_at timestamptz not null default now(),
  -- The source has, or had, this user: it decides who leaves. Users who were added by hand leave by `forget_user`.
  is_followed boolean not null default false,
  -- Since when the user reads nothing and starts nothing; `settle_users` deletes what is theirs, in batches.
  left_at timestamptz,
  -- Nobody said that they left, their row was only not found: until then what is theirs is kept, in case it returns.
  keep_until timestamptz,
  -- Keys of app_metadata whose value Supabase Auth changed lately, each with the `iat` (seconds since 1970) from which
  -- on tokens have the new one.
  changed_claims jsonb not null default '{}',
  -- The id that the source gives this user now; `settle_users` moves what is theirs.
  moved_to text,
  constraint user_id_is_not_empty check (id <> ''),
  constraint only_what_was_left_is_kept check (keep_until is null or left_at is not null),
  constraint nobody_moves_to_themselves check (moved_to <> id and moved_to <> '')
);

create index idx_users_to_settle on runledger.users (id) where left_at is not null or moved_to is not null;

alter table runledger.users enable row level security;
create policy "a user sees their own row" on runledger.users
  for select to authenticated using (id = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.users
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.users to authenticated;
grant all on runledger.users to service_role;
