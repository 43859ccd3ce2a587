-- Keys of programs that call the API, in place of the service-role key. Only the hash of a key is kept.
create table runledger.machine_keys (
  id uuid primary key default runledger_private.uuid_v7(),
  -- Whose: it reads and starts as this user, and goes with them. One that reports only may be nobody's.
  user_id text references runledger.users (id) on update cascade on delete cascade,
  name text not null,
  -- SHA-256, in hex.
  key_hash text not null,
  -- The first characters, to tell keys apart.
  key_start text not null,
  scopes text[] not null,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  -- To the hour.
  last_used_at timestamptz,
  revoked_at timestamptz,
  constraint a_key_is_kept_once unique (key_hash),
  constraint key_hash_is_a_sha_256 check (key_hash ~ '^[0-9a-f]{64}$'),
  constraint key_name_has_1_to_100_characters check (length(name) between 1 and 100),
  constraint key_scopes_are_known check (
    scopes <@ array['report', 'read', 'start'] and cardinality(scopes) between 1 and 3),
  constraint a_key_that_reads_or_starts_is_somebodys check (scopes <@ array['report'] or user_id is not null)
);

create index idx_machine_keys_user on runledger.machine_keys (user_id);

alter table runledger.machine_keys enable row level security;
create policy "only the service role sees the keys of programs" on runledger.machine_keys
  for select to authenticated using (false);

create trigger refuse_truncate before truncate on runledger.machine_keys
  for each statement execute function runledger_private.refuse_truncate();

grant all on runledger.machine_keys to service_role;
