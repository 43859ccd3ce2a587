-- Which of the host's tables the users come from, and how far sync_users has gone through it. At most one row.
create table runledger.user_source (
  one boolean primary key default true,
  -- Schema and name, quoted: an oid would not survive a dump.
  source text not null,
  key_columns text[] not null,
  -- Holds the account's id in Supabase Auth.
  auth_user_column text,
  -- Not null: the user has left, although the row is there.
  left_column text,
  -- The triggers tell who leaves; else only the sync does.
  has_triggers boolean not null,
  -- The key of the last row looked at, each column as text; null: from the beginning.
  after_key text[],
  -- The last of runledger.users that was looked up in the source.
  after_id text,
  synced_at timestamptz,
  -- How long what is somebody's is kept whose row is only not found any more.
  grace interval not null default '1 day',
  -- Most users seem to be gone, or the source does not answer: nobody leaves by comparison until that is over, or is
  -- confirmed.
  refused_at timestamptz,
  confirmed_until timestamptz,
  -- Why users cannot be followed, as a sentence; null: nothing is wrong.
  problem text,
  constraint there_is_one_source check (one),
  constraint grace_is_not_negative check (grace >= '0')
);

alter table runledger.user_source enable row level security;
create policy "only the service role sees where users come from" on runledger.user_source
  for select to authenticated using (false);

create trigger refuse_truncate before truncate on runledger.user_source
  for each statement execute function runledger_private.refuse_truncate();

grant all on runledger.user_source to service_role;
