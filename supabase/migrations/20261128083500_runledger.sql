-- Runledger. Made by `npm run gen:migration` from supabase/schemas: edit those files.

-- schemas/foundation/schemas.sql

-- Two schemas, because the API serves every function of a schema that it exposes: `runledger` is what hosts call and
-- read, `runledger_private` is triggers and helpers that no request reaches.

-- The trigger on auth.users locks it: better no migration than every sign-up waiting behind it.
set local lock_timeout = '3s';

create schema runledger;
grant usage on schema runledger to authenticated, service_role;

-- A function that is asked for each row or request is an expression (`return`) or `begin atomic`, which Postgres puts
-- inline (its names are bound when it is made, so it needs no search path), or plpgsql, which keeps its plans: any
-- other SQL function is parsed anew by each statement that calls it.
-- Row-level security's policies and the statistics call some of these with the rights of who asks.
create schema runledger_private;
grant usage on schema runledger_private to authenticated, service_role;

-- schemas/foundation/uuid_v7.sql

/* uuid v7 (RFC 9562): 48 bits of milliseconds, then random. Ordered by time, so an index grows at its end.
   Callers: column defaults. */
-- for: service_role
create function runledger_private.uuid_v7() returns uuid
language sql volatile parallel safe
return encode(
    set_bit(
      set_bit(
        overlay(uuid_send(gen_random_uuid())
                placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
                from 1 for 6),
        52, 1),
      53, 1),
    'hex')::uuid;

-- schemas/foundation/key_order.sql

/* How a column of the host's table is compared with a text and put in order: `ordered` is the column in a query where
   p_row names the row, and `cast_to` what the text is cast to. A type of Postgres with an order of its own uses the
   column's index; any other (citext, an enum, json) is compared as text. Null: there is no such column.
   Callers: whatever goes through a table of the host in parts. */
-- for: service_role
create function runledger_private.key_order(p_table regclass, p_column text, p_row text,
                                            out ordered text, out cast_to text)
language sql stable
set search_path = ''
as $$
  select case when o.is_native then format('%s.%I', p_row, p_column)
              else format('(%s.%I::text collate "C")', p_row, p_column) end,
         case when o.is_native then pg_catalog.format_type(t.oid,
           case when d.oid is null then a.atttypmod else d.typtypmod end)
              else 'text collate "C"' end
    from pg_catalog.pg_attribute a
    left join pg_catalog.pg_type d on d.oid = a.atttypid and d.typtype = 'd'
    join pg_catalog.pg_type t on t.oid = coalesce(d.typbasetype, a.atttypid)
   cross join lateral (
     select t.typnamespace = 'pg_catalog'::regnamespace and (t.oid = 'varchar'::regtype or exists (
       select from pg_catalog.pg_opclass c join pg_catalog.pg_am m on m.oid = c.opcmethod and m.amname = 'btree'
        where c.opcdefault and c.opcintype = t.oid)) as is_native) o
   where a.attrelid = p_table and a.attname = p_column and a.attnum > 0 and not a.attisdropped;
$$;

-- schemas/foundation/current_user_id.sql

/* The user whose token a request carries: the one mapped to the account by `users.auth_user_id`, else the token's `sub`
   as it is, whatever its form. Replace it where another claim says who the user is:
     create or replace function runledger_private.current_user_id() returns text language sql stable
       set search_path = '' as $$ select auth.jwt() ->> 'customer_id' $$;
   One that reads runledger.users has to be `security definer`, as this one is: the table's policy asks it.
   Callers: runledger.current_user_id. */
-- for: service_role, authenticated
create function runledger_private.current_user_id() returns text
language plpgsql stable parallel safe security definer
set search_path = ''
as $$
declare
  -- As auth.uid() reads it, without its cast to uuid.
  v_sub constant text := coalesce(nullif(current_setting('request.jwt.claim.sub', true), ''),
    nullif(auth.jwt() ->> 'sub', ''));
  v_user text;
begin
  if v_sub ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then
    select u.id into v_user from runledger.users u where u.auth_user_id = v_sub::uuid;
  end if;
  return coalesce(v_user, v_sub);
end $$;

-- schemas/foundation/statuses.sql

-- Every status of an execution, once: those of STATUSES in @runledger/contracts. Expressions: Postgres evaluates or
-- inlines them when it plans, so that a condition costs what a list costs, and indexes serve it.

/* All statuses, in the order in which counters keep their numbers: a new one comes last.
   Callers: whatever counts by status or checks one. */
-- for: service_role, authenticated
create function runledger_private.statuses() returns text[]
language sql immutable parallel safe
return array['pending', 'running', 'completed', 'failed', 'cancelled', 'timed_out', 'terminated'];

/* Those of an execution that has not ended. Callers: is_open, lists of open executions. */
-- for: service_role, authenticated
create function runledger_private.open_statuses() returns text[]
language sql immutable parallel safe
return array['pending', 'running'];

/* Whether an execution with this status has not ended. Callers: whatever asks. */
-- for: service_role
create function runledger_private.is_open(status text) returns boolean
language sql immutable parallel safe
return status = any (runledger_private.open_statuses());

/* Whether a status ends an execution; false for what is not a status. Callers: whatever asks. */
-- for: service_role, authenticated
create function runledger_private.is_end(status text) returns boolean
language sql immutable parallel safe
return status = any (runledger_private.statuses()) and status <> all (runledger_private.open_statuses());

/* The ends of an execution that did not complete. Callers: is_unsuccessful, lists of what went wrong. */
-- for: service_role
create function runledger_private.unsuccessful_statuses() returns text[]
language sql immutable parallel safe
return array['failed', 'cancelled', 'timed_out', 'terminated'];

/* Whether an execution with this status ended and did not complete. Callers: whatever asks. */
-- for: service_role
create function runledger_private.is_unsuccessful(status text) returns boolean
language sql immutable parallel safe
return status = any (runledger_private.unsuccessful_statuses());

/* Where counters keep the number of a status; null for what is not a status. Callers: whatever counts by status. */
-- for: service_role, authenticated
create function runledger_private.status_number(status text) returns integer
language sql immutable parallel safe
return array_position(runledger_private.statuses(), status);

/* The status whose number counters keep there. Callers: whatever reads counters by status. */
-- for: service_role, authenticated
create function runledger_private.status_at(number bigint) returns text
language sql immutable parallel safe
return (runledger_private.statuses())[number];

-- schemas/foundation/unwrap.sql

/* Takes a jsonb parameter as it was meant: some clients encode it twice, so that it arrives as a JSON string.
   Callers: every function with a jsonb parameter. */
-- for: service_role
create function runledger_private.unwrap(p jsonb) returns jsonb
language sql immutable parallel safe
return case when jsonb_typeof(p) = 'string' then (p #>> '{}')::jsonb else p end;

-- schemas/foundation/unwrap_object.sql

/* Like unwrap, but leaves a string that holds no object or array: hand-written code passes plain messages.
   Callers: complete_workflow_run. */
-- for: service_role
create function runledger_private.unwrap_object(p jsonb) returns jsonb
language plpgsql immutable strict
set search_path = ''
as $$
begin
  if (jsonb_typeof(p) = 'string' and (p #>> '{}') ~ '^\s*[\[{]') is not true then return p; end if;
  begin
    return (p #>> '{}')::jsonb;
  -- No JSON, or JSON that jsonb cannot hold: NUL, a number beyond numeric, nesting beyond the stack. It stays the text
  -- it is.
  exception when invalid_text_representation or untranslatable_character or numeric_value_out_of_range
              or statement_too_complex then
    return p;
  end;
end $$;

-- schemas/foundation/refuse_truncate.sql

-- Truncating a table goes past its row triggers: counters, changes and guards would not know.

/* Refuses to empty a table of the ledger. Callers: the triggers below. */
-- for: service_role
create function runledger_private.refuse_truncate() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  raise exception 'runledger.% is part of the ledger and cannot be truncated: its counters would stay as they are.',
  tg_table_name
    using errcode = 'PT409', detail = 'conflict',
          hint = 'Delete rows instead (runledger prune, delete_workflow_executions, or delete from), '
            || 'which counts what goes.';
end $$;

-- schemas/users/unless_left.sql

/* A user's id, or null once the user has left: nobody reads what is about to be deleted.
   Callers: runledger.current_user_id. */
-- for: service_role, authenticated
create function runledger_private.unless_left(p_user text) returns text
language plpgsql stable parallel safe security definer
set search_path = ''
as $$
begin
  if exists (select from runledger.users u where u.id = p_user and u.left_at is not null) then return null; end if;
  return p_user;
end $$;

-- schemas/users/current_user_id.sql

/* The user on whose behalf a statement runs: null without a token, and for who has left. The rule itself is
   runledger_private.current_user_id, which a host may replace.
   Callers: every policy; the API, once for each token. */
-- for: service_role, authenticated
create function runledger.current_user_id() returns text
language sql stable parallel safe
return runledger_private.unless_left(runledger_private.current_user_id());

-- schemas/users/access_ended.sql

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

-- schemas/users/users.sql

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

-- schemas/users/user_source.sql

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

-- schemas/users/user_id_sql.sql

/* SQL for the id of a row of the source: its key as text, several columns joined by colons. `s` names the row.
   Callers: everything that reads the source. */
-- for: service_role
create function runledger_private.user_id_sql(p_key text[], p_row text default 's') returns text
language sql immutable
set search_path = ''
as $$
  select string_agg(format('%s.%I::text', p_row, c.name), $s$ || ':' || $s$ order by c.n)
    from unnest(p_key) with ordinality c (name, n);
$$;

-- schemas/users/has_left_sql.sql

/* SQL that says whether a row of the source is of somebody who has left: the column is set, and not to false.
   Callers: everything that reads the source. */
-- for: service_role
create function runledger_private.has_left_sql(p_column text, p_row text default 's') returns text
language sql immutable
return case when coalesce(p_column, '') = '' then 'false'
            else format('(coalesce(%s.%I::text, ''false'') <> ''false'')', p_row, p_column) end;

-- schemas/users/user_columns_sql.sql

/* SQL for what a row of the source says of its user: id, account in Supabase Auth (null where it is none), has_left.
   Callers: everything that reads the source. */
-- for: service_role
create function runledger_private.user_columns_sql(p_key text[], p_account text, p_left text) returns text
language sql immutable
return format('%s as id, %s as account, %s as has_left', runledger_private.user_id_sql(p_key),
  case when coalesce(p_account, '') = '' then 'null::uuid' else format(
    'case when s.%1$I::text ~* ''^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$'' then s.%1$I::text::uuid end',
      p_account) end,
  runledger_private.has_left_sql(p_left));

-- schemas/users/is_user_source.sql

/* Whether users come from this table: a trigger of ours that could not be taken off another one does nothing.
   Callers: the triggers on the source. */
-- for: service_role
create function runledger_private.is_user_source(p_table oid) returns boolean
language sql stable
return exists (select from runledger.user_source s where to_regclass(s.source) = p_table);

-- schemas/users/source_match_sql.sql

/* SQL that says whether the source still has the user whose id is `p_id` (an SQL expression). Each part of the id is
   cast to its column's type, so that the source's own key is used; where a part holds a colon itself, texts are
   compared.
   Callers: source_has_user, sync_users. */
-- for: service_role
create function runledger_private.source_match_sql(p_source runledger.user_source, p_id text) returns text
language sql stable
set search_path = ''
as $$
  select format('case when cardinality(%s) = %s then exists (select from %s s where %s and not %s)
                      else exists (select from %s s where %s = %s and not %s) end',
      p.parts, cardinality(p_source.key_columns), p_source.source,
      (select string_agg(format('%s = (%s)[%s]::%s', o.ordered, p.parts, c.n, o.cast_to), ' and ' order by c.n)
         from unnest(p_source.key_columns) with ordinality c (name, n)
        cross join lateral runledger_private.key_order(p_source.source::regclass, c.name, 's') o),
      p.has_left, p_source.source, runledger_private.user_id_sql(p_source.key_columns), p_id, p.has_left)
    from (select case when cardinality(p_source.key_columns) = 1 then format('array[%s]', p_id)
                      else format('string_to_array(%s, '':'')', p_id) end as parts,
                 runledger_private.has_left_sql(p_source.left_column) as has_left) p;
$$;

-- schemas/users/bring_users.sql

/* Adds users that the source has, and takes back who has come back; p_accounts are their accounts in Supabase Auth,
   where the source names them. One account is one user: the first of the source that has it. An id of more than 1,000
   bytes is nobody's. Who is being forgotten on request, and who is moved from or to another id, stays as they are.
   Returns how many it added or took back.
   Callers: the triggers on the source, bring_user, sync_users. */
-- for: service_role
create function runledger_private.bring_users(p_ids text[], p_accounts uuid[] default null) returns integer
language plpgsql
set search_path = ''
as $$
declare
  n integer;
begin
  insert into runledger.users as u (id, is_followed)
    select distinct i.id, true from unnest(p_ids) i (id) where octet_length(i.id) between 1 and 1000 order by 1
    on conflict (id) do update set is_followed = true, left_at = null, keep_until = null
      where u.moved_to is null and u.is_followed <> (u.left_at is null);
  get diagnostics n = row_count;
  if p_accounts is not null then
    update runledger.users u set auth_user_id = m.account
      from (select distinct on (coalesce(i.account::text, i.id)) i.id, i.account
              from unnest(p_ids, p_accounts) i (id, account)
             order by coalesce(i.account::text, i.id), i.id) m
     where u.id = m.id and u.auth_user_id is distinct from m.account
       and not exists (select from runledger.users x where x.auth_user_id = m.account and x.id <> m.id);
  end if;
  return n;
end $$;

-- schemas/users/users_came.sql

/* Brings who was inserted into the source. A sign-up never fails or waits because of the ledger: whatever goes wrong is
   left to sync_users, and after one lock that was not to be had this transaction asks for no other.
   Callers: the trigger runledger_users_came on the source. Its arguments: key columns, account column, left column. */
-- for: service_role
create function runledger_private.users_came() returns trigger
language plpgsql security definer
set search_path = ''
set lock_timeout = '100ms'
as $$
declare
  v_ids text[];
  v_accounts uuid[];
begin
  begin
    if current_setting('runledger.users_later', true) = pg_current_xact_id()::text
       or not runledger_private.is_user_source(tg_relid) then return null; end if;
    execute format('select array_agg(r.id), array_agg(r.account) from (select %s from new_rows s) r
                     where r.id is not null and not r.has_left',
        runledger_private.user_columns_sql(tg_argv[0]::text[], tg_argv[1], tg_argv[2]))
      into v_ids, v_accounts;
    perform runledger_private.bring_users(v_ids, case when tg_argv[1] <> '' then v_accounts end);
  exception when others then
    perform set_config('runledger.users_later', pg_current_xact_id()::text, true);
  end;
  return null;
end $$;

-- schemas/users/users_left.sql

/* Marks who was deleted from the source, and deletes nothing: that would make the host's statement wait. Whatever goes
   wrong is left to sync_users. Callers: the trigger runledger_users_left on the source. Its argument: key columns. */
-- for: service_role
create function runledger_private.users_left() returns trigger
language plpgsql security definer
set search_path = ''
set lock_timeout = '100ms'
as $$
begin
  begin
    if current_setting('runledger.users_later', true) = pg_current_xact_id()::text
       or not runledger_private.is_user_source(tg_relid) then return null; end if;
    execute format('update runledger.users u set left_at = coalesce(u.left_at, clock_timestamp()), keep_until = null
      where u.id in (
        select x.id from runledger.users x where x.is_followed and x.moved_to is null
          and (x.left_at is null or x.keep_until is not null)
          and x.id in (select %s from old_rows s) order by x.id for no key update)',
      runledger_private.user_id_sql(tg_argv[0]::text[]));
  exception when others then
    perform set_config('runledger.users_later', pg_current_xact_id()::text, true);
  end;
  return null;
end $$;

-- schemas/users/user_changed.sql

/* Notes that the source gave users another id or account, or says that they left or are back. Whatever goes wrong is
   left to sync_users. A trigger of the statement: one of each row would need a condition over columns, and Postgres
   lets nobody change or drop a column that a trigger's condition names.
   Callers: the trigger runledger_user_changed on the source. Its arguments: key columns, account column, left column.
   */
-- for: service_role
create function runledger_private.user_changed() returns trigger
language plpgsql security definer
set search_path = ''
set lock_timeout = '100ms'
as $$
declare
  c record;
begin
  begin
    if current_setting('runledger.users_later', true) = pg_current_xact_id()::text
       or not runledger_private.is_user_source(tg_relid) then return null; end if;
    -- Both lists have the rows in the order in which the statement changed them.
    for c in execute format('
      select o.id as old_id, n.id as new_id, n.account, n.has_left
        from (select row_number() over () as at, %1$s from old_rows s) o
        join (select row_number() over () as at, %1$s from new_rows s) n using (at)
       where (o.id, o.account, o.has_left) is distinct from (n.id, n.account, n.has_left) order by o.id',
      runledger_private.user_columns_sql(tg_argv[0]::text[], tg_argv[1], tg_argv[2]))
    loop
      if c.old_id <> c.new_id and octet_length(c.new_id) between 1 and 1000 then
        update runledger.users u set moved_to = c.new_id where u.id = c.old_id and u.is_followed;
        continue when found;
      end if;
      if c.has_left then
        update runledger.users u set left_at = coalesce(u.left_at, clock_timestamp()), keep_until = null
          where u.id = c.new_id and u.is_followed and (u.left_at is null or u.keep_until is not null);
      elsif c.new_id is not null then
        perform runledger_private.bring_users(array[c.new_id], case when tg_argv[1] <> '' then array[c.account] end);
      end if;
    end loop;
  exception when others then
    perform set_config('runledger.users_later', pg_current_xact_id()::text, true);
  end;
  return null;
end $$;

-- schemas/users/claims_changed.sql

/* Notes which keys of app_metadata Supabase Auth gave users another value for, or took away: tokens from before go on
   saying what was there. A minute is added, by which the clock of who issues tokens may be ahead of this one. Kept for
   a week, as long as a token lives at most. A host's statement never fails because of the ledger.
   Callers: the trigger runledger_claims_changed on auth.users. */
-- for: service_role
create function runledger_private.claims_changed() returns trigger
language plpgsql security definer
set search_path = ''
set lock_timeout = '100ms'
as $$
declare
  c_now constant numeric := extract(epoch from clock_timestamp());
  c record;
begin
  for c in
    with given as (
      select o.id, case jsonb_typeof(o.raw_app_meta_data) when 'object' then o.raw_app_meta_data else '{}' end as old,
             case jsonb_typeof(n.raw_app_meta_data) when 'object' then n.raw_app_meta_data else '{}' end as new
        from old_rows o join new_rows n on n.id = o.id
       where o.raw_app_meta_data is distinct from n.raw_app_meta_data
    )
    select u.id, jsonb_object_agg(k.key, c_now + 60) as keys
      from given g
      cross join lateral jsonb_object_keys(g.old || g.new) k (key)
      cross join lateral (
        select x.id from runledger.users x where x.auth_user_id = g.id union all
        select x.id from runledger.users x where x.id = g.id::text and x.auth_user_id is null) u
     where g.old -> k.key is distinct from g.new -> k.key
     group by u.id order by u.id
  loop
    update runledger.users u
       set changed_claims = coalesce((select jsonb_object_agg(w.key, w.value) from jsonb_each(u.changed_claims) w
                                       where w.value > to_jsonb(c_now - 604800)), '{}') || c.keys
     where u.id = c.id;
  end loop;
  return null;
exception when others then
  return null;
end $$;

-- schemas/users/follow_claims.sql

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

-- schemas/users/source_has_users.sql

/* Those of some users whom the source has now; null where no source is followed, it is gone, or it may not be read as
   a whole. Callers: source_has_user, import_users. */
-- for: service_role
create function runledger_private.source_has_users(p_users text[]) returns text[]
language plpgsql stable security definer
set search_path = ''
set row_security = off
as $$
declare
  s runledger.user_source;
  v_match text;
  v_user text;
  v_has boolean;
  v_found text[] := '{}';
begin
  select * into s from runledger.user_source;
  if not found then return null; end if;
  v_match := 'select ' || runledger_private.source_match_sql(s, '$1');
  foreach v_user in array p_users loop
    begin
      execute v_match into v_has using v_user;
      if v_has then v_found := v_found || v_user; end if;
    exception
      -- It knows no such id: `abc` among numbers.
      when invalid_text_representation or numeric_value_out_of_range or datetime_field_overflow then continue;
    end;
  end loop;
  return v_found;
exception
  -- The source or a column of it is gone or hidden.
  when undefined_table or undefined_column or insufficient_privilege then return null;
end $$;

-- schemas/users/source_has_user.sql

/* Whether the source has a user now; null where no source is followed, it is gone, or it may not be read as a whole.
   Callers: bring_user, settle_users. */
-- for: service_role
create function runledger_private.source_has_user(p_user text, out has_user boolean, out account uuid)
language plpgsql stable security definer
set search_path = ''
set row_security = off
as $$
declare
  v_found constant text[] := runledger_private.source_has_users(array[p_user]);
  s runledger.user_source;
begin
  if v_found is null then return; end if;
  has_user := v_found <> '{}';
  select * into s from runledger.user_source;
  if has_user and s.auth_user_column is not null then
    execute format('select r.account from (select %s from %s s) r where r.id = $1 limit 1',
      runledger_private.user_columns_sql(s.key_columns, s.auth_user_column, s.left_column), s.source)
      into account using p_user;
  end if;
exception
  -- Its column of accounts is gone or hidden.
  when undefined_table or undefined_column or insufficient_privilege then has_user := null;
end $$;

-- schemas/users/bring_user.sql

/* Whether things may be recorded for a user, who is brought from the source where runledger.users has them not yet: a
   sign-up does not wait for the ledger, so the ledger may come later. False: unknown to both, or has left.
   Callers: require_user, adopt_executions, adopt_run, import_users. */
-- for: service_role
create function runledger_private.bring_user(p_user text, p_dry_run boolean default false) returns boolean
language plpgsql security definer
set search_path = ''
as $$
declare
  v_left timestamptz;
  v_source record;
begin
  select u.left_at into v_left from runledger.users u where u.id = p_user;
  if found then return v_left is null; end if;
  select * into v_source from runledger_private.source_has_user(p_user);
  if v_source.has_user is not true then return false; end if;
  if not p_dry_run then
    perform runledger_private.bring_users(array[p_user],
      case when v_source.account is not null then array[v_source.account] end);
  end if;
  return true;
end $$;

-- schemas/users/require_user.sql

/* Brings a user from the source before something is recorded for them, and refuses who has left. Of who is unknown the
   foreign key says so. Callers: guard_execution, admit_execution, the triggers below. Raises unknown_user. */
-- for: service_role
create function runledger_private.require_user(p_user text) returns void
language plpgsql security definer
set search_path = ''
as $$
begin
  if runledger_private.bring_user(p_user) or p_user is null then return; end if;
  if exists (select from runledger.users u where u.id = p_user) then
    raise exception 'User % has left: nothing new is recorded for them.', p_user
      using errcode = 'PT409', detail = 'unknown_user', hint = 'What they had is being deleted.';
  end if;
end $$;

-- schemas/workflows/workflows.sql

create table runledger.workflows (
  id uuid primary key default runledger_private.uuid_v7(),
  user_id text not null references runledger.users (id) on update cascade on delete cascade,
  name text not null,
  description text,
  temporal_namespace text not null default 'default',
  workflow_type text not null,
  task_queue text not null,
  input_schema jsonb,
  execution_timeout text,
  run_timeout text,
  retry_policy jsonb,
  visibility text not null default 'private',
  archived_at timestamptz,
  -- What of the payloads of its executions the API hides: JSON pointers into an execution (/input/card, /failure).
  redact text[] not null default '{}',
  -- Where it follows a row of the host's: of which table, under which key, and when that row went.
  host_table text,
  host_id text,
  host_deleted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- It stands for all workflows of a user in the counters.
  constraint workflow_id_is_not_the_nil_uuid check (id <> '00000000-0000-0000-0000-000000000000'),
  constraint workflow_name_has_1_to_200_characters check (length(name) between 1 and 200),
  constraint workflow_description_has_at_most_2000_characters check (length(description) <= 2000),
  constraint workflow_type_has_1_to_1000_bytes check (octet_length(workflow_type) between 1 and 1000),
  constraint task_queue_has_1_to_1000_bytes check (octet_length(task_queue) between 1 and 1000),
  constraint temporal_namespace_has_1_to_1000_bytes check (octet_length(temporal_namespace) between 1 and 1000),
  constraint workflow_visibility_is_private_or_published check (visibility in ('private', 'published')),
  constraint input_schema_is_an_object_of_at_most_32_kb
    check (jsonb_typeof(input_schema) = 'object' and octet_length(input_schema::text) <= 65536),
  constraint redaction_has_at_most_50_pointers_and_20_kb
    check (cardinality(redact) <= 50 and octet_length(redact::text) <= 20480),
  constraint a_host_id_has_its_table check ((host_table is null) = (host_id is null)),
  constraint retry_policy_is_an_object check (jsonb_typeof(retry_policy) = 'object'),
  constraint time_outs_are_durations
    check (execution_timeout ~ '^[0-9]+(ms|s|m|h|d)$' and run_timeout ~ '^[0-9]+(ms|s|m|h|d)$')
);

create index idx_workflows_user on runledger.workflows (user_id, name, id);
create index idx_workflows_published on runledger.workflows (name, id) where visibility = 'published'
  and archived_at is null;
create index idx_workflows_redacting on runledger.workflows (id) where redact <> '{}';
create unique index idx_workflows_host on runledger.workflows (host_id, host_table) where host_id is not null;

alter table runledger.workflows enable row level security;
create policy "a user sees their own workflows" on runledger.workflows
  for select to authenticated using (user_id = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.workflows
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.workflows to authenticated;
grant all on runledger.workflows to service_role;

-- schemas/workflows/touch_workflow.sql

/* Callers: the trigger below. */
-- for: service_role
create function runledger_private.touch_workflow() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.updated_at := clock_timestamp();
  return new;
end $$;

create trigger touch_workflow before update on runledger.workflows
  for each row execute function runledger_private.touch_workflow();

-- schemas/users/user_name.sql

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

-- schemas/workflows/followed_workflows.sql

-- The table or view of the host's whose rows are definitions: at most one.
create table runledger.followed_workflows (
  one boolean primary key default true,
  -- With its schema, quoted where needed.
  host_table text not null,
  key_column text not null,
  -- What a row `r` of it says, as the list of a select.
  reads text not null,
  -- The columns of ours that it decides.
  follows text[] not null,
  -- Where sync_workflows goes on: among the host's rows by their key, then among ours by their id.
  sync_phase text not null default 'host',
  sync_after text,
  synced_at timestamptz,
  -- Why definitions cannot be followed, as a sentence; null: nothing is wrong.
  problem text,
  constraint one_table_is_followed check (one),
  constraint sync_phase_is_host_or_ours check (sync_phase in ('host', 'ours'))
);

alter table runledger.followed_workflows enable row level security;
create policy "only the service role sees which table is followed" on runledger.followed_workflows
  for select to authenticated using (false);

create trigger refuse_truncate before truncate on runledger.followed_workflows
  for each statement execute function runledger_private.refuse_truncate();

grant all on runledger.followed_workflows to service_role;

-- A row of the host's, as a definition. `published` is null where the host's table does not decide it.
create type runledger_private.host_workflow as (host_id text, owner text, name text, workflow_type text,
  task_queue text, temporal_namespace text, published boolean);

-- schemas/workflows/host_value.sql

/* How a row `r` of the host's table says one thing: by a column ("title"), a column and what stands in for null
   ({"column": "task_queue", "default": "main"}), or always the same ({"constant": "orders"}).
   Callers: follow_workflows. */
-- for: nobody
create function runledger_private.host_value(p_table regclass, p_option text, p_value jsonb) returns text
language plpgsql stable
set search_path = ''
as $$
declare
  v_column text := case jsonb_typeof(p_value) when 'string' then p_value #>> '{}' else p_value ->> 'column' end;
begin
  if p_value ->> 'constant' is not null then return format('%L::text', p_value ->> 'constant'); end if;
  if v_column is null or not exists (
    select from pg_catalog.pg_attribute a where a.attrelid = p_table and a.attname = v_column and a.attnum > 0
      and not a.attisdropped) then
    raise exception '% has no column "%" for the option "%" of follow_workflows.', p_table, v_column, p_option
      using errcode = 'PT400', detail = 'invalid_input', hint =
        'Name a column ("title"), or {"column": "task_queue", "default": "main"}, or {"constant": "orders"}.';
  end if;
  if p_value ->> 'default' is null then return format('r.%I::text', v_column); end if;
  return format('coalesce(r.%I::text, %L)', v_column, p_value ->> 'default');
end $$;

-- schemas/workflows/host_workflow_id.sql

/* The id here of a row of the host's: its own where that is a uuid, else always the same one made of table and key.
   Callers: save_host_workflows. */
-- for: service_role
create function runledger_private.host_workflow_id(p_table text, p_host_id text) returns uuid
language sql immutable
return case when p_host_id ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then p_host_id::uuid
            -- uuid v8 (RFC 9562): the bits are whatever the application makes of them.
            else overlay(overlay(md5('runledger:' || p_table || ':' || p_host_id) placing '8' from 13)
                         placing 'a' from 17)::uuid end;

-- schemas/workflows/save_host_workflows.sql

/* Brings definitions up to what the host's rows say. Waits for nobody: what others are writing at this moment is left
   to the next sync, as is a row whose owner is not in users, or of which no definition can be made. An id that is
   somebody else's here stays theirs. Returns how many changed.
   Callers: follow_host_rows, sync_workflows, bring_workflow. */
-- for: nobody
create function runledger_private.save_host_workflows(p_table text, p_rows runledger_private.host_workflow[])
returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_owners text[];
  v_ours uuid[];
  v_changed integer;
  v_made integer;
begin
  v_owners := array(select u.id from runledger.users u
    where u.id in (select g.owner from unnest(p_rows) g) order by u.id for key share skip locked);
  v_ours := array(select w.id from runledger.workflows w
    where w.id in (select runledger_private.host_workflow_id(p_table, g.host_id) from unnest(p_rows) g)
    order by w.id for no key update skip locked);
  with given as materialized (
    select distinct on (g.host_id) runledger_private.host_workflow_id(p_table, g.host_id) as id, g.host_id, g.owner,
           coalesce(nullif(btrim(left(g.name, 200)), ''), left(g.host_id, 200)) as name, g.workflow_type, g.task_queue,
           g.temporal_namespace, case when g.published then 'published' when not g.published then 'private' end
             as visibility
      from unnest(p_rows) g
     where g.owner = any (v_owners) and octet_length(g.workflow_type) between 1 and 1000
       and octet_length(g.task_queue) between 1 and 1000 and octet_length(g.temporal_namespace) between 1 and 1000
       and octet_length(g.host_id) between 1 and 1000 and g.host_id <> '00000000-0000-0000-0000-000000000000'),
  made as (
    insert into runledger.workflows (id, user_id, name, temporal_namespace, workflow_type, task_queue, visibility,
        host_table, host_id)
      select g.id, g.owner, g.name, g.temporal_namespace, g.workflow_type, g.task_queue,
             coalesce(g.visibility, 'private'), p_table, g.host_id
        from given g where not exists (select from runledger.workflows w where w.id = g.id)
       order by g.id
      on conflict do nothing
      returning 1),
  changed as (
    update runledger.workflows w
       set user_id = g.owner, name = g.name, temporal_namespace = g.temporal_namespace,
           workflow_type = g.workflow_type, task_queue = g.task_queue,
           visibility = coalesce(g.visibility, w.visibility), host_table = p_table, host_id = g.host_id,
           archived_at = case when w.host_deleted_at is null then w.archived_at end, host_deleted_at = null
      from given g
     where w.id = g.id and w.id = any (v_ours) and (w.host_table = p_table or w.user_id = g.owner)
       and (w.user_id, w.name, w.temporal_namespace, w.workflow_type, w.task_queue, w.visibility, w.host_table,
            w.host_id, w.host_deleted_at)
         is distinct from (g.owner, g.name, g.temporal_namespace, g.workflow_type, g.task_queue,
            coalesce(g.visibility, w.visibility), p_table, g.host_id, null::timestamptz)
      returning 1)
  select (select count(*) from changed), (select count(*) from made) into v_changed, v_made;
  return v_changed + v_made;
end $$;

-- schemas/workflows/archive_gone_workflows.sql

/* Archives definitions whose rows the host has deleted, so that executions and counts stay. What others are writing at
   this moment is left to the next sync. Returns how many. Callers: follow_host_rows, sync_workflows. */
-- for: nobody
create function runledger_private.archive_gone_workflows(p_table text, p_host_ids text[]) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_gone uuid[];
begin
  v_gone := array(select w.id from runledger.workflows w
    where w.host_table = p_table and w.host_id = any (p_host_ids) and w.host_deleted_at is null
    order by w.id for no key update skip locked);
  update runledger.workflows w
     set archived_at = coalesce(w.archived_at, clock_timestamp()), host_deleted_at = clock_timestamp()
   where w.id = any (v_gone);
  return cardinality(v_gone);
end $$;

-- schemas/workflows/follow_host_rows.sql

/* Follows one statement of the host's. Whatever goes wrong is left to sync_workflows, as are statements of more than
   1,000 rows: the host's own statement neither fails nor waits. Callers: the triggers that follow_workflows makes. */
-- for: nobody
create function runledger_private.follow_host_rows() returns trigger
language plpgsql security definer
set search_path = ''
set lock_timeout = '50ms'
as $$
declare
  f runledger.followed_workflows;
  v_list constant text := case tg_op when 'DELETE' then 'old_rows' else 'new_rows' end;
  v_count integer;
  v_rows runledger_private.host_workflow[];
  v_gone text[];
begin
  select * into f from runledger.followed_workflows;
  execute format('select count(*) from (select from %I limit 1001) t', v_list) into v_count;
  if (to_regclass(f.host_table) = tg_relid) is not true or v_count = 0 or v_count > 1000 then return null; end if;
  if tg_op = 'INSERT' then
    execute format('select array_agg(row(x.*)::runledger_private.host_workflow) from (select %s from new_rows r) x',
      f.reads) into v_rows;
  elsif tg_op = 'UPDATE' then
    execute format('select array_agg(row(x.*)::runledger_private.host_workflow)
      from (select %1$s from new_rows r except select %1$s from old_rows r) x', f.reads) into v_rows;
    execute format('select array_agg(x.id) from (select r.%1$I::text as id from old_rows r
      except select r.%1$I::text from new_rows r) x', f.key_column) into v_gone;
  else
    execute format('select array_agg(r.%I::text) from old_rows r', f.key_column) into v_gone;
  end if;
  if v_gone is not null then perform runledger_private.archive_gone_workflows(f.host_table, v_gone); end if;
  if v_rows is not null then perform runledger_private.save_host_workflows(f.host_table, v_rows); end if;
  return null;
exception when others then
  return null;
end $$;

-- schemas/workflows/sync_host_rows.sql

/* Compares the next rows of the host's table with the definitions. Callers: sync_workflows. */
-- for: nobody
create function runledger_private.sync_host_rows(f runledger.followed_workflows, p_limit integer,
                                                 out examined integer, out changed integer, out last text)
language plpgsql
set search_path = ''
as $$
declare
  k constant record := runledger_private.key_order(f.host_table::regclass, f.key_column, 'r');
  v_rows runledger_private.host_workflow[];
begin
  execute format('select array_agg(row(x.*)::runledger_private.host_workflow), count(*)
    from (select %1$s from %2$s r where r.%3$I is not null and ($1 is null or %4$s > $1::%5$s)
           order by %4$s limit $2) x',
    f.reads, f.host_table, f.key_column, k.ordered, k.cast_to) using f.sync_after, p_limit into v_rows, examined;
  changed := 0;
  if examined = 0 then return; end if;
  last := v_rows[examined].host_id;
  changed := runledger_private.save_host_workflows(f.host_table, v_rows);
end $$;

-- schemas/workflows/sync_our_rows.sql

/* Compares the next definitions with the host's table: those whose rows are gone are archived. Callers:
   sync_workflows. */
-- for: nobody
create function runledger_private.sync_our_rows(f runledger.followed_workflows, p_limit integer,
                                                out examined integer, out archived integer, out last text)
language plpgsql
set search_path = ''
as $$
declare
  k constant record := runledger_private.key_order(f.host_table::regclass, f.key_column, 'r');
  v_ids text[];
begin
  select array_agg(x.host_id), count(*), (array_agg(x.id order by x.id desc))[1]::text into v_ids, examined, last
    from (select w.id, w.host_id from runledger.workflows w
           where w.host_table = f.host_table and w.host_deleted_at is null
             and (f.sync_after is null or w.id > f.sync_after::uuid)
           order by w.id limit p_limit) x;
  begin
    execute format('select array_agg(o.id) from unnest($1) o (id)
      where not exists (select from %s r where %s = o.id::%s)', f.host_table, k.ordered, k.cast_to)
      using v_ids into v_ids;
  -- The host's ids have another type now, and an old one is none of these.
  exception when data_exception then
    execute format('select array_agg(o.id) from unnest($1) o (id)
      where not exists (select from %s r where r.%I::text = o.id)', f.host_table, f.key_column)
      using v_ids into v_ids;
  end;
  archived := case when v_ids is null then 0
    else runledger_private.archive_gone_workflows(f.host_table, v_ids) end;
end $$;

-- schemas/workflows/sync_part_of_workflows.sql

/* Compares the next p_limit rows: the host's with ours, then ours with the host's. Returns where the next part begins.
   Callers: sync_workflows. */
-- for: nobody
create function runledger_private.sync_part_of_workflows(f runledger.followed_workflows, p_limit integer,
  out phase text, out last text, out examined integer, out changed integer, out archived integer, out is_done boolean)
language plpgsql
set search_path = ''
as $$
declare
  h record;
  o record;
begin
  phase := f.sync_phase;
  examined := 0;
  changed := 0;
  archived := 0;
  is_done := false;
  if phase = 'host' then
    select * into h from runledger_private.sync_host_rows(f, p_limit);
    examined := h.examined;
    changed := h.changed;
    last := h.last;
    if examined = p_limit then return; end if;
    f.sync_after := null;
    phase := 'ours';
  end if;
  select * into o from runledger_private.sync_our_rows(f, p_limit - examined);
  archived := o.archived;
  is_done := o.examined < p_limit - examined;
  examined := examined + o.examined;
  last := case when not is_done then coalesce(o.last, f.sync_after) end;
  if is_done then phase := 'host'; end if;
end $$;

-- schemas/workflows/sync_workflows.sql

/* Compares up to p_limit rows with the table that is followed: what the triggers missed, and views, which have none.
   Goes on where the last call stopped; `done` says that a pass is complete, and the next call begins a new one.
   Callers: Ledger.syncWorkflows, follow_workflows. Returns { source, isMissing, problem, examined, changed, archived,
   done }. `problem`: why definitions cannot be followed, as a sentence; null: nothing is wrong. */
-- for: service_role
create function runledger.sync_workflows(p_limit integer default 1000) returns jsonb
language plpgsql security definer
set search_path = ''
-- A table that hides rows is an error here, not one that lacks them.
set row_security = off
as $$
declare
  v_limit constant integer := least(greatest(p_limit, 1), 10000);
  f runledger.followed_workflows;
  p record;
  v_is_missing boolean;
  v_problem text;
begin
  -- Another one is at it, or nothing is followed.
  select * into f from runledger.followed_workflows for no key update skip locked;
  if not found then
    return jsonb_build_object('source', null, 'isMissing', false, 'problem', null, 'examined', 0, 'changed', 0,
      'archived', 0, 'done', true);
  end if;
  select 'host' as phase, null::text as last, 0 as examined, 0 as changed, 0 as archived, true as is_done into p;
  v_is_missing := to_regclass(f.host_table) is null;
  if v_is_missing then
    v_problem := format('%s, which definitions came from, is gone: runledger.follow_workflows names another.',
      f.host_table);
  else
    begin
      select * into p from runledger_private.sync_part_of_workflows(f, v_limit);
    -- The host changed or hid what is followed.
    exception when syntax_error_or_access_rule_violation or data_exception then
      v_problem := format('Definitions cannot be followed from %s as it is now: %s. '
        || 'Call runledger.follow_workflows again.',
        f.host_table, sqlerrm);
    end;
  end if;
  update runledger.followed_workflows x
     set sync_phase = p.phase, sync_after = p.last, problem = v_problem,
         synced_at = case when p.is_done and v_problem is null then clock_timestamp() else x.synced_at end;
  return jsonb_build_object('source', f.host_table, 'isMissing', v_is_missing, 'problem', v_problem,
    'examined', p.examined, 'changed', p.changed, 'archived', p.archived, 'done', p.is_done);
end $$;

-- schemas/workflows/bring_workflow.sql

/* Reads one row of the host's table now: the application may use an id that the triggers missed. Callers:
   workflow_id_of. */
-- for: service_role
create function runledger_private.bring_workflow(p_host_id text) returns void
language plpgsql security definer
set search_path = ''
as $$
declare
  f runledger.followed_workflows;
  k record;
  v_rows runledger_private.host_workflow[];
begin
  select * into f from runledger.followed_workflows;
  if not found then return; end if;
  select * into k from runledger_private.key_order(f.host_table::regclass, f.key_column, 'r');
  execute format('select array_agg(row(x.*)::runledger_private.host_workflow)
    from (select %s from %s r where %s = $1::%s) x', f.reads, f.host_table, k.ordered, k.cast_to)
    using p_host_id into v_rows;
  if v_rows is not null then perform runledger_private.save_host_workflows(f.host_table, v_rows); end if;
-- No key of that table, or the table is no longer as it was: then there is no such row.
exception when others then
  return;
end $$;

-- schemas/workflows/workflow_id_of.sql

/* The definition that is meant: by its id, or by the key of the host's row that it follows. Null where there is none.
   Callers: create_execution, get_workflow. */
-- for: service_role
create function runledger_private.workflow_id_of(p_ref text) returns uuid
language plpgsql
set search_path = ''
as $$
declare
  v_id uuid;
begin
  for attempt in 1 .. 2 loop
    if p_ref ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then
      select w.id into v_id from runledger.workflows w where w.id = p_ref::uuid;
    else
      select w.id into v_id from runledger.workflows w
        left join runledger.followed_workflows f on f.host_table = w.host_table
       where w.host_id = p_ref order by f.host_table is null, w.created_at desc limit 1;
    end if;
    if found then return v_id; end if;
    if attempt = 1 then perform runledger_private.bring_workflow(p_ref); end if;
  end loop;
  return null;
end $$;

-- schemas/workflows/get_workflow.sql

/* One workflow that a user may use, their own or a published one, archived or not; by its id, or by the key of the
   host's row that it follows. Callers: WorkflowService.getWorkflow. */
-- for: service_role
create function runledger.get_workflow(p_user_id text, p_ref text) returns setof runledger.workflows
language plpgsql
set search_path = ''
as $$
declare
  v_id constant uuid := runledger_private.workflow_id_of(p_ref);
begin
  return query
    select * from runledger.workflows w
     where w.id = v_id and (w.user_id = p_user_id or w.visibility = 'published');
end $$;

-- schemas/workflows/unfollow_workflows.sql

/* Follows the host's table no longer. The definitions stay, as the users' own, with their executions.
   Callers: the host's owner; follow_workflows. Returns whether one was followed. */
-- for: nobody
create function runledger.unfollow_workflows() returns boolean
language plpgsql
set search_path = ''
as $$
declare
  t record;
  v_was_followed boolean;
begin
  -- One at a time; the row before the host's table, as a sync takes them.
  perform pg_advisory_xact_lock(hashtextextended('runledger:follow_workflows', 0));
  perform set_config('lock_timeout', '3s', true);
  delete from runledger.followed_workflows where one;
  v_was_followed := found;
  for t in
    select g.tgname, g.tgrelid::regclass as host_table from pg_catalog.pg_trigger g
     where g.tgfoid = 'runledger_private.follow_host_rows'::regproc
  loop
    begin
      execute format('drop trigger %I on %s', t.tgname, t.host_table);
    exception when insufficient_privilege then
      raise notice 'The trigger % stays on %, which has another owner, and does nothing.', t.tgname, t.host_table;
    end;
  end loop;
  return v_was_followed;
end $$;

-- schemas/workflows/follow_workflows.sql

/* From now on a definition is kept beside each row of the host's table or view, and renames, changes of owner and
   deletions follow. p_options says what is where; each is a column, a column with a default, or a constant:
     select runledger.follow_workflows('public.workflows', '{"id": "id", "name": "title", "owner": "owner_id",
       "type": {"constant": "runGraph"}, "queue": {"column": "task_queue", "default": "graphs"}}');
   `namespace` may be given too ("default" without), and `published` (who may start it: otherwise decided here). Called
   again it replaces what was said before. Returns what the first sync_workflows says: call that until it is done.
   Callers: the host's owner, in a migration or the SQL editor. */
-- for: nobody
create function runledger.follow_workflows(p_table text, p_options jsonb) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  o constant jsonb := '{"id": "id", "name": "name", "namespace": {"constant": "default"}}'
    || runledger_private.unwrap(p_options);
  v_table constant regclass := to_regclass(p_table);
  v_wrong text;
  t record;
begin
  select string_agg(k, ', ') into v_wrong from jsonb_object_keys(o) k
   where k not in ('id', 'name', 'owner', 'type', 'queue', 'namespace', 'published');
  if v_table is null or v_wrong is not null or not o ?& array['owner', 'type', 'queue']
     or o #>> '{id,constant}' is not null then
    raise exception '%', case when v_table is null then format('There is no table %s.', left(p_table, 200))
        when v_wrong is not null then format('follow_workflows knows no option %s.', v_wrong)
        else 'follow_workflows needs the options owner, type and queue, and a column for the id.' end
      using errcode = 'PT400', detail = 'invalid_input',
            hint = 'Name the table with its schema, and say for each of id, name, owner, type, queue, namespace and '
              || 'published where it is.';
  end if;
  perform runledger.unfollow_workflows();
  select c.relkind, format('%I.%I', n.nspname, c.relname) as name, a.attname
    into t from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     and a.attname = coalesce(o #>> '{id,column}', o ->> 'id')
   where c.oid = v_table;
  insert into runledger.followed_workflows (host_table, key_column, reads, follows)
    select t.name, coalesce(t.attname, ''),
           string_agg(case when o ? v.option
               then runledger_private.host_value(v_table, v.option, o -> v.option)
               else 'null' end || '::' || v.type || ' as ' || v.name, ', ' order by v.at),
           array_agg(v.column_name order by v.at) filter (where v.column_name is not null and o ? v.option)
      from (values (1, 'id', 'text', 'host_id', null), (2, 'owner', 'text', 'owner', null),
                   (3, 'name', 'text', 'name', 'name'), (4, 'type', 'text', 'workflow_type', 'workflow_type'),
                   (5, 'queue', 'text', 'task_queue', 'task_queue'),
                   (6, 'namespace', 'text', 'temporal_namespace', null),
                   (7, 'published', 'boolean', 'published', 'visibility')) v (at, option, type, name, column_name);
  if t.relkind in ('r', 'p') then
    -- Better not to follow than to keep the host's statements waiting for this one.
    perform set_config('lock_timeout', '3s', true);
    execute format('create or replace trigger runledger_follow_insert after insert on %s
      referencing new table as new_rows
      for each statement execute function runledger_private.follow_host_rows()', t.name);
    execute format('create or replace trigger runledger_follow_update after update on %s
      referencing old table as old_rows new table as new_rows
      for each statement execute function runledger_private.follow_host_rows()', t.name);
    execute format('create or replace trigger runledger_follow_delete after delete on %s
      referencing old table as old_rows
      for each statement execute function runledger_private.follow_host_rows()', t.name);
  end if;
  return runledger.sync_workflows();
end $$;

-- schemas/workflows/refuse_to_publish.sql

/* Callers: create_workflow, update_workflow. */
-- for: service_role
create function runledger_private.refuse_to_publish() returns void
language plpgsql
set search_path = ''
as $$
begin
  raise exception 'Publishing a workflow, or changing a published one, needs a right that this user does not have.'
    using errcode = 'PT403', detail = 'permission_denied',
          hint = 'Keep it private, or ask an operator to publish it. '
            || 'Withdrawing (private, archived) is always possible.';
end $$;

-- schemas/workflows/create_workflow.sql

/* Defines a workflow for a user. What the host lets this user do comes with the call: whether they may publish, and how
   many definitions they may have (archived ones included, those that follow the host's own table not). Who keeps as
   much as their quota allows defines none.
   Callers: WorkflowService.createWorkflow. */
-- for: service_role
create function runledger.create_workflow(p_user_id text, p_workflow jsonb, p_may_publish boolean default false,
                                          p_at_most integer default 1000)
returns setof runledger.workflows
language plpgsql
set search_path = ''
as $$
declare
  p jsonb := runledger_private.unwrap(p_workflow);
  v_count integer;
begin
  if p ->> 'visibility' = 'published' and not p_may_publish then perform runledger_private.refuse_to_publish(); end if;
  -- Two at once would both see room for one.
  perform pg_advisory_xact_lock(hashtextextended('runledger:workflows:' || p_user_id, 0));
  select count(*) into v_count from (
    select from runledger.workflows w where w.user_id = p_user_id and w.host_id is null limit p_at_most) t;
  if v_count >= p_at_most then
    raise exception 'A user may define at most % workflows, archived ones included, and % are defined.',
        p_at_most, v_count
      using errcode = 'PT429', detail = 'quota_exceeded',
            hint = 'Change one that is no longer needed instead, or ask the operator for a higher limit.';
  end if;
  perform runledger_private.refuse_by_storage(p_user_id);
  return query
    insert into runledger.workflows (user_id, name, description, temporal_namespace, workflow_type, task_queue,
        input_schema, execution_timeout, run_timeout, retry_policy, visibility, redact)
      values (p_user_id, p ->> 'name', p ->> 'description', coalesce(p ->> 'temporal_namespace', 'default'),
        p ->> 'workflow_type', p ->> 'task_queue', nullif(p -> 'input_schema', 'null'), p ->> 'execution_timeout',
        p ->> 'run_timeout', nullif(p -> 'retry_policy', 'null'), coalesce(p ->> 'visibility', 'private'),
        runledger_private.text_array(p -> 'redact'))
      returning *;
end $$;

-- schemas/workflows/update_workflow.sql

/* Changes the named columns of a workflow that the user owns; none of another's. Whoever may not publish may not change
   what others can start either, but may always withdraw it. Whoever may not see in clear what is redacted may hide
   more, and not less. What follows the host's table is changed there.
   Callers: WorkflowService.updateWorkflow. */
-- for: service_role
create function runledger.update_workflow(p_id uuid, p_user_id text, p_changes jsonb,
                                          p_may_publish boolean default false, p_may_reveal boolean default false)
returns setof runledger.workflows
language plpgsql
set search_path = ''
as $$
declare
  p jsonb := runledger_private.unwrap(p_changes);
  w runledger.workflows;
  v_followed text[];
  v_redacted text[];
begin
  select * into w from runledger.workflows x where x.id = p_id and x.user_id = p_user_id for no key update;
  if not found then return; end if;
  select array(select jsonb_object_keys(p) intersect select unnest(f.follows)) into v_followed
    from runledger.followed_workflows f where f.host_table = w.host_table;
  if cardinality(v_followed) > 0 then
    raise exception 'The workflow % follows % there, so % changes there.', w.name, w.host_table,
        array_to_string(v_followed, ', ')
      using errcode = 'PT409', detail = 'conflict', hint = 'Change the row of that table: this one follows it.';
  end if;
  v_redacted := w.redact;
  w := jsonb_populate_record(w, (
    select coalesce(json_object_agg(c.key, c.value)::jsonb, '{}') from jsonb_each(p) c
     where c.key in ('name', 'description', 'workflow_type', 'task_queue', 'input_schema', 'execution_timeout',
                     'run_timeout', 'retry_policy', 'visibility', 'archived_at', 'redact')));
  if not p_may_reveal and exists (
    select from unnest(v_redacted) o
     where not exists (select from unnest(w.redact) n where n = o or starts_with(o, n || '/'))) then
    raise exception 'You may not show again what the workflow % redacts: a pointer may be added, or widened.', w.name
      using errcode = 'PT403', detail = 'permission_denied',
            hint = 'Ask somebody whom the host lets see redacted fields in clear.';
  end if;
  if w.visibility = 'published' and w.archived_at is null and not p_may_publish then
    perform runledger_private.refuse_to_publish();
  end if;
  return query
    update runledger.workflows x
       set name = w.name, description = w.description, workflow_type = w.workflow_type, task_queue = w.task_queue,
           input_schema = w.input_schema, execution_timeout = w.execution_timeout, run_timeout = w.run_timeout,
           retry_policy = w.retry_policy, visibility = w.visibility, archived_at = w.archived_at,
           redact = w.redact
     where x.id = w.id returning x.*;
end $$;

-- schemas/workflows/hides_error.sql

/* Whether an error message is hidden where these pointers are redacted: by every pointer into the failure but those to
   its details or its stack. These hide a message only where it is the error itself as JSON.
   Callers: execution_filter_sql, get_failure_groups, get_top_failures. The same rule as `hidesError` of contracts. */
-- for: service_role, authenticated
create function runledger_private.hides_error(p_redact text[], p_message text) returns boolean
language sql immutable parallel safe
return (select coalesce(bool_or(r !~ '^/failure/(details|stack)(/|$)' or p_message ~ '^\s*[[{]'), false)
          from unnest(p_redact) r where r ~ '^/failure(/|$)');

-- schemas/workflows/list_workflows.sql

/* A page of what a user may start: their own workflows first, then what others publish, each by name; archived ones are
   left out. Goes on after the workflow that p_after_own, p_after_name and p_after_id name. What others publish never
   moves an own one to a later page. It ends with the one whose schema makes half a megabyte full.
   Callers: WorkflowService.listWorkflows. */
-- for: service_role
create function runledger.list_workflows(p_user_id text, p_limit integer, p_after_own boolean default null,
                                         p_after_name text default null, p_after_id uuid default null)
returns table (id uuid, user_id text, name text, description text, temporal_namespace text, workflow_type text,
  task_queue text, input_schema jsonb, execution_timeout text, run_timeout text, retry_policy jsonb, visibility text,
  archived_at timestamptz, redact text[], created_at timestamptz, updated_at timestamptz, host_id text,
  publisher_name text)
language sql stable
set search_path = ''
as $$
  select w.id, w.user_id, w.name, w.description, w.temporal_namespace, w.workflow_type, w.task_queue, w.input_schema,
         w.execution_timeout, w.run_timeout, w.retry_policy, w.visibility, w.archived_at, w.redact, w.created_at,
         w.updated_at, w.host_id, case when w.visibility = 'published' then runledger_private.user_name(w.user_id) end
    from (select *, sum(octet_length(both_kinds.input_schema::text)) over (
                   order by is_own desc, name, both_kinds.id
                   rows between unbounded preceding and 1 preceding) as bytes_before
            from (
            (select x.*, true as is_own from runledger.workflows x
              where x.user_id = p_user_id and x.archived_at is null
                and (p_after_id is null or (p_after_own and (x.name, x.id) > (p_after_name, p_after_id)))
              order by x.name, x.id limit p_limit)
            union all
            (select x.*, false from runledger.workflows x
              where x.visibility = 'published' and x.archived_at is null and x.user_id <> p_user_id
                and (p_after_id is null or p_after_own or (x.name, x.id) > (p_after_name, p_after_id))
              order by x.name, x.id limit p_limit)) both_kinds
          order by is_own desc, name, both_kinds.id limit p_limit) w
   where coalesce(w.bytes_before, 0) < 500000
   order by w.is_own desc, w.name, w.id;
$$;

-- schemas/failures/failure_shape.sql

-- Failures of one kind, grouped: by the innermost cause, what it came through, and the shape of its message.

/* What is alike in failures of one kind, one line each: the type of the innermost cause; the activities and child
   workflows it came through, outermost first; the first line of the innermost message without what differs from one
   failure to the next (quoted words, addresses, everything with a digit in it). The outer failures of Temporal all say
   the same ("Activity task failed"), so that they would make one kind of everything.
   Callers: failure_group, follow_execution_change, follow_new_executions. */
-- for: service_role
create function runledger_private.failure_shape(p_failure jsonb, p_message text) returns text
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  v_cause jsonb := p_failure;
  v_through text;
begin
  -- Causes end sooner; the bound only keeps a failure made by hand from holding up a write.
  for depth in 1..100 loop
    v_through := concat_ws(' > ', v_through,
      left(coalesce(nullif(v_cause ->> 'activityType', ''), nullif(v_cause ->> 'childWorkflowType', '')), 100));
    exit when jsonb_typeof(v_cause -> 'cause') is distinct from 'object';
    v_cause := v_cause -> 'cause';
  end loop;
  return concat_ws(E'\n',
    coalesce(nullif(left(v_cause ->> 'type', 100), ''), '-'),
    coalesce(nullif(left(v_through, 300), ''), '-'),
    left(regexp_replace(regexp_replace(regexp_replace(
      split_part(left(coalesce(v_cause ->> 'message', p_message, ''), 500), E'\n', 1),
      '"[^"]*"|''[^'']*''|\S+@\S+', '…', 'g'),
      '[\w-]*\d[\w-]*', '#', 'g'),
      '\s+', ' ', 'g'), 200));
end $$;

-- schemas/failures/failure_group.sql

/* Names a kind of failure in 16 characters; null for an execution that did not fail or time out.
   Callers: guard_execution. */
-- for: service_role
create function runledger_private.failure_group(p_status text, p_failure jsonb, p_message text) returns text
language sql immutable parallel safe
return case when p_status in ('failed', 'timed_out')
  then left(md5(runledger_private.failure_shape(p_failure, p_message)), 16) end;

-- schemas/executions/check_execution.sql

-- What the columns of an execution may say together.

/* True, or the error that names the rule that is broken. The one check of runledger.workflow_executions: each statement
   parses all check expressions of its table anew, and as twenty of them they were a third of a write.
   Callers: the constraint an_execution_obeys_its_rules. */
-- for: service_role
create function runledger_private.check_execution(
  engine text, temporal_namespace text, temporal_workflow_id text, temporal_run_id text, current_run_id text,
  closing_run_id text, run_count integer, status text, outcome_authority text, error_message text,
  completed_at timestamptz,
  duration_ms bigint, activities_executed integer, verdict text, tags text[], metadata_type text,
  cancel_requested_at timestamptz, cancel_requested_by text, start_by timestamptz, recorded_at timestamptz,
  last_transition_type text, lost_at timestamptz) returns boolean
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  is_open constant boolean := runledger_private.is_open(status);
  is_temporal constant boolean := engine = 'temporal';
  rule constant text := case
    when engine not in ('temporal', 'none') then 'engine_is_temporal_or_none'
    when not (runledger_private.is_open(status) or runledger_private.is_end(status))
      then 'status_is_known'
    when outcome_authority not in ('engine', 'reported') then 'outcome_authority_is_engine_or_reported'
    when case when is_open then num_nonnulls(outcome_authority, completed_at, duration_ms, recorded_at,
      closing_run_id) > 0
              else num_nulls(outcome_authority, completed_at, recorded_at) > 0
                   or (duration_ms is null and lost_at is null) end
      then 'only_an_ended_execution_has_authority_end_and_duration'
    when lost_at is not null and (is_open or outcome_authority <> 'reported' or not is_temporal)
      then 'only_a_reported_end_is_of_an_execution_that_the_engine_lost'
    when not is_open and status <> 'completed'
      and error_message is null then 'an_execution_that_did_not_complete_says_why'
    when duration_ms < 0 then 'duration_is_not_negative'
    when is_temporal <> (temporal_workflow_id is not null) or is_temporal <> (temporal_namespace is not null)
      then 'an_engine_execution_names_namespace_and_workflow_id'
    when not is_temporal and (num_nonnulls(temporal_run_id, current_run_id, closing_run_id, start_by) > 0
                              or outcome_authority = 'engine')
      then 'a_direct_execution_has_no_run'
    when start_by is not null and status = 'running' and temporal_run_id is null
      then 'an_execution_that_the_ledger_starts_runs_with_its_run_id'
    when octet_length(temporal_workflow_id) not between 1 and 1000 then 'temporal_workflow_id_has_1_to_1000_bytes'
    when run_count < 1 then 'run_count_is_positive'
    when activities_executed < 0 then 'activities_executed_is_not_negative'
    when length(error_message) > 4000 then 'error_message_has_at_most_4000_characters'
    when length(verdict) > 100 then 'verdict_has_at_most_100_characters'
    when cardinality(tags) > 50 then 'at_most_50_tags'
    when metadata_type <> 'object' then 'metadata_is_an_object'
    when (cancel_requested_at is null) <> (cancel_requested_by is null) then 'a_cancel_request_says_who'
    when last_transition_type <> 'object' then 'last_transition_is_an_object'
  end;
begin
  if rule is null then return true; end if;
  raise exception 'An execution breaks the rule "%".', rule
    using errcode = 'check_violation', schema = 'runledger', table = 'workflow_executions', constraint = rule;
end $$;

-- schemas/executions/workflow_executions.sql

-- One row per execution, and what is kept beside it.

create table runledger.workflow_executions (
  id uuid primary key default runledger_private.uuid_v7(),
  workflow_id uuid not null,
  created_by text not null,
  engine text not null,
  temporal_namespace text,
  temporal_workflow_id text,
  temporal_run_id text,
  current_run_id text,
  closing_run_id text,
  -- A run each second would take 68 years to fill it.
  -- squawk-ignore prefer-bigint-over-int
  run_count integer not null default 1,
  status text not null,
  outcome_authority text,
  input jsonb,
  -- Why there is no input although something was given, or what was changed in it: docs/payloads.md.
  input_note text,
  output jsonb,
  -- Why there is no output although something was returned, or what was changed in it: docs/payloads.md.
  output_note text,
  error_message text,
  failure jsonb,
  -- Made by the guard from the failure, never written by hand.
  failure_group text,
  state_snapshot jsonb,
  started_at timestamptz not null default now(),
  engine_started_at timestamptz,
  first_task_at timestamptz,
  completed_at timestamptz,
  duration_ms bigint,
  -- A run ends at 51,200 events.
  -- squawk-ignore prefer-bigint-over-int
  activities_executed integer,
  verdict text,
  tags text[] not null default '{}',
  metadata jsonb not null default '{}',
  cancel_requested_at timestamptz,
  cancel_requested_by text,
  cancel_reason text,
  start_by timestamptz,
  recorded_at timestamptz,
  -- Since when it is settled although the engine does not know it: a person or a report said how it ended. Nobody knows
  -- how long it ran.
  lost_at timestamptz,
  -- Who ended it, and why, as far as somebody did; never part of a sentence. Made by the guard.
  ended_by text,
  end_reason text,
  revision bigint not null default 1,
  -- What the writer says of the latest change of status: { source, authority, actor, reason, reportId, at }.
  last_transition jsonb,

  constraint an_execution_obeys_its_rules check (runledger_private.check_execution(
    engine, temporal_namespace, temporal_workflow_id, temporal_run_id, current_run_id, closing_run_id, run_count,
    status,
    outcome_authority, error_message, completed_at, duration_ms, activities_executed, verdict, tags,
    jsonb_typeof(metadata),
    cancel_requested_at, cancel_requested_by, start_by, recorded_at, jsonb_typeof(last_transition), lost_at)),
  -- In this order, for it is that of their locks: a user before a workflow.
  constraint the_user_is_known foreign key (created_by) references runledger.users (id) on update cascade
    on delete cascade,
  constraint the_workflow_is_known foreign key (workflow_id) references runledger.workflows (id) on delete cascade,
  -- It stands for all users in the counters; the users may be a table of the application's own, with no such rule.
  constraint user_id_is_not_empty check (created_by <> '')
);

-- Temporal lets a workflow id be used again, so the first run is part of the identity.
create unique index an_engine_run_is_recorded_once
  on runledger.workflow_executions (temporal_namespace, temporal_workflow_id, temporal_run_id)
  where temporal_run_id is not null;
create unique index one_execution_per_workflow_id_waits_for_its_run
  on runledger.workflow_executions (temporal_namespace, temporal_workflow_id)
  where temporal_run_id is null;
create index idx_workflow_executions_temporal_workflow_id
  on runledger.workflow_executions (temporal_workflow_id, started_at desc, id desc);
-- Every list there is. By request: of a user, of a user's workflow, of a workflow by its owner, of a user by any status
-- but the common one, by verdict, by kind of failure, and of whatever says what went wrong.
create index idx_workflow_executions_created_by on runledger.workflow_executions (created_by, started_at desc, id desc);
create index idx_workflow_executions_workflow
  on runledger.workflow_executions (workflow_id, created_by, started_at desc, id desc);
create index idx_workflow_executions_workflow_started
  on runledger.workflow_executions (workflow_id, started_at desc, id desc);
create index idx_workflow_executions_user_status
  on runledger.workflow_executions (created_by, status, started_at desc, id desc) where status <> 'completed';
create index idx_workflow_executions_user_verdict
  on runledger.workflow_executions (created_by, verdict, started_at desc, id desc) where verdict is not null;
create index idx_workflow_executions_user_failure
  on runledger.workflow_executions (created_by, failure_group, started_at, id) where failure_group is not null;
create index idx_workflow_executions_workflow_failure
  on runledger.workflow_executions (workflow_id, failure_group, started_at, id) where failure_group is not null;
create index idx_workflow_executions_user_error
  on runledger.workflow_executions (created_by, started_at, id) where error_message is not null;
create index idx_workflow_executions_workflow_error
  on runledger.workflow_executions (workflow_id, started_at, id) where error_message is not null;
-- What is open, or ended by a report only: by health, and what runs of a workflow. A user's open ones are found by
-- their status.
create index idx_workflow_executions_user_reported on runledger.workflow_executions (created_by, started_at, id)
  where engine = 'temporal' and outcome_authority = 'reported' and lost_at is null;
create index idx_workflow_executions_workflow_unsettled on runledger.workflow_executions (workflow_id, started_at, id)
  where outcome_authority is null or (engine = 'temporal' and outcome_authority = 'reported' and lost_at is null);
-- Everybody's, for operators: newest first, by any status but the common one, by kind of failure, by health. All rows
-- have such an id. A user's lists do not say so (runledger_private.everybody_sql does), which keeps them to their own
-- indexes.
create index idx_workflow_executions_started on runledger.workflow_executions (started_at desc, id desc)
  where id <> '00000000-0000-0000-0000-000000000000';
create index idx_workflow_executions_status on runledger.workflow_executions (status, started_at desc, id desc)
  where status <> 'completed' and id <> '00000000-0000-0000-0000-000000000000';
create index idx_workflow_executions_failure on runledger.workflow_executions (failure_group, started_at, id)
  where failure_group is not null and id <> '00000000-0000-0000-0000-000000000000';
create index idx_workflow_executions_reported on runledger.workflow_executions (started_at, id)
  where engine = 'temporal' and outcome_authority = 'reported' and lost_at is null
    and id <> '00000000-0000-0000-0000-000000000000';
-- What the ledger itself has yet to start: few, and soon gone.
create index idx_workflow_executions_waiting on runledger.workflow_executions (temporal_namespace, started_at)
  where status = 'pending' and start_by is not null;
-- By end: ended executions only.
create index idx_workflow_executions_user_completed
  on runledger.workflow_executions (created_by, completed_at, id) where completed_at is not null;
create index idx_workflow_executions_workflow_user_completed
  on runledger.workflow_executions (workflow_id, created_by, completed_at, id) where completed_at is not null;
create index idx_workflow_executions_workflow_completed
  on runledger.workflow_executions (workflow_id, completed_at, id) where completed_at is not null;
create index idx_workflow_executions_user_status_completed
  on runledger.workflow_executions (created_by, status, completed_at, id)
  where status in ('failed', 'cancelled', 'timed_out', 'terminated');
-- By run time.
create index idx_workflow_executions_user_duration
  on runledger.workflow_executions (created_by, duration_ms, id) where duration_ms is not null;
create index idx_workflow_executions_workflow_duration
  on runledger.workflow_executions (workflow_id, duration_ms, id) where duration_ms is not null;

-- As in every table: users read their own rows and write nothing; the service role writes; anon does nothing.
alter table runledger.workflow_executions enable row level security;
create policy "a user sees their own executions" on runledger.workflow_executions
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.workflow_executions
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.workflow_executions to authenticated;
grant all on runledger.workflow_executions to service_role;

-- schemas/executions/execution_transitions.sql

-- One change of status each; append only. Confirming a report keeps the status and changes the authority.
-- What has a fixed width comes first, so that no byte is left between.
create table runledger.execution_transitions (
  -- Whose change it was: subscriptions and the monitor read transitions by it (runledger_private.changes_between).
  xid xid8 not null default pg_current_xact_id(),
  at timestamptz not null default clock_timestamp(),
  revision bigint not null,
  execution_id uuid not null,
  created_by text not null,
  from_status text,
  to_status text not null,
  source text not null,
  authority text not null,
  actor text,
  run_id text,
  reason text,
  report_id uuid,
  -- The execution that turned out to be this one, and whose row is gone.
  merged_execution_id uuid,
  -- The end of an execution that the engine does not know. It may come once more, where the engine takes one back and
  -- loses the execution again.
  is_lost boolean not null default false,
  constraint transition_source_is_known
    check (source in ('service', 'report', 'feed', 'watch', 'reconciler', 'user')),
  constraint transition_authority_is_engine_or_reported check (authority in ('engine', 'reported'))
);

create index idx_execution_transitions_xid on runledger.execution_transitions (xid);
create index idx_execution_transitions_execution on runledger.execution_transitions (execution_id, revision);
-- Duplicate hints and concurrent monitors end here. The statuses are written out, as in every index: a function is put
-- in only where the role that plans may call it. A test compares them with runledger_private.is_end.
create unique index an_end_is_recorded_once_per_run_and_authority
  on runledger.execution_transitions (execution_id, run_id, authority) nulls not distinct
  where to_status in ('completed', 'failed', 'cancelled', 'timed_out', 'terminated')
    and merged_execution_id is null and not is_lost;
create index idx_execution_transitions_merged on runledger.execution_transitions (merged_execution_id)
  where merged_execution_id is not null;

-- A key would cost each write another index; without either, a publication of all tables would refuse to delete.
alter table runledger.execution_transitions replica identity full;

alter table runledger.execution_transitions enable row level security;
create policy "a user sees the transitions of their executions" on runledger.execution_transitions
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_transitions
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_transitions to authenticated;
grant all on runledger.execution_transitions to service_role;

-- schemas/executions/present_id.sql

/* The row that an id means: its own, or the one that the row of this id turned out to be; null where there is none.
   Callers: whatever takes the id of an execution from a caller. */
-- for: authenticated, service_role
create function runledger_private.present_id(p_id uuid) returns uuid
language sql stable
set search_path = ''
as $$
  select coalesce((select e.id from runledger.workflow_executions e where e.id = p_id),
    (select t.execution_id from runledger.execution_transitions t where t.merged_execution_id = p_id limit 1))
$$;

-- schemas/recording/execution_runs.sql

-- One Temporal run of a chain each.
create table runledger.execution_runs (
  execution_id uuid not null,
  run_id text not null,
  created_by text not null,
  cause text not null,
  -- The run that handed on to it, or that it was reset from.
  previous_run_id text,
  status text not null,
  started_at timestamptz not null,
  closed_at timestamptz,
  error_message text,
  primary key (execution_id, run_id),
  constraint run_cause_is_known check (cause in ('start', 'continue_as_new', 'retry', 'cron', 'reset')),
  constraint run_status_is_known check (status in
    ('running', 'continued_as_new', 'completed', 'failed', 'cancelled', 'timed_out', 'terminated', 'unknown')),
  constraint run_error_message_has_at_most_4000_characters check (length(error_message) <= 4000)
);

create index idx_execution_runs_run on runledger.execution_runs (run_id);

alter table runledger.execution_runs enable row level security;
create policy "a user sees the runs of their executions" on runledger.execution_runs
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_runs
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_runs to authenticated;
grant all on runledger.execution_runs to service_role;

-- schemas/following/execution_checks.sql

-- What the monitor still has to follow: one row per unsettled execution, gone once it is settled.
create table runledger.execution_checks (
  execution_id uuid primary key,
  created_by text not null,
  temporal_namespace text not null,
  started_at timestamptz not null,
  next_check_at timestamptz not null default now(),
  last_check_at timestamptz,
  health text,
  reason text,
  remedy text,
  constraint health_is_known check (health in ('live', 'late', 'wedged', 'cancelling', 'lost'))
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

create index idx_execution_checks_due on runledger.execution_checks (temporal_namespace, next_check_at);
create index idx_execution_checks_youngest on runledger.execution_checks (temporal_namespace, started_at, execution_id);

alter table runledger.execution_checks enable row level security;
create policy "a user sees the checks of their executions" on runledger.execution_checks
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_checks
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_checks to authenticated;
grant all on runledger.execution_checks to service_role;

-- schemas/recording/execution_reports.sql

-- Every report and the answer it got, so that a repeat gets the same one.
create table runledger.execution_reports (
  report_id uuid primary key,
  execution_id uuid not null,
  created_by text not null,
  reported_at timestamptz not null default clock_timestamp(),
  status text not null,
  run_id text,
  actor text,
  result text not null,
  constraint report_result_is_known check (result in ('applied', 'already_terminal', 'conflict')),
  constraint reported_status_is_terminal
    check (status in ('completed', 'failed', 'cancelled', 'timed_out', 'terminated'))
);

create index idx_execution_reports_execution on runledger.execution_reports (execution_id);

alter table runledger.execution_reports enable row level security;
create policy "a user sees the reports on their executions" on runledger.execution_reports
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_reports
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_reports to authenticated;
grant all on runledger.execution_reports to service_role;

-- schemas/timelines/execution_timelines.sql

-- What an ended execution did, condensed from its history; a row is made with the end and filled after it.
create table runledger.execution_timelines (
  execution_id uuid primary key,
  created_by text not null,
  temporal_namespace text not null,
  state text not null default 'pending',
  steps jsonb not null default '[]',
  omitted jsonb not null default '{}',
  -- A run ends at 51,200 events.
  -- squawk-ignore prefer-bigint-over-int
  activities_executed integer not null default 0,
  next_try_at timestamptz not null default now(),
  read_at timestamptz,
  constraint timeline_state_is_known check (state in ('pending', 'complete', 'cut', 'missing')),
  constraint steps_are_a_list check (jsonb_typeof(steps) = 'array'),
  constraint omitted_is_an_object check (jsonb_typeof(omitted) = 'object'),
  constraint only_a_pending_timeline_was_not_read check ((state = 'pending') = (read_at is null))
);

create index idx_execution_timelines_pending
  on runledger.execution_timelines (temporal_namespace, next_try_at) where state = 'pending';

alter table runledger.execution_timelines enable row level security;
create policy "a user sees the timelines of their executions" on runledger.execution_timelines
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_timelines
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_timelines to authenticated;
grant all on runledger.execution_timelines to service_role;

-- schemas/following/execution_changes.sql

-- Changes that no transition tells, and deletions: append only, kept for an hour. With the transitions they are what
-- subscriptions and the monitor read (runledger_private.changes_between).
create table runledger.execution_changes (
  xid xid8 not null default pg_current_xact_id(),
  execution_id uuid not null,
  created_by text not null,
  workflow_id uuid not null,
  revision bigint not null,
  deleted boolean not null default false,
  -- Null where neither did: its workflow went, or its user, or somebody by SQL.
  deleted_by text check (deleted_by in ('owner', 'retention')),
  changed_at timestamptz not null default now()
);

create index idx_execution_changes_xid on runledger.execution_changes (xid);

-- Rows come in this order, so that a summary of pages is enough; a write enters nothing into it.
create index idx_execution_changes_changed_at on runledger.execution_changes using brin (changed_at)
  with (pages_per_range = 16, autosummarize = on);

-- Of a log that is read by ranges nothing is looked up by a key; without either, a publication of all tables would
-- refuse to trim it.
alter table runledger.execution_changes replica identity full;

alter table runledger.execution_changes enable row level security;
create policy "a user sees the changes of their executions" on runledger.execution_changes
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_changes
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_changes to authenticated;
grant all on runledger.execution_changes to service_role;

-- schemas/executions/idempotency_keys.sql

create table runledger.idempotency_keys (
  user_id text not null references runledger.users (id) on update cascade on delete cascade,
  workflow_id uuid not null references runledger.workflows (id) on delete cascade,
  key text not null,
  input_hash text not null,
  execution_id uuid not null references runledger.workflow_executions (id) on delete cascade,
  expires_at timestamptz not null,
  primary key (user_id, workflow_id, key),
  constraint idempotency_key_has_1_to_255_characters check (length(key) between 1 and 255)
);

create index idx_idempotency_keys_workflow on runledger.idempotency_keys (workflow_id);
create index idx_idempotency_keys_execution on runledger.idempotency_keys (execution_id);
create index idx_idempotency_keys_expires_at on runledger.idempotency_keys (expires_at);

alter table runledger.idempotency_keys enable row level security;
create policy "a user sees their own idempotency keys" on runledger.idempotency_keys
  for select to authenticated using (user_id = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.idempotency_keys
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.idempotency_keys to authenticated;
grant all on runledger.idempotency_keys to service_role;

-- schemas/requests/execution_requests.sql

-- What users asked of their executions: who asked for what, when, why, and what became of it. Written before Temporal
-- is asked. A signal's payload is not kept.
create table runledger.execution_requests (
  id uuid primary key default runledger_private.uuid_v7(),
  execution_id uuid not null,
  created_by text not null,
  kind text not null,
  actor text not null,
  reason text,
  signal_name text,
  -- The execution that a rerun made; it may have been deleted since.
  rerun_id uuid,
  requested_at timestamptz not null default clock_timestamp(),
  -- The result that the caller got, or the code of the error; null while there is none, or where it was lost.
  answer text,
  constraint request_kind_is_known check (kind in ('cancel', 'terminate', 'signal', 'reset', 'rerun', 'end')),
  constraint only_a_rerun_makes_an_execution check ((kind = 'rerun') = (rerun_id is not null)),
  constraint only_a_signal_has_a_name check ((kind = 'signal') = (signal_name is not null)),
  constraint request_texts_are_short
    check (length(reason) <= 2000 and length(signal_name) <= 200 and length(answer) <= 100)
);

create index idx_execution_requests_execution on runledger.execution_requests (execution_id,
  requested_at desc, id desc);
create index idx_execution_requests_rerun on runledger.execution_requests (rerun_id) where rerun_id is not null;

alter table runledger.execution_requests enable row level security;
create policy "a user sees the requests about their executions" on runledger.execution_requests
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_requests
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_requests to authenticated;
grant all on runledger.execution_requests to service_role;

-- schemas/executions/execution_start_options.sql

-- How the ledger is to start an execution, where its request says otherwise than its workflow; no row where it does
-- not.
create table runledger.execution_start_options (
  execution_id uuid primary key,
  created_by text not null,
  start_delay_ms bigint,
  execution_timeout text,
  run_timeout text,
  constraint a_start_delay_is_positive check (start_delay_ms > 0)
);

alter table runledger.execution_start_options enable row level security;
create policy "a user sees how their executions were to be started" on runledger.execution_start_options
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_start_options
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_start_options to authenticated;
grant all on runledger.execution_start_options to service_role;

-- schemas/progress/execution_progress.sql

-- How far an execution has got, as it was last reported; kept as last seen once it has ended. Apart from the execution,
-- so that a report writes one narrow row and no revision.
create table runledger.execution_progress (
  execution_id uuid primary key,
  created_by text not null,
  -- The run that it is about: the next one begins anew.
  run_id text,
  step bigint,
  steps bigint,
  percent numeric(4, 1),
  message text,
  reported_at timestamptz not null default clock_timestamp(),
  -- Grows with every report that was taken.
  counter bigint not null default 1,
  constraint progress_is_within_bounds
    check (step between 0 and 1000000000 and steps between 1 and 1000000000 and percent between 0 and 100),
  constraint progress_message_is_short check (length(message) between 1 and 500)
);

alter table runledger.execution_progress enable row level security;
create policy "a user sees the progress of their executions" on runledger.execution_progress
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_progress
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_progress to authenticated;
grant all on runledger.execution_progress to service_role;

-- schemas/keys/machine_keys.sql

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

-- schemas/users/account_of.sql

/* The account at Supabase Auth that a user is: as the ledger knows it, else by their own id. Null where that is not the
   id of an account. Callers: account_ended, account_claims. */
-- for: nobody
create function runledger_private.account_of(p_user text) returns uuid
language sql stable
set search_path = ''
as $$
  select coalesce(
    (select u.auth_user_id from runledger.users u where u.id = p_user),
    case when p_user ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then p_user::uuid end)
$$;

-- schemas/users/account_ended.sql

/* Whether Supabase Auth has banned or deleted the account of a user, as far as that is known: not where its tables are
   missing or hidden. Callers: find_machine_key. */
-- for: service_role
create function runledger_private.account_ended(p_user text) returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_account uuid := runledger_private.account_of(p_user);
begin
  if v_account is null or to_regclass('auth.users') is null then return false; end if;
  return exists (select from auth.users a
                  where a.id = v_account and (a.deleted_at is not null or a.banned_until > now()));
exception
  when undefined_table or undefined_column or insufficient_privilege then return false;
end $$;

-- schemas/users/account_claims.sql

/* What Supabase Auth would say of a user in a token issued now: { sub, email, role, app_metadata, user_metadata }. Null
   where it does not know them, as users of other issuers, or where its tables are missing or hidden.
   Callers: find_machine_key, own_account. */
-- for: service_role
create function runledger_private.account_claims(p_user text) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_account uuid := runledger_private.account_of(p_user);
begin
  if v_account is null or to_regclass('auth.users') is null then return null; end if;
  return (select jsonb_build_object('sub', a.id, 'email', a.email, 'role', a.role,
            'app_metadata', coalesce(a.raw_app_meta_data, '{}'), 'user_metadata', coalesce(a.raw_user_meta_data, '{}'))
            from auth.users a where a.id = v_account);
exception
  when undefined_table or undefined_column or insufficient_privilege then return null;
end $$;

-- schemas/users/own_account.sql

/* What Supabase Auth would say of the account of this token in one that is issued now; null where it does not know it.
   Callers: runledger.current_access. */
-- for: service_role, authenticated
create function runledger_private.own_account() returns jsonb
language sql stable security definer
set search_path = ''
as $$
  select runledger_private.account_claims(runledger.current_user_id());
$$;

-- schemas/users/changed_claims.sql

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

-- schemas/users/current_access.sql

/* Who a token is and whether that still holds, in one call: { user, ended, account, changed }. user is what
   current_user_id answers; ended says why the account lost its access (`banned`, `deleted`, `signed_out`), or is null;
   account is what account_claims says of it now, and changed names the keys of its app_metadata that changed since.
   Callers: the API, once a minute for each token in use. */
-- for: service_role, authenticated
create function runledger.current_access() returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object('user', runledger.current_user_id(), 'ended', runledger_private.access_ended(),
    'account', runledger_private.own_account(), 'changed', runledger_private.changed_claims());
$$;

-- schemas/keys/create_machine_key.sql

/* Keeps a key of a program, once for its hash. Of a user at most p_at_most are neither revoked nor expired (null:
   any number), and of those that are, the latest four times as many are kept.
   Callers: MachineKeyService.createKey. Returns the row without the hash. Raises unknown_user,
   quota_exceeded. */
-- for: service_role
create function runledger.create_machine_key(p_key jsonb, p_at_most integer default null) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  p constant jsonb := runledger_private.unwrap(p_key);
  v_user constant text := p ->> 'user_id';
  k runledger.machine_keys;
begin
  if v_user is not null then
    perform runledger_private.require_user(v_user);
    -- Two at once would both see room for one.
    perform pg_advisory_xact_lock(hashtextextended('runledger:machine keys:' || v_user, 0));
    if not exists (select from runledger.machine_keys x where x.key_hash = p ->> 'key_hash')
       and (select count(*) from runledger.machine_keys x where x.user_id = v_user and x.revoked_at is null
              and (x.expires_at is null or x.expires_at > clock_timestamp())) >= p_at_most then
      raise exception 'A user may have at most % keys.', p_at_most
        using errcode = 'PT429', detail = 'quota_exceeded', hint = 'Revoke one that is no longer needed.';
    end if;
  end if;
  insert into runledger.machine_keys as x (user_id, name, key_hash, key_start, scopes, expires_at)
    values (v_user, p ->> 'name', p ->> 'key_hash', p ->> 'key_start', runledger_private.text_array(p -> 'scopes'),
      (p ->> 'expires_at')::timestamptz)
    on conflict (key_hash) do update set key_start = excluded.key_start
    returning * into k;
  if v_user is not null and p_at_most is not null then
    delete from runledger.machine_keys x where x.id in (
      select o.id from runledger.machine_keys o
       where o.user_id = v_user and o.id <> k.id
         and (o.revoked_at is not null or o.expires_at <= clock_timestamp())
       order by o.created_at desc, o.id desc offset 4 * p_at_most);
  end if;
  return to_jsonb(k) - 'key_hash';
end $$;

-- schemas/keys/find_machine_key.sql

/* A key of a program by its hash, and whether whoever has it has left or is banned; null where there is none. Notes
   that it was used, at most once an hour. Callers: MachineKeyService.findKey.
   Returns the row without the hash, owner_left, and of a key of a user's that reports owner_claims: what account_claims
   says of them. */
-- for: service_role
create function runledger.find_machine_key(p_key_hash text) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  k runledger.machine_keys;
begin
  select * into k from runledger.machine_keys x where x.key_hash = p_key_hash;
  if not found then return null; end if;
  if k.last_used_at is null or k.last_used_at < clock_timestamp() - interval '1 hour' then
    update runledger.machine_keys x set last_used_at = clock_timestamp() where x.id = k.id;
  end if;
  return to_jsonb(k) - 'key_hash' || jsonb_build_object('owner_left',
    k.user_id is not null and (runledger_private.unless_left(k.user_id) is null
      or runledger_private.account_ended(k.user_id)),
    'owner_claims', case when 'report' = any (k.scopes) and k.user_id is not null
      then runledger_private.account_claims(k.user_id) end);
end $$;

-- schemas/following/monitor_state.sql

create table runledger.monitor_state (
  temporal_namespace text primary key,
  watermarks jsonb not null default '{}',
  proof jsonb,
  updated_at timestamptz not null default now(),
  constraint watermarks_are_an_object check (jsonb_typeof(watermarks) = 'object')
);

alter table runledger.monitor_state enable row level security;
create policy "only the service role sees the state of the monitor" on runledger.monitor_state
  for select to authenticated using (false);

create trigger refuse_truncate before truncate on runledger.monitor_state
  for each statement execute function runledger_private.refuse_truncate();

grant all on runledger.monitor_state to service_role;

-- schemas/executions/complete_new_execution.sql

-- The rules of an execution's life, in triggers: SQL functions, views, a plain update and Studio all obey them.

/* Fills what an insert left out. Callers: guard_execution. */
-- for: service_role
create function runledger_private.complete_new_execution(e runledger.workflow_executions)
  returns runledger.workflow_executions
language plpgsql
set search_path = ''
as $$
begin
  if e.temporal_workflow_id is not null then
    e.temporal_namespace := coalesce(e.temporal_namespace, 'default');
  end if;
  e.engine := coalesce(e.engine, case when e.temporal_workflow_id is null then 'none' else 'temporal' end);
  e.status := coalesce(e.status,
    case when e.engine = 'temporal' and e.temporal_run_id is null then 'pending' else 'running' end);
  e.current_run_id := coalesce(e.current_run_id, e.temporal_run_id);
  e.revision := 1;
  return e;
end $$;

-- schemas/executions/check_reported_time.sql

/* Refuses the time of a reported end that lies ahead, or before the start: a clock or a unit that is wrong (seconds
   where milliseconds are meant are in 1970). Five minutes are left to clocks. What the engine says is never
   refused. Callers: guard_execution. */
-- for: service_role
create function runledger_private.check_reported_time(e runledger.workflow_executions, note jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_now constant timestamptz := clock_timestamp();
  v_fault constant text := case
    when e.completed_at > v_now + interval '5 minutes' then 'lies ahead: it is '
      || to_char(v_now at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"')
    when e.completed_at < least(e.started_at, v_now) - interval '5 minutes'
      then 'lies before the start, ' || to_char(e.started_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"') end;
begin
  if v_fault is null or e.outcome_authority = 'engine' or note ->> 'source' in ('feed', 'watch', 'reconciler') then
    return;
  end if;
  raise exception 'Execution %: the reported end, %, %.', e.id, e.completed_at, v_fault
    using errcode = 'PT400', detail = 'invalid_input '
      || jsonb_build_object('completedAt', jsonb_build_array(v_fault))::text,
          hint = 'Pass a time with its zone, or milliseconds since 1970, or leave it out: then it is now.';
end $$;

-- schemas/executions/complete_ended_execution.sql

/* Fills what an end left out: time, duration, message, authority. Callers: guard_execution. */
-- for: service_role
create function runledger_private.complete_ended_execution(e runledger.workflow_executions)
  returns runledger.workflow_executions
language plpgsql
set search_path = ''
as $$
begin
  e.outcome_authority := coalesce(e.outcome_authority, 'reported');
  e.completed_at := coalesce(e.completed_at, clock_timestamp());
  e.recorded_at := clock_timestamp();
  if e.engine = 'none' then
    e.closing_run_id := null;
  elsif e.outcome_authority = 'reported' then
    e.closing_run_id := coalesce(e.closing_run_id, e.current_run_id);
  end if;
  -- Nobody knows when an execution ended that the engine has lost, so its run time is in no statistics.
  e.duration_ms := case when e.lost_at is null then coalesce(e.duration_ms, greatest(0, round(
    extract(epoch from e.completed_at - coalesce(e.engine_started_at, e.started_at)) * 1000)::bigint)) end;
  if e.status <> 'completed' and e.error_message is null then
    e.error_message := left(coalesce(e.failure ->> 'message', e.failure ->> 'error', e.failure #>> '{}',
      e.last_transition ->> 'reason', 'The execution ended as ' || e.status || '; no reason was given.'), 4000);
  end if;
  return e;
end $$;

-- schemas/executions/check_status_change.sql

/* Refuses an illegal change of status. The same rule as isLegalChange in @runledger/contracts.
   Callers: guard_execution. */
-- for: service_role
create function runledger_private.check_status_change(old_row runledger.workflow_executions,
  new_row runledger.workflow_executions,
                                            authority text) returns void
language plpgsql
set search_path = ''
as $$
begin
  if new_row.status <> 'pending' then
    if runledger_private.is_open(old_row.status) then return; end if;
    if authority = 'engine' and (
      old_row.outcome_authority = 'reported'
      or (new_row.status = 'running' and new_row.current_run_id is distinct from old_row.closing_run_id
          and new_row.current_run_id is not null)) then
      return;
    end if;
  end if;
  raise exception 'Execution % is % (%): it cannot become % by %.', old_row.id, old_row.status,
      coalesce(old_row.outcome_authority, 'open'), new_row.status,
      case authority when 'engine' then 'the engine' else 'report' end
    using errcode = 'PT409', detail = 'illegal_transition',
          hint = 'An end that was recorded stands; only Temporal itself corrects a report '
            || 'or reopens an execution by a reset.';
end $$;

-- schemas/executions/guard_execution.sql

/* Guards every insert and update of an execution. Callers: the trigger below. */
-- for: service_role
create function runledger_private.guard_execution() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  note jsonb;
  authority text;
  regroups boolean;
  pruned runledger.workflow_executions;
begin
  if tg_op = 'INSERT' then
    if not exists (select from runledger.users u where u.id = new.created_by and u.left_at is null) then
      perform runledger_private.require_user(new.created_by);
    end if;
    new := runledger_private.complete_new_execution(new);
    if not runledger_private.is_open(new.status) then
      perform runledger_private.check_reported_time(new, new.last_transition);
      new := runledger_private.complete_ended_execution(new);
    end if;
    new.failure_group := runledger_private.failure_group(new.status, new.failure, new.error_message);
    note := coalesce(new.last_transition, '{}');
    if not runledger_private.is_open(new.status) then
      new.ended_by := left(note ->> 'actor', 500);
      new.end_reason := left(note ->> 'reason', 4000);
    end if;
    new.last_transition := jsonb_strip_nulls(jsonb_build_object(
      'source', coalesce(note ->> 'source', 'service'), 'authority', coalesce(new.outcome_authority, 'reported'),
      'actor', note ->> 'actor', 'reason', note ->> 'reason', 'reportId', note ->> 'reportId',
      'at', clock_timestamp()));
    return new;
  end if;

  if new is not distinct from old then return new; end if;
  if new.output_note = 'pruned' and old.output_note is distinct from 'pruned' then
    -- Retention takes the payloads of an ended execution and nothing else: no new revision, and nobody is told.
    pruned := old;
    pruned.input := null;
    pruned.output := null;
    pruned.state_snapshot := null;
    pruned.output_note := 'pruned';
    if old.completed_at is not null and new is not distinct from pruned then return new; end if;
    raise exception 'Execution %: only payloads of an ended execution can be pruned.', old.id
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Use prune_executions, or another output_note.';
  end if;
  if (new.id, new.engine, new.started_at) is distinct from (old.id, old.engine, old.started_at)
     or new.temporal_workflow_id is distinct from old.temporal_workflow_id
     or new.temporal_namespace is distinct from old.temporal_namespace
     or (old.temporal_run_id is not null and new.temporal_run_id is distinct from old.temporal_run_id
         and current_setting('runledger.correcting', true) is distinct from pg_current_xact_id()::text) then
    raise exception
      'Execution %: id, engine, started_at, namespace, Temporal workflow id and first run id never change.',
      old.id
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Record another execution instead.';
  end if;
  new.current_run_id := coalesce(new.current_run_id, new.temporal_run_id);
  -- Whoever writes a group asks for it to be made anew.
  regroups := new.failure_group is distinct from old.failure_group;
  new.failure_group := old.failure_group;
  new.revision := old.revision + 1;

  if runledger_private.is_open(new.status) or new.outcome_authority = 'engine' then
    new.lost_at := null;
  elsif runledger_private.is_open(old.status) and new.engine = 'temporal' then
    -- Whatever ends what the engine does not know settles it: nobody else will ever say more.
    new.lost_at := coalesce(new.lost_at, (select clock_timestamp() from runledger.execution_checks c
                                           where c.execution_id = new.id and c.health = 'lost'));
  end if;
  if runledger_private.is_open(new.status) then
    new.outcome_authority := null;
    new.completed_at := null;
    new.duration_ms := null;
    new.closing_run_id := null;
    new.recorded_at := null;
  end if;

  note := case when new.last_transition is distinct from old.last_transition then new.last_transition else '{}' end;
  authority := case when runledger_private.is_open(new.status) then coalesce(note ->> 'authority', 'reported')
                    else coalesce(new.outcome_authority, 'reported') end;

  if new.completed_at is distinct from old.completed_at then
    perform runledger_private.check_reported_time(new, note);
  end if;

  if (new.status, new.outcome_authority, new.closing_run_id)
     is distinct from (old.status, old.outcome_authority, old.closing_run_id) then
    perform runledger_private.check_status_change(old, new, authority);
    if runledger_private.is_open(new.status) then
      if not runledger_private.is_open(old.status) then
        new.output := null;
        new.output_note := null;
        new.error_message := null;
        new.failure := null;
        new.ended_by := null;
        new.end_reason := null;
      end if;
    else
      new := runledger_private.complete_ended_execution(new);
      new.ended_by := left(note ->> 'actor', 500);
      new.end_reason := left(note ->> 'reason', 4000);
    end if;
    new.last_transition := jsonb_strip_nulls(jsonb_build_object(
      'source', coalesce(note ->> 'source', 'report'), 'authority', authority,
      'actor', note ->> 'actor', 'reason', note ->> 'reason', 'reportId', note ->> 'reportId',
      'at', clock_timestamp()));
  elsif new.lost_at is not null and old.lost_at is null then
    -- A report ended it before, and stands: the engine will never confirm it.
    new.recorded_at := old.recorded_at;
    new.last_transition := jsonb_strip_nulls(jsonb_build_object(
      'source', coalesce(note ->> 'source', 'reconciler'), 'authority', 'reported',
      'actor', note ->> 'actor', 'reason', note ->> 'reason', 'at', clock_timestamp()));
  else
    new.last_transition := old.last_transition;
    new.recorded_at := old.recorded_at;
    new.lost_at := old.lost_at;
    new.ended_by := old.ended_by;
    new.end_reason := old.end_reason;
    if old.outcome_authority = 'engine' and (
        new.completed_at is distinct from old.completed_at or new.duration_ms is distinct from old.duration_ms
        or new.error_message is distinct from old.error_message
        or (new.failure is distinct from old.failure and new.failure is not null)
        or (new.output is distinct from old.output and new.output is not null and old.output is not null)) then
      raise exception 'Execution % ended as % by the engine: its outcome never changes.', old.id, old.status
        using errcode = 'PT409', detail = 'illegal_transition',
              hint = 'Put what your business makes of it into verdict, tags, metadata or state_snapshot.';
    end if;
  end if;
  if regroups or (new.status, new.error_message) is distinct from (old.status, old.error_message)
     or new.failure is distinct from old.failure then
    new.failure_group := runledger_private.failure_group(new.status, new.failure, new.error_message);
  end if;
  return new;
end $$;

create trigger guard_execution before insert or update on runledger.workflow_executions
  for each row execute function runledger_private.guard_execution();

-- schemas/executions/count_gone.sql

/* Takes an execution from the counters of its user and workflow, with a delta of what left. What it kept comes with the
   call: a row that is handed on is unpacked. Callers: follow_execution_change. */
-- for: service_role
create function runledger_private.count_gone(e runledger.workflow_executions, p_bytes bigint) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into runledger.execution_deltas (created_by, workflow_id, hour, old_status, old_duration_ms, old_queue_ms,
                                       old_verdict, old_failure_group, bytes)
    values (e.created_by, e.workflow_id, date_trunc('hour', e.started_at, 'UTC'), e.status, e.duration_ms,
            runledger_private.queue_ms(e.started_at, e.first_task_at), e.verdict, e.failure_group, -p_bytes);
end $$;

-- schemas/executions/is_unsettled.sql

/* Whether the engine has yet to say how an execution ends, or to confirm it.
   Callers: follow_execution_change, follow_new_executions. */
-- for: service_role
create function runledger_private.is_unsettled(engine text, outcome_authority text, lost_at timestamptz) returns boolean
language sql immutable parallel safe
return engine = 'temporal' and outcome_authority is distinct from 'engine' and lost_at is null;

-- schemas/executions/follow_execution_change.sql

/* Writes what follows from an update of an execution or its deletion: the transition or else the change, the delta of
   the counters, the check.
   One trigger for all of it: two would cost each write a call more. Callers: the trigger below. */
-- for: service_role
create function runledger_private.follow_execution_change() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  was_unsettled boolean;
  is_unsettled boolean;
  stays boolean := true;
  is_counted boolean;
  v_bytes bigint;
  v_kept constant bigint := runledger_private.payload_bytes(old.input, old.output, old.failure, old.error_message,
    old.state_snapshot, old.metadata);
  changes_status constant boolean := tg_op = 'UPDATE' and new.last_transition is distinct from old.last_transition;
begin
  if tg_op = 'DELETE' then
    insert into runledger.execution_changes (execution_id, created_by, workflow_id, revision, deleted, deleted_by)
      values (old.id, old.created_by, old.workflow_id, old.revision + 1, true, case pg_current_xact_id()::text
        when current_setting('runledger.pruning', true) then 'retention'
        when current_setting('runledger.deleting', true) then 'owner' end);
    -- A prune moves counts by itself.
    if current_setting('runledger.pruning', true) is distinct from pg_current_xact_id()::text then
      perform runledger_private.count_gone(old, v_kept);
    end if;
    return null;
  end if;
  if new.revision = old.revision then
    -- Payloads that were pruned are no news, and kept no longer.
    v_bytes := runledger_private.payload_bytes(new.input, new.output, new.failure, new.error_message,
      new.state_snapshot, new.metadata) - v_kept;
    if v_bytes <> 0 then
      insert into runledger.execution_deltas (created_by, workflow_id, hour, bytes)
        values (new.created_by, new.workflow_id, date_trunc('hour', new.started_at, 'UTC'), v_bytes);
    end if;
    return null;
  end if;
  was_unsettled := runledger_private.is_unsettled(old.engine, old.outcome_authority, old.lost_at);

  if not changes_status then
    insert into runledger.execution_changes (execution_id, created_by, workflow_id, revision)
      values (new.id, new.created_by, new.workflow_id, new.revision);
  end if;

  if new.created_by <> old.created_by or new.workflow_id <> old.workflow_id then
    stays := false;
    perform runledger_private.count_gone(old, v_kept);
  end if;
  is_counted := not stays or (new.status, new.duration_ms, new.first_task_at, new.verdict, new.failure_group)
     is distinct from (old.status, old.duration_ms, old.first_task_at, old.verdict, old.failure_group);
  v_bytes := runledger_private.payload_bytes(new.input, new.output, new.failure, new.error_message, new.state_snapshot,
    new.metadata) - case when stays then v_kept else 0 end;
  if is_counted or v_bytes <> 0 then
    insert into runledger.execution_deltas (created_by, workflow_id, hour, old_status, new_status, old_duration_ms,
        new_duration_ms, old_queue_ms, new_queue_ms, old_verdict, new_verdict, old_failure_group, new_failure_group,
        failure_shape, bytes)
      values (new.created_by, new.workflow_id, date_trunc('hour', new.started_at, 'UTC'),
              case when stays and is_counted then old.status end, case when is_counted then new.status end,
              case when stays then old.duration_ms end, new.duration_ms,
              case when stays then runledger_private.queue_ms(old.started_at, old.first_task_at) end,
              runledger_private.queue_ms(new.started_at, new.first_task_at),
              case when stays then old.verdict end, new.verdict,
              case when stays then old.failure_group end, new.failure_group,
              case when new.failure_group is not null then runledger_private.failure_shape(new.failure,
                new.error_message) end, nullif(v_bytes, 0));
  end if;

  if changes_status then
    insert into runledger.execution_transitions (execution_id, created_by, from_status, to_status, source, authority,
                                              actor, run_id, reason, report_id, is_lost, revision)
      values (new.id, new.created_by, old.status, new.status,
              new.last_transition ->> 'source', new.last_transition ->> 'authority', new.last_transition ->> 'actor',
              coalesce(new.closing_run_id, new.current_run_id), new.last_transition ->> 'reason',
              (new.last_transition ->> 'reportId')::uuid, new.lost_at is not null, new.revision);
  end if;

  is_unsettled := runledger_private.is_unsettled(new.engine, new.outcome_authority, new.lost_at);
  if is_unsettled and (not was_unsettled or new.status is distinct from old.status) then
    -- In place of `on conflict`, which is another record in the WAL.
    update runledger.execution_checks set next_check_at = now() where execution_id = new.id;
    if not found then
      insert into runledger.execution_checks (execution_id, created_by, temporal_namespace, started_at)
        values (new.id, new.created_by, new.temporal_namespace, new.started_at);
    end if;
  elsif not is_unsettled and was_unsettled then
    delete from runledger.execution_checks where execution_id = new.id;
  end if;

  if not is_unsettled and new.engine = 'temporal' and new.closing_run_id is not null and new.lost_at is null
     and changes_status then
    insert into runledger.execution_timelines (execution_id, created_by, temporal_namespace)
      values (new.id, new.created_by, new.temporal_namespace)
      on conflict (execution_id) do update set state = 'pending', read_at = null, next_try_at = now();
  elsif runledger_private.is_open(new.status) and old.outcome_authority = 'engine' then
    delete from runledger.execution_timelines where execution_id = new.id;
  end if;

  if new.created_by is distinct from old.created_by then
    update runledger.execution_transitions set created_by = new.created_by where execution_id = new.id;
    update runledger.execution_runs set created_by = new.created_by where execution_id = new.id;
    update runledger.execution_checks set created_by = new.created_by where execution_id = new.id;
    update runledger.execution_reports set created_by = new.created_by where execution_id = new.id;
    update runledger.execution_timelines set created_by = new.created_by where execution_id = new.id;
    update runledger.execution_start_options set created_by = new.created_by where execution_id = new.id;
    update runledger.execution_progress set created_by = new.created_by where execution_id = new.id;
    update runledger.execution_requests set created_by = new.created_by where execution_id = new.id;
  end if;
  return null;
end $$;

create trigger follow_execution_change after update or delete on runledger.workflow_executions
  for each row execute function runledger_private.follow_execution_change();

-- schemas/executions/follow_new_executions.sql

/* Writes what follows from new executions, once for all of a statement: their transitions, the deltas of the counters,
   the checks, and for ends by the engine the timelines to be read. Callers: the trigger below. */
-- for: service_role
create function runledger_private.follow_new_executions() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  insert into runledger.execution_deltas (created_by, workflow_id, hour, new_status, new_duration_ms, new_queue_ms,
      new_verdict, new_failure_group, failure_shape, bytes)
    select a.created_by, a.workflow_id, date_trunc('hour', a.started_at, 'UTC'), a.status, a.duration_ms,
           runledger_private.queue_ms(a.started_at, a.first_task_at), a.verdict, a.failure_group,
           case when a.failure_group is not null then runledger_private.failure_shape(a.failure, a.error_message) end,
           -- As the row has it: what is in a transition table is neither compressed nor beside its row.
           (select runledger_private.payload_bytes(e.input, e.output, e.failure, e.error_message, e.state_snapshot,
              e.metadata) from runledger.workflow_executions e where e.id = a.id)
      from added a;
  if not found then return null; end if;
  insert into runledger.execution_transitions (execution_id, created_by, to_status, source, authority, actor, run_id,
      reason, report_id, is_lost, revision)
    select a.id, a.created_by, a.status, a.last_transition ->> 'source', a.last_transition ->> 'authority',
           a.last_transition ->> 'actor', coalesce(a.closing_run_id, a.current_run_id), a.last_transition ->> 'reason',
           (a.last_transition ->> 'reportId')::uuid, a.lost_at is not null, a.revision
      from added a;
  insert into runledger.execution_checks (execution_id, created_by, temporal_namespace, started_at)
    select a.id, a.created_by, a.temporal_namespace, a.started_at
      from added a where runledger_private.is_unsettled(a.engine, a.outcome_authority, a.lost_at);
  insert into runledger.execution_timelines (execution_id, created_by, temporal_namespace)
    select a.id, a.created_by, a.temporal_namespace
      from added a where a.outcome_authority = 'engine' and a.closing_run_id is not null
    on conflict (execution_id) do update set state = 'pending', read_at = null, next_try_at = now();
  return null;
end $$;

create trigger follow_new_executions after insert on runledger.workflow_executions
  referencing new table as added for each statement execute function runledger_private.follow_new_executions();

-- schemas/executions/delete_with_executions.sql

/* Deletes what was written beside executions that are gone, in place of foreign keys: whoever writes it has just
   written or locked the execution itself, so that a key finds nothing amiss, and costs each write a query and a lock
   more.
   Callers: the trigger below. */
-- for: service_role
create function runledger_private.delete_with_executions() returns trigger
language plpgsql security definer
set search_path = ''
-- A plan that was made while there were few rows is kept when there are many.
set enable_seqscan = off
as $$
declare
  v_ids constant uuid[] := array(select g.id from gone g);
begin
  if v_ids = '{}' then return null; end if;
  delete from runledger.execution_transitions x where x.execution_id = any (v_ids);
  delete from runledger.execution_runs x where x.execution_id = any (v_ids);
  delete from runledger.execution_reports x where x.execution_id = any (v_ids);
  delete from runledger.execution_checks x where x.execution_id = any (v_ids);
  delete from runledger.execution_start_options x where x.execution_id = any (v_ids);
  delete from runledger.execution_progress x where x.execution_id = any (v_ids);
  delete from runledger.execution_requests x where x.execution_id = any (v_ids);
  delete from runledger.execution_timelines x where x.execution_id = any (v_ids);
  return null;
end $$;

create trigger delete_with_executions after delete on runledger.workflow_executions
  referencing old table as gone for each statement execute function runledger_private.delete_with_executions();

-- schemas/executions/keep_transition.sql

/* Transitions are append only; only a new owner is written to them, or the execution that theirs turned out to be.
   Callers: the trigger below. */
-- for: service_role
create function runledger_private.keep_transition() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if to_jsonb(new) - 'created_by' is distinct from to_jsonb(old) - 'created_by'
     and current_setting('runledger.correcting', true) is distinct from pg_current_xact_id()::text then
    raise exception 'A transition never changes.'
      using errcode = 'PT400', detail = 'invalid_input',
        hint = 'Transitions are append only; they go with their execution.';
  end if;
  return new;
end $$;

create trigger keep_transition before update on runledger.execution_transitions
  for each row execute function runledger_private.keep_transition();

-- schemas/locking/lock_workflow_ids.sql

-- The one order in which locks are taken, so that no two transactions ever wait for each other in a circle:
--
--   1. advisory locks: the one import, the one prune, the source of users, an idempotency key, then Temporal workflow
--      ids by their hash
--   2. users by id, then workflows by id (`for key share` by whoever adds an execution; more by whoever deletes)
--   3. quotas by id, each with what is used of it
--   4. executions by id, before anything that belongs to one: its runs, reports, timeline, check, keys
--   5. the folder (fold_state), before any cell
--
-- What belongs to an execution is written under the lock of its row. save_checks and trim_changes have no such lock,
-- and therefore never wait: they skip what is locked. Rows that a statement inserts are nobody else's to wait for,
-- except by a unique key: the advisory locks of step 1 serialize those. A statement that deletes several users or
-- workflows by plain SQL takes them in an order of its own: delete them one by one.
-- supabase/tests/locking races every pair of functions that write.

/* Locks Temporal workflow ids (`namespace:id`) until the transaction ends: whoever makes an execution of one has to
   look first whether there is one. In the order of the locks themselves, which no collation changes.
   Callers: create_execution, correct_first_run, adopt_executions, import_workflow_runs. */
-- for: service_role
create function runledger_private.lock_workflow_ids(p_ids text[]) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_lock bigint;
begin
  for v_lock in
    select distinct hashtextextended('runledger:' || i.id, 0) from unnest(p_ids) i (id) where i.id is not null
      order by 1
  loop
    perform pg_advisory_xact_lock(v_lock);
  end loop;
end $$;

-- schemas/locking/lock_owners.sql

/* Locks the users and workflows of executions, as an insert of one does. Callers: lock_what_is_written_twice, the
   retention functions. */
-- for: service_role
create function runledger_private.lock_owners(p_ids uuid[]) returns void
language plpgsql
set search_path = ''
as $$
begin
  perform from runledger.users u where u.id in (
    select e.created_by from runledger.workflow_executions e where e.id = any (p_ids)) order by u.id for key share;
  perform from runledger.workflows w where w.id in (
    select e.workflow_id from runledger.workflow_executions e where e.id = any (p_ids)) order by w.id for key share;
end $$;

-- schemas/locking/lock_what_is_written_twice.sql

/* Locks the owners of what a batch may write more than once: Postgres checks the foreign keys of a row again when it is
   written a second time by one transaction. That is where a run is not the one that the ledger has, or not the only
   one.
   Callers: record_outcomes, record_open. */
-- for: service_role
create function runledger_private.lock_what_is_written_twice(p_items jsonb, p_ids uuid[]) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_ids uuid[];
begin
  select array_agg(e.id) into v_ids
    from jsonb_array_elements(p_items) with ordinality t
    -- The limit makes each a look into the key. A join is planned once, maybe while there are few executions, and then
    -- reads all of them for ever.
   cross join lateral (select x.id, x.current_run_id from runledger.workflow_executions x
                        where x.id = p_ids[t.ordinality] limit 1) e
   where t.value ->> 'runId' <> e.current_run_id
      or jsonb_array_length(case when jsonb_typeof(t.value -> 'runs') = 'array' then t.value -> 'runs'
        else '[]' end) > 1;
  if v_ids is not null then perform runledger_private.lock_owners(v_ids); end if;
end $$;

-- schemas/locking/lock_what_a_user_has.sql

/* Before a user leaves or gets another id: locks their workflows and all executions that go with them, in the order of
   the ids. A cascade takes them as they come. Callers: the trigger below. */
-- for: service_role
create function runledger_private.lock_what_a_user_has() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform from runledger.workflows w where w.user_id = old.id order by w.id for update;
  -- Two scans, so that each has its index.
  perform from runledger.workflow_executions e
    where e.id in (select x.id from runledger.workflow_executions x where x.created_by = old.id
                   union
                   select x.id from runledger.workflow_executions x
                     join runledger.workflows w on w.id = x.workflow_id where w.user_id = old.id)
    order by e.id for update;
  if tg_op = 'UPDATE' then return new; end if;
  return old;
end $$;

create trigger runledger_lock_what_a_user_has before delete or update of id on runledger.users
  for each row execute function runledger_private.lock_what_a_user_has();

-- schemas/locking/lock_what_a_workflow_has.sql

/* Before a workflow is deleted: locks its executions in the order of their ids. Callers: the trigger below. */
-- for: service_role
create function runledger_private.lock_what_a_workflow_has() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform from runledger.workflow_executions e where e.workflow_id = old.id order by e.id for update;
  return old;
end $$;

create trigger runledger_lock_what_a_workflow_has before delete on runledger.workflows
  for each row execute function runledger_private.lock_what_a_workflow_has();

-- schemas/recording/find_execution.sql

-- The one path by which executions are created, started and ended. Everything here needs the service role.

/* The execution that a caller means: a row id first, then the newest with that Temporal workflow id, then the one that
   the row of this id turned out to be.
   Callers: record_outcomes, request_cancel. */
-- for: service_role
create function runledger_private.find_execution(p_ref text) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  v_id uuid;
begin
  if p_ref ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then
    select e.id into v_id from runledger.workflow_executions e where e.id = p_ref::uuid;
    if found then return v_id; end if;
  end if;
  select e.id into v_id from runledger.workflow_executions e
   where e.temporal_workflow_id = p_ref order by e.started_at desc, e.id desc limit 1;
  if not found and p_ref ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then
    return runledger_private.present_id(p_ref::uuid);
  end if;
  return v_id;
end $$;

-- schemas/recording/create_execution.sql

/* Records what a caller started. A run that is known already, the first or a later one of its chain, gives its row,
   with what it lacked filled in.
   Callers: ExecutionService.createExecution. Returns { execution, created }. */
-- for: service_role
create function runledger.create_execution(p_execution jsonb) returns jsonb
language plpgsql
set search_path = ''
-- Postgres would plan statements anew by each call: with their arguments known, they look cheaper than they are.
set plan_cache_mode = force_generic_plan
as $$
declare
  p jsonb := runledger_private.unwrap(p_execution);
  v_namespace text := coalesce(p ->> 'temporal_namespace', 'default');
  v_workflow_id text := p ->> 'temporal_workflow_id';
  v_run_id text := p ->> 'temporal_run_id';
  v_workflow constant uuid := runledger_private.workflow_id_of(p ->> 'workflow_id');
  e runledger.workflow_executions;
begin
  if v_workflow is null then
    raise exception 'There is no workflow %.', p ->> 'workflow_id'
      using errcode = 'PT404', detail = 'not_found',
            hint = 'Insert it into runledger.workflows first, or let runledger.follow_workflows follow '
              || 'the table that it is in.';
  end if;
  if (p ->> 'started_at')::timestamptz not between '2000-01-01' and clock_timestamp() + interval '5 minutes' then
    raise exception 'An execution cannot have started at %.', p ->> 'started_at'
      using errcode = 'PT400', detail = 'invalid_input {"startedAt": ["lies ahead, or before 2000"]}',
            hint = 'Pass a time with its zone, or milliseconds since 1970, or leave it out: then it is now.';
  end if;
  if v_workflow_id is not null then
    -- A workflow id with and without its run id is one execution: two callers may not insert both at once.
    perform runledger_private.lock_workflow_ids(array[v_namespace || ':' || v_workflow_id]);
    select * into e from runledger.workflow_executions x
     where x.temporal_namespace = v_namespace and x.temporal_workflow_id = v_workflow_id
       -- Without a run id it is what is open: an execution that has ended does not come back by its workflow id.
       and (x.temporal_run_id = v_run_id or x.temporal_run_id is null
            or (v_run_id is null and runledger_private.is_open(x.status))
            or runledger_private.is_known_run(x.id, v_run_id))
     order by x.temporal_run_id is not distinct from v_run_id desc, runledger_private.is_known_run(x.id, v_run_id) desc,
              x.started_at desc limit 1;
    if found and (e.created_by, e.workflow_id) is distinct from (p ->> 'created_by', v_workflow) then
      raise exception 'The run % of workflow id % is recorded for another user or workflow.', v_run_id, v_workflow_id
        using errcode = 'PT409', detail = 'conflict',
          hint = 'A Temporal run belongs to one execution: check which user and workflow started it.';
    end if;
    if found then
      update runledger.workflow_executions x
         set temporal_run_id = coalesce(x.temporal_run_id, v_run_id),
             status = case when x.status = 'pending' and v_run_id is not null then 'running' else x.status end,
             last_transition = case when x.status = 'pending' and v_run_id is not null
               then jsonb_build_object('source', 'service', 'at', clock_timestamp()) else x.last_transition end,
             input = coalesce(x.input, p -> 'input'),
             input_note = case when x.input is null then coalesce(p ->> 'input_note', x.input_note)
               else x.input_note end,
             tags = case when x.tags = '{}' then runledger_private.text_array(p -> 'tags') else x.tags end,
             metadata = coalesce(p -> 'metadata', '{}') || x.metadata
       where x.id = e.id returning * into e;
      return jsonb_build_object('execution', to_jsonb(e), 'created', false);
    end if;
  end if;
  insert into runledger.workflow_executions (id, workflow_id, created_by, temporal_namespace, temporal_workflow_id,
      temporal_run_id, input, input_note, tags, metadata, started_at, last_transition)
    values (coalesce((p ->> 'id')::uuid, runledger_private.uuid_v7()), v_workflow, p ->> 'created_by',
      case when v_workflow_id is not null then v_namespace end,
      v_workflow_id, v_run_id, p -> 'input', p ->> 'input_note', runledger_private.text_array(p -> 'tags'),
      coalesce(p -> 'metadata', '{}'),
      coalesce((p ->> 'started_at')::timestamptz, now()),
      jsonb_build_object('source', 'service', 'actor', p ->> 'created_by'))
    on conflict (id) do nothing
    returning * into e;
  if not found then
    -- The caller's own attempt came through and only its answer was lost.
    select * into e from runledger.workflow_executions x where x.id = (p ->> 'id')::uuid;
    return jsonb_build_object('execution', to_jsonb(e), 'created', false);
  end if;
  return jsonb_build_object('execution', to_jsonb(e), 'created', true);
end $$;

-- schemas/recording/text_array.sql

/* Callers: create_execution, admit_execution, create_workflow, execution_filter_sql. */
-- for: service_role
create function runledger_private.text_array(p jsonb) returns text[]
language plpgsql immutable
set search_path = ''
as $$
begin
  return (select coalesce(array_agg(t.value order by t.ordinality), '{}')
            from jsonb_array_elements_text(case when jsonb_typeof(p) = 'array' then p else '[]' end) with ordinality t);
end $$;

-- schemas/recording/key_lock.sql

/* What whoever uses an idempotency key waits for. Callers: admit_execution, admit_executions. */
-- for: service_role
create function runledger_private.key_lock(p_user text, p_workflow uuid, p_key text) returns bigint
language sql immutable
set search_path = ''
as $$ select hashtextextended('runledger:key:' || p_user || ':' || p_workflow || ':' || p_key, 0) $$;

-- schemas/recording/admit_execution.sql

/* Admits an execution that the ledger is to start, and inserts it as pending under an id of its own that is also its
   Temporal workflow id. The same idempotency key within 24 hours gives the same execution; a quota may refuse a new
   one. Null where the workflow is not the one that the request was checked against (`workflow_updated_at`). A rerun
   (`rerun_of`: { execution, reason }) is noted with the execution of the same user that it repeats.
   A key whose execution the engine refused to start is free again.
   Callers: Ledger.admit, admit_executions. Returns { execution, created }; whoever created it has its input, of up to
   megabytes, and is not sent it again. */
-- for: service_role
create function runledger.admit_execution(p_request jsonb) returns jsonb
language plpgsql
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  p jsonb := runledger_private.unwrap(p_request);
  v_id uuid := coalesce((p ->> 'id')::uuid, runledger_private.uuid_v7());
  v_user text := p ->> 'created_by';
  v_key text := p ->> 'idempotency_key';
  w runledger.workflows;
  k runledger.idempotency_keys;
  e runledger.workflow_executions;
begin
  select * into w from runledger.workflows x where x.id = (p ->> 'workflow_id')::uuid;
  if not found then
    raise exception 'There is no workflow %.', p ->> 'workflow_id'
      using errcode = 'PT404', detail = 'not_found',
        hint = 'List the workflows that you can start, and use the id of one.';
  end if;
  -- Every change of a workflow sets it anew: who may use it, and what it takes, are as they were when that was checked.
  if w.updated_at <> (p ->> 'workflow_updated_at')::timestamptz then return null; end if;
  if w.archived_at is not null then
    raise exception 'Workflow % is archived.', w.id
      using errcode = 'PT422', detail = 'not_startable', hint = 'Its owner can take it out of the archive.';
  end if;
  if v_key is not null then
    perform pg_advisory_xact_lock(runledger_private.key_lock(v_user, w.id, v_key));
    select * into k from runledger.idempotency_keys x where x.user_id = v_user and x.workflow_id = w.id
      and x.key = v_key;
    if found and k.expires_at > clock_timestamp() and not exists (
      select from runledger.workflow_executions x where x.id = k.execution_id and x.status = 'failed'
         and x.closing_run_id is null and x.failure ->> 'type' = 'StartRefused') then
      if k.input_hash <> p ->> 'input_hash' then
        raise exception 'The idempotency key % was used with another input.', v_key
          using errcode = 'PT409', detail = 'conflict',
            hint = 'Use a new key for a new request; a repeated request carries the same input.';
      end if;
      select * into e from runledger.workflow_executions x where x.id = k.execution_id;
      return jsonb_build_object('execution', to_jsonb(e), 'created', false);
    end if;
  end if;
  perform runledger_private.require_user(v_user);
  perform runledger_private.admit_by_quota(v_user, w.id, v_id);
  insert into runledger.workflow_executions (id, workflow_id, created_by, temporal_namespace, temporal_workflow_id,
      input, tags, metadata, start_by, last_transition)
    values (v_id, w.id, v_user, w.temporal_namespace, v_id::text, p -> 'input',
      runledger_private.text_array(p -> 'tags'),
      coalesce(p -> 'metadata', '{}'), clock_timestamp()
        + make_interval(secs => (p ->> 'start_within_ms')::float8 / 1000),
      jsonb_build_object('source', 'service', 'actor', v_user))
    on conflict (id) do nothing
    returning * into e;
  if not found then
    select * into e from runledger.workflow_executions x where x.id = v_id;
    e.input := null;
    return jsonb_build_object('execution', to_jsonb(e), 'created', true);
  end if;
  if p ? 'start_options' then
    insert into runledger.execution_start_options (execution_id, created_by, start_delay_ms, execution_timeout,
        run_timeout)
      values (v_id, v_user, (p #>> '{start_options,startDelayMs}')::bigint,
        p #>> '{start_options,executionTimeout}', p #>> '{start_options,runTimeout}');
  end if;
  if p ? 'rerun_of' then
    perform from runledger.workflow_executions x
      where x.id = (p #>> '{rerun_of,execution}')::uuid and x.created_by = v_user for key share;
    if not found then
      raise exception 'There is no execution % of this user to repeat.', p #>> '{rerun_of,execution}'
        using errcode = 'PT404', detail = 'not_found', hint = 'It may have been deleted; start a new one.';
    end if;
    insert into runledger.execution_requests (execution_id, created_by, kind, actor, reason, rerun_id, answer)
      values ((p #>> '{rerun_of,execution}')::uuid, v_user, 'rerun', v_user, left(p #>> '{rerun_of,reason}', 2000),
        v_id, 'requested');
  end if;
  if v_key is not null then
    insert into runledger.idempotency_keys (user_id, workflow_id, key, input_hash, execution_id, expires_at)
      values (v_user, w.id, v_key, p ->> 'input_hash', v_id, clock_timestamp() + interval '24 hours')
      on conflict (user_id, workflow_id, key) do update
        set input_hash = excluded.input_hash, execution_id = excluded.execution_id, expires_at = excluded.expires_at;
  end if;
  e.input := null;
  return jsonb_build_object('execution', to_jsonb(e), 'created', true);
end $$;

-- schemas/recording/admit_executions.sql

/* Admits several executions of one user, each as admit_execution does and in the order given: one that is refused keeps
   back no other. What they lock in common is locked for all of them first, in the order in which everybody does.
   Callers: Ledger.admitEach. Returns an answer for each, in their order: { execution, created }, { refused } with what
   was raised, or null where its workflow has changed. */
-- for: service_role
create function runledger.admit_executions(p_user text, p_requests jsonb) returns jsonb
language plpgsql
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_requests constant jsonb := runledger_private.unwrap(p_requests);
  v_workflows constant uuid[] := array(
    select distinct (r ->> 'workflow_id')::uuid from jsonb_array_elements(v_requests) r);
  v_answers jsonb := '[]';
  v_answer jsonb;
  v_code text;
  v_message text;
  v_detail text;
  v_hint text;
  r jsonb;
begin
  perform pg_advisory_xact_lock(k.lock) from (
    select distinct runledger_private.key_lock(p_user, (x ->> 'workflow_id')::uuid, x ->> 'idempotency_key') as lock
      from jsonb_array_elements(v_requests) x where x ->> 'idempotency_key' is not null order by 1) k;
  perform runledger_private.require_user(p_user);
  perform runledger_private.lock_quotas(p_user, v_workflows, array(
    select distinct q.id from unnest(v_workflows) w cross join lateral runledger_private.quotas_for(p_user, w) q));
  perform from runledger.workflow_executions x where x.created_by = p_user and x.id = any (array(
    select (q #>> '{rerun_of,execution}')::uuid from jsonb_array_elements(v_requests) q)) order by x.id for key share;
  for r in select x from jsonb_array_elements(v_requests) x loop
    begin
      v_answer := runledger.admit_execution(r || jsonb_build_object('created_by', p_user));
    exception when others then
      get stacked diagnostics v_code = returned_sqlstate, v_message = message_text, v_detail = pg_exception_detail,
        v_hint = pg_exception_hint;
      -- A fault of the server is one of all of them.
      if v_code !~ '^(PT|22|23)' then raise; end if;
      v_answer := jsonb_build_object('refused', jsonb_build_object('code', v_code, 'message', v_message, 'details',
        nullif(v_detail, ''), 'hint', nullif(v_hint, '')));
    end;
    v_answers := v_answers || jsonb_build_array(v_answer);
  end loop;
  return v_answers;
end $$;

-- schemas/recording/is_known_run.sql

/* Whether a run is one of those that the ledger knows of an execution. Callers: create_execution. */
-- for: service_role
create function runledger_private.is_known_run(p_execution uuid, p_run text) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  return p_run is not null
     and exists (select from runledger.execution_runs k where k.execution_id = p_execution and k.run_id = p_run);
end $$;

-- schemas/recording/merge_runs.sql

/* Merges what was read of a chain's runs. Callers: record_outcome, record_open_run. */
-- for: service_role
create function runledger_private.merge_runs(p_execution uuid, p_user text, p_runs jsonb) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into runledger.execution_runs as k (execution_id, run_id, created_by, cause, previous_run_id, status,
    started_at,
                                          closed_at, error_message)
  select p_execution, r ->> 'runId', p_user, r ->> 'cause', r ->> 'previousRunId', r ->> 'status',
         (r ->> 'startedAt')::timestamptz, (r ->> 'closedAt')::timestamptz, left(r ->> 'errorMessage', 4000)
    from jsonb_array_elements(case when jsonb_typeof(p_runs) = 'array' then p_runs else '[]' end) r
  on conflict (execution_id, run_id) do update
    set status = excluded.status, closed_at = excluded.closed_at, error_message = excluded.error_message,
        previous_run_id = coalesce(k.previous_run_id, excluded.previous_run_id)
    where (k.status = 'running' and excluded.status <> 'running')
       or (k.status = 'unknown' and excluded.status not in ('running', 'unknown'));
end $$;

-- schemas/recording/close_passed_runs.sql

/* Runs of the chain that are over, and whose end Temporal no longer told: only the newest one can be open.
   Callers: record_outcome, record_open_run. */
-- for: service_role
create function runledger_private.close_passed_runs(p_execution uuid, p_newest text) returns void
language plpgsql
set search_path = ''
as $$
begin
  update runledger.execution_runs k set status = 'unknown'
   where k.execution_id = p_execution and k.status = 'running' and k.run_id <> p_newest;
end $$;

-- schemas/recording/is_superseded_run.sql

/* Whether the chain is known to have gone on from this run: its end by the engine is recorded and another run is
   current, or it began before the current one; of two that began together, the links say which.
   Callers: record_outcome, record_open_run, find_runs. */
-- for: service_role
create function runledger_private.is_superseded_run(p_execution uuid, p_run text, p_current text) returns boolean
language plpgsql stable
set search_path = ''
as $$
declare
  run runledger.execution_runs;
  follower runledger.execution_runs;
begin
  if p_run is null or p_current is null or p_run = p_current then return false; end if;
  if exists (select from runledger.execution_transitions t
              where t.execution_id = p_execution and t.run_id = p_run and t.authority = 'engine'
                and not runledger_private.is_open(t.to_status) and t.merged_execution_id is null) then
    return true;
  end if;
  select * into run from runledger.execution_runs k where k.execution_id = p_execution and k.run_id = p_run;
  if not found then return false; end if;
  select * into follower from runledger.execution_runs k where k.execution_id = p_execution and k.run_id = p_current;
  while found and follower.started_at >= run.started_at loop
    if follower.started_at > run.started_at or follower.previous_run_id = p_run then return true; end if;
    select * into follower from runledger.execution_runs k
     where k.execution_id = p_execution and k.run_id = follower.previous_run_id and k.run_id <> p_current;
  end loop;
  return false;
end $$;

-- schemas/recording/count_runs.sql

/* How many runs the ledger knows of, or was told of. Callers: record_outcome, record_open_run. */
-- for: service_role
create function runledger_private.count_runs(p_execution uuid, p_runs jsonb) returns integer
language plpgsql stable
set search_path = ''
as $$
begin
  return greatest(1, (select count(*)::int from runledger.execution_runs k where k.execution_id = p_execution),
    (select max((r ->> 'runNumber')::int)
       from jsonb_array_elements(case when jsonb_typeof(p_runs) = 'array' then p_runs else '[]' end) r));
end $$;

-- schemas/recording/is_taken_chain.sql

/* Whether another execution has the chain whose first run this is. Callers: record_outcome, record_open_run. */
-- for: service_role
create function runledger_private.is_taken_chain(e runledger.workflow_executions, p_first_run text) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  return exists (select from runledger.workflow_executions x
                  where x.temporal_namespace = e.temporal_namespace and x.temporal_workflow_id = e.temporal_workflow_id
                    and x.temporal_run_id = p_first_run and x.id <> e.id);
end $$;

-- schemas/recording/record_unseen_ends.sql

/* Ends that a reset undid before anybody had looked: each is recorded as if it had been seen, oldest first.
   Callers: record_outcome, record_open_run. */
-- for: service_role
create function runledger_private.record_unseen_ends(p_id uuid, p jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
  run jsonb;
begin
  for run in
    select r.value from jsonb_array_elements(case when jsonb_typeof(p -> 'runs') = 'array' then p -> 'runs'
      else '[]' end)
             with ordinality r
     where (r.value ->> 'wasEnd')::boolean and r.value ->> 'runId' is distinct from p ->> 'runId'
       and not exists (
         select from runledger.execution_transitions t
          where t.execution_id = p_id and t.run_id = r.value ->> 'runId' and t.authority = 'engine'
            and not runledger_private.is_open(t.to_status))
     order by r.ordinality
  loop
    perform runledger_private.record_outcome(p_id, jsonb_build_object(
      'authority', 'engine', 'source', p -> 'source', 'status', run -> 'status', 'runId', run -> 'runId',
      'firstRunId', p -> 'firstRunId', 'completedAt', run -> 'closedAt', 'errorMessage', run -> 'errorMessage',
      'engineStartedAt', p -> 'engineStartedAt', 'firstTaskAt', p -> 'firstTaskAt',
      'reason', 'It had ended so before it was reset.'));
  end loop;
end $$;

-- schemas/recording/note_spent_cancel.sql

/* Says in the history that a request to cancel is over: the execution goes on in another run, or it has ended before
   the request reached it. Callers: record_open_run, record_outcome. */
-- for: service_role
create function runledger_private.note_spent_cancel(e runledger.workflow_executions, p_run text,
  p_source text, p_ended boolean default false) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into runledger.execution_transitions (execution_id, created_by, from_status, to_status, source, authority,
    actor,
                                            run_id, reason, revision)
    values (e.id, e.created_by, e.status, 'running', p_source, 'engine', e.cancel_requested_by, p_run,
            left(case when p_ended then 'The execution ended before the request to cancel reached it'
                   else 'The run that was asked to cancel is over, and the execution goes on in another' end
                 || coalesce('. The request said: ' || e.cancel_reason, ''), 4000), e.revision + 1);
end $$;

-- schemas/recording/record_open_run.sql

/* Records that the engine says an execution is open in a run: a start, the next run of the chain, a reset, or that a
   report was wrong (only where `takeBackRevision` is still the row's revision). A report that was faster than the
   start's record stands. A request to cancel is about the runs
   that were open when it was made: a run that began later has none, unless the engine says so.
   Callers: record_open, record_outcome. */
-- for: service_role
create function runledger_private.record_open_run(p_id uuid, p jsonb) returns text
language plpgsql
set search_path = ''
-- Postgres would plan statements anew by each call: with their arguments known, they look cheaper than they are.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_run text := p ->> 'runId';
  v_asked jsonb := case when jsonb_typeof(p -> 'cancelRequest') = 'object' then p -> 'cancelRequest' end;
  e runledger.workflow_executions;
  goes_on boolean;
  is_spent boolean;
  is_told boolean;
begin
  select * into e from runledger.workflow_executions x where x.id = p_id for no key update;
  if not found then return 'not_found'; end if;
  if e.engine = 'none' or e.temporal_run_id <> p ->> 'firstRunId' then return 'conflict'; end if;
  if e.temporal_run_id is null and runledger_private.is_taken_chain(e, p ->> 'firstRunId')
    then return 'other_execution'; end if;
  perform runledger_private.merge_runs(p_id, e.created_by, p -> 'runs');
  if jsonb_array_length(coalesce(p -> 'runs', '[]')) > 1 then
    perform runledger_private.record_unseen_ends(p_id, p);
    select * into e from runledger.workflow_executions x where x.id = p_id;
  end if;
  goes_on := e.current_run_id is not null and e.current_run_id <> v_run;
  is_spent := e.cancel_requested_at is not null and goes_on and not coalesce((p ->> 'cancelRequested')::boolean, false)
    and not exists (select from runledger.execution_runs k
                     where k.execution_id = p_id and k.run_id = v_run and k.started_at <= e.cancel_requested_at);

  -- A worker may report before the start is recorded: the report stands, and the start adds its run. Whoever stopped
  -- it before it began was wrong where it has begun all the same.
  is_told := e.outcome_authority = 'reported' and e.temporal_run_id is null
    and e.last_transition ->> 'source' = 'report'
    and e.revision is distinct from (p ->> 'takeBackRevision')::bigint;

  update runledger.workflow_executions x
     set status = case when is_told then x.status else 'running' end,
         temporal_run_id = coalesce(x.temporal_run_id, p ->> 'firstRunId', v_run),
         current_run_id = v_run,
         run_count = greatest(x.run_count, runledger_private.count_runs(x.id, p -> 'runs')),
         engine_started_at = coalesce(x.engine_started_at, (p ->> 'engineStartedAt')::timestamptz),
         first_task_at = coalesce(x.first_task_at, (p ->> 'firstTaskAt')::timestamptz),
         input = coalesce(x.input, nullif(p #> '{input,value}', 'null')),
         input_note = case when x.input is null then coalesce(p #>> '{input,note}', x.input_note) else x.input_note end,
         cancel_requested_at = case when is_spent then null
           when goes_on or x.cancel_requested_at is null
             then coalesce((v_asked ->> 'at')::timestamptz, x.cancel_requested_at) else x.cancel_requested_at end,
         cancel_requested_by = case when is_spent then null
           when goes_on or x.cancel_requested_at is null
             then coalesce(v_asked ->> 'by', x.cancel_requested_by) else x.cancel_requested_by end,
         cancel_reason = case when is_spent then null
           when v_asked is not null and (goes_on or x.cancel_requested_at is null) then v_asked ->> 'reason'
           else x.cancel_reason end,
         last_transition = case when x.status = 'running' or is_told then x.last_transition else jsonb_build_object(
           'source', p ->> 'source', 'authority', 'engine', 'at', clock_timestamp(), 'reason',
           case when x.status = 'pending' then null
                when x.outcome_authority = 'reported' then 'The engine says that it is still running.'
                else 'It was reset.' end) end
   where x.id = p_id and x.engine = 'temporal'
     and coalesce(x.temporal_run_id = p ->> 'firstRunId', true)
     and not runledger_private.is_superseded_run(x.id, v_run, x.current_run_id)
     and case
       when x.status = 'pending' then true
       when x.status = 'running' then
         x.current_run_id is distinct from v_run
         or (x.engine_started_at is null and p ->> 'engineStartedAt' is not null)
         or (x.first_task_at is null and p ->> 'firstTaskAt' is not null)
         or (x.cancel_requested_at is null and v_asked is not null)
         or (x.input is null and x.input_note is null
             and (p #> '{input,value}' <> 'null' or p #>> '{input,note}' is not null))
         or x.run_count < runledger_private.count_runs(x.id, p -> 'runs')
       when x.outcome_authority = 'reported' then
         x.temporal_run_id is null or x.revision = (p ->> 'takeBackRevision')::bigint
       else x.closing_run_id is distinct from v_run
     end;
  if found then
    if goes_on then perform runledger_private.close_passed_runs(p_id, v_run); end if;
    if is_spent and e.status = 'running' then perform runledger_private.note_spent_cancel(e, v_run,
      p ->> 'source'); end if;
    return 'applied';
  end if;
  select * into e from runledger.workflow_executions x where x.id = p_id;
  return case when runledger_private.is_open(e.status)
    and not runledger_private.is_superseded_run(p_id, v_run, e.current_run_id)
              then 'unchanged' else 'already_terminal' end;
end $$;

-- schemas/recording/complete_parts.sql

/* Fills what the row of a settled execution lacks beside its outcome. Callers: record_outcome. */
-- for: service_role
create function runledger_private.complete_parts(p_id uuid, p jsonb) returns void
language plpgsql
set search_path = ''
as $$
begin
  update runledger.workflow_executions x
     set run_count = greatest(x.run_count, runledger_private.count_runs(x.id, p -> 'runs')),
         engine_started_at = coalesce(x.engine_started_at, (p ->> 'engineStartedAt')::timestamptz),
         first_task_at = coalesce(x.first_task_at, (p ->> 'firstTaskAt')::timestamptz),
         cancel_requested_at = coalesce(x.cancel_requested_at, (p #>> '{cancelRequest,at}')::timestamptz),
         cancel_requested_by = case when x.cancel_requested_at is null then p #>> '{cancelRequest,by}'
           else x.cancel_requested_by end,
         cancel_reason = case when x.cancel_requested_at is null then p #>> '{cancelRequest,reason}'
           else x.cancel_reason end
   where x.id = p_id
     and ((x.cancel_requested_at is null and p #>> '{cancelRequest,at}' is not null)
          or x.run_count < runledger_private.count_runs(x.id, p -> 'runs')
          or (x.engine_started_at is null and p ->> 'engineStartedAt' is not null)
          or (x.first_task_at is null and p ->> 'firstTaskAt' is not null));
  perform runledger_private.close_passed_runs(p_id, p ->> 'runId');
end $$;

-- schemas/recording/record_outcome.sql

/* Records one end, by the engine or by a report. One guarded statement each. Callers: record_outcomes. */
-- for: service_role
create function runledger_private.record_outcome(p_id uuid, p jsonb) returns text
language plpgsql
set search_path = ''
-- Postgres would plan statements anew by each call: with their arguments known, they look cheaper than they are.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_authority text := coalesce(p ->> 'authority', 'reported');
  v_run text := p ->> 'runId';
  v_report uuid := (p ->> 'reportId')::uuid;
  v_asked jsonb := case when jsonb_typeof(p -> 'cancelRequest') = 'object' then p -> 'cancelRequest' end;
  v_result text;
  -- It was cancelled as somebody had asked, and nobody else says who that was.
  is_asked boolean;
  -- It ended before a request to cancel reached it.
  is_late boolean;
  e runledger.workflow_executions;
begin
  select * into e from runledger.workflow_executions x where x.id = p_id for no key update;
  if not found then return 'not_found'; end if;

  if v_report is not null then
    select case when r.execution_id = p_id then r.result else 'conflict' end into v_result
      from runledger.execution_reports r where r.report_id = v_report;
    if found then return v_result; end if;
  end if;
  if v_authority = 'engine' then
    if e.engine = 'none' or e.temporal_run_id <> p ->> 'firstRunId' then return 'conflict'; end if;
    if e.temporal_run_id is null and v_run is not null and runledger_private.is_taken_chain(e, p ->> 'firstRunId') then
      return 'other_execution';
    end if;
    perform runledger_private.merge_runs(p_id, e.created_by, p -> 'runs');
    if jsonb_array_length(coalesce(p -> 'runs', '[]')) > 1 then
      perform runledger_private.record_unseen_ends(p_id, p);
      select * into e from runledger.workflow_executions x where x.id = p_id;
    end if;
    -- A run that began and ended before anybody saw it open is opened first: a reset, or the next one after a request
    -- to cancel, which was not about it.
    if v_run <> e.current_run_id and (e.outcome_authority = 'engine' or e.cancel_requested_at is not null)
       and not runledger_private.is_superseded_run(p_id, v_run, e.current_run_id) then
      perform runledger_private.record_open_run(p_id, p - 'engineStartedAt' - 'firstTaskAt' - 'runs');
      select * into e from runledger.workflow_executions x where x.id = p_id;
    end if;
  end if;

  is_asked := p ->> 'status' = 'cancelled' and (v_run is null or v_run = e.current_run_id);
  is_late := coalesce(v_authority = 'engine' and p ->> 'status' <> 'cancelled' and p -> 'cancelRequested' = 'false'
    and e.cancel_requested_at is not null and e.outcome_authority is distinct from 'engine'
    and not runledger_private.is_superseded_run(p_id, v_run, e.current_run_id), false);
  if is_late and runledger_private.is_open(e.status) then
    perform runledger_private.note_spent_cancel(e, v_run, p ->> 'source', true);
  end if;
  update runledger.workflow_executions x
     set status = p ->> 'status',
         outcome_authority = v_authority,
         input = coalesce(x.input, nullif(p #> '{input,value}', 'null')),
         input_note = case when x.input is null then coalesce(p #>> '{input,note}', x.input_note) else x.input_note end,
         cancel_requested_at = case when not is_late
           then coalesce(x.cancel_requested_at, (v_asked ->> 'at')::timestamptz) end,
         cancel_requested_by = case when is_late then null when x.cancel_requested_at is null then v_asked ->> 'by'
           else x.cancel_requested_by end,
         cancel_reason = case when is_late then null when x.cancel_requested_at is null then v_asked ->> 'reason'
           else x.cancel_reason end,
         temporal_run_id = coalesce(x.temporal_run_id, p ->> 'firstRunId'),
         current_run_id = case when v_authority = 'engine' then coalesce(v_run, x.current_run_id)
           else x.current_run_id end,
         closing_run_id = case when x.engine = 'none' then null when v_authority = 'engine' then v_run
                               else coalesce(v_run, x.current_run_id) end,
         run_count = case when v_authority = 'engine'
           then greatest(x.run_count, runledger_private.count_runs(x.id, p -> 'runs')) else x.run_count end,
         engine_started_at = coalesce(x.engine_started_at, (p ->> 'engineStartedAt')::timestamptz),
         first_task_at = coalesce(x.first_task_at, (p ->> 'firstTaskAt')::timestamptz),
         completed_at = coalesce((p ->> 'completedAt')::timestamptz, clock_timestamp()),
         duration_ms = (p ->> 'durationMs')::bigint,
         -- A payload that the monitor cannot read leaves the one that was reported.
         output = case when p ->> 'status' <> 'completed' then null
                       when p ? 'output' and p -> 'output' <> 'null' then p -> 'output'
                       when x.status = 'completed' then x.output end,
         output_note = case when p -> 'output' = 'null' and x.status = 'completed' and x.output is not null then null
                            else p ->> 'outputNote' end,
         error_message = left(p ->> 'errorMessage', 4000),
         failure = case when p -> 'failure' <> 'null' then p -> 'failure' end,
         state_snapshot = coalesce(p -> 'stateSnapshot', x.state_snapshot),
         verdict = coalesce(p ->> 'verdict', x.verdict),
         activities_executed = coalesce((p ->> 'activitiesExecuted')::int, x.activities_executed),
         last_transition = jsonb_build_object('source', p ->> 'source', 'authority', v_authority,
           'actor', coalesce(p ->> 'actor', case when is_asked then x.cancel_requested_by end),
           'reason', left(coalesce(p ->> 'reason', case when is_asked then x.cancel_reason end), 4000),
           'reportId', v_report, 'at', clock_timestamp())
   where x.id = p_id
     and not runledger_private.is_superseded_run(x.id, v_run, x.current_run_id)
     and case v_authority
       when 'reported' then runledger_private.is_open(x.status) and (not exists (
         select from runledger.execution_transitions t
          where t.execution_id = x.id and t.authority = 'reported' and not runledger_private.is_open(t.to_status)
            and t.run_id is not distinct from coalesce(case when x.engine = 'temporal' then v_run end,
              x.current_run_id))
         -- What the engine has lost it cannot contradict.
         or exists (select from runledger.execution_checks c where c.execution_id = x.id and c.health = 'lost'))
       else x.engine = 'temporal' and x.outcome_authority is distinct from 'engine'
     end;
  if found then
    v_result := 'applied';
    if v_authority = 'engine' and v_run <> e.temporal_run_id
      then perform runledger_private.close_passed_runs(p_id, v_run); end if;
  else
    select * into e from runledger.workflow_executions x where x.id = p_id;
    -- Deleted while the update waited for it.
    if not found then return 'not_found'; end if;
    v_result := case when runledger_private.is_open(e.status)
                       and not runledger_private.is_superseded_run(p_id, v_run, e.current_run_id)
                     then 'conflict' else 'already_terminal' end;
    if v_authority = 'engine' and e.outcome_authority = 'engine' and e.closing_run_id is not distinct from v_run then
      perform runledger_private.complete_parts(p_id, p);
    end if;
    if v_authority = 'reported' then
      update runledger.execution_checks set next_check_at = now() where execution_id = p_id;
      -- The business may speak after the engine.
      update runledger.workflow_executions x set verdict = p ->> 'verdict'
       where x.id = p_id and x.verdict is distinct from p ->> 'verdict' and p ->> 'verdict' is not null;
    end if;
  end if;
  if v_report is not null then
    insert into runledger.execution_reports (report_id, execution_id, created_by, status, run_id, actor, result)
      values (v_report, p_id, e.created_by, p ->> 'status', v_run, p ->> 'actor', v_result)
      on conflict (report_id) do nothing;
    if not found then
      select r.result into v_result from runledger.execution_reports r
       where r.report_id = v_report and r.execution_id = p_id;
      if not found then
        raise exception 'The report id % is being used for another execution.', v_report
          using errcode = 'PT409', detail = 'conflict',
            hint = 'Give each report an id of its own; only its repeats carry it again.';
      end if;
    end if;
  end if;
  return v_result;
end $$;

-- schemas/recording/record_outcomes.sql

/* Records ends: engine outcomes from the monitor, reports from callers, in one call and in the order of the executions'
   ids. Answers come in the order of the items.
   Callers: Ledger.recordOutcomes, every mark method, updateExecution. */
-- for: service_role
create function runledger.record_outcomes(p_outcomes jsonb, p_count_runs boolean default false)
returns table (ordinal integer, execution_id uuid, result text, status text, authority text, revision bigint,
               cancel_requested_at timestamptz, cancel_requested_by text, cancel_reason text, run_count bigint)
language plpgsql
set search_path = ''
as $$
declare
  v_items constant jsonb := runledger_private.unwrap(p_outcomes);
  v_ids constant uuid[] := array(
    select runledger_private.find_execution(t.value ->> 'execution')
      from jsonb_array_elements(v_items) with ordinality t order by t.ordinality);
  i record;
begin
  perform runledger_private.lock_what_is_written_twice(v_items, v_ids);
  for i in
    select t.ordinality::int as n, t.value as item, v_ids[t.ordinality] as id
      from jsonb_array_elements(v_items) with ordinality t order by 3, 1
  loop
    ordinal := i.n;
    execution_id := i.id;
    result := runledger_private.record_outcome(i.id, i.item);
    select x.status, x.outcome_authority, x.revision, x.cancel_requested_at, x.cancel_requested_by, x.cancel_reason,
           case when p_count_runs then runledger.get_user_workflow_run_count(x.created_by, x.workflow_id) end
      into status, authority, revision, cancel_requested_at, cancel_requested_by, cancel_reason, run_count
      from runledger.workflow_executions x where x.id = i.id;
    return next;
  end loop;
end $$;

-- schemas/recording/record_open.sql

/* Records what the engine says is open, in the order of the executions' ids. Answers come in the order of the items.
   Callers: Ledger.recordOpen. */
-- for: service_role
create function runledger.record_open(p_runs jsonb)
returns table (ordinal integer, execution_id uuid, result text, status text, authority text, revision bigint,
               cancel_requested_at timestamptz, cancel_requested_by text, cancel_reason text)
language plpgsql
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_items constant jsonb := runledger_private.unwrap(p_runs);
  v_ids constant uuid[] := array(
    select (t.value ->> 'execution')::uuid from jsonb_array_elements(v_items) with ordinality t order by t.ordinality);
  i record;
begin
  perform runledger_private.lock_what_is_written_twice(v_items, v_ids);
  for i in
    select t.ordinality::int as n, t.value as item, v_ids[t.ordinality] as id
      from jsonb_array_elements(v_items) with ordinality t order by 3, 1
  loop
    ordinal := i.n;
    execution_id := i.id;
    result := runledger_private.record_open_run(i.id, i.item);
    select x.status, x.outcome_authority, x.revision, x.cancel_requested_at, x.cancel_requested_by, x.cancel_reason
      into status, authority, revision, cancel_requested_at, cancel_requested_by, cancel_reason
      from runledger.workflow_executions x where x.id = i.id;
    return next;
  end loop;
end $$;

-- schemas/recording/record_starts.sql

/* Records what came of starts, { open: [...] } or { outcome: [...] } as record_open and record_outcomes take them, and
   answers the rows as they stand then, without their inputs: whoever waits for a start, and has its input, needs no
   second call to read it.
   Callers: Ledger.recordStart. Returns [{ answer, execution }] in the order of the items; execution is null where there
   is none any more. */
-- for: service_role
create function runledger.record_starts(p_starts jsonb) returns jsonb
language plpgsql
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  p constant jsonb := runledger_private.unwrap(p_starts);
  v_answers jsonb;
begin
  if p ? 'open' then
    select jsonb_agg(to_jsonb(r) order by r.ordinal) into v_answers from runledger.record_open(p -> 'open') r;
  else
    select jsonb_agg(to_jsonb(r) order by r.ordinal) into v_answers from runledger.record_outcomes(p -> 'outcome') r;
  end if;
  -- A statement of its own: it sees what the one before has written. Not a join: a plan that was kept from when there
  -- were few executions would read all of them. An array, not jsonb_agg: that takes time by the square of an object's
  -- keys (Postgres 15 to 17, 3 s for 16,000), and what is recorded has as many as its user likes.
  return (
    select coalesce(to_jsonb(array_agg(jsonb_build_object('answer', a.value, 'execution', (
             select to_jsonb(jsonb_populate_record(x, '{"input": null}')) from runledger.workflow_executions x
               where x.id = (a.value ->> 'execution_id')::uuid))
             order by a.ordinality)), '[]')
      from jsonb_array_elements(v_answers) with ordinality a);
end $$;

-- schemas/recording/request_cancel.sql

/* Notes who asked to cancel. A pending execution that the ledger has not started yet is cancelled by it; if a start was
   under way, the engine's word brings it back and the cancel follows.
   Callers: Ledger.requestCancel. */
-- for: service_role
create function runledger.request_cancel(p_execution uuid, p_by text, p_reason text)
returns table (ordinal integer, execution_id uuid, result text, status text, authority text, revision bigint,
               cancel_requested_at timestamptz, cancel_requested_by text, cancel_reason text)
language plpgsql
set search_path = ''
as $$
declare
  e runledger.workflow_executions;
begin
  update runledger.workflow_executions x
     set cancel_requested_at = coalesce(x.cancel_requested_at, clock_timestamp()),
         cancel_requested_by = coalesce(x.cancel_requested_by, p_by),
         cancel_reason = coalesce(x.cancel_reason, left(p_reason, 2000)),
         status = case when x.status = 'pending' and x.start_by is not null then 'cancelled' else x.status end,
         last_transition = case when x.status = 'pending' and x.start_by is not null
           then jsonb_build_object('source', 'user', 'actor', p_by, 'reason', left(p_reason, 2000), 'at',
             clock_timestamp())
           else x.last_transition end
   where x.id = p_execution and runledger_private.is_open(x.status)
  returning * into e;
  if found then
    result := 'applied';
  else
    select * into e from runledger.workflow_executions x where x.id = p_execution;
    result := case when found then 'already_terminal' else 'not_found' end;
  end if;
  ordinal := 1;
  execution_id := p_execution;
  status := e.status;
  authority := e.outcome_authority;
  revision := e.revision;
  cancel_requested_at := e.cancel_requested_at;
  cancel_requested_by := e.cancel_requested_by;
  cancel_reason := e.cancel_reason;
  return next;
end $$;

-- schemas/progress/report_progress.sql

/* Takes a report of how far an execution has got: { execution, user, runId, step, steps, percent, message }; what is
   left out stays. Within a run nothing goes back; a run of the chain that is over is not listened to. With a user,
   only of their own executions.
   Callers: ExecutionService.reportProgress, Ledger.reportProgress. Returns { result, execution_id, counter }:
   applied, behind, ended or not_found. */
-- for: service_role
create function runledger.report_progress(p_report jsonb) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  p constant jsonb := runledger_private.unwrap(p_report);
  v_id constant uuid := runledger_private.find_execution(p ->> 'execution');
  v_step constant bigint := (p ->> 'step')::bigint;
  v_percent numeric := round((p ->> 'percent')::numeric, 1);
  v_run text;
  e runledger.workflow_executions;
  o runledger.execution_progress;
begin
  select * into e from runledger.workflow_executions x where x.id = v_id for no key update;
  if not found or e.created_by <> coalesce(p ->> 'user', e.created_by) then
    return jsonb_build_object('result', 'not_found');
  end if;
  if not runledger_private.is_open(e.status) then
    return jsonb_build_object('result', 'ended', 'execution_id', e.id);
  end if;
  v_run := coalesce(p ->> 'runId', e.current_run_id);
  if v_run <> e.current_run_id and runledger_private.is_known_run(e.id, v_run) then
    return jsonb_build_object('result', 'behind', 'execution_id', e.id);
  end if;
  select * into o from runledger.execution_progress x where x.execution_id = e.id;
  if o.run_id <> v_run then
    o.step := null;
    o.steps := null;
    o.percent := null;
    o.message := null;
  end if;
  if v_percent is null and v_step is not null then
    v_percent := round(least(100, 100.0 * v_step / coalesce((p ->> 'steps')::bigint, o.steps)), 1);
  end if;
  if v_step < o.step or v_percent < o.percent then
    return jsonb_build_object('result', 'behind', 'execution_id', e.id, 'counter', o.counter);
  end if;
  insert into runledger.execution_progress as x (execution_id, created_by, run_id, step, steps, percent, message)
    values (e.id, e.created_by, v_run, coalesce(v_step, o.step), coalesce((p ->> 'steps')::bigint, o.steps),
      coalesce(v_percent, o.percent), coalesce(left(p ->> 'message', 500), o.message))
    on conflict (execution_id) do update
      set run_id = excluded.run_id, step = excluded.step, steps = excluded.steps, percent = excluded.percent,
          message = excluded.message, reported_at = excluded.reported_at, counter = x.counter + 1
    returning * into o;
  -- For subscriptions; the revision is that of the execution, which has not changed.
  insert into runledger.execution_changes (execution_id, created_by, workflow_id, revision)
    values (e.id, e.created_by, e.workflow_id, e.revision);
  return jsonb_build_object('result', 'applied', 'execution_id', e.id, 'counter', o.counter);
end $$;

-- schemas/progress/progress_part.sql

/* How far an execution has got: as reported, else, while it is open, what share of the usual time has passed. Usual is
   the median of the completed ones among its user's latest 200 of its workflow.
   Callers: progress_of, execution_document. Returns { status, reported, elapsed_ms, usual_ms }. */
-- for: service_role
create function runledger_private.progress_part(e runledger.workflow_executions) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object('status', e.status,
    'reported', (
      select jsonb_build_object('step', r.step, 'steps', r.steps, 'percent', r.percent, 'message', r.message,
               'reported_at', r.reported_at, 'counter', r.counter)
        from runledger.execution_progress r where r.execution_id = e.id and r.created_by = e.created_by),
    'elapsed_ms',
      (extract(epoch from statement_timestamp() - coalesce(e.engine_started_at, e.started_at)) * 1000)::bigint,
    'usual_ms', case when e.completed_at is null then (
      select percentile_disc(0.5) within group (order by d.duration_ms)
        from (select q.status, q.duration_ms from runledger.workflow_executions q
               where q.workflow_id = e.workflow_id and q.created_by = e.created_by
               order by q.started_at desc, q.id desc limit 200) d
       where d.status = 'completed') end)
$$;

-- schemas/progress/progress_of.sql

/* How far one of a user's executions, or of all that the reader may see, has got. Null where the user has no such
   execution.
   Callers: ExecutionReader.progress. Returns what progress_part does, and workflow. */
-- for: service_role
create function runledger.progress_of(p_user text, p_execution uuid, p_everybody boolean default false)
returns jsonb
language sql stable
set search_path = ''
as $$
  select runledger_private.progress_part(x) || jsonb_build_object(
    'workflow', (select jsonb_build_object('id', w.id, 'name', w.name, 'redact', to_jsonb(w.redact))
                   from runledger.workflows w where w.id = x.workflow_id))
    from runledger.workflow_executions x
   where x.id = runledger_private.present_id(p_execution)
     and case when p_everybody then runledger_private.unless_left(p_user) is not null
     else x.created_by = runledger_private.unless_left(p_user) end
$$;

-- schemas/requests/note_requests.sql

/* Notes what a user asks of their executions, in the order of the executions' ids: { id, execution, kind, reason,
   signalName }. The id names the request: noted once, however often it is sent. A cancel marks the execution too, as
   request_cancel does, and so does a terminate of what is pending. Direct executions are only answered, not noted;
   neither are ended ones, unless they are to be reset. Of each execution the latest 1,000 are kept, and those that made
   another: whoever asks for the same as often as they may would fill the table.
   Callers: Ledger.noteRequests. Returns a list in the order of the items: null where the user has no such execution,
   else { noted, status_before, cancel_requested_before, execution }. */
-- for: service_role
create function runledger.note_requests(p_user text, p_requests jsonb) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_items constant jsonb := runledger_private.unwrap(p_requests);
  v_answers jsonb[] := array_fill(null::jsonb, array[jsonb_array_length(v_items)]);
  i record;
  e runledger.workflow_executions;
  v_before runledger.workflow_executions;
  is_noted boolean;
begin
  for i in
    select t.ordinality::int as n, (t.value ->> 'id')::uuid as id, t.value ->> 'kind' as kind,
           left(t.value ->> 'reason', 2000) as reason, t.value ->> 'signalName' as signal_name,
           runledger_private.present_id((t.value ->> 'execution')::uuid) as execution_id
      from jsonb_array_elements(v_items) with ordinality t order by 6, 1
  loop
    select * into v_before from runledger.workflow_executions x
     where x.id = i.execution_id and x.created_by = p_user for no key update;
    continue when not found;
    e := v_before;
    is_noted := e.engine = 'temporal' and (i.kind = 'reset' or runledger_private.is_open(e.status)
      or (i.kind = 'end' and e.outcome_authority = 'reported' and e.lost_at is null));
    if is_noted then
      insert into runledger.execution_requests (id, execution_id, created_by, kind, actor, reason, signal_name)
        values (i.id, e.id, e.created_by, i.kind, p_user, i.reason, i.signal_name)
        on conflict (id) do nothing;
      if not found and not exists (select from runledger.execution_requests r where r.id = i.id
          and r.execution_id = e.id and r.kind = i.kind and r.signal_name is not distinct from i.signal_name) then
        raise exception 'The request % was about something else.', i.id
          using errcode = 'PT409', detail = 'conflict', hint = 'Use a new id for each request, or leave it out.';
      end if;
      delete from runledger.execution_requests r where r.kind <> 'rerun' and r.id in (
        select q.id from runledger.execution_requests q
         where q.execution_id = e.id order by q.requested_at desc, q.id desc offset 1000);
      -- Temporal knows nothing of what is pending: only the ledger can keep it from being started.
      if i.kind = 'cancel' or (i.kind = 'terminate' and e.status = 'pending') then
        perform runledger.request_cancel(e.id, p_user, i.reason);
        select * into e from runledger.workflow_executions x where x.id = i.execution_id;
      end if;
    end if;
    v_answers[i.n] := jsonb_build_object('noted', is_noted, 'status_before', v_before.status,
      'cancel_requested_before', v_before.cancel_requested_at is not null,
      'execution', jsonb_build_object('id', e.id, 'workflow_id', e.workflow_id, 'engine', e.engine,
        'status', e.status, 'temporal_namespace', e.temporal_namespace,
        'temporal_workflow_id', e.temporal_workflow_id, 'temporal_run_id', e.temporal_run_id,
        'current_run_id', e.current_run_id, 'outcome_authority', e.outcome_authority, 'lost_at', e.lost_at,
        'started_at', e.started_at, 'cancel_requested_at', e.cancel_requested_at, 'revision', e.revision));
  end loop;
  return to_jsonb(v_answers);
end $$;

-- schemas/requests/answer_requests.sql

/* Notes what became of requests: { id, answer }. The first answer stays.
   Callers: Ledger.answerRequests. */
-- for: service_role
create function runledger.answer_requests(p_answers jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_items constant jsonb := runledger_private.unwrap(p_answers);
begin
  -- Whoever deletes an execution takes its requests in an order of its own, after the execution.
  perform from runledger.workflow_executions x where x.id in (
    select r.execution_id from runledger.execution_requests r
     where r.id = any (array(select (t ->> 'id')::uuid from jsonb_array_elements(v_items) t)))
    order by x.id for no key update;
  update runledger.execution_requests r set answer = left(t.value ->> 'answer', 100)
    from jsonb_array_elements(v_items) t
   where r.id = (t.value ->> 'id')::uuid and r.answer is null;
end $$;

-- schemas/requests/requests_of.sql

/* What a user asked of one of their executions, newest first, at most 200, and which one it is a rerun of. Null where
   the user has no such execution.
   Callers: ExecutionReader.requests. Returns { rerun_of, requests, more }. */
-- for: authenticated, service_role
create function runledger.requests_of(p_user text, p_execution uuid, p_everybody boolean default false)
returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object(
    'rerun_of', (select jsonb_build_object('execution_id', r.execution_id, 'at', r.requested_at, 'by', r.actor,
                        'reason', r.reason)
                   from runledger.execution_requests r where r.rerun_id = x.id and r.created_by = x.created_by limit 1),
    'requests', coalesce((select jsonb_agg(jsonb_build_object('id', r.id, 'kind', r.kind, 'at', r.requested_at,
                        'by', r.actor, 'reason', r.reason, 'signal_name', r.signal_name, 'rerun_id', r.rerun_id,
                        'answer', r.answer) order by r.requested_at desc, r.id desc)
                   from (select * from runledger.execution_requests q
                          where q.execution_id = x.id and q.created_by = x.created_by
                          order by q.requested_at desc, q.id desc limit 200) r), '[]'),
    'more', exists (select from runledger.execution_requests q
                     where q.execution_id = x.id and q.created_by = x.created_by
                     order by q.requested_at desc, q.id desc offset 200 limit 1))
    from runledger.workflow_executions x
   where x.id = runledger_private.present_id(p_execution)
     and (p_everybody or x.created_by = p_user)
$$;

-- schemas/requests/delete_executions.sql

/* Deletes executions of a user that have ended, with all that is kept beside them. What is open stays, and so does what
   a report ended as long as the engine has not confirmed it: it may still run.
   Callers: Ledger.deleteExecutions. Returns a list in the order of the ids: deleted, open, unsettled or not_found. */
-- for: service_role
create function runledger.delete_executions(p_user text, p_ids uuid[]) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_ids constant uuid[] := array(
    select runledger_private.present_id(i.id) from unnest(p_ids) with ordinality i (id, n) order by i.n);
  v_found jsonb;
begin
  perform from runledger.workflow_executions x where x.id = any (v_ids) and x.created_by = p_user
    order by x.id for update;
  select coalesce(jsonb_object_agg(x.id, case
      when runledger_private.is_open(x.status) then 'open'
      when x.engine = 'temporal' and x.outcome_authority = 'reported' and x.lost_at is null then 'unsettled'
      else 'deleted' end), '{}') into v_found
    from runledger.workflow_executions x where x.id = any (v_ids) and x.created_by = p_user;
  perform set_config('runledger.deleting', pg_current_xact_id()::text, true);
  delete from runledger.workflow_executions x
   where x.id = any (array(select f.key::uuid from jsonb_each_text(v_found) f where f.value = 'deleted'));
  return (select coalesce(jsonb_agg(coalesce(v_found ->> i.id::text, 'not_found') order by i.n), '[]')
            from unnest(v_ids) with ordinality i (id, n));
end $$;

-- schemas/recording/delete_workflow_executions.sql

/* Deletes a workflow's executions, of one user if given, at most p_limit a call. Returns how many.
   Callers: ExecutionService.deleteWorkflowExecutions. */
-- for: service_role
create function runledger.delete_workflow_executions(p_workflow_id uuid, p_user_id text default null,
  p_limit integer default 1000)
returns integer
language plpgsql
set search_path = ''
as $$
declare
  n integer;
begin
  delete from runledger.workflow_executions x where x.id = any (array(
    select d.id from runledger.workflow_executions d
     where d.workflow_id = p_workflow_id and (p_user_id is null or d.created_by = p_user_id)
     order by d.id limit p_limit for update skip locked));
  get diagnostics n = row_count;
  return n;
end $$;

-- schemas/recording/take_over.sql

-- Which chain an execution is: what Temporal calls the first run, whatever the caller said.

/* Takes over what an execution lacks from another that turned out to be the same, and everything that was written about
   it.
   Callers: correct_first_run. */
-- for: service_role
create function runledger_private.take_over(p_kept runledger.workflow_executions, p_gone runledger.workflow_executions,
  p_source text)
returns void
language plpgsql
set search_path = ''
as $$
begin
  update runledger.workflow_executions x
     set input = coalesce(x.input, p_gone.input),
         tags = case when x.tags = '{}' then p_gone.tags else x.tags end,
         metadata = p_gone.metadata || x.metadata,
         state_snapshot = coalesce(x.state_snapshot, p_gone.state_snapshot),
         verdict = coalesce(x.verdict, p_gone.verdict),
         run_count = greatest(x.run_count, p_gone.run_count)
   where x.id = p_kept.id;
  update runledger.execution_reports r set execution_id = p_kept.id where r.execution_id = p_gone.id;
  update runledger.execution_progress r set execution_id = p_kept.id where r.execution_id = p_gone.id
    and not exists (select from runledger.execution_progress o where o.execution_id = p_kept.id);
  update runledger.execution_requests r set execution_id = p_kept.id where r.execution_id = p_gone.id;
  update runledger.execution_requests r set rerun_id = p_kept.id where r.rerun_id = p_gone.id;
  update runledger.idempotency_keys k set execution_id = p_kept.id where k.execution_id = p_gone.id;
  insert into runledger.execution_runs (execution_id, run_id, created_by, cause, previous_run_id, status, started_at,
    closed_at,
                                     error_message)
    select p_kept.id, r.run_id, r.created_by, r.cause, r.previous_run_id, r.status, r.started_at, r.closed_at,
           r.error_message
      from runledger.execution_runs r where r.execution_id = p_gone.id
    on conflict (execution_id, run_id) do nothing;
  -- Whoever holds the other's id is led here by the transition.
  update runledger.execution_transitions t set execution_id = p_kept.id
   where t.execution_id = p_gone.id and t.merged_execution_id is not null;
  delete from runledger.workflow_executions x where x.id = p_gone.id;
  insert into runledger.execution_transitions (execution_id, created_by, from_status, to_status, source, authority,
    run_id,
                                            reason, revision, merged_execution_id)
    select x.id, x.created_by, x.status, x.status, p_source, 'engine', p_gone.temporal_run_id,
           'It was registered once more, by a later run of its chain: both are one execution.', x.revision, p_gone.id
      from runledger.workflow_executions x where x.id = p_kept.id;
  update runledger.execution_checks c set next_check_at = clock_timestamp() where c.execution_id = p_kept.id;
end $$;

-- schemas/recording/correct_first_run.sql

/* Says which run Temporal calls the first of an execution's chain. Where another execution has that chain already, the
   two become one: the one with the first run stays, what the other held goes into it, and the other's id leads to it.
   Answers `corrected`, `merged` (then `executionId` is the one that stays), `unchanged`, `not_found`, or `conflict`
   where the two belong to different users.
   Callers: Ledger.correctFirstRun. Returns { result, executionId }. */
-- for: service_role
create function runledger.correct_first_run(p_execution uuid, p_first_run text, p_source text) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  e runledger.workflow_executions;
  k runledger.workflow_executions;
  answer text;
begin
  select * into e from runledger.workflow_executions x where x.id = p_execution;
  if not found then return jsonb_build_object('result', 'not_found', 'executionId', p_execution); end if;
  -- The application may be registering the chain at this moment.
  perform runledger_private.lock_workflow_ids(array[e.temporal_namespace || ':' || e.temporal_workflow_id]);
  perform from runledger.workflow_executions x
    where x.id = p_execution
       or (x.temporal_namespace = e.temporal_namespace and x.temporal_workflow_id = e.temporal_workflow_id
           and x.temporal_run_id = p_first_run)
    order by x.id for update;
  select * into e from runledger.workflow_executions x where x.id = p_execution;
  select * into k from runledger.workflow_executions x
   where x.temporal_namespace = e.temporal_namespace and x.temporal_workflow_id = e.temporal_workflow_id
     and x.temporal_run_id = p_first_run and x.id <> p_execution;
  answer := case
    when e.id is null then 'not_found'
    when e.temporal_run_id is null or e.temporal_run_id = p_first_run then 'unchanged'
    when k.id is null then 'corrected'
    when k.created_by <> e.created_by then 'conflict'
    else 'merged' end;
  perform set_config('runledger.correcting', pg_current_xact_id()::text, true);
  if answer = 'corrected' then
    update runledger.workflow_executions x set temporal_run_id = p_first_run where x.id = p_execution;
    -- A transition to an end would count as one.
    insert into runledger.execution_transitions (execution_id, created_by, from_status, to_status, source, authority,
      run_id,
                                              reason, revision)
      select e.id, e.created_by, e.status, e.status, p_source, 'engine', e.temporal_run_id,
             'It was registered by a later run; Temporal calls another the first.', e.revision + 1
       where runledger_private.is_open(e.status);
  elsif answer = 'merged' then
    perform runledger_private.take_over(k, e, p_source);
  end if;
  return jsonb_build_object('result', answer,
    'executionId', case when answer in ('merged', 'conflict') then k.id else p_execution end);
end $$;

-- schemas/following/followed_execution.sql

-- What the monitor reads and writes beside outcomes. Everything here needs the service role.

/* An execution as the monitor sees it. */
create type runledger_private.followed_execution as (
  execution_id uuid, workflow_id uuid, temporal_namespace text, temporal_workflow_id text, temporal_run_id text,
  current_run_id text, closing_run_id text, status text, authority text, started_at timestamptz,
  registered_at timestamptz, engine_started_at timestamptz, first_task_at timestamptz, run_count integer,
  lacks_input boolean, reported_at timestamptz, reported_for_ms bigint, cancel_requested_at timestamptz,
  cancel_requested_by text,
  cancel_reason text, start_by timestamptz, is_past_start_by boolean, last_check_at timestamptz, health text,
  revision bigint,
  lost_at timestamptz);

-- schemas/following/followed.sql

/* One row; a set, for only those go inline where they are called.
   Callers: youngest_unsettled, due_checks, unsettled_by_ids, find_runs, execution_story. */
-- for: service_role
create function runledger_private.followed(e runledger.workflow_executions, c runledger.execution_checks)
returns setof runledger_private.followed_execution rows 1
language sql stable
begin atomic
  select e.id, e.workflow_id, e.temporal_namespace, e.temporal_workflow_id, e.temporal_run_id, e.current_run_id,
         e.closing_run_id, e.status, e.outcome_authority, e.started_at,
         case when e.temporal_run_id is null then (
           select min(t.at) from runledger.execution_transitions t where t.execution_id = e.id) end,
         e.engine_started_at, e.first_task_at, e.run_count,
         e.input is null and e.input_note is null and e.start_by is null and e.engine_started_at is null,
         case when e.outcome_authority = 'reported' then e.recorded_at end,
         case when e.outcome_authority = 'reported'
           then (extract(epoch from clock_timestamp() - e.recorded_at) * 1000)::bigint end,
         e.cancel_requested_at, e.cancel_requested_by, e.cancel_reason, e.start_by,
         coalesce(e.start_by <= clock_timestamp(), false), c.last_check_at, c.health, e.revision, e.lost_at;
end;

-- schemas/following/youngest_unsettled.sql

/* Unsettled executions, youngest first, after the last one of a page: what there is to watch. One document, which no
   limit of rows cuts. `reported_for_ms` is the age of a report by this database's clock, as of this read. The limit of
   1 makes each execution a look into the key: the planner does not know how few they are, and would scan the table.
   Callers: Ledger.unsettled. Returns [followed_execution]. */
-- for: service_role
create function runledger.youngest_unsettled(p_namespace text, p_limit integer,
  p_after_started_at timestamptz default 'infinity',
                                          p_after_id uuid default 'ffffffff-ffff-ffff-ffff-ffffffffffff') returns json
language sql stable
set search_path = ''
as $$
  select coalesce(json_agg(row_to_json(f) order by c.started_at desc, c.execution_id desc), '[]')
    from (select * from runledger.execution_checks k
           where k.temporal_namespace = p_namespace and (k.started_at, k.execution_id) < (p_after_started_at,
             p_after_id)
           order by k.started_at desc, k.execution_id desc limit p_limit) c
   cross join lateral (select * from runledger.workflow_executions x where x.id = c.execution_id limit 1) e
   cross join lateral runledger_private.followed(e, c) f;
$$;

-- schemas/following/due_checks.sql

/* Unsettled executions whose check is due, oldest check first. `statement_timestamp()`, for a clock that goes on within
   a statement is compared row by row, by no index.
   Callers: Ledger.dueChecks. Returns [followed_execution]. */
-- for: service_role
create function runledger.due_checks(p_namespace text, p_limit integer) returns json
language sql stable
set search_path = ''
as $$
  select coalesce(json_agg(row_to_json(f) order by c.next_check_at), '[]')
    from (select * from runledger.execution_checks k
           where k.temporal_namespace = p_namespace and k.next_check_at <= statement_timestamp()
           order by k.next_check_at limit p_limit) c
   cross join lateral (select * from runledger.workflow_executions x where x.id = c.execution_id limit 1) e
   cross join lateral runledger_private.followed(e, c) f;
$$;

-- schemas/following/unsettled_by_ids.sql

/* Which of these executions are unsettled. Callers: Ledger.unsettledByIds. Returns [followed_execution]. */
-- for: service_role
create function runledger.unsettled_by_ids(p_namespace text, p_ids uuid[]) returns json
language sql stable
set search_path = ''
as $$
  select coalesce(json_agg(row_to_json(f)), '[]')
    from (select distinct i.id from unnest(p_ids) i (id)) i
   cross join lateral (select * from runledger.execution_checks k where k.execution_id = i.id limit 1) c
   cross join lateral (select * from runledger.workflow_executions x where x.id = i.id limit 1) e
   cross join lateral runledger_private.followed(e, c) f
   where c.temporal_namespace = p_namespace;
$$;

-- schemas/following/save_checks.sql

/* Notes checks and when the next ones are due. The one writer that has no lock of the executions themselves, so it
   never waits: what another transaction is about to change, delete or check anew is passed over, and stays due.
   Callers: Ledger.saveChecks. */
-- for: service_role
create function runledger.save_checks(p_checks jsonb) returns integer
language plpgsql
set search_path = ''
as $$
declare
  n integer;
begin
  with item as materialized (
    select t.value as item, (t.value ->> 'execution')::uuid as id
      from jsonb_array_elements(runledger_private.unwrap(p_checks)) t),
  free as materialized (
    select k.execution_id from item i
     cross join lateral (
       select x.execution_id from runledger.execution_checks x
         where x.execution_id = i.id limit 1 for update skip locked) k)
  update runledger.execution_checks c
     set last_check_at = clock_timestamp(),
         health = i.item ->> 'health',
         reason = left(i.item ->> 'reason', 1000),
         remedy = left(i.item ->> 'remedy', 1000),
         next_check_at = clock_timestamp() + make_interval(secs => (i.item ->> 'nextCheckInMs')::float8 / 1000)
    from item i
   -- The array makes it a look at these, never a scan of all checks.
   where c.execution_id = i.id and c.execution_id = any (array(select f.execution_id from free f));
  get diagnostics n = row_count;
  return n;
end $$;

-- schemas/following/pending_starts.sql

/* Pending executions that wait for the ledger to start them, and still may be started.
   Callers: Ledger.pendingStarts. */
-- for: service_role
create function runledger.pending_starts(p_namespace text, p_older_than_ms integer, p_limit integer)
returns table (execution_id uuid, temporal_namespace text, temporal_workflow_id text, workflow_type text,
               task_queue text, input jsonb, execution_timeout text, run_timeout text, retry_policy jsonb, user_id text,
               start_delay_ms bigint)
language sql stable
set search_path = ''
as $$
  select e.id, e.temporal_namespace, e.temporal_workflow_id, w.workflow_type, w.task_queue, e.input,
         coalesce(o.execution_timeout, w.execution_timeout), coalesce(o.run_timeout, w.run_timeout), w.retry_policy,
         e.created_by,
         -- It counts from the request, however often the start is tried.
         nullif(greatest(0, o.start_delay_ms
           - (extract(epoch from statement_timestamp() - e.started_at) * 1000)::bigint), 0)
    from runledger.workflow_executions e
    join runledger.workflows w on w.id = e.workflow_id
    left join runledger.execution_start_options o on o.execution_id = e.id
   where e.temporal_namespace = p_namespace and e.status = 'pending' and e.temporal_run_id is null
     and e.start_by > statement_timestamp() and e.cancel_requested_at is null
     and e.started_at <= statement_timestamp() - make_interval(secs => p_older_than_ms / 1000.0)
   order by e.started_at
   limit p_limit;
$$;

-- schemas/following/changes_between.sql

/* Changes of executions by transactions from one on, below another: what a transition tells is written nowhere else.
   Those of the last day: a transaction that lasts for hours is told when it ends, and a dump brings transitions with
   the transaction ids of the cluster that it came from.
   Callers: changes_since, change_feed_blocker. */
-- for: service_role
create function runledger_private.changes_between(p_from xid8, p_below xid8)
returns table (xid xid8, execution_id uuid, created_by text, workflow_id uuid, revision bigint, deleted boolean,
               deleted_by text, changed_at timestamptz)
language sql stable
begin atomic
  select c.xid, c.execution_id, c.created_by, c.workflow_id, c.revision, c.deleted, c.deleted_by, c.changed_at
    from runledger.execution_changes c where c.xid >= p_from and c.xid < p_below
  union all
  select t.xid, t.execution_id, t.created_by, null, t.revision, false, null, t.at
    from runledger.execution_transitions t
   where t.xid >= p_from and t.xid < p_below and t.at > statement_timestamp() - interval '1 day';
end;

-- schemas/following/changes_since.sql

/* Changes after a cursor, one per execution, and the cursor to go on with. The cursor is the oldest transaction that
   was still running, so a change that commits late is never passed over. A null cursor, or one from another cluster,
   starts at the present.
   Callers: Ledger.changesSince. Returns { changes, cursor }. */
-- for: service_role
create function runledger.changes_since(p_cursor text, p_limit integer) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_now xid8 := pg_snapshot_xmin(pg_current_snapshot());
  v_from xid8 := p_cursor::xid8;
  v_to xid8;
  v_changes jsonb;
begin
  if v_from is null or v_from >= v_now then
    return jsonb_build_object('changes', '[]'::jsonb, 'cursor', v_now::text);
  end if;
  -- A page ends with a whole transaction.
  select c.xid into v_to from runledger_private.changes_between(v_from, v_now) c order by c.xid offset p_limit limit 1;
  -- Of an execution that is gone only its deletion is told, which may be further on.
  select coalesce(jsonb_agg(jsonb_build_object('executionId', d.execution_id, 'userId', d.created_by, 'workflowId',
           coalesce(d.workflow_id, e.workflow_id), 'revision', d.revision, 'deleted', d.deleted)
           || case when d.deleted_by is null then '{}' else jsonb_build_object('deletedBy', d.deleted_by) end
           order by d.xid), '[]')
    into v_changes
    from (select distinct on (c.execution_id) c.* from runledger_private.changes_between(v_from, v_now) c
           where v_to is null or c.xid <= v_to
           order by c.execution_id, c.revision desc) d
    left join lateral (select x.workflow_id from runledger.workflow_executions x where x.id = d.execution_id limit 1) e
      on d.workflow_id is null
   where coalesce(d.workflow_id, e.workflow_id) is not null;
  return jsonb_build_object('changes', v_changes,
    'cursor', case when v_to is null then v_now::text else ((v_to::text::numeric) + 1)::text end);
end $$;

-- schemas/following/trim_changes.sql

/* Removes changes older than an hour and idempotency keys that have expired, at most p_limit of each: call it again
   while it answers that many or more. Callers: Ledger.trimChanges. */
-- for: service_role
create function runledger.trim_changes(p_limit integer default 20000) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_keys integer;
  v_changes integer;
begin
  -- What another transaction is deleting or using anew is left to it.
  delete from runledger.idempotency_keys k where k.ctid = any (array(
    select x.ctid from runledger.idempotency_keys x where x.expires_at < clock_timestamp()
     order by x.expires_at limit p_limit for update skip locked));
  get diagnostics v_keys = row_count;
  delete from runledger.execution_changes c where c.ctid = any (array(
    select x.ctid from runledger.execution_changes x where x.changed_at < clock_timestamp() - interval '1 hour'
     limit p_limit for update skip locked));
  get diagnostics v_changes = row_count;
  return v_keys + v_changes;
end $$;

-- schemas/following/save_monitor_state.sql

/* Saves watermarks (merged; each only moves forward) and the proof of one namespace. Callers: Ledger.saveWatermark,
   publishProof. */
-- for: service_role
create function runledger.save_monitor_state(p_namespace text, p_watermarks jsonb default '{}',
  p_proof jsonb default null)
returns void
language sql volatile
set search_path = ''
as $$
  insert into runledger.monitor_state as m (temporal_namespace, watermarks, proof, updated_at)
    values (p_namespace, runledger_private.unwrap(p_watermarks), runledger_private.unwrap(p_proof), clock_timestamp())
    on conflict (temporal_namespace) do update
      set watermarks = m.watermarks || (
            select coalesce(jsonb_object_agg(n.key, greatest(m.watermarks ->> n.key, n.value)), '{}')
              from jsonb_each_text(excluded.watermarks) n), proof = coalesce(excluded.proof, m.proof),
          updated_at = excluded.updated_at;
$$;

-- schemas/foundation/runledger_schema_version.sql

/* The version of this schema; a package that needs a newer one says so. Callers: anybody. */
-- for: service_role, authenticated
create function runledger.runledger_schema_version() returns integer
language sql immutable
set search_path = ''
as $$ select 5; $$;

-- schemas/following/find_runs.sql

-- What the feeds ask about runs, and how runs that were started elsewhere become executions. Service role only.

/* What is known of runs, in their order. `isRecorded`: the run's end, or a later run of its chain, is in the ledger.
   `execution`: the one that the run belongs to; for an unknown run the newest one with its workflow id.
   Callers: Ledger.findRuns. Returns [{ isRecorded, isKnown, execution }]. */
-- for: service_role
create function runledger.find_runs(p_namespace text, p_runs jsonb) returns jsonb
language plpgsql stable
set search_path = ''
-- Planned once: planning for each call reads more than the runs do.
set plan_cache_mode = force_generic_plan
as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
             'isKnown', m.id is not null,
             'isRecorded', coalesce(m.id is not null and (
               m.closing_run_id = r.run_id and m.outcome_authority = 'engine'
               or k.status <> 'running'
               or (m.current_run_id is distinct from r.run_id
                 and runledger_private.is_superseded_run(m.id, r.run_id, m.current_run_id))), false),
             'execution', case when m.id is not null then (select to_jsonb(f)
                               from runledger_private.followed(m, null) f)
                               when n.id is not null then (select to_jsonb(f)
                                 from runledger_private.followed(n, null) f) end) order by r.ordinality), '[]')
      from (select t.ordinality, t.value ->> 'temporalWorkflowId' as workflow_id, t.value ->> 'runId' as run_id
              from jsonb_array_elements(runledger_private.unwrap(p_runs)) with ordinality t) r
      left join lateral (
        select x.status, x.execution_id from runledger.execution_runs x
          join runledger.workflow_executions e on e.id = x.execution_id and e.temporal_namespace = p_namespace
         where x.run_id = r.run_id and e.temporal_workflow_id = r.workflow_id limit 1) k on true
      left join lateral (
        select e.* from runledger.workflow_executions e
         where e.temporal_namespace = p_namespace and e.temporal_workflow_id = r.workflow_id
           and (e.id = k.execution_id or r.run_id in (e.temporal_run_id, e.current_run_id, e.closing_run_id))
         limit 1) m on true
      left join lateral (
        select e.* from runledger.workflow_executions e
         where m.id is null and e.temporal_namespace = p_namespace and e.temporal_workflow_id = r.workflow_id
         order by e.started_at desc, e.id desc limit 1) n on true);
end $$;

-- schemas/following/workflow_of_run.sql

/* The workflow that a run belongs to which was started elsewhere: the one that its rule names, or else one of its
   namespace, type and queue; the user's own first. Another user's is taken only where the rule names it, or its owner.
   Callers: adopt_executions, adopt_run. */
-- for: service_role
create function runledger_private.workflow_of_run(p jsonb) returns uuid
language plpgsql stable
set search_path = ''
as $$
begin
  if p ->> 'workflowId' is not null then
    return (select w.id from runledger.workflows w
             where w.id = (p ->> 'workflowId')::uuid and w.archived_at is null);
  end if;
  return (select w.id from runledger.workflows w
           where w.user_id = any (array[p ->> 'userId', p ->> 'workflowOwner']) and w.archived_at is null
             and w.temporal_namespace = p ->> 'namespace' and w.workflow_type = p ->> 'workflowType'
             and w.task_queue = p ->> 'taskQueue'
             and (w.user_id = p ->> 'userId' or w.visibility = 'published')
           order by w.user_id = p ->> 'userId' desc, w.created_at, w.id limit 1);
end $$;

-- schemas/following/adopt_run.sql

/* Makes one execution of a run that was started elsewhere. Callers: adopt_executions. */
-- for: service_role
create function runledger_private.adopt_run(p jsonb, out result text, out execution_id uuid)
language plpgsql
set search_path = ''
as $$
declare
  v_namespace text := p ->> 'namespace';
  v_temporal_workflow_id text := p ->> 'temporalWorkflowId';
  v_run text := p ->> 'firstRunId';
  v_workflow uuid;
begin
  select x.id into execution_id from runledger.workflow_executions x
   where x.temporal_namespace = v_namespace and x.temporal_workflow_id = v_temporal_workflow_id
     and (x.temporal_run_id = v_run or x.temporal_run_id is null)
   limit 1;
  if found then
    result := 'known';
    return;
  end if;
  if not runledger_private.bring_user(p ->> 'userId') then
    result := 'unknown_user';
    return;
  end if;
  v_workflow := runledger_private.workflow_of_run(p);
  if v_workflow is null then
    result := 'unknown_workflow';
    return;
  end if;
  insert into runledger.workflow_executions (workflow_id, created_by, temporal_namespace, temporal_workflow_id,
      temporal_run_id, started_at, last_transition)
    values (v_workflow, p ->> 'userId', v_namespace, v_temporal_workflow_id, v_run, (p ->> 'startedAt')::timestamptz,
      case when p ->> 'trackedBy' is null
        then jsonb_build_object('source', 'feed', 'reason', 'It was started elsewhere, and adopted by rule.')
        else jsonb_build_object('source', 'user', 'actor', p ->> 'trackedBy',
                                'reason', 'It was started elsewhere, and taken over.') end)
    returning id into execution_id;
  result := 'adopted';
end $$;

-- schemas/following/adopt_executions.sql

/* Makes executions of runs that were started elsewhere; what is known already stays as it is.
   Callers: Ledger.adopt. */
-- for: service_role
create function runledger.adopt_executions(p_runs jsonb)
returns table (ordinal integer, result text, execution_id uuid)
language plpgsql
set search_path = ''
as $$
declare
  i record;
begin
  -- The application may be registering one at this moment.
  perform runledger_private.lock_workflow_ids(array(
    select (t.value ->> 'namespace') || ':' || (t.value ->> 'temporalWorkflowId')
      from jsonb_array_elements(runledger_private.unwrap(p_runs)) t));
  -- Those whose sign-up the ledger missed, before any lock of a row.
  perform runledger_private.bring_user(u.id) from (
    select distinct t.value ->> 'userId' as id from jsonb_array_elements(runledger_private.unwrap(p_runs)) t
      order by 1) u;
  -- Users and workflows before the first execution, each in the order of their ids.
  perform from runledger.users u where u.id = any (array(
    select t.value ->> 'userId' from jsonb_array_elements(runledger_private.unwrap(p_runs)) t))
      order by u.id for key share;
  perform from runledger.workflows w where w.id = any (array(
    select runledger_private.workflow_of_run(t.value)
      from jsonb_array_elements(runledger_private.unwrap(p_runs)) t)) order by w.id for key share;
  for i in
    select t.ordinality::int as n, t.value as item
      from jsonb_array_elements(runledger_private.unwrap(p_runs)) with ordinality t order by 1
  loop
    ordinal := i.n;
    select a.result, a.execution_id into result, execution_id from runledger_private.adopt_run(i.item) a;
    return next;
  end loop;
end $$;

-- schemas/following/usual_durations.sql

/* How long workflows usually take: quantiles of the latest 500 executions of each that completed.
   Callers: Ledger.usualDurations. */
-- for: service_role
create function runledger.usual_durations(p_workflow_ids uuid[])
returns table (workflow_id uuid, sample bigint, quantiles_ms bigint[])
language sql stable
set search_path = ''
as $$
  select w.id, s.sample, s.quantiles
    from unnest(p_workflow_ids) w (id)
   cross join lateral (
     select count(*) as sample,
            percentile_disc(array[0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75,
                                  0.8, 0.85, 0.9, 0.95, 0.99, 1]) within group (order by d.duration_ms) as quantiles
       from (select e.duration_ms from runledger.workflow_executions e
              where e.workflow_id = w.id and e.status = 'completed' and e.completed_at is not null
              order by e.completed_at desc, e.id desc limit 500) d) s
   where s.sample > 0;
$$;

-- schemas/timelines/pending_timelines.sql

-- The queue that condenses histories after their end was recorded. Service role only.

/* Ended executions whose history is to be read, those due longest first, with the runs of their chain.
   Callers: Ledger.pendingTimelines. */
-- for: service_role
create function runledger.pending_timelines(p_namespace text, p_limit integer)
returns table (execution_id uuid, temporal_namespace text, temporal_workflow_id text, run_ids text[],
  closing_run_id text)
language sql stable
set search_path = ''
as $$
  select t.execution_id, e.temporal_namespace, e.temporal_workflow_id,
         coalesce((select array_agg(r.run_id order by r.started_at, r.run_id)
                     from (select k.run_id, k.started_at from runledger.execution_runs k
                            where k.execution_id = e.id order by k.started_at desc limit 50) r),
                  array[e.closing_run_id]),
         e.closing_run_id
    from runledger.execution_timelines t
    join runledger.workflow_executions e on e.id = t.execution_id
   where t.temporal_namespace = p_namespace and t.state = 'pending' and t.next_try_at <= statement_timestamp()
     and e.closing_run_id is not null
   order by t.next_try_at
   limit p_limit;
$$;

-- schemas/timelines/save_timelines.sql

/* Keeps timelines, unless the execution was reset since, and puts off those that could not be read (without a
   `timeline`). In the order of the executions' ids, each locked first. Returns how many were kept.
   Callers: Ledger.saveTimelines. */
-- for: service_role
create function runledger.save_timelines(p_timelines jsonb) returns integer
language plpgsql
set search_path = ''
as $$
declare
  i record;
  n integer := 0;
begin
  for i in
    select (t.value ->> 'execution')::uuid as id, t.value ->> 'closingRunId' as closing_run_id,
           t.value -> 'timeline' as v, (t.value ->> 'retryInMs')::float8 as retry_in_ms
      from jsonb_array_elements(runledger_private.unwrap(p_timelines)) t order by 1
  loop
    perform from runledger.workflow_executions e where e.id = i.id for no key update;
    continue when not found;
    if i.retry_in_ms is not null then
      update runledger.execution_timelines t
         set next_try_at = clock_timestamp() + make_interval(secs => i.retry_in_ms / 1000)
       where t.execution_id = i.id and t.state = 'pending';
      continue;
    end if;
    update runledger.workflow_executions e set activities_executed = (i.v ->> 'activitiesExecuted')::int
     where e.id = i.id and e.closing_run_id = i.closing_run_id and i.v ->> 'state' <> 'missing'
       and e.activities_executed is distinct from (i.v ->> 'activitiesExecuted')::int;
    update runledger.execution_timelines t
       set state = i.v ->> 'state', steps = i.v -> 'steps', omitted = i.v -> 'omitted',
           activities_executed = (i.v ->> 'activitiesExecuted')::int, read_at = clock_timestamp()
      from runledger.workflow_executions e
     where t.execution_id = i.id and e.id = i.id and e.closing_run_id = i.closing_run_id;
    if found then n := n + 1; end if;
  end loop;
  return n;
end $$;

-- schemas/proof/change_feed_blocker.sql

-- What the database counts for the proof, and the whole story of one execution. Service role only.

/* The transaction that holds up the feed of changes for longer than p_after; null while none does. Whoever reads
   changes goes no further than the oldest transaction of the whole cluster, in whatever database, a prepared one too.
   Without the right to read other roles' sessions, `kind` is `unknown`. Shows no query text, and so has more rights
   than its caller.
   Callers: ledger_figures. Returns { kind, pid, application, database, state, gid, since, waitingMs }. */
-- for: service_role
create function runledger_private.change_feed_blocker(p_after interval default interval '10 seconds') returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_xmin constant xid8 := pg_snapshot_xmin(pg_current_snapshot());
  v_blocker jsonb;
  v_since timestamptz;
  v_unread timestamptz;
begin
  select jsonb_build_object('kind', 'session', 'pid', a.pid, 'application', nullif(a.application_name, ''),
           'database', a.datname, 'state', a.state, 'gid', null), a.xact_start
    into v_blocker, v_since
    from pg_catalog.pg_stat_activity a where a.backend_xid = v_xmin::xid limit 1;
  if v_blocker is null then
    select jsonb_build_object('kind', 'prepared', 'pid', null, 'application', null,
             'database', p.database, 'state', 'prepared', 'gid', p.gid), p.prepared
      into v_blocker, v_since
      from pg_catalog.pg_prepared_xacts p where p.transaction = v_xmin::xid limit 1;
  end if;
  -- The oldest change that nobody can read yet, and whose transaction has ended.
  select c.changed_at into v_unread
    from runledger_private.changes_between(v_xmin, pg_snapshot_xmax(pg_current_snapshot())) c order by c.xid limit 1;
  if v_blocker is null then
    -- Nobody is at it, unless other roles' sessions are hidden.
    if v_xmin = pg_snapshot_xmax(pg_current_snapshot()) then return null; end if;
    v_blocker := jsonb_build_object('kind', 'unknown', 'pid', null, 'application', null, 'database', null, 'state',
      null, 'gid', null);
  end if;
  if coalesce(v_since, v_unread, 'infinity') > clock_timestamp() - p_after then return null; end if;
  return v_blocker || jsonb_build_object('since', coalesce(v_since, v_unread), 'waitingMs',
    (extract(epoch from clock_timestamp() - v_unread) * 1000)::bigint);
end $$;

-- schemas/proof/ledger_figures.sql

/* Counts unsettled executions by health, and the last hour's ends by who noticed them first, with close -> recorded in
   milliseconds. Looks at the latest 10,000 changes of status at most.
   Callers: Ledger.figures. */
-- for: service_role
create function runledger.ledger_figures(p_namespace text) returns jsonb
language sql stable
set search_path = ''
as $$
  -- One look at each check, however many numbers come of it.
  with checks as materialized (
    select c.health, count(*) as n, min(c.last_check_at) as at,
           count(*) filter (where c.last_check_at is null) as never,
           min(c.next_check_at) filter (where c.last_check_at is null) as unchecked_since
      from runledger.execution_checks c where c.temporal_namespace = p_namespace group by 1),
  latest as materialized (
    -- Not those whose transaction ids a dump brought from another cluster, as far as they are ahead of this one's.
    select t.* from runledger.execution_transitions t where t.xid < pg_snapshot_xmax(pg_current_snapshot())
     order by t.xid desc limit 10000),
  changes as materialized (
    select t.*, e.completed_at, e.closing_run_id
      from (select * from latest l where l.authority = 'engine' and l.at > statement_timestamp() - interval '1 hour') t
      join runledger.workflow_executions e on e.id = t.execution_id and e.temporal_namespace = p_namespace),
  ends as (
    select t.source, greatest(0, extract(epoch from t.at - t.completed_at) * 1000)::bigint as lag
      from changes t
     where not runledger_private.is_open(t.to_status) and t.completed_at is not null and t.closing_run_id = t.run_id)
  select jsonb_build_object(
    'open', (select coalesce(sum(n), 0) from checks),
    'health', jsonb_build_object('live', 0, 'late', 0, 'wedged', 0, 'cancelling', 0, 'lost', 0)
      || coalesce((select jsonb_object_agg(c.health, c.n)
                     from checks c where c.health is not null), '{}'),
    'unchecked', (select coalesce(sum(never), 0) from checks),
    'oldestCheckAt', (select min(at) from checks),
    -- `having`: without rows there is no age, and greatest(0, null) is 0.
    'oldestCheckAgeMs', (select greatest(0, extract(epoch from clock_timestamp() - min(at)) * 1000)::bigint from checks
                          having min(at) is not null),
    -- A check that was never made is due since the execution was recorded.
    'oldestUncheckedAgeMs', (select greatest(0,
      extract(epoch from clock_timestamp() - min(unchecked_since)) * 1000)::bigint
                               from checks having min(unchecked_since) is not null),
    'timelines', (select jsonb_build_object('pending', count(*), 'oldestAgeMs', case when count(*) > 0 then
                    greatest(0, extract(epoch from clock_timestamp() - min(t.next_try_at)) * 1000)::bigint end)
                    from (select x.next_try_at from runledger.execution_timelines x
                           where x.temporal_namespace = p_namespace and x.state = 'pending'
                           order by x.next_try_at limit 10000) t),
    'changeFeedHeldBy', runledger_private.change_feed_blocker(),
    'recorded', coalesce((
      select jsonb_object_agg(s.source, jsonb_build_object('count', s.n, 'p50Ms', s.p[1], 'p95Ms', s.p[2], 'p99Ms',
        s.p[3], 'maxMs', s.p[4]))
        from (select source, count(*) as n,
                     percentile_disc(array[0.5, 0.95, 0.99, 1]) within group (order by lag) as p
                from ends group by 1) s), '{}'),
    'corrected', coalesce((
      select jsonb_object_agg(s.source, s.n)
        from (select t.source, count(*) as n from changes t
               where runledger_private.is_end(t.from_status)
                 and t.to_status <> t.from_status
               group by 1) s), '{}'),
    'capped', (select count(*) >= 10000 and min(l.at) > clock_timestamp() - interval '1 hour' from latest l));
$$;

-- schemas/reading/usual_of.sql

/* How long executions of a workflow usually take, in milliseconds, by the latest 500 that completed: { p50, p95, p99,
   of, whose }. Everybody's for the owner of the workflow, and for all others where 20 of them by 5 users say nothing of
   any one user: to two digits, and of at least 20, 50, 100, 200 or 500, so that neither one execution nor how many
   there are can be told from it. Else the user's own. Null where none has completed.
   Callers: execution_document, describe_rows. */
-- for: service_role
create function runledger_private.usual_of(p_workflow_id uuid, p_user_id text) returns jsonb
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_of bigint;
  v_users bigint;
  v_own bigint;
  v_quantiles bigint[];
  v_whose text := 'everyone';
begin
  select count(*), count(distinct d.created_by), count(*) filter (where d.created_by = p_user_id),
         percentile_disc(array[0.5, 0.95, 0.99]) within group (order by d.duration_ms)
    into v_of, v_users, v_own, v_quantiles
    from (select e.duration_ms, e.created_by from runledger.workflow_executions e
           where e.workflow_id = p_workflow_id and e.status = 'completed' and e.completed_at is not null
           order by e.completed_at desc, e.id desc limit 500) d
   where d.duration_ms is not null;
  if v_of = v_own then
    v_whose := 'own';
  elsif exists (select from runledger.workflows w where w.id = p_workflow_id and w.user_id = p_user_id) then
    null;
  elsif v_of >= 20 and v_users >= 5 then
    v_of := (select max(n) from unnest(array[20, 50, 100, 200, 500]) n where n <= v_of);
    v_quantiles := array(select round(q.ms::numeric, 2 - length(q.ms::text))::bigint
                           from unnest(v_quantiles) with ordinality q (ms, n) order by q.n);
  else
    v_whose := 'own';
    select count(*), percentile_disc(array[0.5, 0.95, 0.99]) within group (order by d.duration_ms)
      into v_of, v_quantiles
      from (select e.duration_ms from runledger.workflow_executions e
             where e.workflow_id = p_workflow_id and e.created_by = p_user_id and e.status = 'completed'
               and e.completed_at is not null
             order by e.completed_at desc, e.id desc limit 500) d
     where d.duration_ms is not null;
  end if;
  if v_of = 0 then return null; end if;
  return jsonb_build_object('p50', v_quantiles[1], 'p95', v_quantiles[2], 'p99', v_quantiles[3], 'of', v_of,
    'whose', v_whose);
end $$;

-- schemas/reading/origin_sql.sql

/* Who or what started an execution, as SQL over `e` (its id, start_by and temporal_workflow_id): by its first
   transition and its chain; unknown where nothing tells. Text, for a list asks it of each row that it looks at.
   Callers: origin_of, execution_filter_sql. */
-- for: service_role
create function runledger_private.origin_sql() returns text
language sql immutable
return $sql$coalesce((
  select case
      when x.reason = 'imported' and x.actor is null then 'import'
      when x.source = 'feed' then case
        -- As Temporal names what its schedules start, or a chain of cron.
        when e.temporal_workflow_id ~ '-\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$'
          or exists (select from runledger.execution_runs r where r.execution_id = e.id and r.cause = 'cron')
          then 'schedule'
        else 'adopted' end
      when x.source = 'user' then 'adopted'
      when x.source = 'service' and e.start_by is not null then 'api'
      when x.source = 'service' and x.actor is not null then 'backend' end
    from runledger.execution_transitions x
   where x.execution_id = e.id and x.from_status is null and x.merged_execution_id is null
   order by x.revision limit 1), 'unknown')$sql$;

-- schemas/reading/origin_of.sql

/* Who or what started an execution. Callers: execution_document. */
-- for: service_role
create function runledger_private.origin_of(p_execution_id uuid, p_start_by timestamptz, p_temporal_workflow_id text)
returns text
language plpgsql stable
set search_path = ''
as $$
declare
  v_origin text;
begin
  execute format('select %s from (select $1 as id, $2 as start_by, $3 as temporal_workflow_id) e',
    runledger_private.origin_sql())
  into v_origin using p_execution_id, p_start_by, p_temporal_workflow_id;
  return v_origin;
end $$;

-- schemas/reading/story_parts.sql

/* What is kept of an execution beside its row: { transitions, runs, reports, health }, oldest first; of transitions the
   first and the latest 199, of runs and reports the latest 100: whoever resets one adds to them as often as they like.
   A transition has `happened_at`: when its run ended, or began where it says that it runs.
   Callers: execution_story, execution_document. */
-- for: service_role
create function runledger_private.story_parts(e runledger.workflow_executions) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (select jsonb_build_object(
    'transitions', coalesce((
      select jsonb_agg(to_jsonb(t) || jsonb_build_object('happened_at', case
          when runledger_private.is_end(t.to_status) then coalesce(
            (select r.closed_at from runledger.execution_runs r where r.execution_id = e.id and r.run_id = t.run_id),
            case when t.to_status = e.status then e.completed_at end)
          when t.to_status = 'running' and t.from_status = 'pending' then e.engine_started_at end)
        order by t.revision, t.at)
        from ((select * from runledger.execution_transitions k where k.execution_id = e.id
                order by k.revision, k.at limit 1)
              union
              (select * from runledger.execution_transitions k where k.execution_id = e.id
                order by k.revision desc, k.at desc limit 199)) t), '[]'),
    'runs', coalesce((select jsonb_agg(to_jsonb(r) order by r.started_at)
                        from (select * from runledger.execution_runs k where k.execution_id = e.id
                               order by k.started_at desc limit 100) r), '[]'),
    'reports', coalesce((select jsonb_agg(to_jsonb(r) order by r.reported_at)
                           from (select * from runledger.execution_reports k where k.execution_id = e.id
                                  order by k.reported_at desc limit 100) r), '[]'),
    'health', (select jsonb_build_object('health', c.health, 'reason', c.reason, 'remedy', c.remedy,
                                         'checked_at', c.last_check_at)
                 from runledger.execution_checks c where c.execution_id = e.id and c.health is not null)));
end $$;

-- schemas/reading/execution_document.sql

/* An execution and what its page shows, in one document: the row (its payloads on request, their sizes always), its
   workflow, the story, how it stands and how far that is proven, how long such ones take, how far it has got, who
   started it and which of the actors are users. p_parts: payloads, failure (alone of them), timeline; row: that and its
   workflow and nothing else.
   Large payloads are in `large`, as their JSON text, and not in the row: whoever is between the reader and Postgres
   passes a text on far sooner than what it says.
   Callers: read_execution, compare_executions. */
-- for: service_role
create function runledger_private.execution_document(e runledger.workflow_executions, p_parts text[]) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  -- LARGE_BYTES of contracts.
  c_large constant int := 100000;
  v_whole constant boolean := 'payloads' = any (p_parts);
  v_only_row constant boolean := 'row' = any (p_parts);
  v_input constant text := case when v_whole or not v_only_row then e.input::text end;
  v_output constant text := case when v_whole or not v_only_row then e.output::text end;
  v_large jsonb := '{}';
  v_row jsonb;
  v_story jsonb;
begin
  if v_whole and octet_length(v_input) >= c_large then
    v_large := jsonb_build_object('input', v_input);
  end if;
  if v_whole and octet_length(v_output) >= c_large then
    v_large := v_large || jsonb_build_object('output', v_output);
  end if;
  if not v_whole or v_large ? 'input' then e.input := null; end if;
  if not v_whole or v_large ? 'output' then e.output := null; end if;
  if not v_whole then
    e.state_snapshot := null;
    if not 'failure' = any (p_parts) then e.failure := null; end if;
  end if;
  v_row := jsonb_build_object(
    'execution', to_jsonb(e),
    'large', v_large,
    'workflow', (select jsonb_build_object('id', w.id, 'name', w.name, 'description', w.description,
                                             'redact', to_jsonb(w.redact))
                   from runledger.workflows w where w.id = e.workflow_id));
  if v_only_row then return v_row; end if;
  v_story := runledger_private.story_parts(e);
  return v_row || v_story || jsonb_build_object(
    'inputBytes', octet_length(v_input),
    'outputBytes', octet_length(v_output),
    'userName', runledger_private.user_name(e.created_by),
    'users', (select coalesce(jsonb_agg(u.id), '[]') from runledger.users u
               where u.id in (select x ->> 'actor' from jsonb_array_elements(
                 (v_story -> 'transitions') || (v_story -> 'reports')) x)),
    'proof', (select jsonb_build_object('at', m.proof -> 'at', 'periodMs', m.proof -> 'periodMs')
                from runledger.monitor_state m
               where m.temporal_namespace = e.temporal_namespace and m.proof is not null),
    'usual', runledger_private.usual_of(e.workflow_id, e.created_by),
    'progress', runledger_private.progress_part(e),
    'origin', runledger_private.origin_of(e.id, e.start_by, e.temporal_workflow_id),
    'timeline', case when 'timeline' = any (p_parts) then (
      select to_jsonb(t) from runledger.execution_timelines t where t.execution_id = e.id) end);
end $$;

-- schemas/reading/in_scope.sql

/* An execution by its id, or by the id of a row that turned out to be it, where it is of this user, or of this
   workflow, whose owner asks, or where an operator asks; nothing otherwise.
   Callers: read_execution, compare_executions. */
-- for: service_role
create function runledger_private.in_scope(p_id uuid, p_user_id text, p_workflow_id uuid,
  p_everybody boolean default false)
returns setof runledger.workflow_executions rows 1
language sql stable
set search_path = ''
as $$
  select * from runledger.workflow_executions e
   where e.id = runledger_private.present_id(p_id)
     -- Nobody reads what is about to be deleted.
     and case when p_everybody then runledger_private.unless_left(p_user_id) is not null
              when p_workflow_id is null then e.created_by = runledger_private.unless_left(p_user_id)
              else e.workflow_id = p_workflow_id end
$$;

-- schemas/reading/read_execution.sql

/* One execution of a user, or of a workflow that the caller owns, or of anybody, with what its page
   shows; null when there is none.
   Callers: ExecutionReader.details, get. */
-- for: service_role
create function runledger.read_execution(p_id uuid, p_user_id text default null, p_workflow_id uuid default null,
                                         p_parts text[] default '{}', p_everybody boolean default false) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (select runledger_private.execution_document(e, p_parts)
            from runledger_private.in_scope(p_id, p_user_id, p_workflow_id, p_everybody) e);
end $$;

-- schemas/reading/compare_executions.sql

/* An execution beside another of the same scope, or beside the latest one of its user's in its workflow that was
   started before it and completed (looked for among the 1,000 before it). Null where there is no such execution.
   Callers: ExecutionReader.compared. Returns { execution, other } with documents; other is null where there is none. */
-- for: service_role
create function runledger.compare_executions(p_id uuid, p_user_id text default null, p_workflow_id uuid default null,
                                             p_with uuid default null, p_everybody boolean default false) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_parts constant text[] := array['payloads', 'timeline'];
  e runledger.workflow_executions;
  o runledger.workflow_executions;
begin
  select * into e from runledger_private.in_scope(p_id, p_user_id, p_workflow_id, p_everybody);
  if e.id is null then return null; end if;
  if p_with is not null then
    select * into o from runledger_private.in_scope(p_with, p_user_id, p_workflow_id, p_everybody);
  else
    select x.* into o from runledger.workflow_executions x
     where x.id = (
       select b.id from (
         select y.id, y.status, y.started_at from runledger.workflow_executions y
          where y.workflow_id = e.workflow_id and y.created_by = e.created_by
            and (y.started_at, y.id) < (e.started_at, e.id)
          order by y.started_at desc, y.id desc limit 1000) b
        where b.status = 'completed' order by b.started_at desc, b.id desc limit 1);
  end if;
  return jsonb_build_object(
    'execution', runledger_private.execution_document(e, v_parts),
    'other', case when o.id is not null then runledger_private.execution_document(o, v_parts) end);
end $$;

-- schemas/proof/execution_story.sql

/* Everything the ledger holds of one execution, by row id or Temporal workflow id; null when there is none.
   Callers: Ledger.story. */
-- for: service_role
create function runledger.execution_story(p_ref text) returns jsonb
language sql stable
set search_path = ''
as $$
  select runledger_private.story_parts(e) || jsonb_build_object(
    'execution', to_jsonb(e),
    'workflow_name', (select w.name from runledger.workflows w where w.id = e.workflow_id),
    'followed', case when e.engine = 'temporal' then (select to_jsonb(f) from runledger_private.followed(e, c) f) end,
    'timeline', (select to_jsonb(t) from runledger.execution_timelines t where t.execution_id = e.id))
    from runledger.workflow_executions e
    left join runledger.execution_checks c on c.execution_id = e.id
   where e.id = runledger_private.find_execution(p_ref);
$$;

-- schemas/proof/own_figures.sql

/* The unsettled executions of one user in a namespace, as figures of their own: what a proof says to a tenant. Counts
   no further than 10,000. Callers: Ledger.ownFigures. Returns { open, health, unchecked, oldestCheckAgeMs, capped }. */
-- for: service_role
create function runledger.own_figures(p_user_id text, p_namespace text) returns jsonb
language sql stable
set search_path = ''
as $$
  with checks as (
    select c.health, c.last_check_at as at
      from runledger.workflow_executions e
      join runledger.execution_checks c on c.execution_id = e.id and c.temporal_namespace = p_namespace
     where e.created_by = p_user_id
       and (e.outcome_authority is null or (e.engine = 'temporal' and e.outcome_authority = 'reported'
         and e.lost_at is null))
     limit 10000)
  select jsonb_build_object(
    'open', (select count(*) from checks),
    'health', jsonb_build_object('live', 0, 'late', 0, 'wedged', 0, 'cancelling', 0, 'lost', 0)
      || coalesce((select jsonb_object_agg(c.health, c.n)
                     from (select health, count(*) as n from checks where health is not null group by 1) c), '{}'),
    'unchecked', (select count(*) from checks where at is null),
    'oldestCheckAgeMs', (select greatest(0, extract(epoch from clock_timestamp() - min(at)) * 1000)::bigint from checks
                          having min(at) is not null),
    'capped', (select count(*) >= 10000 from checks));
$$;

-- schemas/proof/unproven_namespaces.sql

/* Namespaces with unsettled executions that no monitor has published a proof of lately: nobody follows them. Late is
   twice the period that the proof gives, and a minute at least. One probe for each namespace there is.
   Callers: Ledger.unprovenNamespaces. Returns [{ namespace, provedAt }]. */
-- for: service_role
create function runledger.unproven_namespaces() returns jsonb
language sql stable
set search_path = ''
as $$
  with recursive n as (
    (select c.temporal_namespace as name from runledger.execution_checks c order by 1 limit 1)
    union all
    select (select c.temporal_namespace from runledger.execution_checks c where c.temporal_namespace > n.name
      order by 1 limit 1)
      from n where n.name is not null)
  select coalesce(jsonb_agg(jsonb_build_object('namespace', n.name, 'provedAt', m.proof ->> 'at') order by n.name),
    '[]')
    from n
    left join runledger.monitor_state m on m.temporal_namespace = n.name
   where n.name is not null
     -- Without any proof yet: a minute after the first execution came, so that a first start is not blamed.
     and (m.proof is not null or (
       select c.next_check_at from runledger.execution_checks c where c.temporal_namespace = n.name
        order by c.next_check_at limit 1) < clock_timestamp() - interval '1 minute')
     and coalesce((m.proof ->> 'at')::timestamptz, '-infinity') < clock_timestamp()
           - greatest(interval '1 minute', 2 * make_interval(secs => coalesce((m.proof ->> 'periodMs')::float8,
             0) / 1000));
$$;

-- schemas/lost/end_lost.sql

-- The way out of what Temporal does not know: a person says how it ended, and it is settled. Service role only.

/* Ends one execution that Temporal does not know, or settles what a report ended before. It is one when its last check
   found it lost, when it was not started in time, or when the caller has asked Temporal just now and the row has not
   changed since (`unknownAtRevision`). What the ledger may still start is not: that is cancelled. One guarded
   statement.
   Callers: end_lost_executions. */
-- for: service_role
create function runledger_private.end_lost(p_id uuid, p jsonb) returns text
language plpgsql
set search_path = ''
as $$
declare
  e runledger.workflow_executions;
begin
  update runledger.workflow_executions x
     set status = case when runledger_private.is_open(x.status) then p ->> 'status' else x.status end,
         outcome_authority = 'reported',
         lost_at = clock_timestamp(),
         error_message = case when not runledger_private.is_open(x.status) then x.error_message
                              when p ->> 'status' <> 'completed' then left(p ->> 'reason', 4000) end,
         last_transition = jsonb_build_object('source', coalesce(p ->> 'source', 'user'), 'actor', p ->> 'actor',
           'reason', left(p ->> 'reason', 4000), 'at', clock_timestamp())
   where x.id = p_id and x.engine = 'temporal' and x.outcome_authority is distinct from 'engine' and x.lost_at is null
     and not (x.status = 'pending' and coalesce(x.start_by > clock_timestamp(), false))
     and (x.revision = (p ->> 'unknownAtRevision')::bigint
          or (x.status = 'pending' and x.temporal_run_id is null and x.start_by <= clock_timestamp())
          or exists (select from runledger.execution_checks c where c.execution_id = x.id and c.health = 'lost'));
  if found then return 'applied'; end if;
  select * into e from runledger.workflow_executions x where x.id = p_id;
  return case when not found then 'not_found'
              when e.outcome_authority = 'engine' or e.lost_at is not null
                or (e.engine = 'none' and e.outcome_authority is not null) then 'already_terminal'
              else 'conflict' end;
end $$;

-- schemas/lost/end_lost_executions.sql

/* Ends executions that Temporal does not know: { execution, status, reason, actor, source, unknownAtRevision } each.
   Answers come in the order of the items. Callers: Ledger.endLost. */
-- for: service_role
create function runledger.end_lost_executions(p_items jsonb)
returns table (ordinal integer, execution_id uuid, result text, status text, authority text, revision bigint,
               cancel_requested_at timestamptz, cancel_requested_by text, cancel_reason text)
language plpgsql
set search_path = ''
as $$
declare
  i record;
begin
  for i in
    select t.ordinality::int as n, t.value as item,
           coalesce(runledger_private.present_id((t.value ->> 'execution')::uuid),
             (t.value ->> 'execution')::uuid) as id
      from jsonb_array_elements(runledger_private.unwrap(p_items)) with ordinality t order by 3, 1
  loop
    ordinal := i.n;
    execution_id := i.id;
    if not runledger_private.is_end(i.item ->> 'status')
       or coalesce(i.item ->> 'reason', '') = '' then
      raise exception 'Ending an execution that Temporal does not know needs a terminal status and a reason, not "%".',
      i.item ->> 'status'
        using errcode = 'PT400', detail = 'invalid_input', hint = 'Say how it ended, and how you know.';
    end if;
    result := runledger_private.end_lost(i.id, i.item);
    select x.status, x.outcome_authority, x.revision, x.cancel_requested_at, x.cancel_requested_by, x.cancel_reason
      into status, authority, revision, cancel_requested_at, cancel_requested_by, cancel_reason
      from runledger.workflow_executions x where x.id = i.id;
    return next;
  end loop;
end $$;

-- schemas/lost/lost_executions.sql

/* Unsettled executions of a namespace that were asked for more than p_older_than_ms ago, youngest first: lost ones and
   those that were not started in time, or with p_all every one. After the last one of a page.
   Callers: Ledger.lost. Returns one document, a list of at most 1,000. */
-- for: service_role
create function runledger.lost_executions(p_namespace text, p_limit integer, p_older_than_ms bigint default 0,
  p_all boolean default false,
                                       p_after_started_at timestamptz default null, p_after_id uuid default null)
returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(to_jsonb(f) order by f.started_at desc, f.execution_id desc), '[]')
    from (
      select (runledger_private.followed(e, c)).*
        from runledger.execution_checks c
        join runledger.workflow_executions e on e.id = c.execution_id
       where c.temporal_namespace = p_namespace
         and c.started_at <= clock_timestamp() - make_interval(secs => p_older_than_ms / 1000.0)
         and (p_all or c.health = 'lost'
              or (e.status = 'pending' and e.temporal_run_id is null and e.start_by <= clock_timestamp()))
         and (p_after_id is null or (c.started_at, c.execution_id) < (coalesce(
               (select x.started_at from runledger.execution_checks x where x.execution_id = p_after_id),
               p_after_started_at), p_after_id))
       order by c.started_at desc, c.execution_id desc
       limit least(p_limit, 1000)) f;
$$;

-- schemas/counting/execution_deltas.sql

-- Counting: every counted change leaves a signed delta in its own transaction; a folder moves deltas into cells; a read
-- adds cells and the deltas not folded yet, in one snapshot. docs/counting.md says why this is exact.

-- Buckets are numbered up to some hundreds, and what one holds of a cell are executions of an hour, a day or a life.
-- squawk-ignore-file prefer-bigint-over-int, prefer-bigint-over-smallint

-- Appended by the triggers of executions that follow changes, deleted by the folder. What left and what came;
-- null: nothing.
create table runledger.execution_deltas (
  xid xid8 not null default pg_current_xact_id(),
  created_by text not null,
  workflow_id uuid not null,
  -- The UTC hour of started_at.
  hour timestamptz not null,
  old_status text,
  new_status text,
  old_duration_ms bigint,
  new_duration_ms bigint,
  old_queue_ms bigint,
  new_queue_ms bigint,
  old_verdict text,
  new_verdict text,
  old_failure_group text,
  new_failure_group text,
  -- Describes new_failure_group.
  failure_shape text,
  -- How many bytes more, or fewer, the user's executions keep; null: as many. Where nothing else changed, no status.
  bytes bigint
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0,
        autovacuum_vacuum_insert_threshold = -1);

-- The folder's range, and a reader's own tail: both begin above the dead rows.
create index idx_execution_deltas_xid on runledger.execution_deltas (xid);
create index idx_execution_deltas_user on runledger.execution_deltas (created_by, xid);
create index idx_execution_deltas_workflow on runledger.execution_deltas (workflow_id, xid);

-- A key would cost each write another index; without either, a publication of all tables would refuse the folder's
-- delete.
alter table runledger.execution_deltas replica identity full;

alter table runledger.execution_deltas enable row level security;
create policy "a user sees the deltas of their executions" on runledger.execution_deltas
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_deltas
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_deltas to authenticated;
grant all on runledger.execution_deltas to service_role;

-- schemas/counting/execution_storage.sql

-- How many bytes the executions of a user keep (runledger_private.payload_bytes), as folded; the rest is in the deltas.
create table runledger.execution_storage (
  created_by text primary key,
  bytes bigint not null
) with (fillfactor = 80);

alter table runledger.execution_storage enable row level security;
create policy "a user sees what their executions keep" on runledger.execution_storage
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_storage
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_storage to authenticated;
grant all on runledger.execution_storage to service_role;

-- schemas/counting/payload_bytes.sql

/* What an execution keeps of what was given to it and came of it, in bytes as they are stored: compressed, and without
   the row around them. Of columns, for a whole row would be unpacked first.
   Callers: follow_new_executions, follow_execution_change, prune_counted, storage_differences. */
-- for: service_role
create function runledger_private.payload_bytes(p_input jsonb, p_output jsonb, p_failure jsonb, p_error text,
  p_snapshot jsonb, p_metadata jsonb) returns bigint
language sql stable parallel safe
return coalesce(pg_column_size(p_input), 0)::bigint + coalesce(pg_column_size(p_output), 0)
  + coalesce(pg_column_size(p_failure), 0) + coalesce(pg_column_size(p_error), 0)
  + coalesce(pg_column_size(p_snapshot), 0) + coalesce(pg_column_size(p_metadata), 0);

-- schemas/counting/execution_stats.sql

-- Buckets are numbered up to some hundreds, and what one holds are executions of an hour, a day or a life.
-- squawk-ignore-file prefer-bigint-over-int, prefer-bigint-over-smallint

-- Folded cells. Scopes: a user and a workflow; a user (workflow_id is the nil uuid); a workflow (created_by is empty).
create table runledger.execution_stats (
  created_by text not null,
  workflow_id uuid not null,
  grain text not null,
  -- UTC; -infinity for the whole life.
  starts_at timestamptz not null,
  -- How many executions there are by status, at the place of each (runledger_private.status_number); 0 where it ends.
  counts bigint[] not null default '{}',
  duration_count bigint not null default 0,
  duration_sum bigint not null default 0,
  duration_min bigint,
  duration_max bigint,
  -- Log buckets (runledger_private.bucket_of) and how many each holds; none for the whole life, which is read from its
  -- days.
  duration_buckets smallint[],
  duration_counts integer[],
  queue_count bigint not null default 0,
  queue_sum bigint not null default 0,
  queue_min bigint,
  queue_max bigint,
  queue_buckets smallint[],
  queue_counts integer[],
  -- A smallest or largest value may have left: they are found anew by the next folds.
  is_stale boolean not null default false,
  primary key (created_by, grain, workflow_id, starts_at),
  constraint grain_is_hour_day_or_life check (grain in ('hour', 'day', 'life'))
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);

create index idx_execution_stats_hours on runledger.execution_stats (starts_at) where grain = 'hour';
create index idx_execution_stats_stale on runledger.execution_stats (starts_at) where is_stale;

alter table runledger.execution_stats enable row level security;
create policy "a user sees their own statistics" on runledger.execution_stats
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_stats
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_stats to authenticated;
grant all on runledger.execution_stats to service_role;

-- schemas/counting/execution_label_stats.sql

-- The same cells for verdicts and for kinds of failures.
create table runledger.execution_label_stats (
  created_by text not null,
  workflow_id uuid not null,
  grain text not null,
  starts_at timestamptz not null,
  kind text not null,
  label text not null,
  description text,
  executions bigint not null,
  primary key (created_by, kind, grain, workflow_id, starts_at, label),
  constraint label_grain_is_hour_day_or_life check (grain in ('hour', 'day', 'life')),
  constraint label_kind_is_verdict_or_failure check (kind in ('verdict', 'failure'))
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);

create index idx_execution_label_stats_hours on runledger.execution_label_stats (starts_at) where grain = 'hour';

alter table runledger.execution_label_stats enable row level security;
create policy "a user sees the verdicts and failures of their executions" on runledger.execution_label_stats
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_label_stats
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_label_stats to authenticated;
grant all on runledger.execution_label_stats to service_role;

-- schemas/counting/execution_stats_pruned.sql

-- Buckets are numbered up to some hundreds, and what one holds are executions of an hour, a day or a life.
-- squawk-ignore-file prefer-bigint-over-int, prefer-bigint-over-smallint

-- What was pruned, so that counters never shrink by it: hours while there are hour cells, else days.
create table runledger.execution_stats_pruned (
  created_by text not null references runledger.users (id) on update cascade on delete cascade,
  workflow_id uuid not null references runledger.workflows (id) on delete cascade,
  grain text not null,
  starts_at timestamptz not null,
  -- By status, as in execution_stats.
  counts bigint[] not null default '{}',
  duration_count bigint not null default 0,
  duration_sum bigint not null default 0,
  duration_min bigint,
  duration_max bigint,
  duration_buckets smallint[],
  duration_counts integer[],
  queue_count bigint not null default 0,
  queue_sum bigint not null default 0,
  queue_min bigint,
  queue_max bigint,
  queue_buckets smallint[],
  queue_counts integer[],
  -- Label to number of executions.
  verdicts jsonb not null default '{}',
  failures jsonb not null default '{}',
  primary key (created_by, workflow_id, grain, starts_at),
  constraint pruned_grain_is_hour_or_day check (grain in ('hour', 'day'))
);

create index idx_execution_stats_pruned_workflow on runledger.execution_stats_pruned (workflow_id);

alter table runledger.execution_stats_pruned enable row level security;
create policy "a user sees what was pruned of theirs" on runledger.execution_stats_pruned
  for select to authenticated using (created_by = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_stats_pruned
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_stats_pruned to authenticated;
grant all on runledger.execution_stats_pruned to service_role;

-- schemas/counting/fold_state.sql

create table runledger.fold_state (
  one boolean primary key default true,
  -- No delta below this transaction id of this cluster is left: where scans begin.
  folded_below xid8 not null default '0',
  cluster bigint,
  -- Hour cells are kept from here on.
  hours_from timestamptz not null default '-infinity',
  folded_at timestamptz,
  constraint there_is_one_fold_state check (one)
) with (fillfactor = 10);

insert into runledger.fold_state default values;

alter table runledger.fold_state enable row level security;
create policy "only the service role sees the state of the folder" on runledger.fold_state
  for select to authenticated using (false);

create trigger refuse_truncate before truncate on runledger.fold_state
  for each statement execute function runledger_private.refuse_truncate();

grant all on runledger.fold_state to service_role;

-- schemas/counting/bucket_of.sql

/* The log bucket of a time in milliseconds (DDSketch, Masson et al. 2019): bucket i holds (g^(i-1), g^i] with
   g = 1.02 / 0.98, so its middle is within 2 % of all it holds; -1 holds 0. Callers: everything that counts times. */
-- for: service_role, authenticated
create function runledger_private.bucket_of(ms bigint) returns smallint
language sql immutable parallel safe
return case when ms <= 0 then -1 else ceil(ln(ms::float8) / ln(1.02::float8 / 0.98::float8)) end::smallint;

-- schemas/counting/bucket_ms.sql

/* The time in milliseconds that stands for a bucket. Callers: everything that reads percentiles. */
-- for: service_role, authenticated
create function runledger_private.bucket_ms(bucket integer) returns double precision
language sql immutable parallel safe
return case when bucket < 0 then 0 else
  2 * power(1.02::float8 / 0.98::float8, bucket) / (1.02::float8 / 0.98::float8 + 1) end;

-- schemas/counting/queue_ms.sql

/* Milliseconds between the request and the first workflow task. Callers: follow_execution_change,
   follow_new_executions, recounts. */
-- for: service_role
create function runledger_private.queue_ms(started_at timestamptz, first_task_at timestamptz) returns bigint
language sql immutable parallel safe
return case when first_task_at is not null
  then greatest(0, round(extract(epoch from first_task_at - started_at) * 1000)) end::bigint;

-- schemas/counting/folded_below.sql

/* Where unfolded deltas begin. A bound that came from another cluster, with a dump or a copy, says nothing of this
   one's transaction ids, whichever are larger: then all deltas are unfolded. Callers: every read, the folder. */
-- for: service_role, authenticated
create function runledger_private.folded_below() returns xid8
language plpgsql stable security definer
set search_path = ''
as $$
begin
  return (select case when s.cluster = (select c.system_identifier from pg_control_system() c)
                           and s.folded_below <= pg_snapshot_xmax(pg_current_snapshot()) then s.folded_below
                             else '0'::xid8 end
            from runledger.fold_state s);
end $$;

-- schemas/counting/cell_change.sql

-- The folder: moves deltas into cells.

-- Buckets are numbered up to some hundreds, and what one holds are executions of an hour, a day or a life.
-- squawk-ignore-file prefer-bigint-over-int, prefer-bigint-over-smallint

-- What is to be added to a cell; minus subtracts. `lost` values have left.
create type runledger_private.cell_change as (
  created_by text, workflow_id uuid, grain text, starts_at timestamptz,
  -- By status, as in execution_stats.
  counts bigint[],
  duration_count bigint, duration_sum bigint, duration_min bigint, duration_max bigint,
  lost_duration_min bigint, lost_duration_max bigint,
  queue_count bigint, queue_sum bigint, queue_min bigint, queue_max bigint, lost_queue_min bigint,
  lost_queue_max bigint,
  -- Whether its histograms change.
  has_durations boolean, has_queues boolean);

-- schemas/counting/bucket_change.sql

-- `cell` counts the changes of cells from 1.
create type runledger_private.bucket_change as (cell integer, is_queue boolean, bucket smallint, n integer);

-- schemas/counting/label_change.sql

create type runledger_private.label_change as (
  created_by text, workflow_id uuid, grain text, starts_at timestamptz, kind text, label text, description text,
  n bigint);

-- schemas/counting/counts_of.sql

/* Numbers of executions by status as counters keep them: at the place of each status (status_number), 0 between, and
   nothing after the last. p_places ascend. Callers: whatever makes changes of cells. */
-- for: service_role
create function runledger_private.counts_of(p_places integer[], p_counts bigint[]) returns bigint[]
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  v_counts bigint[] := '{}';
begin
  for i in 1 .. coalesce(cardinality(p_places), 0) loop
    for j in coalesce(cardinality(v_counts), 0) + 1 .. p_places[i] - 1 loop
      v_counts[j] := 0;
    end loop;
    v_counts[p_places[i]] := p_counts[i];
  end loop;
  return v_counts;
end $$;

-- schemas/counting/merge_cells.sql

/* Adds changes to the cells. The only writer of cells; its callers hold the lock of the folder. Planned anew each
   time, for the length of the arrays decides; the limit makes every cell a look into the key, never a scan of all.
   What is there is updated at its place and the rest inserted: `on conflict` would write a lock of each cell to the
   WAL, which the lock of the folder makes needless. Callers: fold_execution_stats, rebuild_execution_stats,
   add_pruned. */
-- for: service_role
create function runledger_private.merge_cells(p_cells runledger_private.cell_change[],
  p_buckets runledger_private.bucket_change[],
                                    p_labels runledger_private.label_change[]) returns void
language plpgsql
set search_path = ''
set work_mem = '64MB'
set plan_cache_mode = force_custom_plan
-- Also where statistics of the cells are old, or not there yet.
set enable_seqscan = off
as $$
#variable_conflict use_column
begin
  with known as materialized (
    select c.*, s.ctid as place, s.counts as known_counts, s.duration_buckets, s.duration_counts,
           s.queue_buckets, s.queue_counts,
           -- What left may have been the smallest or largest of the cell, or of what comes with it.
           -- Not true also where the cell knows of none: what left may have yet to come, with later deltas.
           (c.lost_duration_min is not null and (c.lost_duration_min > least(s.duration_min, c.duration_min)
              and c.lost_duration_max < greatest(s.duration_max, c.duration_max)) is not true)
             or (c.lost_queue_min is not null and (c.lost_queue_min > least(s.queue_min, c.queue_min)
              and c.lost_queue_max < greatest(s.queue_max, c.queue_max)) is not true) as is_stale
      from unnest(p_cells) with ordinality c (created_by, workflow_id, grain, starts_at, counts, duration_count,
             duration_sum, duration_min, duration_max,
             lost_duration_min,
             lost_duration_max, queue_count, queue_sum, queue_min, queue_max, lost_queue_min, lost_queue_max,
             has_durations,
             has_queues, cell)
      left join lateral (
        select s.ctid, s.* from runledger.execution_stats s
         where s.created_by = c.created_by and s.grain = c.grain and s.workflow_id = c.workflow_id
           and s.starts_at = c.starts_at
         limit 1) s on true),
  bucket as (
    select cell, is_queue, bucket, sum(n)::int as n from (
      select * from unnest(p_buckets)
      union all
      select k.cell, false, u.bucket, u.n from known k, unnest(k.duration_buckets, k.duration_counts) u (bucket, n)
        where k.has_durations
      union all
      select k.cell, true, u.bucket, u.n from known k, unnest(k.queue_buckets, k.queue_counts) u (bucket, n)
        where k.has_queues) b
     group by 1, 2, 3),
  histogram as materialized (
    select cell, is_queue, coalesce(array_agg(bucket order by bucket) filter (where n <> 0), '{}') as buckets,
           coalesce(array_agg(n order by bucket) filter (where n <> 0), '{}') as counts
      from bucket group by 1, 2),
  change as materialized (
    select k.*,
           array(select coalesce(u.known, 0) + coalesce(u.added, 0)
             from unnest(k.known_counts, k.counts) u (known, added)) as new_counts,
           coalesce(d.buckets, k.duration_buckets) as new_duration_buckets,
           coalesce(d.counts, k.duration_counts) as new_duration_counts,
           coalesce(q.buckets, k.queue_buckets) as new_queue_buckets,
           coalesce(q.counts, k.queue_counts) as new_queue_counts
      from known k
      left join histogram d on d.cell = k.cell and not d.is_queue
      left join histogram q on q.cell = k.cell and q.is_queue),
  updated as (
    update runledger.execution_stats s set
        counts = c.new_counts,
        duration_count = s.duration_count + c.duration_count, duration_sum = s.duration_sum + c.duration_sum,
        duration_min = least(s.duration_min, c.duration_min), duration_max = greatest(s.duration_max, c.duration_max),
        queue_count = s.queue_count + c.queue_count, queue_sum = s.queue_sum + c.queue_sum,
        queue_min = least(s.queue_min, c.queue_min), queue_max = greatest(s.queue_max, c.queue_max),
        duration_buckets = c.new_duration_buckets, duration_counts = c.new_duration_counts,
        queue_buckets = c.new_queue_buckets, queue_counts = c.new_queue_counts, is_stale = s.is_stale or c.is_stale
      from change c
     -- The array makes it a look at these places, never a scan of all cells.
     where s.ctid = c.place and s.ctid = any (array(select k.place from known k where k.place is not null)))
  insert into runledger.execution_stats (created_by, workflow_id, grain, starts_at, counts,
      duration_count, duration_sum, duration_min, duration_max, queue_count, queue_sum, queue_min, queue_max,
      duration_buckets, duration_counts, queue_buckets, queue_counts, is_stale)
    select c.created_by, c.workflow_id, c.grain, c.starts_at,
           c.new_counts, c.duration_count, c.duration_sum, c.duration_min, c.duration_max, c.queue_count,
           c.queue_sum, c.queue_min, c.queue_max,
           c.new_duration_buckets, c.new_duration_counts, c.new_queue_buckets, c.new_queue_counts, c.is_stale
      from change c where c.place is null;

  -- A cell that nothing is left in goes, so that a deleted user leaves nothing behind; a stale one when it is looked
  -- at.
  delete from runledger.execution_stats s where s.ctid = any (array(
    select x.ctid from unnest(p_cells) c
      cross join lateral (
        select s.ctid from runledger.execution_stats s
         where s.created_by = c.created_by and s.grain = c.grain and s.workflow_id = c.workflow_id
           and s.starts_at = c.starts_at
           and not s.is_stale and 0 = all (s.counts)
           and (s.duration_count, s.duration_sum, s.queue_count, s.queue_sum) = (0, 0, 0, 0)
         limit 1) x
     where (select sum(n) from unnest(c.counts) n) < 0));

  if p_labels is null then return; end if;
  insert into runledger.execution_label_stats as s (created_by, workflow_id, grain, starts_at, kind, label, description,
    executions)
    select created_by, workflow_id, grain, starts_at, kind, label, description, n from unnest(p_labels)
  on conflict (created_by, kind, grain, workflow_id, starts_at, label) do update
    set executions = s.executions + excluded.executions, description = coalesce(s.description, excluded.description);
  delete from runledger.execution_label_stats s where s.ctid = any (array(
    select x.ctid from unnest(p_labels) c
      cross join lateral (
        select s.ctid from runledger.execution_label_stats s
         where s.created_by = c.created_by and s.kind = c.kind and s.grain = c.grain and s.workflow_id = c.workflow_id
           and s.starts_at = c.starts_at and s.label = c.label and s.executions = 0
         limit 1) x
     where c.n < 0));
end $$;

-- schemas/counting/cells_of.sql

/* Every cell that an hour of a user's workflow counts in. Callers: the folder, prunes, recounts. */
-- for: service_role
create function runledger_private.cells_of(p_user text, p_workflow uuid, p_from timestamptz, p_hours_from timestamptz,
  p_grain text default 'hour')
returns table (created_by text, workflow_id uuid, grain text, starts_at timestamptz)
language sql immutable parallel safe
begin atomic
  select case when k.by_user then p_user else '' end,
         case when k.by_workflow then p_workflow else '00000000-0000-0000-0000-000000000000' end,
         g.grain,
         case g.grain when 'hour' then p_from when 'day' then date_trunc('day', p_from, 'UTC') else '-infinity' end
    from (values (true, true), (true, false), (false, true)) k (by_user, by_workflow),
         (values ('hour'), ('day'), ('life')) g (grain)
   where g.grain <> 'hour' or (p_grain = 'hour' and p_from >= p_hours_from);
end;

-- schemas/counting/signs_of.sql

/* What a delta takes away (n = -1) and adds (n = 1). A time that stays is in neither, so that it does not look like a
   loss. Callers: the folder, every read of the tail. */
-- for: service_role, authenticated
create function runledger_private.signs_of(d runledger.execution_deltas)
returns table (n integer, status text, duration_ms bigint, queue_ms bigint, verdict text, failure_group text,
  failure_shape text)
language sql immutable parallel safe
begin atomic
  select v.*
    from (values
      (-1, d.old_status,
       case when d.old_duration_ms is distinct from d.new_duration_ms then d.old_duration_ms end,
       case when d.old_queue_ms is distinct from d.new_queue_ms then d.old_queue_ms end,
       case when d.old_verdict is distinct from d.new_verdict then d.old_verdict end,
       case when d.old_failure_group is distinct from d.new_failure_group then d.old_failure_group end, null),
      (1, d.new_status,
       case when d.old_duration_ms is distinct from d.new_duration_ms then d.new_duration_ms end,
       case when d.old_queue_ms is distinct from d.new_queue_ms then d.new_queue_ms end,
       case when d.old_verdict is distinct from d.new_verdict then d.new_verdict end,
       case when d.old_failure_group is distinct from d.new_failure_group then d.new_failure_group end,
       d.failure_shape))
      v (n, status, duration_ms, queue_ms, verdict, failure_group, failure_shape)
   where v.status is not null;
end;

-- schemas/counting/store_bytes.sql

/* Adds to what the executions of users keep, by what deltas say. Who keeps nothing is not named any more.
   Callers: fold_execution_stats, repair_stats. */
-- for: service_role
create function runledger_private.store_bytes(p_users text[], p_bytes bigint[]) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into runledger.execution_storage as s (created_by, bytes)
    select u.id, u.bytes from unnest(p_users, p_bytes) u (id, bytes)
    on conflict (created_by) do update set bytes = s.bytes + excluded.bytes;
  delete from runledger.execution_storage s where s.created_by = any (p_users) and s.bytes = 0;
end $$;

-- schemas/counting/fold_execution_stats.sql

/* Folds at most p_limit deltas into the cells and finds smallest and largest values anew where one may have left.
   Answers how many it folded; -1: somebody else is folding. Call it again while it answers p_limit.
   Callers: pg_cron where it exists, Ledger.fold, tests. */
-- for: service_role
create function runledger.fold_execution_stats(p_limit integer default 20000) returns integer
language plpgsql
set search_path = ''
set work_mem = '64MB'
-- Deltas are many more than the planner thinks.
set enable_nestloop = off
as $$
declare
  v_below xid8;
  v_undecided xid8;
  v_last xid8;
  v_hours_from timestamptz;
  v_folded integer;
  v_cells runledger_private.cell_change[];
  v_buckets runledger_private.bucket_change[];
  v_labels runledger_private.label_change[];
  v_users text[];
  v_bytes bigint[];
begin
  select s.hours_from into v_hours_from from runledger.fold_state s for update skip locked;
  if not found then return -1; end if;
  v_below := runledger_private.folded_below();
  -- Before the snapshot of the delete: whatever that does not see has this transaction id or a later one.
  v_undecided := pg_snapshot_xmin(pg_current_snapshot());

  with gone as (
    delete from runledger.execution_deltas d
     where d.ctid = any (array(select x.ctid from runledger.execution_deltas x where x.xid >= v_below
       order by x.xid limit p_limit))
    returning d.*),
  sign as materialized (
    select dense_rank() over (order by g.created_by, g.workflow_id, g.hour) as place, g.created_by, g.workflow_id,
           g.hour, v.*
      from gone g, lateral runledger_private.signs_of(g) v),
  counted as materialized (
    select place, min(created_by) as created_by, (array_agg(workflow_id))[1] as workflow_id, min(hour) as hour,
           coalesce(sum(n) filter (where duration_ms is not null), 0)::int as duration_count,
           coalesce(sum(n * duration_ms), 0) as duration_sum,
           min(duration_ms) filter (where n > 0) as duration_min, max(duration_ms) filter (where n > 0) as duration_max,
           min(duration_ms) filter (where n < 0) as lost_duration_min,
           max(duration_ms) filter (where n < 0) as lost_duration_max,
           coalesce(sum(n) filter (where queue_ms is not null), 0)::int as queue_count,
           coalesce(sum(n * queue_ms), 0) as queue_sum,
           min(queue_ms) filter (where n > 0) as queue_min, max(queue_ms) filter (where n > 0) as queue_max,
           min(queue_ms) filter (where n < 0) as lost_queue_min, max(queue_ms) filter (where n < 0) as lost_queue_max,
           bool_or(duration_ms is not null) as has_durations, bool_or(queue_ms is not null) as has_queues
      from sign group by 1),
  part as materialized (
    select c.place, dense_rank() over (order by k.created_by, k.workflow_id, k.grain, k.starts_at)::int as cell, k.*
      from counted c, lateral runledger_private.cells_of(c.created_by, c.workflow_id, c.hour, v_hours_from) k),
  status_count as (
    select k.cell, s.status, sum(s.n)::bigint as n
      from (select place, runledger_private.status_number(status) as status, sum(n) as n from sign group by 1, 2) s
      join part k using (place) group by 1, 2),
  counts as materialized (
    select s.cell, runledger_private.counts_of(array_agg(s.status order by s.status), array_agg(s.n order by s.status))
           as counts
      from status_count s group by 1),
  cell as (
    select k.cell, row(min(k.created_by), (array_agg(k.workflow_id))[1], min(k.grain), min(k.starts_at),
           s.counts, sum(duration_count), sum(duration_sum), min(duration_min), max(duration_max),
           min(lost_duration_min), max(lost_duration_max),
           sum(queue_count), sum(queue_sum), min(queue_min), max(queue_max), min(lost_queue_min), max(lost_queue_max),
           bool_or(has_durations) and min(k.grain) <> 'life', bool_or(has_queues)
             and min(k.grain) <> 'life')::runledger_private.cell_change as change
      from part k join counted c using (place) join counts s using (cell) group by k.cell, s.counts),
  bucket as (
    select k.cell, b.is_queue, b.bucket, sum(b.n)::int
      from (
        select s.place, t.is_queue, runledger_private.bucket_of(t.ms) as bucket, sum(s.n)::int as n
          from sign s, lateral (values (false, s.duration_ms), (true, s.queue_ms)) t (is_queue, ms)
         where t.ms is not null group by 1, 2, 3 having sum(s.n) <> 0) b
      join part k using (place)
     where k.grain <> 'life'
     group by 1, 2, 3),
  label as (
    select k.created_by, k.workflow_id, k.grain, k.starts_at, l.kind, l.label, max(l.description), sum(l.n)
      from (
        select s.created_by, s.workflow_id, s.hour, t.kind, t.label, max(t.description) as description, sum(s.n) as n
          from sign s, lateral (values ('verdict', s.verdict, null),
            ('failure', s.failure_group, s.failure_shape)) t (kind, label, description)
         where t.label is not null group by 1, 2, 3, 4, 5 having sum(s.n) <> 0) l,
           lateral runledger_private.cells_of(l.created_by, l.workflow_id, l.hour, v_hours_from) k
     group by 1, 2, 3, 4, 5, 6 having sum(l.n) <> 0),
  kept as (
    select g.created_by, sum(g.bytes)::bigint as bytes from gone g where g.bytes is not null group by 1
    having sum(g.bytes) <> 0)
  select (select count(*) from gone), (select (array_agg(g.xid order by g.xid desc))[1] from gone g),
         (select array_agg(c.change order by c.cell) from cell c),
         (select array_agg(row(b.*)::runledger_private.bucket_change) from bucket b),
         (select array_agg(row(l.*)::runledger_private.label_change) from label l),
         (select array_agg(k.created_by order by k.created_by) from kept k),
         (select array_agg(k.bytes order by k.created_by) from kept k)
    into v_folded, v_last, v_cells, v_buckets, v_labels, v_users, v_bytes;

  if v_cells is not null then
    perform runledger_private.merge_cells(v_cells, v_buckets, v_labels);
  end if;
  if v_users is not null then
    perform runledger_private.store_bytes(v_users, v_bytes);
  end if;
  update runledger.fold_state set folded_at = clock_timestamp(),
    cluster = (select c.system_identifier from pg_control_system() c),
    folded_below = case when v_folded < p_limit then v_undecided else least(v_undecided, v_last) end;
  -- Only what is folded to its end: of a part, a value may have left whose coming is in the next part.
  if v_folded < p_limit then
    perform runledger_private.find_extremes(200);
  end if;
  perform runledger_private.trim_hours(5000);
  return v_folded;
end $$;

-- schemas/counting/fold_schedule.sql

-- Where the database has pg_cron, it folds by itself; elsewhere the monitor does.
do $$
begin
  if exists (select from pg_catalog.pg_extension where extname = 'pg_cron') then
    perform cron.schedule('runledger-fold', '20 seconds', 'select runledger.fold_execution_stats()');
  end if;
end $$;

-- schemas/counting/extremes_of_rows.sql

/* Smallest and largest times of a scope's executions started in [p_from, p_to), pruned ones included.
   Callers: find_extremes. */
-- for: service_role
create function runledger_private.extremes_of_rows(p_user text, p_workflow uuid, p_from timestamptz, p_to timestamptz,
  out duration_min bigint, out duration_max bigint, out queue_min bigint, out queue_max bigint)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_variable
begin
  -- A branch each, so that each has its index.
  if p_user = '' then
    select min(e.duration_ms), max(e.duration_ms), min(runledger_private.queue_ms(e.started_at, e.first_task_at)),
           max(runledger_private.queue_ms(e.started_at, e.first_task_at))
      into duration_min, duration_max, queue_min, queue_max
      from runledger.workflow_executions e
     where e.workflow_id = p_workflow and e.started_at >= p_from and e.started_at < p_to;
  elsif p_workflow = '00000000-0000-0000-0000-000000000000' then
    select min(e.duration_ms), max(e.duration_ms), min(runledger_private.queue_ms(e.started_at, e.first_task_at)),
           max(runledger_private.queue_ms(e.started_at, e.first_task_at))
      into duration_min, duration_max, queue_min, queue_max
      from runledger.workflow_executions e
     where e.created_by = p_user and e.started_at >= p_from and e.started_at < p_to;
  else
    select min(e.duration_ms), max(e.duration_ms), min(runledger_private.queue_ms(e.started_at, e.first_task_at)),
           max(runledger_private.queue_ms(e.started_at, e.first_task_at))
      into duration_min, duration_max, queue_min, queue_max
      from runledger.workflow_executions e
     where e.created_by = p_user and e.workflow_id = p_workflow and e.started_at >= p_from and e.started_at < p_to;
  end if;
  select least(duration_min, min(p.duration_min)), greatest(duration_max, max(p.duration_max)),
         least(queue_min, min(p.queue_min)), greatest(queue_max, max(p.queue_max))
    into duration_min, duration_max, queue_min, queue_max
    from runledger.execution_stats_pruned p
   where (p_user = '' or p.created_by = p_user)
     and (p_workflow = '00000000-0000-0000-0000-000000000000' or p.workflow_id = p_workflow)
     and p.starts_at >= p_from and p.starts_at < p_to;
end $$;

-- schemas/counting/find_extremes.sql

/* Finds smallest and largest values of stale cells anew: hours from rows, days from their hours while these are kept,
   a life from its days. What is not folded yet may be in them already; folding it changes nothing then, and its leaving
   makes the cell stale again. Its callers have folded all there was to fold, and hold the lock of the folder.
   Callers: fold_execution_stats, rebuild_execution_stats. */
-- for: service_role
create function runledger_private.find_extremes(p_limit integer) returns void
language plpgsql
set search_path = ''
-- Also where statistics of the cells are old, or not there yet.
set enable_seqscan = off
as $$
declare
  c runledger.execution_stats;
  v_hours_from timestamptz;
  v_span interval;
  v_from_rows boolean;
  v_parts text;
  x record;
begin
  delete from runledger.execution_stats s
   where s.is_stale and 0 = all (s.counts)
     and (s.duration_count, s.duration_sum, s.queue_count, s.queue_sum) = (0, 0, 0, 0);
  select s.hours_from into v_hours_from from runledger.fold_state s;
  for c in
    select * from runledger.execution_stats s where s.is_stale
     order by array_position(array['hour', 'day', 'life'], s.grain) limit p_limit
  loop
    v_span := case c.grain when 'hour' then interval '1 hour' else interval '1 day' end;
    v_from_rows := c.grain = 'hour' or (c.grain = 'day' and c.starts_at < v_hours_from);
    if v_from_rows then
      select * into x from runledger_private.extremes_of_rows(c.created_by, c.workflow_id, c.starts_at,
        c.starts_at + v_span);
    else
      v_parts := case c.grain when 'day' then 'hour' else 'day' end;
      select min(s.duration_min) as duration_min, max(s.duration_max) as duration_max, min(s.queue_min) as queue_min,
             max(s.queue_max) as queue_max, bool_or(s.is_stale) as waits
        into x
        from runledger.execution_stats s
       where s.created_by = c.created_by and s.workflow_id = c.workflow_id and s.grain = v_parts
         and (c.grain = 'life' or (s.starts_at >= c.starts_at and s.starts_at < c.starts_at + v_span));
      continue when x.waits;
    end if;
    update runledger.execution_stats s
       set duration_min = x.duration_min, duration_max = x.duration_max, queue_min = x.queue_min,
           queue_max = x.queue_max,
           is_stale = false
     where s.created_by = c.created_by and s.grain = c.grain and s.workflow_id = c.workflow_id
       and s.starts_at = c.starts_at;
  end loop;
end $$;

-- schemas/counting/trim_hours.sql

/* Moves on, once a day, from where hour cells are kept (35 days), and deletes some of the older ones.
   Callers: fold_execution_stats. */
-- for: service_role
create function runledger_private.trim_hours(p_limit integer) returns void
language plpgsql
set search_path = ''
-- Also where statistics of the cells are old, or not there yet.
set enable_seqscan = off
as $$
declare
  v_from timestamptz;
begin
  update runledger.fold_state s set hours_from = date_trunc('day', now() - interval '35 days', 'UTC')
   where s.hours_from < date_trunc('day', now() - interval '35 days', 'UTC');
  select s.hours_from into v_from from runledger.fold_state s;
  delete from runledger.execution_stats s where s.ctid = any (array(
    select x.ctid from runledger.execution_stats x where x.grain = 'hour' and x.starts_at < v_from
      order by x.starts_at limit p_limit));
  delete from runledger.execution_label_stats s where s.ctid = any (array(
    select x.ctid from runledger.execution_label_stats x where x.grain = 'hour' and x.starts_at < v_from
      order by x.starts_at limit p_limit));
end $$;

-- schemas/counting/add_histograms.sql

-- What was pruned goes on counting.

/* Two histograms in one. Callers: prune_counted. */
-- for: service_role
create function runledger_private.add_histograms(a_buckets smallint[], a_counts integer[], b_buckets smallint[],
  b_counts integer[],
  out buckets smallint[], out counts integer[])
language sql immutable parallel safe
set search_path = ''
as $$
  select array_agg(x.bucket order by x.bucket), array_agg(x.n order by x.bucket)
    from (select u.bucket, sum(u.n)::int as n
            from (select * from unnest(a_buckets, a_counts) a (bucket, n)
                  union all select * from unnest(b_buckets, b_counts) b (bucket, n)) u
           where u.bucket is not null group by 1) x;
$$;

-- schemas/counting/add_labels.sql

/* Two maps of label to number in one. Callers: prune_counted. */
-- for: service_role
create function runledger_private.add_labels(a jsonb, b jsonb) returns jsonb
language sql immutable parallel safe
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(x.key, x.n), '{}')
    from (select u.key, sum(u.value::bigint) as n
            from (select * from jsonb_each_text(a) union all select * from jsonb_each_text(b)) u group by 1) x;
$$;

-- schemas/counting/keep_pruned.sql

/* Adds what the deleted executions of these parts counted to what is kept of such parts already; the triggers count it.
   Callers: prune_counted, merge_pruned_of_user. */
-- for: service_role
create function runledger_private.keep_pruned(p_parts runledger.execution_stats_pruned[]) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into runledger.execution_stats_pruned as s
    select * from unnest(p_parts)
  on conflict (created_by, workflow_id, grain, starts_at) do update set
    counts = array(select coalesce(u.known, 0) + coalesce(u.added, 0)
      from unnest(s.counts, excluded.counts) u (known, added)),
    duration_count = s.duration_count + excluded.duration_count,
    duration_sum = s.duration_sum + excluded.duration_sum,
    duration_min = least(s.duration_min, excluded.duration_min),
    duration_max = greatest(s.duration_max, excluded.duration_max),
    (duration_buckets, duration_counts) = (select * from runledger_private.add_histograms(
      s.duration_buckets, s.duration_counts, excluded.duration_buckets, excluded.duration_counts)),
    queue_count = s.queue_count + excluded.queue_count, queue_sum = s.queue_sum + excluded.queue_sum,
    queue_min = least(s.queue_min, excluded.queue_min), queue_max = greatest(s.queue_max, excluded.queue_max),
    (queue_buckets, queue_counts) = (select * from runledger_private.add_histograms(
      s.queue_buckets, s.queue_counts, excluded.queue_buckets, excluded.queue_counts)),
    verdicts = runledger_private.add_labels(s.verdicts, excluded.verdicts),
    failures = runledger_private.add_labels(s.failures, excluded.failures);
end $$;

-- schemas/counting/prune_counted.sql

/* Deletes ended executions and, in the same transaction, keeps what they count: cells and tail do not change.
   Users and workflows are locked first, in the order in which their own deletion goes through the tables.
   Callers: the retention functions. */
-- for: service_role
create function runledger_private.prune_counted(p_ids uuid[]) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_hours_from timestamptz := (select s.hours_from from runledger.fold_state s);
  v_deleted integer;
  v_parts runledger.execution_stats_pruned[];
  v_users text[];
  v_workflows uuid[];
  v_bytes bigint[];
begin
  perform runledger_private.lock_owners(p_ids);
  perform set_config('runledger.pruning', pg_current_xact_id()::text, true);
  with gone as (
    delete from runledger.workflow_executions e where e.id = any (p_ids) and not runledger_private.is_open(e.status)
    returning e.created_by, e.workflow_id, e.status, e.duration_ms,
              runledger_private.queue_ms(e.started_at, e.first_task_at) as queue_ms,
              e.verdict, e.failure_group, date_trunc('hour', e.started_at, 'UTC') as hour,
              runledger_private.payload_bytes(e.input, e.output, e.failure, e.error_message, e.state_snapshot,
                e.metadata) as bytes),
  freed as (
    select g.created_by, (array_agg(g.workflow_id))[1] as workflow_id, sum(g.bytes)::bigint as bytes from gone g
     group by 1),
  part as materialized (
    select g.*, case when g.hour >= v_hours_from then 'hour' else 'day' end as grain,
           case when g.hour >= v_hours_from then g.hour else date_trunc('day', g.hour, 'UTC') end as starts_at
      from gone g),
  histogram as (
    select h.created_by, h.workflow_id, h.grain, h.starts_at, h.kind,
           array_agg(h.bucket order by h.bucket) as buckets, array_agg(h.n order by h.bucket) as counts
      from (select p.created_by, p.workflow_id, p.grain, p.starts_at, t.kind,
        runledger_private.bucket_of(t.ms) as bucket, count(*)::int as n
              from part p, lateral (values ('duration', p.duration_ms), ('queue', p.queue_ms)) t (kind, ms)
             where t.ms is not null group by 1, 2, 3, 4, 5, 6) h
     group by 1, 2, 3, 4, 5),
  label as (
    select l.created_by, l.workflow_id, l.grain, l.starts_at, l.kind, jsonb_object_agg(l.label, l.n) as labels
      from (select p.created_by, p.workflow_id, p.grain, p.starts_at, t.kind, t.label, count(*) as n
              from part p, lateral (values ('verdict', p.verdict), ('failure', p.failure_group)) t (kind, label)
             where t.label is not null group by 1, 2, 3, 4, 5, 6) l
     group by 1, 2, 3, 4, 5),
  counted as (
    select c.created_by, c.workflow_id, c.grain, c.starts_at,
           runledger_private.counts_of(array_agg(c.status order by c.status), array_agg(c.n order by c.status))
             as counts
      from (select p.created_by, p.workflow_id, p.grain, p.starts_at,
                   runledger_private.status_number(p.status) as status, count(*) as n
              from part p group by 1, 2, 3, 4, 5) c
     group by 1, 2, 3, 4),
  total as (
    select created_by, workflow_id, grain, starts_at,
           count(duration_ms) as duration_count, coalesce(sum(duration_ms), 0) as duration_sum,
           min(duration_ms) as duration_min, max(duration_ms) as duration_max,
           count(queue_ms) as queue_count, coalesce(sum(queue_ms), 0) as queue_sum, min(queue_ms) as queue_min,
           max(queue_ms) as queue_max
      from part group by 1, 2, 3, 4)
  select (select count(*) from gone), array(
    select row(t.created_by, t.workflow_id, t.grain, t.starts_at, c.counts, t.duration_count, t.duration_sum,
               t.duration_min, t.duration_max, d.buckets, d.counts,
               t.queue_count, t.queue_sum, t.queue_min, t.queue_max, q.buckets, q.counts,
               coalesce(v.labels, '{}'), coalesce(f.labels, '{}'))::runledger.execution_stats_pruned
      from total t
      join counted c using (created_by, workflow_id, grain, starts_at)
      left join (select * from histogram where kind = 'duration') d using (created_by, workflow_id, grain, starts_at)
      left join (select * from histogram where kind = 'queue') q using (created_by, workflow_id, grain, starts_at)
      left join (select * from label where kind = 'verdict') v using (created_by, workflow_id, grain, starts_at)
      left join (select * from label where kind = 'failure') f using (created_by, workflow_id, grain, starts_at)),
         (select array_agg(f.created_by order by f.created_by) from freed f),
         (select array_agg(f.workflow_id order by f.created_by) from freed f),
         (select array_agg(f.bytes order by f.created_by) from freed f)
    into v_deleted, v_parts, v_users, v_workflows, v_bytes;
  -- The counts stay; what was kept does not.
  insert into runledger.execution_deltas (created_by, workflow_id, hour, bytes)
    select f.id, f.workflow, date_trunc('hour', now(), 'UTC'), -f.bytes
      from unnest(v_users, v_workflows, v_bytes) f (id, workflow, bytes);
  perform runledger_private.keep_pruned(v_parts);
  perform set_config('runledger.pruning', '', true);
  return v_deleted;
end $$;

-- schemas/counting/add_pruned.sql

/* What was pruned as changes of cells, times p_sign. Callers: recount_pruned. */
-- for: service_role
create function runledger_private.add_pruned(p_rows runledger.execution_stats_pruned[], p_sign integer) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_hours_from timestamptz;
  v_cells runledger_private.cell_change[];
  v_buckets runledger_private.bucket_change[];
  v_labels runledger_private.label_change[];
begin
  -- Waits for the folder: only one writes cells.
  select s.hours_from into v_hours_from from runledger.fold_state s for update;
  with part as materialized (
    select dense_rank() over (order by k.created_by, k.workflow_id, k.grain, k.starts_at)::int as cell,
           k.created_by as cell_user,
           k.workflow_id as cell_workflow, k.grain as cell_grain, k.starts_at as cell_starts_at, p.*
      from unnest(p_rows) p, lateral runledger_private.cells_of(p.created_by, p.workflow_id, p.starts_at, v_hours_from,
        p.grain) k),
  status_count as (
    select p.cell, u.place::int as place, (p_sign * sum(u.n))::bigint as n
      from part p, unnest(p.counts) with ordinality u (n, place) group by 1, 2),
  counts as (
    select s.cell, runledger_private.counts_of(array_agg(s.place order by s.place), array_agg(s.n order by s.place)) as
           counts
      from status_count s group by 1),
  cell as (
    select p.cell, row(min(cell_user), (array_agg(cell_workflow))[1], min(cell_grain), min(cell_starts_at), s.counts,
           p_sign * sum(p.duration_count), p_sign * sum(p.duration_sum),
           case when p_sign > 0 then min(p.duration_min) end, case when p_sign > 0 then max(p.duration_max) end,
           case when p_sign < 0 then min(p.duration_min) end, case when p_sign < 0 then max(p.duration_max) end,
           p_sign * sum(p.queue_count), p_sign * sum(p.queue_sum),
           case when p_sign > 0 then min(p.queue_min) end, case when p_sign > 0 then max(p.queue_max) end,
           case when p_sign < 0 then min(p.queue_min) end, case when p_sign < 0 then max(p.queue_max) end,
           min(cell_grain) <> 'life', min(cell_grain) <> 'life')::runledger_private.cell_change as change
      from part p join counts s using (cell) group by p.cell, s.counts),
  bucket as (
    select p.cell, h.is_queue, h.bucket, (p_sign * sum(h.n))::int
      from part p, lateral (
        select false as is_queue, d.* from unnest(p.duration_buckets, p.duration_counts) d (bucket, n)
        union all select true, q.* from unnest(p.queue_buckets, p.queue_counts) q (bucket, n)) h
     where p.cell_grain <> 'life' group by 1, 2, 3)
  select (select array_agg(c.change order by c.cell) from cell c),
         (select array_agg(row(b.*)::runledger_private.bucket_change) from bucket b)
    into v_cells, v_buckets;
  select array_agg(row(l.*)::runledger_private.label_change) into v_labels from (
    select k.created_by, k.workflow_id, k.grain, k.starts_at, t.kind, t.label, null::text, p_sign * sum(t.n::bigint)
      from unnest(p_rows) p
      cross join lateral (
        select 'verdict' as kind, v.* from jsonb_each_text(p.verdicts) v (label, n)
        union all select 'failure', f.* from jsonb_each_text(p.failures) f (label, n)) t
      cross join lateral runledger_private.cells_of(p.created_by, p.workflow_id, p.starts_at, v_hours_from, p.grain) k
     group by 1, 2, 3, 4, 5, 6) l;
  perform runledger_private.merge_cells(v_cells, v_buckets, v_labels);
end $$;

-- schemas/counting/recount_pruned.sql

/* A user or workflow that goes takes along what was pruned of theirs; one that is renamed keeps it.
   Callers: the triggers below. */
-- for: service_role
create function runledger_private.recount_pruned() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if current_setting('runledger.pruning', true) = pg_current_xact_id()::text then return null; end if;
  if exists (select from gone) then
    perform runledger_private.add_pruned(array(select row(g.*)::runledger.execution_stats_pruned from gone g), -1);
  end if;
  if tg_op = 'UPDATE' then
    perform runledger_private.add_pruned(array(select row(k.*)::runledger.execution_stats_pruned from kept k), 1);
  end if;
  return null;
end $$;

create trigger recount_deleted after delete on runledger.execution_stats_pruned
  referencing old table as gone for each statement execute function runledger_private.recount_pruned();

create trigger recount_renamed after update on runledger.execution_stats_pruned
  referencing old table as gone new table as kept
    for each statement execute function runledger_private.recount_pruned();

-- schemas/verifying/recount.sql

-- Recounts executions, names what differs from the counters, and sets it right. The recount goes a way of its own: it
-- groups the executions themselves and knows a total by how it was grouped, where the folder adds changes and marks a
-- total by an id.

/* Every number that is counted, in long form, as the rows and what was pruned have it: of users, of workflows, or of
   both, started in a window of whole UTC days (null: ever). Callers: stats_differences. */
-- for: service_role
create function runledger_private.recount(p_users text[], p_workflows uuid[], p_from timestamptz, p_to timestamptz,
  p_hours_from timestamptz)
returns table (created_by text, workflow_id uuid, grain text, starts_at timestamptz, field text, is_total boolean,
  n numeric)
language plpgsql stable
set search_path = ''
set work_mem = '64MB'
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
begin
  return query
  with part as materialized (
    select e.created_by, e.workflow_id, 'hour' as grain, date_trunc('hour', e.started_at, 'UTC') as starts_at, f.field,
           case when f.field in ('duration_min', 'queue_min') then min(f.n)
             when f.field in ('duration_max', 'queue_max') then max(f.n)
                else sum(f.n) end as n
      from runledger.workflow_executions e,
           lateral (select runledger_private.queue_ms(e.started_at, e.first_task_at) as ms) q,
           lateral (values (e.status, 1::bigint),
             ('duration_count', case when e.duration_ms is not null then 1 end), ('duration_sum', e.duration_ms),
             ('duration_min', e.duration_ms), ('duration_max', e.duration_ms),
             ('duration ' || runledger_private.bucket_of(e.duration_ms), 1),
             ('queue_count', case when q.ms is not null then 1 end), ('queue_sum', q.ms),
             ('queue_min', q.ms), ('queue_max', q.ms), ('queue ' || runledger_private.bucket_of(q.ms), 1),
             ('verdict ' || e.verdict, 1), ('failure ' || e.failure_group, 1)) f (field, n)
     where f.field is not null and f.n is not null
       and (p_users is null or e.created_by = any (p_users))
         and (p_workflows is null or e.workflow_id = any (p_workflows))
       and (p_from is null or (e.started_at >= p_from and e.started_at < p_to))
     group by 1, 2, 3, 4, 5
    union all
    select p.created_by, p.workflow_id, p.grain, p.starts_at, f.field, f.n::numeric
      from runledger.execution_stats_pruned p,
           lateral (
             select runledger_private.status_at(u.place), u.n from unnest(p.counts) with ordinality u (n, place)
             union all select * from (values ('duration_count', p.duration_count), ('duration_sum', p.duration_sum),
               ('duration_min', p.duration_min), ('duration_max', p.duration_max),
               ('queue_count', p.queue_count), ('queue_sum', p.queue_sum), ('queue_min', p.queue_min),
               ('queue_max', p.queue_max)) v
             union all select 'duration ' || d.bucket, d.n
               from unnest(p.duration_buckets, p.duration_counts) d (bucket, n)
             union all select 'queue ' || d.bucket, d.n from unnest(p.queue_buckets, p.queue_counts) d (bucket, n)
             union all select 'verdict ' || v.key, v.value::bigint from jsonb_each_text(p.verdicts) v
             union all select 'failure ' || v.key, v.value::bigint from jsonb_each_text(p.failures) v) f (field, n)
     where (p_users is null or p.created_by = any (p_users))
       and (p_workflows is null or p.workflow_id = any (p_workflows))
       and (p_from is null or (p.starts_at >= p_from and p.starts_at < p_to)))
  select case when grouping(a.created_by) = 1 then '' else a.created_by end,
         case when grouping(a.workflow_id) = 1 then '00000000-0000-0000-0000-000000000000' else a.workflow_id end,
         g.grain, g.starts_at, a.field, grouping(a.created_by) + grouping(a.workflow_id) > 0,
         case when a.field in ('duration_min', 'queue_min') then min(a.n)
           when a.field in ('duration_max', 'queue_max') then max(a.n)
              else sum(a.n) end
    from part a,
         lateral (values ('hour', a.starts_at), ('day', date_trunc('day', a.starts_at, 'UTC')),
           ('life', '-infinity')) g (grain, starts_at)
   where case g.grain when 'hour' then a.grain = 'hour' and a.starts_at >= p_hours_from
                      when 'life' then p_from is null and a.field not like 'duration %' and a.field not like 'queue %'
                        else true end
   group by grouping sets ((g.grain, g.starts_at, a.field, a.created_by, a.workflow_id),
     (g.grain, g.starts_at, a.field, a.created_by),
                           (g.grain, g.starts_at, a.field, a.workflow_id))
  having (p_users is null or grouping(a.created_by) = 0) and (p_workflows is null or grouping(a.workflow_id) = 0);
end $$;

-- schemas/verifying/counted.sql

/* The same numbers as cells and tail have them. Smallest and largest values only of cells that claim them: not stale,
   and no delta waits. Callers: stats_differences. */
-- for: service_role
create function runledger_private.counted(p_users text[], p_workflows uuid[], p_from timestamptz, p_to timestamptz,
  p_hours_from timestamptz)
returns table (created_by text, workflow_id uuid, grain text, starts_at timestamptz, field text, is_total boolean,
  n numeric)
language plpgsql stable
set search_path = ''
set work_mem = '64MB'
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
  v_below xid8 := runledger_private.folded_below();
  v_nil constant uuid := '00000000-0000-0000-0000-000000000000';
begin
  return query
  with delta as materialized (
    select d.* from runledger.execution_deltas d
     where d.xid >= v_below
       and (p_users is null or d.created_by = any (p_users))
         and (p_workflows is null or d.workflow_id = any (p_workflows))),
  tail as materialized (
    select d.created_by, d.workflow_id, d.hour, f.field, sum(f.n) as n
      from delta d, lateral runledger_private.signs_of(row(d.*)::runledger.execution_deltas) s,
           lateral (values (s.status, s.n::bigint),
             ('duration_count', case when s.duration_ms is not null then s.n end),
             ('duration_sum', s.n * s.duration_ms),
             ('duration ' || runledger_private.bucket_of(s.duration_ms), s.n),
             ('queue_count', case when s.queue_ms is not null then s.n end), ('queue_sum', s.n * s.queue_ms),
             ('queue ' || runledger_private.bucket_of(s.queue_ms), s.n),
             ('verdict ' || s.verdict, s.n), ('failure ' || s.failure_group, s.n)) f (field, n)
     where f.field is not null and f.n is not null and (p_from is null or (d.hour >= p_from and d.hour < p_to))
     group by 1, 2, 3, 4),
  cell as materialized (
    select c.* from runledger.execution_stats c
     where (p_users is null or c.created_by = any (p_users))
       and (p_workflows is null or c.workflow_id = any (p_workflows))
       and (p_from is null or (c.grain <> 'life' and c.starts_at >= p_from and c.starts_at < p_to))
       and (c.grain <> 'hour' or c.starts_at >= p_hours_from)),
  folded as (
    select c.created_by, c.workflow_id, c.grain, c.starts_at, f.field, c.created_by = ''
      or c.workflow_id = v_nil as is_total, f.n
      from cell c,
           lateral (
             select runledger_private.status_at(u.place), u.n from unnest(c.counts) with ordinality u (n, place)
             union all select * from (values ('duration_count', c.duration_count), ('duration_sum', c.duration_sum),
               ('queue_count', c.queue_count), ('queue_sum', c.queue_sum)) v
             union all select 'duration ' || d.bucket, d.n
               from unnest(c.duration_buckets, c.duration_counts) d (bucket, n)
             union all select 'queue ' || d.bucket, d.n
               from unnest(c.queue_buckets, c.queue_counts) d (bucket, n)) f (field, n)
    union all
    select l.created_by, l.workflow_id, l.grain, l.starts_at, l.kind || ' ' || l.label, l.created_by = ''
      or l.workflow_id = v_nil,
           l.executions
      from runledger.execution_label_stats l
     where (p_users is null or l.created_by = any (p_users))
       and (p_workflows is null or l.workflow_id = any (p_workflows))
       and (p_from is null or (l.grain <> 'life' and l.starts_at >= p_from and l.starts_at < p_to))
       and (l.grain <> 'hour' or l.starts_at >= p_hours_from)
    union all
    select k.created_by, k.workflow_id, k.grain, k.starts_at, t.field, k.created_by = '' or k.workflow_id = v_nil, t.n
      from tail t, lateral runledger_private.cells_of(t.created_by, t.workflow_id, t.hour, p_hours_from) k
     where (k.grain <> 'life' or (p_from is null and t.field not like 'duration %' and t.field not like 'queue %'))
       and (p_users is null or k.created_by <> '') and (p_workflows is null or k.workflow_id <> v_nil))
  select f.created_by, f.workflow_id, f.grain, f.starts_at, f.field, f.is_total, sum(f.n) from folded f group by 1, 2,
         3, 4, 5, 6
  union all
  select c.created_by, c.workflow_id, c.grain, c.starts_at, x.field, c.created_by = '' or c.workflow_id = v_nil, x.n
    from cell c,
         lateral (values ('duration_min', c.duration_min), ('duration_max', c.duration_max), ('queue_min', c.queue_min),
                         ('queue_max', c.queue_max)) x (field, n)
   where not c.is_stale
     and case when c.created_by = '' then c.workflow_id not in (select d.workflow_id from delta d)
              when c.workflow_id = v_nil then c.created_by not in (select d.created_by from delta d)
              else (c.created_by, c.workflow_id) not in (select d.created_by, d.workflow_id from delta d) end;
end $$;

-- schemas/verifying/life_differences.sql

/* Numbers of a life that differ from the sum of its days: what is left to compare where the executions are too many to
   be read in one statement and were compared day by day. Callers: stats_differences. */
-- for: service_role
create function runledger_private.life_differences(p_users text[], p_workflows uuid[])
returns table (created_by text, workflow_id uuid, grain text, starts_at timestamptz, field text, counted numeric,
  recounted numeric)
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
begin
  return query
  select x.created_by, x.workflow_id, 'life', '-infinity'::timestamptz, x.field,
         coalesce(sum(x.n) filter (where x.grain = 'life'), 0), coalesce(sum(x.n) filter (where x.grain = 'day'), 0)
    from (
      select c.created_by, c.workflow_id, c.grain, f.field, f.n
        from runledger.execution_stats c,
             lateral (
               select runledger_private.status_at(u.place), u.n from unnest(c.counts) with ordinality u (n, place)
               union all select * from (values ('duration_count', c.duration_count), ('duration_sum', c.duration_sum),
                 ('queue_count', c.queue_count), ('queue_sum', c.queue_sum)) v) f (field, n)
       where c.grain in ('day', 'life') and (p_users is null or c.created_by = any (p_users))
         and (p_workflows is null or c.workflow_id = any (p_workflows))
      union all
      select l.created_by, l.workflow_id, l.grain, l.kind || ' ' || l.label, l.executions
        from runledger.execution_label_stats l
       where l.grain in ('day', 'life') and (p_users is null or l.created_by = any (p_users))
         and (p_workflows is null or l.workflow_id = any (p_workflows))) x
   group by 1, 2, 5
  having coalesce(sum(x.n) filter (where x.grain = 'life'), 0) <> coalesce(sum(x.n) filter (where x.grain = 'day'), 0);
end $$;

-- schemas/verifying/storage_differences.sql

/* Of which users (null: all) the bytes that are counted differ from what their executions keep. Callers:
   stats_differences. */
-- for: service_role
create function runledger_private.storage_differences(p_users text[])
returns table (created_by text, counted numeric, recounted numeric)
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
  v_below constant xid8 := runledger_private.folded_below();
begin
  return query
    select x.created_by, coalesce(sum(x.counted), 0), coalesce(sum(x.recounted), 0) from (
      select s.created_by, s.bytes as counted, null::bigint as recounted from runledger.execution_storage s
       where p_users is null or s.created_by = any (p_users)
      union all
      select d.created_by, d.bytes, null from runledger.execution_deltas d
       where d.xid >= v_below and (p_users is null or d.created_by = any (p_users))
      union all
      select e.created_by, null, runledger_private.payload_bytes(e.input, e.output, e.failure, e.error_message,
               e.state_snapshot, e.metadata)
        from runledger.workflow_executions e where p_users is null or e.created_by = any (p_users)) x
     group by 1 having coalesce(sum(x.counted), 0) <> coalesce(sum(x.recounted), 0);
end $$;

-- schemas/verifying/stats_differences.sql

/* What differs between the counters and a recount: of users, of workflows or of both (null: all), in a window of whole
   UTC days (null: ever). Of lives alone with p_lives. Of users, ever, also what their executions keep
   (stored_bytes). Callers: verify_execution_stats, verify_execution_stats_part, repair_stats. */
-- for: service_role
create function runledger_private.stats_differences(p_users text[], p_workflows uuid[], p_from timestamptz,
  p_to timestamptz, p_lives boolean)
returns table (created_by text, workflow_id uuid, grain text, starts_at timestamptz, field text, counted numeric,
  recounted numeric)
language plpgsql stable
set search_path = ''
set work_mem = '64MB'
as $$
#variable_conflict use_column
declare
  v_hours_from timestamptz := (select s.hours_from from runledger.fold_state s);
begin
  if p_lives then
    return query select * from runledger_private.life_differences(p_users, p_workflows);
    return;
  end if;
  return query
  select created_by, workflow_id, grain, starts_at, field,
         case when x.is_extreme then c.n else coalesce(c.n, 0) end, case when x.is_extreme then r.n
           else coalesce(r.n, 0) end
    from (select true as is_claim, c.* from runledger_private.counted(p_users, p_workflows, p_from, p_to,
      v_hours_from) c) c
    full join runledger_private.recount(p_users, p_workflows, p_from, p_to, v_hours_from) r
   using (created_by, workflow_id, grain, starts_at, field, is_total),
         lateral (select field in ('duration_min', 'duration_max', 'queue_min', 'queue_max') as is_extreme) x
   where case when x.is_extreme then c.is_claim and c.n is distinct from r.n
     else coalesce(c.n, 0) <> coalesce(r.n, 0) end
   order by 1, 3, 2, 4, 5;
  if p_workflows is null and p_from is null then
    return query select d.created_by, '00000000-0000-0000-0000-000000000000'::uuid, 'life', '-infinity'::timestamptz,
        'stored_bytes', d.counted, d.recounted
      from runledger_private.storage_differences(p_users) d;
  end if;
end $$;

-- schemas/verifying/verify_execution_stats.sql

/* Recounts all executions (of a user, of a workflow, if given) in one snapshot and answers every number in which cells
   and tail differ: none, ever. Reads every row, some hundred thousand in 8 s: the parts below have no such limit.
   p_user_id checks the user's cells; p_workflow_id those of the workflow; both, those of the pair. Smallest and largest
   values are checked where they are marked exact. Callers: tests, people. */
-- for: service_role
create function runledger.verify_execution_stats(p_user_id text default null, p_workflow_id uuid default null)
returns table (created_by text, workflow_id uuid, grain text, starts_at timestamptz, field text, counted numeric,
  recounted numeric)
language plpgsql stable
set search_path = ''
as $$
begin
  return query select * from runledger_private.stats_differences(
    case when p_user_id is not null then array[p_user_id] end, case
      when p_workflow_id is not null then array[p_workflow_id] end,
    null, null, false);
end $$;

-- schemas/verifying/counted_scopes.sql

/* The ids of users, or of workflows, that executions or counters name, in order, after the last one of a page. Found by
   steps from id to id, so that a page costs what it shows. Callers: Ledger.findDrift. Returns [id]. */
-- for: service_role
create function runledger.counted_scopes(p_by text, p_after text, p_limit integer) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_ids text[];
begin
  if p_by = 'user' then
    with recursive named as (
      (select s.created_by as id from runledger.execution_stats s where s.created_by > coalesce(p_after, '')
        order by 1 limit 1)
      union all
      select (select s.created_by from runledger.execution_stats s where s.created_by > n.id order by 1 limit 1)
        from named n where n.id is not null)
    select array_agg(x.id order by x.id) into v_ids from (
      (select u.id from runledger.users u where u.id > coalesce(p_after, '') order by u.id limit p_limit)
      union (select n.id from named n where n.id is not null limit p_limit)
      order by id limit p_limit) x;
  else
    with recursive named as (
      (select s.workflow_id as id from runledger.execution_stats s
        where s.created_by = '' and s.grain = 'life'
          and s.workflow_id > coalesce(p_after, '00000000-0000-0000-0000-000000000000')::uuid
        order by 1 limit 1)
      union all
      select (select s.workflow_id from runledger.execution_stats s
               where s.created_by = '' and s.grain = 'life' and s.workflow_id > n.id order by 1 limit 1)
        from named n where n.id is not null)
    select array_agg(x.id::text order by x.id) into v_ids from (
      (select w.id from runledger.workflows w where p_after is null or w.id > p_after::uuid order by w.id limit p_limit)
      union (select n.id from named n where n.id is not null limit p_limit)
      order by id limit p_limit) x;
  end if;
  return to_jsonb(coalesce(v_ids, '{}'));
end $$;

-- schemas/verifying/counted_span.sql

/* The UTC days in which a user or a workflow has executions or counters: { from, to }, null where there are none.
   Callers: Ledger.findDrift. */
-- for: service_role
create function runledger.counted_span(p_user_id text default null, p_workflow_id uuid default null) returns jsonb
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
begin
  return (
    select jsonb_build_object('from', date_trunc('day', min(x.first), 'UTC'),
                              'to', date_trunc('day', max(x.last), 'UTC') + interval '1 day')
      from (
        select min(e.started_at) as first, max(e.started_at) as last from runledger.workflow_executions e
         where (p_user_id is null or e.created_by = p_user_id)
           and (p_workflow_id is null or e.workflow_id = p_workflow_id)
        union all
        select min(s.starts_at), max(s.starts_at) from runledger.execution_stats s
         where s.grain = 'day' and (p_user_id is null or s.created_by = p_user_id)
           and (p_workflow_id is null or s.workflow_id = p_workflow_id)
        union all
        select min(p.starts_at), max(p.starts_at) from runledger.execution_stats_pruned p
         where (p_user_id is null or p.created_by = p_user_id)
           and (p_workflow_id is null or p.workflow_id = p_workflow_id)) x);
end $$;

-- schemas/verifying/verify_execution_stats_part.sql

/* One part of a check: of these users, of these workflows, or of both, in a window of whole UTC days if given, or of
   lives alone.
   Callers: Ledger.findDrift. Returns the rows of verify_execution_stats. */
-- for: service_role
create function runledger.verify_execution_stats_part(p_users text[] default null, p_workflows uuid[] default null,
  p_from timestamptz default null, p_to timestamptz default null, p_lives boolean default false) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(to_jsonb(d)), '[]')
    from runledger_private.stats_differences(p_users, p_workflows, p_from, p_to, p_lives) d;
$$;

-- schemas/verifying/repair_stats.sql

/* Repairs counters, under the lock of the folder: adds to each cell what stats_differences says it lacks. Answers how
   many numbers it changed. Callers: rebuild_execution_stats, rebuild_execution_stats_part. */
-- for: service_role
create function runledger_private.repair_stats(p_users text[], p_workflows uuid[], p_from timestamptz, p_to timestamptz,
  p_lives boolean)
returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_cells runledger_private.cell_change[];
  v_buckets runledger_private.bucket_change[];
  v_labels runledger_private.label_change[];
  v_keepers text[];
  v_bytes bigint[];
  v_fields integer;
begin
  perform from runledger.fold_state for update;
  while runledger.fold_execution_stats() = 20000 loop end loop;
  with difference as materialized (
    select * from runledger_private.stats_differences(p_users, p_workflows, p_from, p_to, p_lives)),
  storage as (
    select v.created_by as id, (v.recounted - v.counted)::bigint as bytes from difference v
     where v.field = 'stored_bytes'),
  drift as materialized (
    select v.*, v.recounted - v.counted as n, runledger_private.status_number(v.field) as status,
           dense_rank() over (order by v.created_by, v.workflow_id, v.grain, v.starts_at)::int as cell
      from difference v where v.field <> 'stored_bytes')
  select (select count(*) from difference), (select array_agg(s.id) from storage s),
         (select array_agg(s.bytes) from storage s),
         (select array_agg(c.change order by c.cell) from (
            select d.cell, row(min(d.created_by), (array_agg(d.workflow_id))[1], min(d.grain), min(d.starts_at),
                   runledger_private.counts_of(
                     array_agg(status order by status) filter (where status is not null),
                     array_agg(n::bigint order by status) filter (where status is not null)),
                   coalesce(sum(n) filter (where field = 'duration_count'), 0),
                   coalesce(sum(n) filter (where field = 'duration_sum'), 0),
                   null, null, null, null,
                   coalesce(sum(n) filter (where field = 'queue_count'), 0),
                   coalesce(sum(n) filter (where field = 'queue_sum'), 0),
                   null, null, null, null, min(d.grain) <> 'life',
                   min(d.grain) <> 'life')::runledger_private.cell_change as change
              from drift d group by 1) c),
         (select array_agg(row(d.cell, d.field like 'queue %', split_part(d.field, ' ', 2)::smallint,
           d.n)::runledger_private.bucket_change)
            from drift d where d.field like 'duration %' or d.field like 'queue %'),
         (select array_agg(row(d.created_by, d.workflow_id, d.grain, d.starts_at, split_part(d.field, ' ', 1),
                               substr(d.field, strpos(d.field, ' ') + 1), null, d.n)::runledger_private.label_change)
            from drift d where d.field like 'verdict %' or d.field like 'failure %')
    into v_fields, v_keepers, v_bytes, v_cells, v_buckets, v_labels;
  perform runledger_private.store_bytes(v_keepers, v_bytes);
  if v_cells is not null then
    perform runledger_private.merge_cells(v_cells, v_buckets, v_labels);
    update runledger.execution_stats s set is_stale = true from unnest(v_cells) c
     where s.created_by = c.created_by and s.grain = c.grain and s.workflow_id = c.workflow_id
       and s.starts_at = c.starts_at;
    perform runledger_private.find_extremes(1000000);
  end if;
  return v_fields;
end $$;

-- schemas/verifying/rebuild_execution_stats.sql

/* Repairs the counters of everybody, of a user, of a workflow or of a pair in one transaction. Answers how many numbers
   it changed: none, unless somebody wrote to the tables behind the triggers. Callers: tests, people. */
-- for: service_role
create function runledger.rebuild_execution_stats(p_user_id text default null,
  p_workflow_id uuid default null) returns integer
language plpgsql
set search_path = ''
as $$
begin
  return runledger_private.repair_stats(
    case when p_user_id is not null then array[p_user_id] end, case
      when p_workflow_id is not null then array[p_workflow_id] end,
    null, null, false);
end $$;

-- schemas/verifying/rebuild_execution_stats_part.sql

/* The same for one part, as verify_execution_stats_part takes it. Callers: Ledger.repairDrift. */
-- for: service_role
create function runledger.rebuild_execution_stats_part(p_users text[] default null, p_workflows uuid[] default null,
  p_from timestamptz default null, p_to timestamptz default null, p_lives boolean default false) returns integer
language plpgsql
set search_path = ''
as $$
begin
  return runledger_private.repair_stats(p_users, p_workflows, p_from, p_to, p_lives);
end $$;

-- schemas/failures/regroup_failures.sql

-- Groups of failures after their rule has changed. Service role only.

/* Makes the groups of failures anew, of the next executions after an id, where they differ from the present rule. The
   counters follow by the same deltas as any other change, so they are exact at every moment; what retention has removed
   keeps the group it was counted in. Call it again with `after` until `done`.
   Callers: an operator, after an upgrade that changes runledger_private.failure_shape. Returns { after, done, examined,
   changed }. */
-- for: service_role
create function runledger.regroup_failures(p_after uuid default null, p_limit integer default 1000) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_limit constant integer := least(greatest(coalesce(p_limit, 1000), 1), 10000);
  v_ids uuid[];
  v_changed integer;
begin
  select coalesce(array_agg(d.id order by d.id), '{}') into v_ids from (
    select e.id from runledger.workflow_executions e
     where (p_after is null or e.id > p_after) and e.failure_group is not null
     order by e.id limit v_limit) d;
  -- Like every other writer of several: in the order of their ids.
  perform from runledger.workflow_executions e where e.id = any (v_ids) order by e.id for update;
  -- The guard makes the group; a null asks it to.
  update runledger.workflow_executions e set failure_group = null
   where e.id = any (v_ids) and e.failure_group is distinct
     from runledger_private.failure_group(e.status, e.failure, e.error_message);
  get diagnostics v_changed = row_count;
  return jsonb_build_object('after', coalesce(v_ids[cardinality(v_ids)], p_after), 'done', cardinality(v_ids) < v_limit,
    'examined', cardinality(v_ids), 'changed', v_changed);
end $$;

-- schemas/statistics/hours_from.sql

-- Statistics: cells and the tail of deltas, read in one snapshot. Windows go by started_at and are whole UTC hours, or
-- days where hour cells are no longer kept: a window is widened to them, and the answer names the window it is of.
-- Callers see what row-level security lets them see: a user their own cells, the service role all.

/* From where hour cells are kept. Callers: every read of a window. */
-- for: service_role, authenticated
create function runledger_private.hours_from() returns timestamptz
language plpgsql stable security definer
set search_path = ''
as $$
begin
  return (select s.hours_from from runledger.fold_state s);
end $$;

-- schemas/statistics/refuse_marker.sql

/* Refuses an id that stands for "all" in the cells: nobody's own. Not immutable: it would be called when a plan is
   made.
   Callers: stats_user, stats_workflow. */
-- for: service_role, authenticated
create function runledger_private.refuse_marker(p_what text) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  raise exception 'No % is empty.', p_what
    using errcode = 'PT400', detail = 'invalid_input', hint = 'Leave it out to ask for all.';
end $$;

-- schemas/statistics/stats_user.sql

/* Whose cells are read: those of a user, or, where no user is named or known, those of all ('').
   Callers: every function of statistics. */
-- for: service_role, authenticated
create function runledger_private.stats_user(p_user_id text) returns text
language sql stable
return case when p_user_id = '' then runledger_private.refuse_marker('user id')
  else coalesce(p_user_id, runledger.current_user_id(), '') end;

-- schemas/statistics/stats_workflow.sql

/* Which cells are read: those of a workflow, or, where none is named, those of all of a user (the nil uuid) or of
   everybody (null). Callers: every function of statistics. */
-- for: service_role, authenticated
create function runledger_private.stats_workflow(p_workflow_id uuid, p_user text) returns uuid
language sql stable
return case when p_workflow_id = '00000000-0000-0000-0000-000000000000'
  then runledger_private.refuse_marker('workflow id')::uuid
            when p_workflow_id is null and p_user <> '' then '00000000-0000-0000-0000-000000000000'
            else p_workflow_id end;

-- schemas/statistics/stats_window.sql

/* Which cells make up a window: hours [starts_at, days_from), days [days_from, days_to), hours [days_to, ends_at).
   Null is open. Callers: every function of statistics. */
-- for: service_role, authenticated
create function runledger_private.stats_window(p_from timestamptz, p_to timestamptz,
  out starts_at timestamptz, out days_from timestamptz, out days_to timestamptz, out ends_at timestamptz)
language plpgsql stable
set search_path = ''
as $$
declare
  v_hours_from timestamptz := runledger_private.hours_from();
begin
  if p_to < p_from then
    raise exception 'The window ends (%) before it starts (%).', p_to, p_from
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Pass the earlier time as the start.';
  end if;
  starts_at := date_trunc('hour', coalesce(p_from, '-infinity'), 'UTC');
  ends_at := date_trunc('hour', coalesce(p_to, 'infinity'), 'UTC');
  if ends_at < p_to then ends_at := ends_at + interval '1 hour'; end if;
  if starts_at < v_hours_from then starts_at := date_trunc('day', starts_at, 'UTC'); end if;
  if ends_at < v_hours_from and ends_at > date_trunc('day', ends_at, 'UTC') then
    ends_at := date_trunc('day', ends_at, 'UTC') + interval '1 day';
  end if;
  days_from := date_trunc('day', starts_at, 'UTC');
  if days_from < starts_at then days_from := days_from + interval '1 day'; end if;
  days_from := least(days_from, ends_at);
  days_to := greatest(days_from, date_trunc('day', ends_at, 'UTC'));
end $$;

-- schemas/statistics/cells_in.sql

/* The cells of a window. The nil uuid: all workflows of the user together; null: each workflow of the user, or of
   everybody. Callers: every function of statistics. */
-- for: service_role, authenticated
create function runledger_private.cells_in(p_user text, p_workflow uuid, p_starts_at timestamptz,
  p_days_from timestamptz,
                                 p_days_to timestamptz, p_ends_at timestamptz) returns setof runledger.execution_stats
language plpgsql stable
set search_path = ''
as $$
begin
  if p_workflow is null then
    return query
      select * from runledger.execution_stats s where s.created_by = p_user and s.grain = 'day'
         and s.workflow_id > '00000000-0000-0000-0000-000000000000' and s.starts_at >= p_days_from
           and s.starts_at < p_days_to
      union all
      select * from runledger.execution_stats s where s.created_by = p_user and s.grain = 'hour'
         and s.workflow_id > '00000000-0000-0000-0000-000000000000' and s.starts_at >= p_starts_at
           and s.starts_at < p_days_from
      union all
      select * from runledger.execution_stats s where s.created_by = p_user and s.grain = 'hour'
         and s.workflow_id > '00000000-0000-0000-0000-000000000000' and s.starts_at >= p_days_to
           and s.starts_at < p_ends_at;
  else
    return query
      select * from runledger.execution_stats s where s.created_by = p_user and s.grain = 'day'
         and s.workflow_id = p_workflow and s.starts_at >= p_days_from and s.starts_at < p_days_to
      union all
      select * from runledger.execution_stats s where s.created_by = p_user and s.grain = 'hour'
         and s.workflow_id = p_workflow and s.starts_at >= p_starts_at and s.starts_at < p_days_from
      union all
      select * from runledger.execution_stats s where s.created_by = p_user and s.grain = 'hour'
         and s.workflow_id = p_workflow and s.starts_at >= p_days_to and s.starts_at < p_ends_at;
  end if;
end $$;

-- schemas/statistics/tail_in.sql

/* What is not folded yet, of a window, as signed rows. Callers: every function of statistics. */
-- for: service_role, authenticated
create function runledger_private.tail_in(p_user text, p_workflow uuid, p_starts_at timestamptz, p_ends_at timestamptz)
returns table (workflow_id uuid, hour timestamptz, n integer, status text, duration_ms bigint, queue_ms bigint,
  verdict text,
               failure_group text, failure_shape text)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_below xid8 := runledger_private.folded_below();
begin
  if p_user <> '' then
    return query
      select d.workflow_id, d.hour, v.* from runledger.execution_deltas d, lateral runledger_private.signs_of(d) v
       where d.created_by = p_user and d.xid >= v_below and d.hour >= p_starts_at and d.hour < p_ends_at
         and (p_workflow is null or p_workflow = '00000000-0000-0000-0000-000000000000' or d.workflow_id = p_workflow);
  elsif p_workflow is not null then
    return query
      select d.workflow_id, d.hour, v.* from runledger.execution_deltas d, lateral runledger_private.signs_of(d) v
       where d.workflow_id = p_workflow and d.xid >= v_below and d.hour >= p_starts_at and d.hour < p_ends_at;
  else
    return query
      select d.workflow_id, d.hour, v.* from runledger.execution_deltas d, lateral runledger_private.signs_of(d) v
       where d.xid >= v_below and d.hour >= p_starts_at and d.hour < p_ends_at;
  end if;
end $$;

-- schemas/statistics/labels_in.sql

/* The same of verdicts and failures: cells and tail together, one row per label, zeros left out; last_at is the hour or
   the day that the last of them is counted in. Callers: get_execution_stats, get_failure_groups, get_top_failures. */
-- for: service_role, authenticated
create function runledger_private.labels_in(p_kind text, p_user text, p_workflow uuid, p_starts_at timestamptz,
  p_days_from timestamptz,
                                  p_days_to timestamptz, p_ends_at timestamptz)
returns table (label text, description text, n bigint, last_at timestamptz)
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
  return query
    select x.label, max(x.description), sum(x.n)::bigint, max(x.starts_at) filter (where x.n > 0) from (
      select l.label, l.description, l.executions as n, l.starts_at from runledger.execution_label_stats l
       where l.created_by = p_user and l.kind = p_kind and l.grain = 'day'
         and (l.workflow_id = p_workflow or (p_workflow is null
           and l.workflow_id > '00000000-0000-0000-0000-000000000000'))
         and l.starts_at >= p_days_from and l.starts_at < p_days_to
      union all
      select l.label, l.description, l.executions, l.starts_at from runledger.execution_label_stats l
       where l.created_by = p_user and l.kind = p_kind and l.grain = 'hour'
         and (l.workflow_id = p_workflow or (p_workflow is null
           and l.workflow_id > '00000000-0000-0000-0000-000000000000'))
         and ((l.starts_at >= p_starts_at and l.starts_at < p_days_from)
           or (l.starts_at >= p_days_to and l.starts_at < p_ends_at))
      union all
      select case p_kind when 'verdict' then t.verdict else t.failure_group end, t.failure_shape, t.n, t.hour
        from runledger_private.tail_in(p_user, p_workflow, p_starts_at, p_ends_at) t
       where case p_kind when 'verdict' then t.verdict else t.failure_group end is not null) x
     group by x.label having sum(x.n) > 0;
end $$;

-- schemas/statistics/stats.sql

create type runledger_private.stats as (
  total bigint, counts jsonb, success_rate double precision,
  avg_duration_ms double precision, min_duration_ms bigint, max_duration_ms bigint, p50_duration_ms double precision,
  p90_duration_ms double precision, p95_duration_ms double precision, p99_duration_ms double precision,
  avg_queue_ms double precision, min_queue_ms bigint, max_queue_ms bigint, p50_queue_ms double precision,
  p90_queue_ms double precision, p95_queue_ms double precision, p99_queue_ms double precision,
  extremes_are_exact boolean);

-- schemas/statistics/read_stats.sql

/* Counts and times of one window. Callers: get_execution_stats. */
-- for: service_role, authenticated
create function runledger_private.read_stats(p_user text, p_workflow uuid, p_starts_at timestamptz,
  p_days_from timestamptz,
                                   p_days_to timestamptz, p_ends_at timestamptz,
                                   p_with_queue boolean) returns runledger_private.stats
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  r runledger_private.stats;
begin
  with cell as materialized (select * from runledger_private.cells_in(p_user, p_workflow, p_starts_at, p_days_from,
    p_days_to, p_ends_at)),
  tail as materialized (select * from runledger_private.tail_in(p_user, p_workflow, p_starts_at, p_ends_at)),
  status_count as (
    select status, sum(n) as n from (
      select u.place as status, u.n from cell c, unnest(c.counts) with ordinality u (n, place)
      union all
      select runledger_private.status_number(t.status), t.n from tail t) x
     group by 1 having sum(n) <> 0),
  counted as (
    select coalesce(sum(n), 0) as total, coalesce(jsonb_object_agg(x.name, n), '{}') as counts,
           sum(n) filter (where runledger_private.is_end(x.name)) as ended,
           coalesce(sum(n) filter (where x.name = 'completed'), 0) as completed
      from status_count, lateral (select runledger_private.status_at(status) as name) x),
  total as (
    select sum(duration_count) as duration_count, sum(duration_sum) as duration_sum, min(duration_min) as duration_min,
           max(duration_max) as duration_max, sum(queue_count) as queue_count, sum(queue_sum) as queue_sum,
           min(queue_min) as queue_min, max(queue_max) as queue_max, bool_or(is_stale) as is_stale,
           max(lost_duration_max) as lost_duration_max, min(lost_duration_min) as lost_duration_min,
           max(lost_queue_max) as lost_queue_max, min(lost_queue_min) as lost_queue_min
      from (
        select duration_count, duration_sum, duration_min, duration_max, queue_count, queue_sum, queue_min, queue_max,
               is_stale, null::bigint as lost_duration_min, null::bigint as lost_duration_max,
               null::bigint as lost_queue_min, null::bigint as lost_queue_max
          from cell
        union all
        select coalesce(sum(n) filter (where duration_ms is not null), 0), coalesce(sum(n * duration_ms), 0),
               min(duration_ms) filter (where n > 0), max(duration_ms) filter (where n > 0),
               coalesce(sum(n) filter (where queue_ms is not null), 0), coalesce(sum(n * queue_ms), 0),
               min(queue_ms) filter (where n > 0), max(queue_ms) filter (where n > 0), false,
               min(duration_ms) filter (where n < 0), max(duration_ms) filter (where n < 0),
               min(queue_ms) filter (where n < 0), max(queue_ms) filter (where n < 0)
          from tail) x),
  bucket as (
    select kind, bucket, sum(n) as n from (
      select 'duration' as kind, u.bucket, u.n from cell c, unnest(c.duration_buckets, c.duration_counts) u (bucket, n)
      union all
      select 'queue', u.bucket, u.n from cell c, unnest(c.queue_buckets, c.queue_counts) u (bucket, n)
        where p_with_queue
      union all
      select 'duration', runledger_private.bucket_of(duration_ms), n from tail where duration_ms is not null
      union all
      select 'queue', runledger_private.bucket_of(queue_ms), n from tail where queue_ms is not null and p_with_queue) b
     group by 1, 2),
  ranked as (
    select kind, bucket, sum(n) over (partition by kind order by bucket) as upto,
           sum(n) over (partition by kind) as n_all from bucket),
  quantile as (
    select kind, min(bucket) filter (where upto >= 0.50 * n_all) as p50,
           min(bucket) filter (where upto >= 0.90 * n_all) as p90,
           min(bucket) filter (where upto >= 0.95 * n_all) as p95,
           min(bucket) filter (where upto >= 0.99 * n_all) as p99
      from ranked where n_all > 0 group by 1)
  select c.total, c.counts, round(100.0 * c.completed / nullif(c.ended, 0), 1)::float8,
         (t.duration_sum / nullif(t.duration_count, 0))::float8,
         case when t.duration_count > 0 then t.duration_min end, case when t.duration_count > 0 then t.duration_max end,
         runledger_private.clamp_bucket(d.p50, t.duration_min, t.duration_max),
         runledger_private.clamp_bucket(d.p90, t.duration_min, t.duration_max),
         runledger_private.clamp_bucket(d.p95, t.duration_min, t.duration_max),
         runledger_private.clamp_bucket(d.p99, t.duration_min, t.duration_max),
         (t.queue_sum / nullif(t.queue_count, 0))::float8,
         case when t.queue_count > 0 then t.queue_min end, case when t.queue_count > 0 then t.queue_max end,
         runledger_private.clamp_bucket(q.p50, t.queue_min, t.queue_max),
         runledger_private.clamp_bucket(q.p90, t.queue_min, t.queue_max),
         runledger_private.clamp_bucket(q.p95, t.queue_min, t.queue_max),
         runledger_private.clamp_bucket(q.p99, t.queue_min, t.queue_max),
         not coalesce(t.is_stale, false)
           and (t.duration_count = 0 or ((t.lost_duration_min <= t.duration_min) is not true
             and (t.lost_duration_max >= t.duration_max) is not true))
           and (t.queue_count = 0 or ((t.lost_queue_min <= t.queue_min) is not true
             and (t.lost_queue_max >= t.queue_max) is not true))
    into r
    from total t
    cross join counted c
    left join quantile d on d.kind = 'duration'
    left join quantile q on q.kind = 'queue';
  return r;
end $$;

-- schemas/statistics/clamp_bucket.sql

/* The time that stands for a bucket, inside what is known of smallest and largest. Callers: everything with
   percentiles. */
-- for: service_role, authenticated
create function runledger_private.clamp_bucket(p_bucket integer, p_min bigint, p_max bigint) returns double precision
language sql immutable parallel safe
return case when p_bucket is not null then greatest(p_min, least(p_max, runledger_private.bucket_ms(p_bucket))) end;

-- schemas/statistics/has_window_before.sql

/* Whether a window has one of the same length before it: it is not open, and that one is not before the year 1, beyond
   which Postgres soon knows no time. Callers: get_execution_stats, get_filtered_stats. */
-- for: service_role, authenticated
create function runledger_private.has_window_before(p_from timestamptz, p_to timestamptz) returns boolean
language sql immutable parallel safe
return coalesce(isfinite(p_from) and isfinite(p_to) and p_to - p_from <= p_from - '0001-01-01 00:00:00+00'::timestamptz,
  false);

-- schemas/statistics/get_execution_stats.sql

/* Counts by status (those above 0), run times and queue times (first_task_at - started_at) in milliseconds, and the
   success rate in percent (completed of ended; null where none has ended) of executions started in a window; with
   p_with_previous also of the window of the same length before. Percentiles are the smallest time that so many percent
   do not exceed (percentile_disc), within 2 %. Smallest and largest may be wider than true where extremes_are_exact is
   false.
   Callers: ExecutionService.getStats, the router. */
-- for: service_role, authenticated
create function runledger.get_execution_stats(p_workflow_id uuid default null, p_user_id text default null,
  p_from timestamptz default null, p_to timestamptz default null, p_with_previous boolean default false,
  p_with_queue boolean default true)
returns table (period text, starts_at timestamptz, ends_at timestamptz, total bigint, counts jsonb,
  success_rate double precision, avg_duration_ms double precision, min_duration_ms bigint, max_duration_ms bigint,
  p50_duration_ms double precision, p90_duration_ms double precision, p95_duration_ms double precision,
  p99_duration_ms double precision, avg_queue_ms double precision, min_queue_ms bigint, max_queue_ms bigint,
  p50_queue_ms double precision, p90_queue_ms double precision, p95_queue_ms double precision,
  p99_queue_ms double precision, extremes_are_exact boolean, verdicts jsonb, as_of timestamptz)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_user text := runledger_private.stats_user(p_user_id);
  v_workflow uuid := runledger_private.stats_workflow(p_workflow_id, v_user);
  w record;
begin
  select * into w from runledger_private.stats_window(p_from, p_to);
  return query
    select 'current', case when isfinite(w.starts_at) then w.starts_at end, case
      when isfinite(w.ends_at) then w.ends_at end,
           s.*, (select coalesce(jsonb_object_agg(l.label, l.n), '{}')
             from runledger_private.labels_in('verdict', v_user, v_workflow,
                   w.starts_at, w.days_from, w.days_to, w.ends_at) l), statement_timestamp()
      from runledger_private.read_stats(v_user, v_workflow, w.starts_at, w.days_from, w.days_to, w.ends_at,
        p_with_queue) s;
  if not p_with_previous or not runledger_private.has_window_before(w.starts_at, w.ends_at) then return; end if;
  select * into w from runledger_private.stats_window(w.starts_at - (w.ends_at - w.starts_at), w.starts_at);
  return query
    select 'previous', w.starts_at, w.ends_at,
           s.*, (select coalesce(jsonb_object_agg(l.label, l.n), '{}')
             from runledger_private.labels_in('verdict', v_user, v_workflow,
                   w.starts_at, w.days_from, w.days_to, w.ends_at) l), statement_timestamp()
      from runledger_private.read_stats(v_user, v_workflow, w.starts_at, w.days_from, w.days_to, w.ends_at,
        p_with_queue) s;
end $$;

-- schemas/statistics/exact_points.sql

/* Where the steps of a series begin and end, as its window says: five minutes, hours of UTC, or days of a time zone.
   Callers: series_points, get_filtered_series. */
-- for: service_role, authenticated
create function runledger_private.exact_points(p_from timestamptz, p_to timestamptz, p_step text, p_time_zone text)
returns timestamptz[]
language plpgsql stable
set search_path = ''
as $$
declare
  v_last constant timestamptz := p_to - interval '1 microsecond';
  v_most constant interval := case p_step when '5min' then '1 day' when 'hour' then '1000 hours' else '1000 days' end;
begin
  if p_step not in ('5min', 'hour', 'day') or p_step is null then
    raise exception 'A series has steps of 5min, hour or day, not of %.', coalesce(p_step, 'null')
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Pass 5min, hour or day.';
  end if;
  -- Tried, not looked up: pg_timezone_names reads every file of zones there is, 40 ms. What only looks like a rule
  -- (POSIX: Mars3) would be believed.
  begin
    if (p_time_zone ~ '^[A-Za-z_]+(/[A-Za-z0-9_+-]+)*$') is not true then raise invalid_parameter_value; end if;
    perform now() at time zone p_time_zone;
  exception when invalid_parameter_value then
    raise exception 'There is no time zone %.', coalesce(p_time_zone, 'null')
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Pass a name as in Europe/Berlin.';
  end;
  if p_from is null or p_to is null or not isfinite(p_from) or not isfinite(p_to) or p_to <= p_from then
    raise exception 'A series needs a start and a later end, not % and %.', coalesce(p_from::text, 'null'),
    coalesce(p_to::text, 'null')
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Pass both, the earlier one first.';
  end if;
  if p_to - p_from > v_most then
    raise exception 'A series by % is of % at most.', p_step,
      case p_step when '5min' then 'a day' when 'hour' then '1,000 hours' else '1,000 days' end
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Ask for longer steps, or for a shorter window.';
  end if;
  return case p_step
    when '5min' then array(
      select generate_series(date_bin('5 minutes', p_from, 'epoch'),
        date_bin('5 minutes', v_last, 'epoch') + interval '5 minutes', '5 minutes'))
    when 'hour' then array(
      select generate_series(date_trunc('hour', p_from, 'UTC'), date_trunc('hour', v_last, 'UTC') + interval '1 hour',
        '1 hour'))
    else array(
      select g at time zone p_time_zone
        from generate_series(date_trunc('day', p_from at time zone p_time_zone),
          date_trunc('day', v_last at time zone p_time_zone) + interval '1 day', interval '1 day') g) end;
end $$;

-- schemas/statistics/series_points.sql

-- Statistics by hour and day, ready to draw.

/* Where the points of a series begin and end that counters can say: hours or days of UTC, or days of another zone,
   which are made of whole UTC hours and so rounded to the nearest where the zone is off the hour (and to UTC days
   before hour cells are kept).
   Callers: get_execution_series. */
-- for: service_role, authenticated
create function runledger_private.series_points(p_from timestamptz, p_to timestamptz, p_step text, p_time_zone text)
returns table (edges timestamptz[], are_rounded boolean[])
language plpgsql stable
set search_path = ''
as $$
declare
  v_hours_from timestamptz := runledger_private.hours_from();
  v_exact timestamptz[] := runledger_private.exact_points(p_from, p_to, p_step, p_time_zone);
begin
  if p_step = '5min' then
    raise exception 'Counters are kept by hour and day, not by 5min.'
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Pass hour or day; get_filtered_series takes 5min.';
  elsif p_step = 'hour' and p_from < v_hours_from then
    raise exception 'Hours are kept since %.', v_hours_from
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Ask for days, or for a later start.';
  elsif p_step = 'hour' then
    edges := v_exact;
  else
    edges := array(select case when x.at < v_hours_from
        then date_trunc('day', x.at + interval '12 hours', 'UTC')
        else date_trunc('hour', x.at + interval '30 minutes', 'UTC') end from unnest(v_exact) with ordinality x (at, n)
          order by x.n);
  end if;
  are_rounded := array(select a.at <> b.at or lead(a.at <> b.at) over (order by a.n)
    from unnest(v_exact) with ordinality a (at, n) join unnest(edges) with ordinality b (at, n) using (n) order by a.n);
  return next;
end $$;

-- schemas/statistics/get_execution_series.sql

/* Counts by status (those above 0) and run times in milliseconds per hour or day of a window, empty points included; at
   most 1,000.
   Callers: the router. */
-- for: service_role, authenticated
create function runledger.get_execution_series(p_workflow_id uuid default null, p_user_id text default null,
  p_from timestamptz default null, p_to timestamptz default null, p_step text default 'day',
  p_time_zone text default 'UTC')
returns table (starts_at timestamptz, ends_at timestamptz, is_rounded boolean, total bigint, counts jsonb,
  avg_duration_ms double precision, p50_duration_ms double precision, p95_duration_ms double precision,
  as_of timestamptz)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_user text := runledger_private.stats_user(p_user_id);
  v_workflow uuid := runledger_private.stats_workflow(p_workflow_id, v_user);
  v_edges timestamptz[];
  v_rounded boolean[];
  v_first timestamptz;
  v_last timestamptz;
  -- Cells are days up to here and hours from here.
  v_split timestamptz;
begin
  select s.edges, s.are_rounded into v_edges, v_rounded
    from runledger_private.series_points(p_from, p_to, p_step, p_time_zone) s;
  v_first := v_edges[1];
  v_last := v_edges[array_length(v_edges, 1)];
  v_split := case
    when p_step = 'day' and not exists (select from unnest(v_edges) x (at)
      where x.at <> date_trunc('day', x.at, 'UTC')) then v_last
    else least(v_last, greatest(v_first, runledger_private.hours_from())) end;
  return query
  with cell as materialized (
    select width_bucket(c.starts_at, v_edges) as point, c.*
      from runledger_private.cells_in(v_user, v_workflow, v_first, v_first, v_split, v_split) c
    union all
    select width_bucket(c.starts_at, v_edges), c.*
      from runledger_private.cells_in(v_user, v_workflow, v_split, v_last, v_last, v_last) c),
  tail as materialized (
    select width_bucket(t.hour, v_edges) as point, t.*
      from runledger_private.tail_in(v_user, v_workflow, v_first, v_last) t),
  status_count as (
    select point, status, sum(n) as n from (
      select c.point, u.place as status, u.n from cell c, unnest(c.counts) with ordinality u (n, place)
      union all
      select t.point, runledger_private.status_number(t.status), t.n from tail t) x
     group by 1, 2 having sum(n) <> 0),
  counted as (
    select point, sum(n) as total, jsonb_object_agg(runledger_private.status_at(status), n) as counts
      from status_count group by 1),
  timed as (
    select point, sum(duration_count) as duration_count, sum(duration_sum) as duration_sum,
           min(duration_min) as duration_min, max(duration_max) as duration_max
      from (
        select point, duration_count, duration_sum, duration_min, duration_max from cell
        union all
        select point, n, n * duration_ms, case when n > 0 then duration_ms end, case when n > 0 then duration_ms end
          from tail where duration_ms is not null) x
     group by 1),
  bucket as (
    select point, bucket, sum(n) as n from (
      select c.point, u.bucket, u.n from cell c, unnest(c.duration_buckets, c.duration_counts) u (bucket, n)
      union all
      select point, runledger_private.bucket_of(duration_ms), n from tail where duration_ms is not null) b
     group by 1, 2),
  ranked as (
    select point, bucket, sum(n) over (partition by point order by bucket) as upto,
           sum(n) over (partition by point) as n_all from bucket),
  quantile as (
    select point, min(bucket) filter (where upto >= 0.50 * n_all) as p50,
           min(bucket) filter (where upto >= 0.95 * n_all) as p95
      from ranked where n_all > 0 group by 1)
  select v_edges[p.point], v_edges[p.point + 1], v_rounded[p.point],
         coalesce(c.total, 0)::bigint, coalesce(c.counts, '{}'),
         (t.duration_sum / nullif(t.duration_count, 0))::float8,
         runledger_private.clamp_bucket(q.p50, t.duration_min, t.duration_max),
         runledger_private.clamp_bucket(q.p95, t.duration_min, t.duration_max),
         statement_timestamp()
    from generate_series(1, array_length(v_edges, 1) - 1) p (point)
    left join counted c using (point)
    left join timed t using (point)
    left join quantile q using (point)
   order by p.point;
end $$;

-- schemas/statistics/workflows_in.sql

/* Counts and run times of a window by workflow, most executions first; of these workflows alone where some are given.
   Callers: get_top_workflows. */
-- for: service_role, authenticated
create function runledger_private.workflows_in(p_user text, p_starts_at timestamptz, p_days_from timestamptz,
  p_days_to timestamptz, p_ends_at timestamptz, p_workflows uuid[], p_limit integer)
returns table (workflow_id uuid, total bigint, counts jsonb, success_rate double precision,
  avg_duration_ms double precision, p95_duration_ms double precision)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
begin
  return query
  with cell as materialized (
    select s.* from runledger_private.cells_in(p_user, null, p_starts_at, p_days_from, p_days_to, p_ends_at) s
     where p_workflows is null or s.workflow_id = any (p_workflows)),
  tail as materialized (
    select t.* from runledger_private.tail_in(p_user, null, p_starts_at, p_ends_at) t
     where p_workflows is null or t.workflow_id = any (p_workflows)),
  status_count as (
    select workflow_id, status, sum(n) as n from (
      select c.workflow_id, u.place as status, u.n from cell c, unnest(c.counts) with ordinality u (n, place)
      union all
      select t.workflow_id, runledger_private.status_number(t.status), t.n from tail t) x
     group by 1, 2 having sum(n) <> 0),
  counted as (
    select workflow_id, sum(n)::bigint as total, jsonb_object_agg(x.name, n) as counts,
           sum(n) filter (where runledger_private.is_end(x.name)) as ended,
           coalesce(sum(n) filter (where x.name = 'completed'), 0) as completed
      from status_count, lateral (select runledger_private.status_at(status) as name) x
     group by 1 having sum(n) > 0 order by total desc, workflow_id limit p_limit),
  timed as (
    select workflow_id, sum(duration_count) as duration_count, sum(duration_sum) as duration_sum,
           min(duration_min) as duration_min, max(duration_max) as duration_max from (
      select c.workflow_id, c.duration_count, c.duration_sum, c.duration_min, c.duration_max from cell c
      union all
      select t.workflow_id, t.n, t.n * t.duration_ms, case when t.n > 0 then t.duration_ms end,
             case when t.n > 0 then t.duration_ms end
        from tail t where t.duration_ms is not null) x
     group by 1),
  ranked as (
    select workflow_id, bucket, sum(sum(n)) over (partition by workflow_id order by bucket) as upto,
           sum(sum(n)) over (partition by workflow_id) as n_all from (
      select c.workflow_id, u.bucket, u.n from cell c, unnest(c.duration_buckets, c.duration_counts) u (bucket, n)
       where c.workflow_id in (select k.workflow_id from counted k)
      union all
      select t.workflow_id, runledger_private.bucket_of(t.duration_ms), t.n from tail t
       where t.duration_ms is not null) x
     group by 1, 2),
  slowest as (
    select workflow_id, min(bucket) filter (where upto >= 0.95 * n_all) as p95 from ranked where n_all > 0 group by 1)
  select c.workflow_id, c.total, c.counts, round(100.0 * c.completed / nullif(c.ended, 0), 1)::float8,
         (t.duration_sum / nullif(t.duration_count, 0))::float8,
         runledger_private.clamp_bucket(s.p95, t.duration_min, t.duration_max)
    from counted c left join timed t using (workflow_id) left join slowest s using (workflow_id)
   order by c.total desc, c.workflow_id;
end $$;

-- schemas/statistics/get_top_workflows.sql

-- The busiest workflows and the most frequent failures.

/* The workflows with most executions started in a window; with p_with_previous also what these had in the window of the
   same length before (previous_total is null where there is none). Callers: the router. */
-- for: service_role, authenticated
create function runledger.get_top_workflows(p_user_id text default null, p_from timestamptz default null,
  p_to timestamptz default null, p_limit integer default 10, p_with_previous boolean default false)
returns table (workflow_id uuid, total bigint, counts jsonb, success_rate double precision,
  avg_duration_ms double precision, p95_duration_ms double precision, previous_total bigint,
  previous_success_rate double precision, previous_p95_duration_ms double precision, as_of timestamptz)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_user text := runledger_private.stats_user(p_user_id);
  v_limit integer := least(greatest(p_limit, 1), 200);
  v_from timestamptz;
  v_to timestamptz;
  w record;
begin
  select * into w from runledger_private.stats_window(p_from, p_to);
  if p_with_previous and runledger_private.has_window_before(w.starts_at, w.ends_at) then
    v_from := w.starts_at - (w.ends_at - w.starts_at);
    v_to := w.starts_at;
  end if;
  return query
  with top as materialized (
    select * from runledger_private.workflows_in(v_user,
      w.starts_at, w.days_from, w.days_to, w.ends_at, null, v_limit)),
  before as materialized (
    select o.* from runledger_private.stats_window(v_from, v_to) b, lateral runledger_private.workflows_in(v_user,
      b.starts_at, b.days_from, b.days_to, b.ends_at, (select array_agg(workflow_id) from top), v_limit) o
     where v_to is not null)
  select t.*, case when v_to is not null then coalesce(o.total, 0) end, o.success_rate, o.p95_duration_ms,
         statement_timestamp()
    from top t left join before o using (workflow_id)
   order by t.total desc, t.workflow_id;
end $$;

-- schemas/statistics/told_failure.sql

/* The message of a kind of failures as the API tells it: none of it where the workflow redacts its errors. Whose it is
   tells the workflow that is asked for, else the last execution of the kind; where none is left, every workflow
   counts. p_redacts: whether any workflow redacts anything, which is looked up once for all messages. Callers:
   get_failure_groups, get_top_failures. */
-- for: service_role, authenticated
create function runledger_private.told_failure(p_message text, p_redacts boolean, p_workflow_id uuid, p_last_id uuid)
returns text
language plpgsql stable
set search_path = ''
as $$
declare
  v_workflow uuid := p_workflow_id;
begin
  if not p_redacts then return p_message; end if;
  if v_workflow is null then
    select e.workflow_id into v_workflow from runledger.workflow_executions e where e.id = p_last_id;
  end if;
  return case when coalesce(
      (select runledger_private.hides_error(w.redact, p_message) from runledger.workflows w where w.id = v_workflow),
      exists (select from runledger.workflows w
               where w.redact <> '{}' and runledger_private.hides_error(w.redact, p_message)))
    then '[redacted]' else p_message end;
end $$;

-- schemas/statistics/get_top_failures.sql

/* The kinds of failures with most executions started in a window, of equal ones the one seen last: type, failing
   activity and shape of the message; when the first and the last of those still kept were started, and the last one's
   id. Callers: the router. */
-- for: service_role, authenticated
create function runledger.get_top_failures(p_workflow_id uuid default null, p_user_id text default null,
  p_from timestamptz default null,
                                        p_to timestamptz default null, p_limit integer default 10)
returns table (failure_group text, failure_type text, activity_type text, message text, executions bigint,
               first_started_at timestamptz, last_started_at timestamptz, last_execution_id uuid, as_of timestamptz)
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  v_user text := runledger_private.stats_user(p_user_id);
  v_workflow uuid := runledger_private.stats_workflow(p_workflow_id, v_user);
  v_redacts constant boolean := exists (select from runledger.workflows x where x.redact <> '{}');
  v_limit constant integer := least(greatest(p_limit, 1), 100);
  w record;
begin
  if p_user_id is not null and runledger_private.unless_left(p_user_id) is null then return; end if;
  select * into w from runledger_private.stats_window(p_from, p_to);
  -- Three statements, so that each looks up the first and the last in its own index, with one plan whatever it
  -- is asked.
  if v_user <> '' then
    return query
    select l.label, nullif(split_part(l.description, E'\n', 1), '-'), nullif(split_part(l.description, E'\n', 2), '-'),
           runledger_private.told_failure(split_part(l.description, E'\n', 3), v_redacts, p_workflow_id, z.id), l.n,
           a.started_at, z.started_at, z.id, statement_timestamp()
      from (select * from runledger_private.labels_in('failure', v_user, v_workflow, w.starts_at,
        w.days_from, w.days_to, w.ends_at)
             order by n desc, last_at desc fetch first (v_limit) rows with ties) l
      left join lateral (
        select e.started_at from runledger.workflow_executions e
         where e.created_by = v_user and e.failure_group = l.label
           and (p_workflow_id is null or e.workflow_id = p_workflow_id)
           and e.started_at >= w.starts_at and e.started_at < w.ends_at
         order by e.started_at, e.id limit 1) a on true
      left join lateral (
        select e.started_at, e.id from runledger.workflow_executions e
         where e.created_by = v_user and e.failure_group = l.label
           and (p_workflow_id is null or e.workflow_id = p_workflow_id)
           and e.started_at >= w.starts_at and e.started_at < w.ends_at
         order by e.started_at desc, e.id desc limit 1) z on true
     order by l.n desc, z.started_at desc nulls last, l.description, l.label limit v_limit;
  elsif v_workflow is not null then
    return query
    select l.label, nullif(split_part(l.description, E'\n', 1), '-'), nullif(split_part(l.description, E'\n', 2), '-'),
           runledger_private.told_failure(split_part(l.description, E'\n', 3), v_redacts, p_workflow_id, z.id), l.n,
           a.started_at, z.started_at, z.id, statement_timestamp()
      from (select * from runledger_private.labels_in('failure', v_user, v_workflow, w.starts_at,
        w.days_from, w.days_to, w.ends_at)
             order by n desc, last_at desc fetch first (v_limit) rows with ties) l
      left join lateral (
        select e.started_at from runledger.workflow_executions e
         where e.workflow_id = p_workflow_id and e.failure_group = l.label
           and e.started_at >= w.starts_at and e.started_at < w.ends_at
         order by e.started_at, e.id limit 1) a on true
      left join lateral (
        select e.started_at, e.id from runledger.workflow_executions e
         where e.workflow_id = p_workflow_id and e.failure_group = l.label
           and e.started_at >= w.starts_at and e.started_at < w.ends_at
         order by e.started_at desc, e.id desc limit 1) z on true
     order by l.n desc, z.started_at desc nulls last, l.description, l.label limit v_limit;
  else
    return query
    select l.label, nullif(split_part(l.description, E'\n', 1), '-'), nullif(split_part(l.description, E'\n', 2), '-'),
           runledger_private.told_failure(split_part(l.description, E'\n', 3), v_redacts, null, z.id), l.n,
           a.started_at, z.started_at, z.id, statement_timestamp()
      from (select * from runledger_private.labels_in('failure', v_user, v_workflow, w.starts_at,
        w.days_from, w.days_to, w.ends_at)
             order by n desc, last_at desc fetch first (v_limit) rows with ties) l
      left join lateral (
        select e.started_at from runledger.workflow_executions e
         where e.failure_group = l.label and e.id <> '00000000-0000-0000-0000-000000000000'
           and e.started_at >= w.starts_at and e.started_at < w.ends_at
         order by e.started_at, e.id limit 1) a on true
      left join lateral (
        select e.started_at, e.id from runledger.workflow_executions e
         where e.failure_group = l.label and e.id <> '00000000-0000-0000-0000-000000000000'
           and e.started_at >= w.starts_at and e.started_at < w.ends_at
         order by e.started_at desc, e.id desc limit 1) z on true
     order by l.n desc, z.started_at desc nulls last, l.description, l.label limit v_limit;
  end if;
end $$;

-- schemas/statistics/failures_of.sql

/* Executions of one kind of failure in a scope and a window, the oldest or the latest first, by the index of their
   kind. Callers: get_failure_groups, get_failure_users. */
-- for: service_role
create function runledger_private.failures_of(p_user_id text, p_workflow_id uuid, p_group text, p_from timestamptz,
  p_to timestamptz, p_oldest boolean, p_most integer)
returns table (id uuid, created_by text, started_at timestamptz)
language plpgsql stable
set search_path = ''
set enable_sort = off
set enable_bitmapscan = off
as $$
begin
  return query execute format(
    'select e.id, e.created_by, e.started_at from runledger.workflow_executions e
      where e.failure_group = %L and %s and e.started_at >= %L and e.started_at < %L
      order by e.started_at %s, e.id %5$s limit %s',
    p_group, concat_ws(' and ', case when p_user_id is null and p_workflow_id is null
        then runledger_private.everybody_sql() end,
      'e.created_by = ' || quote_literal(p_user_id),
      'e.workflow_id = ' || quote_literal(p_workflow_id)),
    p_from, p_to, case when p_oldest then 'asc' else 'desc' end, p_most);
end $$;

-- schemas/statistics/failure_buckets.sql

/* Failures of some kinds over a window, in up to 24 buckets of whole hours, or of whole days where hours are not kept
   or would be too many: when each begins, and counts by kind. Nothing without a start and an end.
   Callers: get_failure_groups. */
-- for: service_role
create function runledger_private.failure_buckets(p_user text, p_workflow uuid, p_labels text[], p_from timestamptz,
  p_to timestamptz, out starts timestamptz[], out counts jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_by_hour constant boolean := p_from >= runledger_private.hours_from() and p_to - p_from <= interval '24 days';
  v_unit constant interval := case when v_by_hour then interval '1 hour' else interval '1 day' end;
  v_units integer;
begin
  counts := '{}';
  if not isfinite(p_from) or not isfinite(p_to) then return; end if;
  v_units := ceil(extract(epoch from p_to - p_from) / extract(epoch from v_unit));
  starts := array(select p_from + n * v_unit * ceil(v_units / 24.0)::integer
    from generate_series(0, least(24, v_units) - 1) n
   where p_from + n * v_unit * ceil(v_units / 24.0)::integer < p_to order by n);
  counts := (
    select coalesce(jsonb_object_agg(k.label, k.series), '{}') from (
      select l.label, (select jsonb_agg(coalesce(f.n, 0) order by b.bucket)
               from generate_series(1, cardinality(starts)) b (bucket)
               left join (
                 select width_bucket(x.at, starts) as bucket, sum(x.n)::bigint as n from (
                   select s.starts_at as at, s.executions as n from runledger.execution_label_stats s
                    where s.created_by = p_user and s.kind = 'failure' and s.label = l.label
                      and s.grain = case when v_by_hour then 'hour' else 'day' end
                      and (s.workflow_id = p_workflow or (p_workflow is null
                        and s.workflow_id > '00000000-0000-0000-0000-000000000000'))
                      and s.starts_at >= date_trunc(case when v_by_hour then 'hour' else 'day' end, p_from, 'UTC')
                      and s.starts_at < p_to
                   union all
                   select greatest(t.hour, p_from), t.n
                     from runledger_private.tail_in(p_user, p_workflow, p_from, p_to) t
                    where t.failure_group = l.label) x
                  group by 1) f on f.bucket = b.bucket) as series
        from unnest(p_labels) l (label)) k);
end $$;

-- schemas/statistics/get_failure_groups.sql

/* Kinds of failures of a user, of everybody in a workflow whose owner asks, or of everybody, with most executions
   started in a window, of equal ones the one seen last, or one of them alone: how many, of how many users (counted in
   the latest 1,000), how many in the window of the same length before, whether the kind is new in it, and counts over
   time.
   Callers: StatisticsReader.failureGroups. Returns { groups, bucketsStartAt, from, to, asOf }. */
-- for: service_role
create function runledger.get_failure_groups(p_user_id text default null, p_workflow_id uuid default null,
  p_from timestamptz default null, p_to timestamptz default null, p_limit integer default 10,
  p_everybody boolean default false, p_group text default null) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_user text := coalesce(p_user_id, '');
  v_workflow uuid := p_workflow_id;
  v_to constant timestamptz := coalesce(p_to, case when p_from is not null then now() end);
  v_limit constant integer := least(greatest(p_limit, 1), 200);
  w record;
  b record;
  v_before record;
  v_labels text[];
  v_top jsonb;
  v_previous jsonb;
  v_ever jsonb := '{}';
  v_buckets record;
  v_redacts constant boolean := exists (select from runledger.workflows x where x.redact <> '{}');
begin
  if p_user_id is null and p_workflow_id is null and not p_everybody then
    raise exception 'Failures are of a user, of a workflow, or of both.'
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Pass a user or a workflow.';
  end if;
  select * into w from runledger_private.stats_window(p_from, v_to);
  select array_agg(l.label),
         jsonb_object_agg(l.label, jsonb_build_object('n', l.n, 'description', l.description))
    into v_labels, v_top
    from (
      -- Of kinds as frequent as each other the one seen last comes first: of those that the limit falls among, all are
      -- looked at.
      select c.* from (
        select * from runledger_private.labels_in('failure', v_user, v_workflow, w.starts_at, w.days_from, w.days_to,
          w.ends_at)
         where p_group is null or label = p_group
         order by n desc, last_at desc fetch first (v_limit) rows with ties) c
        left join lateral runledger_private.failures_of(p_user_id, p_workflow_id, c.label, w.starts_at, w.ends_at,
          false, 1) z on true
       order by c.n desc, z.started_at desc nulls last, c.description, c.label limit v_limit) l;
  if isfinite(w.starts_at) then
    -- A window of thousands of years has none of its length before it that Postgres could name: all before it, then.
    select * into b from runledger_private.stats_window(
      case when w.ends_at - w.starts_at < w.starts_at - '0001-01-01 UTC'::timestamptz
           then w.starts_at - (w.ends_at - w.starts_at) end, w.starts_at);
    select coalesce(jsonb_object_agg(l.label, l.n), '{}') into v_previous
      from runledger_private.labels_in('failure', v_user, v_workflow, b.starts_at, b.days_from, b.days_to, b.ends_at) l
     where l.label = any (v_labels);
    select * into v_before from runledger_private.stats_window(null, w.starts_at);
    select coalesce(jsonb_object_agg(l.label, l.n), '{}') into v_ever
      from runledger_private.labels_in('failure', v_user, v_workflow, v_before.starts_at, v_before.days_from,
        v_before.days_to, v_before.ends_at) l
     where l.label = any (v_labels);
  end if;
  v_buckets := runledger_private.failure_buckets(v_user, v_workflow, v_labels, w.starts_at, w.ends_at);
  return jsonb_build_object(
    'from', case when isfinite(w.starts_at) then w.starts_at end,
    'to', case when isfinite(w.ends_at) then w.ends_at end,
    'asOf', statement_timestamp(),
    'bucketsStartAt', coalesce(to_jsonb(v_buckets.starts), '[]'),
    'groups', (
      select coalesce(jsonb_agg(jsonb_build_object(
               'failureGroup', g.label,
               'type', nullif(split_part(v_top -> g.label ->> 'description', E'\n', 1), '-'),
               'activityType', nullif(split_part(v_top -> g.label ->> 'description', E'\n', 2), '-'),
               'message', runledger_private.told_failure(split_part(v_top -> g.label ->> 'description', E'\n', 3),
                 v_redacts, p_workflow_id, s.last_id),
               'executions', v_top -> g.label -> 'n',
               'previous', case when v_previous is not null then coalesce(v_previous -> g.label, '0') end,
               'isNew', case when v_previous is not null then not v_ever ? g.label end,
               'series', coalesce(v_buckets.counts -> g.label, '[]'),
               'users', s.users, 'usersExactness', case when s.looked >= 1000 then 'capped' else 'exact' end,
               'firstSeenAt', (select min(x.started_at) from runledger_private.failures_of(p_user_id, p_workflow_id,
                 g.label, w.starts_at, w.ends_at, true, 1) x),
               'lastSeenAt', s.last_seen_at, 'lastExecutionId', s.last_id)
               order by (v_top -> g.label -> 'n')::bigint desc, s.last_seen_at desc nulls last,
                 v_top -> g.label ->> 'description', g.label), '[]')
        from unnest(v_labels) g (label)
       cross join lateral (
         select count(distinct x.created_by) as users, count(*) as looked, max(x.started_at) as last_seen_at,
                (array_agg(x.id order by x.started_at desc, x.id desc))[1] as last_id
           from runledger_private.failures_of(p_user_id, p_workflow_id, g.label, w.starts_at, w.ends_at, false,
             1000) x) s));
end $$;

-- schemas/statistics/get_failure_users.sql

/* Whom a kind of failure hit in a workflow, whose owner asks: by the latest 10,000 of a window, most often hit first,
   then last hit.
   Callers: StatisticsReader.failureUsers. Returns { users, exactness }. */
-- for: service_role
create function runledger.get_failure_users(p_workflow_id uuid, p_group text, p_from timestamptz default null,
  p_to timestamptz default null, p_limit integer default 100) returns jsonb
language sql stable
set search_path = ''
as $$
  with hit as materialized (
    select x.* from runledger_private.failures_of(null, p_workflow_id, p_group, coalesce(p_from, '-infinity'),
      coalesce(p_to, 'infinity'), false, 10000) x)
  select jsonb_build_object(
    'exactness', case when (select count(*) >= 10000 or count(distinct h.created_by) > p_limit from hit h)
                      then 'capped' else 'exact' end,
    'users', (
      select coalesce(jsonb_agg(jsonb_build_object('userId', u.created_by,
               'name', runledger_private.user_name(u.created_by),
               'executions', u.n, 'firstSeenAt', u.first_at, 'lastSeenAt', u.last_at, 'lastExecutionId', u.last_id)
               order by u.n desc, u.last_at desc, u.created_by), '[]')
        from (select h.created_by, count(*) as n, min(h.started_at) as first_at, max(h.started_at) as last_at,
                     (array_agg(h.id order by h.started_at desc, h.id desc))[1] as last_id
                from hit h group by 1 order by 2 desc, 4 desc, 1 limit least(greatest(p_limit, 1), 200)) u));
$$;

-- schemas/statistics/recent_runs.sql

/* The latest executions of workflows that a user ran, or everybody (`p_everybody`), newest first: a statement of
   each, for one with both conditions would use the index of neither.
   Callers: StatisticsReader.recentRuns. Returns { workflow id: [{ id, status, startedAt, durationMs }] }. */
-- for: service_role
create function runledger.recent_runs(p_user_id text, p_workflow_ids uuid[], p_last integer default 30,
  p_everybody boolean default false) returns jsonb
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_sort = off
set enable_bitmapscan = off
as $$
declare
  v_user constant text := runledger_private.unless_left(p_user_id);
  v_most constant integer := least(greatest(p_last, 1), 100);
begin
  return (
    select coalesce(jsonb_object_agg(w.id, coalesce((
             select jsonb_agg(jsonb_build_object('id', r.id, 'status', r.status, 'startedAt', r.started_at,
                                                 'durationMs', r.duration_ms))
               from (select e.id, e.status, e.started_at, e.duration_ms from runledger.workflow_executions e
                      where e.workflow_id = w.id and e.created_by = v_user and not p_everybody
                      order by e.started_at desc, e.id desc limit v_most) r), (
             select jsonb_agg(jsonb_build_object('id', r.id, 'status', r.status, 'startedAt', r.started_at,
                                                 'durationMs', r.duration_ms))
               from (select e.id, e.status, e.started_at, e.duration_ms from runledger.workflow_executions e
                      where e.workflow_id = w.id and p_everybody and v_user is not null
                      order by e.started_at desc, e.id desc limit v_most) r), '[]')), '{}')
      from unnest(p_workflow_ids) w (id));
end $$;

-- schemas/statistics/get_workflow_statistics.sql

/* Statistics of a workflow that a user may use: everybody's for its owner, their own for all others; null where there
   is none that they may use. Callers: StatisticsReader.workflowStats. Returns { of, rows } with the rows of
   get_execution_stats. */
-- for: service_role
create function runledger.get_workflow_statistics(p_user_id text, p_workflow_id uuid,
  p_from timestamptz default null, p_to timestamptz default null, p_with_previous boolean default false) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_is_owner boolean;
begin
  select w.user_id = p_user_id into v_is_owner from runledger.workflows w
   where w.id = p_workflow_id and (w.user_id = p_user_id or w.visibility = 'published');
  if not found then return null; end if;
  return (select jsonb_build_object('of', case when v_is_owner then 'everyone' else 'caller' end,
                                    'rows', jsonb_agg(to_jsonb(s)))
            from runledger.get_execution_stats(p_workflow_id, case when not v_is_owner then p_user_id end, p_from, p_to,
              p_with_previous) s);
end $$;

-- schemas/statistics/get_workflow_counters.sql

-- How many executions there are since the beginning, and in windows that cells can say exactly.

/* Executions by status since the beginning, per workflow: of a user, or of everybody for the workflows that p_owner_id
   owns.
   Callers: the router. */
-- for: service_role, authenticated
create function runledger.get_workflow_counters(p_user_id text default null, p_owner_id text default null)
returns table (workflow_id uuid, total bigint, counts jsonb, as_of timestamptz)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_user text := case when p_owner_id is null then runledger_private.stats_user(p_user_id) else '' end;
  v_owned uuid[] := case when p_owner_id is not null
    then array(select w.id from runledger.workflows w where w.user_id = p_owner_id) end;
begin
  return query
  with status_count as (
    select workflow_id, status, sum(n) as n from (
      select s.workflow_id, u.place as status, u.n
        from runledger.execution_stats s, unnest(s.counts) with ordinality u (n, place)
       where s.created_by = v_user and s.grain = 'life' and s.workflow_id > '00000000-0000-0000-0000-000000000000'
         and (v_owned is null or s.workflow_id = any (v_owned))
      union all
      select t.workflow_id, runledger_private.status_number(t.status), t.n
        from runledger_private.tail_in(v_user, null, '-infinity', 'infinity') t
       where v_owned is null or t.workflow_id = any (v_owned)) x
     group by 1, 2 having sum(n) <> 0)
  select c.workflow_id, sum(c.n)::bigint, jsonb_object_agg(runledger_private.status_at(c.status), c.n),
         statement_timestamp()
    from status_count c group by 1 having sum(c.n) > 0 order by 1;
end $$;

-- schemas/statistics/count_from_cells.sql

/* How many executions there are, from the counters; null where they cannot say it exactly: a window off the hour, or
   off the day where hour cells are no longer kept. Callers: count_executions. */
-- for: service_role, authenticated
create function runledger_private.count_from_cells(p_user_id text, p_workflow_id uuid, p_from timestamptz,
  p_to timestamptz, p_statuses text[])
returns bigint
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_user text := runledger_private.stats_user(p_user_id);
  v_workflow uuid := runledger_private.stats_workflow(p_workflow_id, v_user);
  w record;
  v_n bigint;
begin
  if p_from > p_to then return 0; end if;
  select * into w from runledger_private.stats_window(p_from, p_to);
  if w.starts_at <> coalesce(p_from, '-infinity') or w.ends_at <> coalesce(p_to, 'infinity') then return null; end if;
  with cell as (
    select s.* from runledger_private.cells_in(v_user, v_workflow, w.starts_at, w.days_from, w.days_to, w.ends_at) s
      where p_from is not null or p_to is not null
    union all
    select s.* from runledger.execution_stats s
     where p_from is null and p_to is null and s.created_by = v_user and s.grain = 'life'
       and (s.workflow_id = v_workflow or (v_workflow is null
         and s.workflow_id > '00000000-0000-0000-0000-000000000000')))
  select coalesce(sum(x.n), 0) into v_n from (
    select u.n from cell c, unnest(c.counts) with ordinality u (n, place)
     where p_statuses is null or cardinality(p_statuses) = 0
        or runledger_private.status_at(u.place) = any (p_statuses)
    union all
    select t.n from runledger_private.tail_in(v_user, v_workflow, w.starts_at, w.ends_at) t
     where p_statuses is null or cardinality(p_statuses) = 0 or t.status = any (p_statuses)) x;
  return v_n;
end $$;

-- schemas/statistics/get_user_workflow_run_count.sql

/* Runs of a user, of one workflow if given, that completed or failed, pruned ones included.
   Callers: ExecutionService.getRunCount, record_outcomes, the users' own code. */
-- for: service_role, authenticated
create function runledger.get_user_workflow_run_count(p_user_id text, p_workflow_id uuid default null) returns integer
language sql stable
return case when p_user_id is null then 0 else
  runledger_private.count_from_cells(p_user_id, p_workflow_id, null, null, array['completed', 'failed'])::int end;

-- schemas/statistics/workflow_run_counts.sql

/* The same per user and workflow; last_run_at is the newest start of any execution that is still kept. */
create or replace view runledger.workflow_run_counts with (security_invoker = on) as
  select x.user_id, x.workflow_id, sum(x.completed)::bigint as completed_count, sum(x.failed)::bigint as failed_count,
         sum(x.completed + x.failed)::bigint as total_count,
         (select max(e.started_at) from runledger.workflow_executions e
           where e.workflow_id = x.workflow_id and e.created_by = x.user_id) as last_run_at
    from (
      select s.created_by as user_id, s.workflow_id,
             coalesce(s.counts[runledger_private.status_number('completed')], 0) as completed,
             coalesce(s.counts[runledger_private.status_number('failed')], 0) as failed,
             (select sum(n) from unnest(s.counts) n) as total
        from runledger.execution_stats s
       where s.grain = 'life' and s.created_by <> '' and s.workflow_id <> '00000000-0000-0000-0000-000000000000'
      union all
      select d.created_by, d.workflow_id, v.n * (v.status = 'completed')::int, v.n * (v.status = 'failed')::int, v.n
        from runledger.execution_deltas d, lateral runledger_private.signs_of(d) v
       where d.xid >= (select runledger_private.folded_below())) x
   group by x.user_id, x.workflow_id having sum(x.total) > 0;

grant select on runledger.workflow_run_counts to authenticated;
grant all on runledger.workflow_run_counts to service_role;

-- schemas/lists/error_text_index.sql

-- Lists and counts that no index can serve alone. Callers: the service role, with the scope as an argument.
--
-- A list is served by a source: executions of the scope in the list's order, by an index. A look reads a bounded number
-- of them and keeps what satisfies the filter. Looks are repeated until the page is full, nothing is left, or the page
-- has read its share of buffers; then it says how far it came.

-- Words in error messages, by their trigrams. As an array, not by the operator class for `ilike`: that one compares
-- every row that it finds before a limit can stop it. A team may have the extension in a schema of its own already.
create schema if not exists extensions;
do $$
begin
  if not exists (select from pg_catalog.pg_extension where extname = 'pg_trgm') then
    create extension pg_trgm with schema extensions;
    comment on schema runledger is 'Runledger; pg_trgm came with it';
  end if;
  execute format(
    'create index idx_workflow_executions_error_text on runledger.workflow_executions
       using gin (%s.show_trgm(error_message)) with (gin_pending_list_limit = 256) where error_message is not null',
    (select e.extnamespace::regnamespace from pg_catalog.pg_extension e where e.extname = 'pg_trgm'));
end $$;

-- schemas/lists/without_exclusions.sql

/* A filter with the statuses that are left in place of the excluded ones, for indexes to serve; excluded tags are
   notTags. Where no status is left, one that no execution has. Callers: check_execution_search. */
-- for: service_role
create function runledger_private.without_exclusions(p_filter jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  excluded text[] := runledger_private.text_array(p_filter #> '{not,status}');
  tags jsonb := nullif(coalesce(p_filter #> '{not,tags}', '[]'), '[]');
  statuses text[] := case when p_filter ? 'status' then runledger_private.text_array(p_filter -> 'status')
                     else runledger_private.statuses() end;
begin
  return p_filter - 'not'
    || case when cardinality(excluded) > 0 then jsonb_build_object('status', coalesce(
         (select jsonb_agg(s.status) from unnest(statuses) s (status) where s.status <> all (excluded)), '["none"]'))
       else '{}' end
    || case when tags is not null then jsonb_build_object('notTags', tags) else '{}' end;
end $$;

-- schemas/lists/check_execution_search.sql

/* Refuses what is not a list: everybody's needs to be asked for by p_everybody, and a part of a filter that is none
   would be ignored. Returns the filter without its empty parts, with statuses that are excluded as those that are left,
   and with the ids of rows that turned out to be others as those of the others.
   Callers: search_executions, count_executions, get_filtered_stats, get_filtered_series. */
-- for: service_role
create function runledger_private.check_execution_search(p_user_id text, p_workflow_id uuid, p_filter jsonb,
                                               p_order_by text default 'started_at',
                                               p_everybody boolean default false) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  parts constant text[] := array['status', 'not', 'userIds', 'origin', 'workflowIds', 'taskQueue',
                                 'workflowType', 'from', 'to', 'endedFrom',
                                 'endedTo', 'authority', 'verdict', 'minDurationMs', 'maxDurationMs', 'minRuns',
                                 'maxRuns', 'tags', 'allTags', 'health', 'failureGroup', 'text', 'ids'];
  filter jsonb := coalesce((select jsonb_object_agg(f.key, f.value) from jsonb_each(p_filter) f
                             where f.value not in ('null', '[]', '""')), '{}');
  wrong text := case
    when p_user_id is null and p_workflow_id is null and not p_everybody
      then 'A list is of a user, of a workflow, or of both.'
    when filter - parts <> '{}'
      then format('There is no filter by %s.', (select string_agg(k, ', ') from jsonb_object_keys(filter - parts) k))
    when filter ? 'not' and (filter -> 'not') - array['status', 'tags'] <> '{}' then 'Not is of status and of tags.'
    when jsonb_array_length(case when filter ? 'workflowIds' then filter -> 'workflowIds' else '[]' end) > 20
      then 'A list is of 20 workflows at most.'
    when jsonb_array_length(case when filter ? 'userIds' then filter -> 'userIds' else '[]' end) > 20
      then 'A list is of 20 users at most.'
    when p_order_by is null or p_order_by not in ('started_at', 'completed_at', 'duration')
      then format('There is no order by %s.', p_order_by)
    when filter ? 'ids' and p_order_by <> 'started_at' then 'A list of ids is ordered by started_at.'
    when jsonb_array_length(case when filter ? 'ids' then filter -> 'ids' else '[]' end) > 100
      then 'A list is of 100 ids at most.'
    end;
begin
  if wrong is not null then
    raise exception '%', wrong using errcode = 'PT400', detail = 'invalid_input',
      hint = 'See ExecutionFilter and ListExecutionsOptions in @runledger/contracts.';
  end if;
  if filter ? 'ids' then
    filter := filter || jsonb_build_object('ids', (select jsonb_agg(coalesce(runledger_private.present_id(
        case when i.name ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then i.name::uuid end)::text, i.name))
      from jsonb_array_elements_text(filter -> 'ids') i (name)));
  end if;
  return runledger_private.without_exclusions(filter);
end $$;

-- schemas/lists/like_pattern.sql

/* A text as a pattern that finds it anywhere. Callers: execution_filter_sql, rare_executions. */
-- for: service_role
create function runledger_private.like_pattern(p_text text) returns text
language sql immutable parallel safe
return '%' || regexp_replace(p_text, '([\\%_])', '\\\1', 'g') || '%';

-- schemas/lists/execution_filter_sql.sql

/* A filter within its scope as SQL over `e`. Callers: find_executions, rows_in_window. */
-- for: service_role
create function runledger_private.execution_filter_sql(p_user_id text, p_workflow_id uuid, p_filter jsonb) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  return concat_ws(' and ',
    case when p_user_id is null and p_workflow_id is null then 'true' end,
    'e.created_by = ' || quote_literal(p_user_id),
    'e.workflow_id = ' || quote_literal(p_workflow_id),
    case when p_filter ? 'userIds'
      then 'e.created_by = any (' || quote_literal(runledger_private.text_array(p_filter -> 'userIds'))
           || '::text[])' end,
    case when p_filter ? 'status'
      then 'e.status = any (' || quote_literal(runledger_private.text_array(p_filter -> 'status')) || '::text[])' end,
    'e.started_at >= ' || quote_literal((p_filter ->> 'from')::timestamptz),
    'e.started_at < ' || quote_literal((p_filter ->> 'to')::timestamptz),
    case when p_filter ? 'workflowIds'
      then 'e.workflow_id = any (' || quote_literal(runledger_private.text_array(p_filter -> 'workflowIds'))
           || '::uuid[])' end,
    -- Not as a join or an exists: Postgres may read all workflows for those.
    '(select w.task_queue from runledger.workflows w where w.id = e.workflow_id) = '
      || quote_literal(p_filter ->> 'taskQueue'),
    '(select w.workflow_type from runledger.workflows w where w.id = e.workflow_id) = '
      || quote_literal(p_filter ->> 'workflowType'),
    'e.completed_at >= ' || quote_literal((p_filter ->> 'endedFrom')::timestamptz),
    'e.completed_at < ' || quote_literal((p_filter ->> 'endedTo')::timestamptz),
    'e.outcome_authority = ' || quote_literal(p_filter ->> 'authority'),
    case when p_filter ? 'origin'
      then runledger_private.origin_sql() || ' = any ('
           || quote_literal(runledger_private.text_array(p_filter -> 'origin')) || '::text[])' end,
    'e.run_count >= ' || (p_filter ->> 'minRuns')::integer,
    'e.run_count <= ' || (p_filter ->> 'maxRuns')::integer,
    'e.verdict = ' || quote_literal(p_filter ->> 'verdict'),
    'e.duration_ms >= ' || (p_filter ->> 'minDurationMs')::bigint,
    'e.duration_ms <= ' || (p_filter ->> 'maxDurationMs')::bigint,
    case when p_filter ? 'tags'
      then 'e.tags && ' || quote_literal(runledger_private.text_array(p_filter -> 'tags')) || '::text[]' end,
    case when p_filter ? 'notTags'
      then 'not e.tags && ' || quote_literal(runledger_private.text_array(p_filter -> 'notTags')) || '::text[]' end,
    case when p_filter ? 'allTags'
      then 'e.tags @> ' || quote_literal(runledger_private.text_array(p_filter -> 'allTags')) || '::text[]' end,
    case when p_filter ? 'health'
      then 'exists (select from runledger.execution_checks x where x.execution_id = e.id and x.health = any ('
           || quote_literal(runledger_private.text_array(p_filter -> 'health')) || '::text[]))' end,
    'e.failure_group = ' || quote_literal(p_filter ->> 'failureGroup'),
    'e.error_message ilike ' || quote_literal(runledger_private.like_pattern(p_filter ->> 'text'))
      -- Whoever may not read an error does not find out by searching what is in it.
      || ' and not (select runledger_private.hides_error(w.redact, e.error_message)
                      from runledger.workflows w where w.id = e.workflow_id)',
    case when p_filter ? 'ids'
      then '(e.id::text = any (' || quote_literal(runledger_private.text_array(p_filter -> 'ids'))
           || '::text[]) or e.temporal_workflow_id = any ('
           || quote_literal(runledger_private.text_array(p_filter -> 'ids')) || '::text[]))' end);
end $$;

-- schemas/lists/everybody_sql.sql

/* What everybody's executions are, as SQL over e: all of them, in the words of the indexes for that. Callers: whatever
   reads everybody's. */
-- for: service_role
create function runledger_private.everybody_sql() returns text
language sql immutable parallel safe
return 'e.id <> ''00000000-0000-0000-0000-000000000000''';

-- schemas/lists/everybody_sources.sql

/* The sources of a list of everybody's executions, as execution_sources says; of some users or workflows they
   are theirs.
   By end and by run time no index has everybody's: they are merged of those of each workflow, up to 100.
   Callers: execution_sources. */
-- for: service_role
create function runledger_private.everybody_sources(p_filter jsonb, p_order_by text) returns setof jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  by_start constant boolean := p_order_by = 'started_at';
  statuses constant text[] := case when p_filter ? 'status'
    then runledger_private.text_array(p_filter -> 'status') end;
  -- As the indexes say it.
  reported constant text := '(e.engine = ''temporal'' and e.outcome_authority = ''reported'' and e.lost_at is null)';
  failure constant text := 'e.failure_group = ' || quote_literal(p_filter ->> 'failureGroup');
  most constant integer := 100;
  by_status constant text[] := array(select 'e.status = ' || quote_literal(s) from unnest(statuses) s group by s);
  everybody constant text := runledger_private.everybody_sql();
  branches text[];
begin
  if p_filter ? 'userIds' then
    branches := array(select 'e.created_by = ' || quote_literal(u)
                        from unnest(runledger_private.text_array(p_filter -> 'userIds')) u group by u);
    if by_start and not 'completed' = any (statuses) then
      branches := array(select b || ' and ' || s from unnest(branches) b, unnest(by_status) s);
    end if;
  elsif p_filter ? 'workflowIds' then
    branches := array(select 'e.workflow_id = ' || quote_literal(w)
                        from unnest(runledger_private.text_array(p_filter -> 'workflowIds')) w group by w);
  elsif by_start and p_filter ? 'health' then
    branches := array(select everybody || ' and e.status = ' || quote_literal(s)
                        from unnest(runledger_private.open_statuses()) s) || (everybody || ' and ' || reported);
  elsif by_start and failure is not null then
    branches := array[everybody || ' and ' || failure];
  elsif by_start and not 'completed' = any (statuses) then
    branches := array(select everybody || ' and ' || s from unnest(by_status) s);
  elsif by_start then
    branches := array[everybody];
  else
    branches := array(select 'e.workflow_id = ' || quote_literal(w.id) from runledger.workflows w limit most + 1);
    if cardinality(branches) > most then
      raise exception 'A list of everybody''s executions of more than % workflows is by start only.', most
        using errcode = 'PT400', detail = 'invalid_input', hint = 'Order by started_at, or name workflows or users.';
    end if;
  end if;
  return next runledger_private.scan_source(branches);
end $$;

-- schemas/lists/execution_sources.sql

/* The sources of a list: each holds everything that the filter can find, in the list's order, by an index of its own.
   One of several branches is their merge. Callers: find_executions, rows_in_window. */
-- for: service_role
create function runledger_private.execution_sources(p_user_id text, p_workflow_id uuid, p_filter jsonb, p_order_by text)
returns setof jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  of_user text := 'e.created_by = ' || quote_literal(p_user_id);
  of_workflow text := 'e.workflow_id = ' || quote_literal(p_workflow_id);
  by_start boolean := p_order_by = 'started_at';
  statuses text[] := case when p_filter ? 'status' then runledger_private.text_array(p_filter -> 'status') end;
  unsuccessful boolean := coalesce(statuses <@ runledger_private.unsuccessful_statuses(), false);
  says_why boolean := unsuccessful or p_filter ? 'text';
  -- As the indexes say it.
  reported text := '(e.engine = ''temporal'' and e.outcome_authority = ''reported'' and e.lost_at is null)';
  unsettled text := '(e.outcome_authority is null or ' || reported || ')';
  failure text := 'e.failure_group = ' || quote_literal(p_filter ->> 'failureGroup');
begin
  if p_filter ? 'ids' then
    return next jsonb_build_object('kind', 'ids', 'ids', p_filter -> 'ids');
    return;
  end if;
  -- Of other users there is nothing in a user's list.
  if p_filter ? 'userIds' and p_user_id <> all (runledger_private.text_array(p_filter -> 'userIds')) then
    return;
  end if;
  if of_user is null and of_workflow is null then
    return query select runledger_private.everybody_sources(p_filter, p_order_by);
    return;
  end if;
  if of_user is null and p_filter ? 'userIds' and p_order_by <> 'duration' then
    return next runledger_private.scan_source(array(
      select of_workflow || ' and e.created_by = ' || quote_literal(u)
        from unnest(runledger_private.text_array(p_filter -> 'userIds')) u group by u));
    return;
  end if;
  if of_user is not null then
    if by_start and p_filter ? 'health' then
      return next runledger_private.scan_source(array(
        select of_user || ' and e.status = ' || quote_literal(s) from unnest(runledger_private.open_statuses()) s)
        || (of_user || ' and ' || reported));
    elsif by_start and failure is not null then
      return next runledger_private.scan_source(array[of_user || ' and ' || failure]);
    elsif by_start and p_filter ? 'verdict' then
      return next runledger_private.scan_source(array[of_user || ' and e.verdict = '
        || quote_literal(p_filter ->> 'verdict')]);
    elsif (by_start and not 'completed' = any (statuses)) or (p_order_by = 'completed_at' and unsuccessful) then
      return next runledger_private.scan_source(array(
        select of_user || ' and e.status = ' || quote_literal(s) from unnest(statuses) s group by s));
    elsif by_start and says_why then
      return next runledger_private.scan_source(array[of_user || ' and e.error_message is not null']);
    elsif of_workflow is null or p_order_by = 'duration' then
      return next runledger_private.scan_source(array[of_user]);
    end if;
  end if;
  if of_workflow is null then
    if of_user is not null and p_order_by <> 'duration' and p_filter ? 'workflowIds' then
      return next runledger_private.scan_source(array(
        select of_user || ' and e.workflow_id = ' || quote_literal(w)
          from unnest(runledger_private.text_array(p_filter -> 'workflowIds')) w group by w));
    end if;
    return;
  end if;
  if by_start and (p_filter ? 'health' or statuses <@ runledger_private.open_statuses()) then
    return next runledger_private.scan_source(array[of_workflow || ' and ' || unsettled]);
  elsif by_start and failure is not null then
    return next runledger_private.scan_source(array[of_workflow || ' and ' || failure]);
  elsif by_start and says_why then
    return next runledger_private.scan_source(array[of_workflow || ' and e.error_message is not null']);
  elsif of_user is null or p_order_by = 'duration' then
    return next runledger_private.scan_source(array[of_workflow]);
  end if;
  if of_user is not null and p_order_by <> 'duration' then
    return next runledger_private.scan_source(array[of_workflow || ' and ' || of_user]);
  end if;
end $$;

-- schemas/lists/scan_source.sql

/* Callers: execution_sources, everybody_sources. */
-- for: service_role
create function runledger_private.scan_source(p_branches text[]) returns jsonb
language sql immutable parallel safe
return jsonb_build_object('kind', 'scan', 'branches', p_branches);

-- schemas/lists/beyond_sql.sql

/* A position and bounds in the list's order as SQL over a column and an id.
   Callers: source_sql. */
-- for: service_role
create function runledger_private.beyond_sql(p_list jsonb, p_after jsonb, p_column text, p_id text) returns text
language plpgsql immutable
set search_path = ''
as $$
begin
  return concat_ws(' and ',
    p_column || ' is not null',
    p_column || ' >= ' || quote_literal(p_list ->> 'atLeast'),
    p_column || ' < ' || quote_literal(p_list ->> 'below'),
    p_column || ' <= ' || quote_literal(p_list ->> 'atMost'),
    format('(%s, %s) %s (%L, %L)', p_column, p_id, case p_list ->> 'direction' when 'asc' then '>' else '<' end,
           p_after ->> 'value', p_after ->> 'id')
      || case when p_after is null then null else '' end);
end $$;

-- schemas/lists/source_sql.sql

/* What a look reads: up to p_most rows of each branch from a position on, as (branch, v, id, ok) and the columns that
   are shown; of workflows, as many of each. Callers: look_at_executions, rows_in_window. */
-- for: service_role
create function runledger_private.source_sql(p_source jsonb, p_list jsonb, p_after jsonb, p_most integer) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  col text := 'e.' || quote_ident(p_list ->> 'column');
  beyond text := runledger_private.beyond_sql(p_list, p_after, col, 'e.id');
  tail text := format('order by %s %s, e.id %2$s limit %s', col, p_list ->> 'direction', p_most);
  row_sql text := format('%s as v, e.id, %s as ok%s', col, p_list ->> 'filter',
    (select string_agg(format(', e.%I', c), '') from jsonb_array_elements_text(p_list -> 'columns') c where c <> 'id'));
begin
  case p_source ->> 'kind'
  when 'scan' then
    return (select string_agg(format('(select %s as branch, %s
       from runledger.workflow_executions e where %s and %s %s)',
                                     b.ordinality, row_sql, b.value, beyond, tail), ' union all ')
              from jsonb_array_elements_text(p_source -> 'branches') with ordinality b);
  when 'workflows' then
    return format('select 1 as branch, f.* from runledger.workflows w cross join lateral (select %s
       from runledger.workflow_executions e where e.workflow_id = w.id and %s %s) f', row_sql, beyond, tail);
  when 'few' then
    return format('select 1 as branch, %s from runledger.workflow_executions e where e.ctid = any (%L::tid[]) and %s',
                  row_sql, runledger_private.text_array(p_source -> 'places'), beyond);
  when 'ids' then
    return format(
      'select i.branch, f.* from unnest(%L::text[]) with ordinality i (name, branch)
        cross join lateral (
          (select %s from runledger.workflow_executions e
            where e.id = case when i.name ~* ''^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$'' then i.name::uuid end
             and %s)
          union all
          (select %2$s from runledger.workflow_executions e
            where e.temporal_workflow_id = i.name and %3$s %s)) f',
      runledger_private.text_array(p_source -> 'ids'), row_sql, beyond, tail);
  end case;
end $$;

-- schemas/lists/large_metadata.sql

/* Bytes of metadata that rows of a list come without, as they are more than 2,500; null of others. Two hundred rows may
   have three megabytes: whoever shows a list reads those of as many rows as are worth one page (listed_metadata).
   Callers: execution_rows, execution_summaries, look_at_executions. */
-- for: service_role, authenticated
create function runledger_private.large_metadata(p_metadata jsonb) returns integer
language sql immutable parallel safe
return nullif(greatest(octet_length(p_metadata::text), 2500), 2500);

-- schemas/lists/listed_metadata.sql

/* Metadata as rows of a list have it; null where it is large. Callers: execution_rows, execution_summaries,
   look_at_executions. */
-- for: service_role, authenticated
create function runledger_private.listed_metadata(p_metadata jsonb) returns jsonb
language sql immutable parallel safe
return case when runledger_private.large_metadata(p_metadata) is null then p_metadata end;

-- schemas/lists/look_at_executions.sql

/* One look at a source from a position on, at up to p_most rows of each branch: what satisfies the filter, at most
   p_wanted, as positions and as rows to show, and where the look ended (null where nothing is left). What one branch
   has beyond the end of another waits. Callers: find_executions. */
-- for: service_role
create function runledger_private.look_at_executions(p_source jsonb, p_list jsonb, p_after jsonb, p_most integer,
  p_wanted integer,
                                           out hits jsonb, out shown json[], out looked integer, out ended jsonb)
language plpgsql stable
set search_path = ''
-- An ordered index scan is the plan, whatever the statistics say: it alone stops at its limit.
set enable_seqscan = off
set enable_bitmapscan = off
set enable_sort = off
set enable_incremental_sort = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
declare
  direction text := p_list ->> 'direction';
begin
  execute format(
    'with looked as materialized (
       select s.*, row_number() over (partition by s.branch order by s.v %1$s, s.id %1$s) as n from (%2$s) s),
     ended as (select l.v, l.id from looked l where l.n = %3$s order by l.v %1$s, l.id %1$s limit 1),
     found as (
       select distinct on (l.v, l.id) l.* from looked l
        where l.ok and not exists (select from ended h where (l.v, l.id) %4$s (h.v, h.id))
        order by l.v %1$s, l.id %1$s limit %5$s)
     select (select coalesce(jsonb_agg(jsonb_build_object(''value'', f.v, ''id'', f.id)
       order by f.v %1$s, f.id %1$s), ''[]'')
               from found f),
            (select array_agg(json_build_object(%6$s) order by f.v %1$s, f.id %1$s) from found f),
            (select count(*) from looked),
            (select jsonb_build_object(''value'', h.v, ''id'', h.id) from ended h)',
    direction, runledger_private.source_sql(p_source, p_list, p_after, p_most), p_most,
    case direction when 'asc' then '>' else '<' end, p_wanted,
    (select string_agg(case c when 'metadata' then '''metadata'', runledger_private.listed_metadata(f.metadata),
               ''large_metadata'', runledger_private.large_metadata(f.metadata)'
             else format('%L, f.%I', c, c) end, ', ') from jsonb_array_elements_text(p_list -> 'columns') c))
  into hits, shown, looked, ended;
end $$;

-- schemas/lists/rarest_trigrams.sql

-- Searching and counting: looks at a source until a page is full, nothing is left, or its share of buffers is read.

/* The four rarest trigrams that every message with this text has; null where even the rarest is in more messages than
   p_most or where there are none. By what `analyze` last saw. Callers: rare_by_text. */
-- for: service_role
create function runledger_private.rarest_trigrams(p_text text, p_most integer) returns text[]
language sql stable security definer
set search_path = ''
as $$
  with trigrams as (
    -- Plain letters and digits only: others are hashed, and those at the edge of a word have blanks.
    select distinct substr(w.word, i, 3) as trigram
      from (select m[1] as word from regexp_matches(lower(p_text), '[a-z0-9]{3,}', 'g') m) w,
           generate_series(1, length(w.word) - 2) i),
  seen as (
    select f.trigram, f.share
      from pg_catalog.pg_stats s, unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) f (trigram, share)
     where s.schemaname = 'runledger' and s.tablename = 'idx_workflow_executions_error_text'),
  ranked as (
    select t.trigram, coalesce(s.share, 0) as share, row_number() over (order by coalesce(s.share, 0), t.trigram) as n
      from trigrams t left join seen s on s.trigram = t.trigram)
  select array_agg(r.trigram) filter (where r.n <= 4) from ranked r
  having min(r.share) * (select greatest(c.reltuples, 0) from pg_catalog.pg_class c
                          where c.oid = to_regclass('runledger.idx_workflow_executions_error_text')) <= p_most;
$$;

-- schemas/lists/rare_by_text.sql

/* All executions whose error message may hold a text, where they are few; else null. Callers: rare_executions. */
-- for: service_role
create function runledger_private.rare_by_text(p_text text) returns tid[]
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set enable_indexscan = off
set jit = off
as $$
declare
  few constant integer := 1000;
  trigrams text[] := runledger_private.rarest_trigrams(p_text, 20 * few);
  places tid[];
begin
  if trigrams is null then return null; end if;
  execute format(
    'select array_agg(c.place) from (select e.ctid as place from runledger.workflow_executions e
       where e.error_message is not null and %s.show_trgm(e.error_message) @> %L::text[] limit %s) c',
    (select e.extnamespace::regnamespace from pg_catalog.pg_extension e where e.extname = 'pg_trgm'), trigrams, few + 1)
  into places;
  return case when coalesce(cardinality(places), 0) <= few then coalesce(places, '{}') end;
end $$;

-- schemas/lists/rare_by_duration.sql

/* All executions of a scope that took so long, where they are few; else null. Callers: rare_executions. */
-- for: service_role
create function runledger_private.rare_by_duration(p_user_id text, p_workflow_id uuid, p_filter jsonb) returns tid[]
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set enable_bitmapscan = off
set enable_sort = off
set jit = off
as $$
declare
  few constant integer := 1000;
  places tid[];
begin
  execute format(
    'select array_agg(c.place) from (
       select e.ctid as place from runledger.workflow_executions e
        where %s and e.duration_ms >= %s and e.duration_ms <= %s order by e.duration_ms limit %s) c',
    coalesce('e.created_by = ' || quote_literal(p_user_id), 'e.workflow_id = ' || quote_literal(p_workflow_id)),
    coalesce((p_filter ->> 'minDurationMs')::bigint, 0),
    coalesce((p_filter ->> 'maxDurationMs')::bigint, 9223372036854775807), few + 1)
  into places;
  return case when coalesce(cardinality(places), 0) <= few then coalesce(places, '{}') end;
end $$;

-- schemas/lists/rare_executions.sql

/* What a rare text or an unusual run time finds, as a source that is read whole; null where there is too much of it.
   Callers: find_executions, rows_in_window. */
-- for: service_role
create function runledger_private.rare_executions(p_user_id text, p_workflow_id uuid, p_filter jsonb, p_order_by text)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  places tid[];
begin
  if p_filter ? 'text' then
    places := runledger_private.rare_by_text(p_filter ->> 'text');
  end if;
  if places is null and p_order_by <> 'duration' and coalesce(p_user_id, p_workflow_id::text) is not null
     and p_filter ?| array['minDurationMs', 'maxDurationMs'] then
    places := runledger_private.rare_by_duration(p_user_id, p_workflow_id, p_filter);
  end if;
  return case when places is not null then jsonb_build_object('kind', 'few', 'places', to_jsonb(places::text[])) end;
end $$;

-- schemas/lists/buffers_read.sql

/* About how many buffers of executions, their checks, transitions and workflows this transaction has read so far; 0
   with track_counts off. Of a large value, a check or a workflow, an index is read as well.
   Callers: find_executions. */
-- for: service_role
create function runledger_private.buffers_read() returns bigint
language plpgsql volatile
set search_path = ''
as $$
begin
  return (select pg_catalog.pg_stat_get_xact_blocks_fetched(c.oid)
         + 3 * pg_catalog.pg_stat_get_xact_blocks_fetched(c.reltoastrelid)
         + 3 * pg_catalog.pg_stat_get_xact_blocks_fetched('runledger.workflows'::regclass)
         + 4 * pg_catalog.pg_stat_get_xact_blocks_fetched('runledger.execution_checks'::regclass)
         + pg_catalog.pg_stat_get_xact_blocks_fetched('runledger.execution_transitions'::regclass)
         + pg_catalog.pg_stat_get_xact_blocks_fetched('runledger.idx_execution_transitions_execution'::regclass)
    from pg_catalog.pg_class c where c.oid = 'runledger.workflow_executions'::regclass);
end $$;

-- schemas/lists/list_order.sql

/* A list's order as the functions above take it. Callers: find_executions, rows_in_window. */
-- for: service_role
create function runledger_private.list_order(p_filter jsonb, p_order_by text, p_ascending boolean) returns jsonb
language sql immutable
return jsonb_build_object('column', 'started_at', 'direction', case when p_ascending then 'asc' else 'desc' end)
    || case p_order_by
         when 'started_at' then jsonb_build_object('atLeast', p_filter -> 'from', 'below', p_filter -> 'to')
         when 'completed_at' then jsonb_build_object('column', 'completed_at', 'atLeast', p_filter -> 'endedFrom',
                                                     'below', p_filter -> 'endedTo')
         when 'duration' then jsonb_build_object('column', 'duration_ms', 'atLeast', p_filter -> 'minDurationMs',
                                                 'atMost', p_filter -> 'maxDurationMs')
       end;

-- schemas/lists/is_behind.sql

/* Whether a list's position a lies behind b. Callers: find_executions. */
-- for: service_role
create function runledger_private.is_behind(p_list jsonb, a jsonb, b jsonb) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  return (select case when p_list ->> 'direction' = 'asc' then order_of.a > order_of.b else order_of.a < order_of.b end
    from (select case when p_list ->> 'column' = 'duration_ms' then (a ->> 'value')::numeric
                      else extract(epoch from (a ->> 'value')::timestamptz) end as a,
                 case when p_list ->> 'column' = 'duration_ms' then (b ->> 'value')::numeric
                      else extract(epoch from (b ->> 'value')::timestamptz) end as b) order_of);
end $$;

-- schemas/lists/find_executions.sql

/* Finds up to p_most executions of a scope from a position on, as [{ value, id }] and as rows to show. Where it stopped
   at its share of buffers, ended says how far it came; null where nothing is left or enough was found.
   Callers: search_executions, count_executions. */
-- for: service_role
create function runledger_private.find_executions(p_user_id text, p_workflow_id uuid, p_filter jsonb, p_list jsonb,
  p_after jsonb,
                                        p_most integer, out hits jsonb, out shown json[], out ended jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  order_by text := p_list ->> 'orderBy';
  list jsonb := runledger_private.list_order(p_filter, order_by, (p_list ->> 'ascending')::boolean)
    || jsonb_build_object('filter', runledger_private.execution_filter_sql(p_user_id, p_workflow_id, p_filter),
         'columns', coalesce(p_list -> 'columns', '[]'));
  -- Statuses alone are asked for most, and need the least.
  share integer := case when p_filter - array['status', 'from', 'to', 'verdict'] = '{}' then 1500 else 3000 end;
  -- Long texts and many tags lie outside of the row, which costs up to six buffers more: short steps, to notice it.
  step integer := case when p_filter ?| array['text', 'tags', 'allTags', 'notTags', 'taskQueue', 'workflowType',
                                            'origin']
    then 300 else 1500 end;
  at_start bigint := runledger_private.buffers_read();
  spent bigint;
  looked bigint := 0;
  candidate jsonb;
  source jsonb;
  -- Some more than are wanted: most lists find most of what they look at, and a second look costs as much as ten rows.
  first integer := greatest(50, least(p_most * 8 / 5, step));
  branches integer;
  affordable bigint;
  rows_all bigint := 0;
  rows_each integer;
  look record;
begin
  hits := '[]';
  if order_by <> 'started_at' and p_filter ? 'status'
     and runledger_private.text_array(p_filter -> 'status') <@ runledger_private.open_statuses() then return; end if;

  -- The first look is at each source: the one that comes furthest with it goes on.
  for candidate in select runledger_private.execution_sources(p_user_id, p_workflow_id, p_filter, order_by) loop
    branches := greatest(1, jsonb_array_length(coalesce(candidate -> 'branches', candidate -> 'ids', '[]')));
    look := runledger_private.look_at_executions(candidate, list, p_after, greatest(5, first / branches), p_most);
    looked := looked + look.looked;
    if source is null or look.ended is null or runledger_private.is_behind(list, look.ended, ended) then
      source := candidate;
      hits := look.hits;
      shown := look.shown;
      ended := look.ended;
    end if;
    exit when ended is null or jsonb_array_length(hits) = p_most;
  end loop;

  candidate := null;
  while ended is not null and jsonb_array_length(hits) < p_most loop
    if candidate is null then
      candidate := coalesce(runledger_private.rare_executions(p_user_id, p_workflow_id, p_filter, order_by), '{}');
      source := case when candidate = '{}' then source else candidate end;
    end if;
    branches := greatest(1, jsonb_array_length(coalesce(source -> 'branches', source -> 'ids', '[]')));
    spent := runledger_private.buffers_read() - at_start;
    affordable := greatest(share - spent, 0) * looked / greatest(spent, looked, 1);
    -- Rows that lie side by side cost few buffers, but each is compared.
    exit when source ->> 'kind' <> 'few' and (affordable < 20 * branches or looked > 20000);
    -- As many as should fill the page by what was found so far; where that was too few, twice as many.
    rows_all := greatest((p_most - jsonb_array_length(hits)) * looked * 5 / (4 * greatest(jsonb_array_length(hits), 1)),
                         2 * rows_all);
    rows_each := case when source ->> 'kind' = 'few' then 2000
      else greatest(15, least(rows_all, step, affordable) / branches) end;
    look := runledger_private.look_at_executions(source, list, ended, rows_each, p_most - jsonb_array_length(hits));
    looked := looked + look.looked;
    hits := hits || look.hits;
    shown := shown || look.shown;
    ended := look.ended;
  end loop;
  if jsonb_array_length(hits) >= p_most then ended := null; end if;
end $$;

-- schemas/lists/execution_summaries.sql

-- What lists show of an execution: no payloads, and of large metadata its size. Callers: the functions below.
create view runledger_private.execution_summaries with (security_invoker = on) as
  select id, workflow_id, created_by, engine, temporal_namespace, temporal_workflow_id, temporal_run_id, current_run_id,
         closing_run_id, run_count, status, outcome_authority, error_message, started_at, engine_started_at,
         first_task_at,
         completed_at, duration_ms, activities_executed, verdict, tags,
         runledger_private.listed_metadata(metadata) as metadata, cancel_requested_at,
         cancel_requested_by,
         cancel_reason, start_by, recorded_at, lost_at, ended_by, end_reason, revision, failure_group,
         runledger_private.large_metadata(metadata) as large_metadata
    from runledger.workflow_executions;

grant select on runledger_private.execution_summaries to service_role;

-- schemas/lists/find_named_executions.sql

/* Finds and shows what row ids and Temporal workflow ids name, by statements whose plans are kept; null where the ids
   name more than 200 executions, which the search goes through by position. Callers: search_executions. */
-- for: service_role
create function runledger_private.find_named_executions(p_user_id text, p_workflow_id uuid, p_ids text[],
  p_ascending boolean,
                                              p_after jsonb, p_most integer, out hits jsonb, out shown json[])
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  few constant integer := 200;
  after_at constant timestamptz := p_after ->> 'value';
  after_id constant uuid := p_after ->> 'id';
  named uuid[] := array(
    select e.id from unnest(p_ids) i (name)
     cross join lateral (select e.id from runledger.workflow_executions e where e.temporal_workflow_id = i.name) e
     limit few + 1);
begin
  if cardinality(named) > few then return; end if;
  named := named || array(
    select i.name::uuid from unnest(p_ids) i (name) where i.name ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$');
  select coalesce(jsonb_agg(jsonb_build_object('value', p.started_at, 'id', p.id)), '[]'), array_agg(to_json(p))
    into hits, shown
    from (select s.* from runledger_private.execution_summaries s
           where s.id = any (named) and (p_user_id is null or s.created_by = p_user_id)
             and (p_workflow_id is null or s.workflow_id = p_workflow_id)
             and (p_after is null or case when p_ascending then (s.started_at, s.id) > (after_at, after_id)
                                          else (s.started_at, s.id) < (after_at, after_id) end)
           order by case when p_ascending then s.started_at end, case when p_ascending then s.id end, s.started_at desc,
             s.id desc
           limit p_most) p;
end $$;

-- schemas/lists/execution_rows.sql

-- What lists show of an execution: no payloads, no large metadata but its size, its kind of failure, and of what is not
-- settled how it stood when it was last looked at. That is read for the rows of a page alone.
-- Callers: ExecutionReader.list, ExecutionService.list*.
create view runledger.execution_rows with (security_invoker = on) as
  select id, workflow_id, created_by, engine, temporal_namespace, temporal_workflow_id, temporal_run_id, current_run_id,
         closing_run_id, run_count, status, outcome_authority, error_message, started_at, engine_started_at,
         first_task_at,
         completed_at, duration_ms, activities_executed, verdict, tags,
         runledger_private.listed_metadata(metadata) as metadata, cancel_requested_at,
         cancel_requested_by,
         cancel_reason, start_by, recorded_at, lost_at, ended_by, end_reason, revision, failure_group,
         runledger_private.large_metadata(metadata) as large_metadata,
         case when engine = 'temporal' and outcome_authority is distinct from 'engine' and lost_at is null then (
           select jsonb_build_object('health', c.health, 'reason', c.reason, 'remedy', c.remedy,
                                     'checkedAt', c.last_check_at)
             from runledger.execution_checks c
            where c.execution_id = workflow_executions.id and c.health is not null) end as checked
    from runledger.workflow_executions;

grant select on runledger.execution_rows to authenticated, service_role;

-- schemas/lists/with_check.sql

/* A row of a list with how it stood when it was last looked at, where it is not settled. Callers: search_executions. */
-- for: service_role
create function runledger_private.with_check(p_row json) returns json
language plpgsql stable
set search_path = ''
as $$
declare
  -- Each look at a field would read the whole text anew.
  r record := (select e from json_to_record(p_row) e (id uuid, engine text, outcome_authority text, lost_at text));
begin
  if r.engine <> 'temporal' or r.outcome_authority = 'engine' or r.lost_at is not null then return p_row; end if;
  return coalesce((
    select p_row::jsonb || jsonb_build_object('checked',
             jsonb_build_object('health', c.health, 'reason', c.reason, 'remedy', c.remedy,
                                'checkedAt', c.last_check_at))
      from runledger.execution_checks c
     where c.execution_id = r.id and c.health is not null)::json, p_row);
end $$;

-- schemas/lists/search_executions.sql

/* One page of a scope's executions by any filter, in any order, without payloads: { rows, next, searchedUntil }.
   next is { value, id } of where the following page begins, null at the end; searchedUntil the sort value up to which
   everything was searched where the page was not filled. Callers: ExecutionReader.list, ExecutionService.list*. */
-- for: service_role
create function runledger.search_executions(p_user_id text default null, p_workflow_id uuid default null,
                                         p_filter jsonb default '{}',
                                         p_order_by text default 'started_at', p_ascending boolean default false,
                                         p_limit integer default 50, p_after jsonb default null,
                                         p_everybody boolean default false) returns json
language plpgsql stable
set search_path = ''
as $$
declare
  filter jsonb := runledger_private.check_execution_search(p_user_id, p_workflow_id, runledger_private.unwrap(p_filter),
    p_order_by, p_everybody);
  after jsonb := nullif(runledger_private.unwrap(p_after), 'null');
  most integer := least(greatest(p_limit, 1), 1000);
  hits jsonb;
  shown json[];
  ended jsonb;
  last jsonb;
begin
  if filter ? 'ids' and filter - 'ids' = '{}' then
    select n.hits, n.shown into hits, shown from runledger_private.find_named_executions(
      p_user_id, p_workflow_id, runledger_private.text_array(filter -> 'ids'), p_ascending, after, most + 1) n;
  end if;
  if hits is null then
    select f.hits, f.shown, f.ended into hits, shown, ended
      from runledger_private.find_executions(p_user_id, p_workflow_id, filter,
      jsonb_build_object('orderBy', p_order_by, 'ascending', p_ascending, 'columns', (
        select jsonb_agg(a.attname order by a.attnum) from pg_catalog.pg_attribute a
         where a.attrelid = 'runledger_private.execution_summaries'::regclass and a.attnum > 0
           and a.attname <> 'large_metadata')), after, most + 1) f;
  end if;
  if jsonb_array_length(hits) > most then
    last := hits -> most - 1;
    hits := hits - most;
  end if;
  return json_build_object(
    'rows', (select coalesce(json_agg(runledger_private.with_check(s.shown) order by s.n), '[]')
               from unnest(shown[1:most]) with ordinality s (shown, n)),
    'next', coalesce(last, ended),
    'searchedUntil', case when jsonb_array_length(hits) < most then ended ->> 'value' end);
end $$;

-- schemas/lists/describe_rows.sql

/* What rows of a list need that is not theirs alone: { workflows: { id: { name, redact } }, users: { id: name },
   usual: { id: … } }. Callers: Ledger.describeRows. */
-- for: service_role
create function runledger.describe_rows(p_viewer text, p_workflow_ids uuid[] default '{}',
                                        p_user_ids text[] default '{}',
                                        p_usual_ids uuid[] default '{}') returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return jsonb_build_object(
    'workflows', (select coalesce(jsonb_object_agg(w.id, jsonb_build_object('name', w.name,
                         'redact', to_jsonb(w.redact))), '{}') from runledger.workflows w
                   where w.id = any (p_workflow_ids)),
    'users', (select coalesce(jsonb_object_agg(u, runledger_private.user_name(u)), '{}') from unnest(p_user_ids) u),
    'usual', (select coalesce(jsonb_object_agg(w, runledger_private.usual_of(w, p_viewer)), '{}')
                from unnest(p_usual_ids) w));
end $$;

-- schemas/users/user_names.sql

/* What users are called, by id: of those among them who have executions of this workflow, whose owner asks.
   Callers: Ledger.userNames. */
-- for: service_role
create function runledger.user_names(p_ids text[], p_workflow_id uuid) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(u, runledger_private.user_name(u)), '{}') from unnest(p_ids) u
   where exists (select from runledger.workflow_executions e where e.workflow_id = p_workflow_id and e.created_by = u);
$$;

-- schemas/lists/count_pruned.sql

/* How many executions of a window were pruned: counters keep them, lists do not have them. Null where that is too much
   to add up. The window is one that counters can say, so no row lies across its ends. Callers: count_executions. */
-- for: service_role
create function runledger_private.count_pruned(p_user_id text, p_workflow_id uuid, p_from timestamptz, p_to timestamptz,
                                     p_statuses text[]) returns bigint
language plpgsql stable
set search_path = ''
as $$
begin
  return (with pruned as materialized (
    select p.counts from runledger.execution_stats_pruned p
     where (p_user_id is null or p.created_by = p_user_id) and (p_workflow_id is null or p.workflow_id = p_workflow_id)
       and (p_from is null or p.starts_at >= p_from) and (p_to is null or p.starts_at < p_to)
     limit 1001)
  select case when (select count(*) from pruned) <= 1000 then coalesce(sum(s.n), 0)::bigint end
    from pruned p, unnest(p.counts) with ordinality s (n, place)
   where p_statuses is null or runledger_private.status_at(s.place) = any (p_statuses));
end $$;

-- schemas/lists/count_executions.sql

/* How many executions of a scope a filter finds: { count, exactness, limit, asOf }. Exact where counters say it or
   fewer than limit are found; else capped: there are at least count. Callers: ExecutionReader.count,
   ExecutionService.countExecutions. */
-- for: service_role
create function runledger.count_executions(p_user_id text default null, p_workflow_id uuid default null,
                                        p_filter jsonb default '{}', p_everybody boolean default false) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  filter jsonb := runledger_private.check_execution_search(p_user_id, p_workflow_id,
    runledger_private.unwrap(p_filter), p_everybody => p_everybody);
  most constant integer := 1000;
  statuses text[] := case when filter ? 'status' then runledger_private.text_array(filter -> 'status') end;
  starts_at timestamptz := filter ->> 'from';
  ends_at timestamptz := filter ->> 'to';
  -- Whatever ended in a window has an end, so it is found by it.
  by_end constant boolean := (p_user_id is not null or p_workflow_id is not null)
    and filter ?| array['endedFrom', 'endedTo'] and not filter ?| array['from', 'to', 'ids'];
  counted bigint;
  answer record;
  capped boolean := false;
begin
  if filter - array['status', 'from', 'to'] = '{}' then
    counted := runledger_private.count_from_cells(p_user_id, p_workflow_id, starts_at, ends_at, statuses)
      - runledger_private.count_pruned(p_user_id, p_workflow_id, starts_at, ends_at, statuses);
  end if;
  if counted is null then
    answer := runledger_private.find_executions(p_user_id, p_workflow_id, filter,
      jsonb_build_object('orderBy', case when by_end then 'completed_at' else 'started_at' end, 'ascending', false),
      null, most + 1);
    counted := least(jsonb_array_length(answer.hits), most);
    capped := answer.ended is not null or jsonb_array_length(answer.hits) > most;
  end if;
  return jsonb_build_object('count', counted, 'exactness', case when capped then 'capped' else 'exact' end,
                            'limit', most, 'asOf', now());
end $$;

-- schemas/lists/count_by_health.sql

/* Unsettled executions of a user, of a workflow, or of everybody, by how they stood when they were last looked
   at; at most 10,000 are counted.
   Callers: ExecutionReader.countByHealth. Returns { open, unconfirmed, unchecked, health, exactness, asOf }. */
-- for: service_role
create function runledger.count_by_health(p_user_id text default null, p_workflow_id uuid default null,
  p_everybody boolean default false) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_of_user constant text := 'e.created_by = ' || quote_literal(p_user_id);
  v_of_workflow constant text := 'e.workflow_id = ' || quote_literal(p_workflow_id);
  v_reported constant text := '(e.engine = ''temporal'' and e.outcome_authority = ''reported'' and e.lost_at is null)';
  v_unsettled text;
  v_answer jsonb;
begin
  if p_user_id is null and p_workflow_id is null and not p_everybody then
    raise exception 'A count is of a user, of a workflow, or of both.'
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Pass a user or a workflow.';
  end if;
  -- Each by an index that holds nothing else.
  v_unsettled := case when p_user_id is null and p_workflow_id is not null
    then format('select e.id, e.outcome_authority is null as is_open from runledger.workflow_executions e
                  where %s and (e.outcome_authority is null or %s)', v_of_workflow, v_reported)
    else format('select e.id, true as is_open from runledger.workflow_executions e
                  where %s and e.status in (''pending'', ''running'')
                 union all
                 select e.id, false from runledger.workflow_executions e where %1$s and %s',
                concat_ws(' and ', v_of_user, v_of_workflow,
                  case when v_of_user is null then runledger_private.everybody_sql() end),
                v_reported) end;
  execute format(
    'with looked as materialized (
       select e.is_open, c.execution_id, c.health, c.last_check_at
         from (select * from (%s) u limit 10000) e
         left join runledger.execution_checks c on c.execution_id = e.id)
     select jsonb_build_object(''open'', count(*) filter (where l.is_open),
              ''unconfirmed'', count(*) filter (where not l.is_open),
              ''unchecked'', count(*) filter (where l.execution_id is not null and l.last_check_at is null),
              ''health'', jsonb_build_object(%s),
              ''exactness'', case when count(*) >= 10000 then ''capped'' else ''exact'' end, ''asOf'', now())
       from looked l', v_unsettled,
    (select string_agg(format('%L, count(*) filter (where l.health = %1$L)', h), ', ')
       from unnest(array['live', 'late', 'wedged', 'cancelling', 'lost']) h))
  into v_answer;
  return v_answer;
end $$;

-- schemas/lists/search_everything.sql

/* What a text may name among a user's executions, or everybody's: an id, a Temporal workflow id, a run, among
   everybody's a user (the latest of theirs), or words of an error; the exact ones first, at most 20.
   Callers: ExecutionReader.search. Returns [{ matched, row }], rows as execution_rows has them. */
-- for: service_role
create function runledger.search_everything(p_user_id text, p_text text,
  p_everybody boolean default false) returns jsonb
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  most constant integer := 20;
  v_ids uuid[] := '{}';
  v_matched text[] := '{}';
  v_more uuid[];
begin
  if runledger_private.unless_left(p_user_id) is null then return '[]'; end if;
  if p_text ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then
    v_ids := array(select x.id from runledger_private.in_scope(p_text::uuid, p_user_id, null, p_everybody) x);
    v_matched := array_fill('id'::text, array[cardinality(v_ids)]);
  end if;
  -- A workflow id may be anybody's, again and again.
  v_more := array(select x.id from (
      select e.id, e.created_by, e.started_at from runledger.workflow_executions e
       where e.temporal_workflow_id = p_text order by e.started_at desc, e.id desc limit 1000) x
     where (p_everybody or x.created_by = p_user_id) and not x.id = any (v_ids)
     order by x.started_at desc, x.id desc limit most);
  v_ids := v_ids || v_more;
  v_matched := v_matched || array_fill('temporal_workflow_id'::text, array[cardinality(v_more)]);
  v_more := array(select distinct r.execution_id from runledger.execution_runs r
     where r.run_id = p_text and (p_everybody or r.created_by = p_user_id)
       and not r.execution_id = any (v_ids) limit most);
  v_ids := v_ids || v_more;
  v_matched := v_matched || array_fill('run_id'::text, array[cardinality(v_more)]);
  if p_everybody then
    v_more := array(select e.id from runledger.workflow_executions e
       where e.created_by = p_text and not e.id = any (v_ids) order by e.started_at desc, e.id desc limit most);
    v_ids := v_ids || v_more;
    v_matched := v_matched || array_fill('user'::text, array[cardinality(v_more)]);
  end if;
  -- The expensive one, which bounds itself, only where nothing has that name.
  if cardinality(v_ids) = 0 and length(p_text) between 3 and 200 then
    v_ids := array(select (r ->> 'id')::uuid
      from json_array_elements(runledger.search_executions(case when not p_everybody then p_user_id end, null,
        jsonb_build_object('text', p_text),
        'started_at', false, most, null, p_everybody) -> 'rows') r);
    v_matched := array_fill('text'::text, array[cardinality(v_ids)]);
  end if;
  return (select coalesce(to_jsonb(array_agg(jsonb_build_object('matched', v_matched[i.n], 'row', to_jsonb(r))
                   order by i.n)), '[]')
            from unnest(v_ids) with ordinality i (id, n)
            join runledger.execution_rows r on r.id = i.id
           where i.n <= most and (p_everybody or r.created_by = p_user_id));
end $$;

-- schemas/quotas/execution_quotas.sql

-- Optional limits of what users start through the API, and what of them is used. Service role only, but for reading
-- one's own.

create table runledger.execution_quotas (
  id uuid primary key default runledger_private.uuid_v7(),
  -- Null: every user, each by itself.
  user_id text
    constraint the_user_is_known references runledger.users (id) on update cascade on delete cascade,
  -- Null: all workflows together.
  workflow_id uuid
    constraint the_workflow_is_known references runledger.workflows (id) on delete cascade,
  executions_per_hour bigint,
  executions_per_day bigint,
  executions_per_month bigint,
  concurrent_executions bigint,
  -- Bytes that a user keeps, of all workflows together.
  stored_bytes bigint,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint there_is_one_quota_for_a_user_and_a_workflow unique nulls not distinct (user_id, workflow_id),
  constraint limits_are_not_negative
    check (executions_per_hour >= 0 and executions_per_day >= 0 and executions_per_month >= 0
      and concurrent_executions >= 0 and stored_bytes >= 0),
  constraint bytes_are_limited_in_all_workflows_together check (stored_bytes is null or workflow_id is null)
);

create index idx_execution_quotas_workflow on runledger.execution_quotas (workflow_id);

alter table runledger.execution_quotas enable row level security;
create policy "a user sees the quotas that name them" on runledger.execution_quotas
  for select to authenticated using (user_id = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_quotas
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_quotas to authenticated;
grant all on runledger.execution_quotas to service_role;

-- schemas/quotas/execution_quota_usage.sql

-- What one user has used of one quota in the present hour, day and month, by UTC. One row, however long it goes on.
create table runledger.execution_quota_usage (
  quota_id uuid not null references runledger.execution_quotas (id) on delete cascade,
  user_id text not null references runledger.users (id) on update cascade on delete cascade,
  hour timestamptz not null default '-infinity',
  hour_used bigint not null default 0,
  day timestamptz not null default '-infinity',
  day_used bigint not null default 0,
  month timestamptz not null default '-infinity',
  month_used bigint not null default 0,
  primary key (quota_id, user_id),
  constraint usage_is_not_negative check (hour_used >= 0 and day_used >= 0 and month_used >= 0)
) with (fillfactor = 80);

create index idx_execution_quota_usage_user on runledger.execution_quota_usage (user_id);

alter table runledger.execution_quota_usage enable row level security;
create policy "a user sees what they have used" on runledger.execution_quota_usage
  for select to authenticated using (user_id = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.execution_quota_usage
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.execution_quota_usage to authenticated;
grant all on runledger.execution_quota_usage to service_role;

-- schemas/quotas/quotas_for.sql

/* The quotas that limit a user in a workflow: at most one for the workflow and one for all together; a per-user
   quota overrides the one for every user. Four probes of one index.
   Callers: admit_by_quota, quotas_of. */
-- for: service_role
create function runledger_private.quotas_for(p_user text, p_workflow uuid) returns setof runledger.execution_quotas
language plpgsql stable
set search_path = ''
as $$
begin
  return query select * from runledger.execution_quotas q where q.user_id = p_user and q.workflow_id = p_workflow;
  if not found then
    return query select * from runledger.execution_quotas q where q.user_id is null and q.workflow_id = p_workflow;
  end if;
  return query select * from runledger.execution_quotas q where q.user_id = p_user and q.workflow_id is null;
  if not found then
    return query select * from runledger.execution_quotas q where q.user_id is null and q.workflow_id is null;
  end if;
end $$;

-- schemas/quotas/takes_a_place.sql

/* Whether an execution that is open takes a place of those that may run at once: not one that Temporal does not know,
   nor one that was not started in time. Callers: count_open. */
-- for: service_role
create function runledger_private.takes_a_place(e runledger.workflow_executions) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  return not (e.status = 'pending' and e.temporal_run_id is null and coalesce(e.start_by <= clock_timestamp(), false))
     and not exists (select from runledger.execution_checks c where c.execution_id = e.id and c.health = 'lost');
end $$;

-- schemas/quotas/count_open.sql

/* How many executions of a user are open, of one workflow if given; counts no further than p_limit.
   Callers: quota_state. */
-- for: service_role
create function runledger_private.count_open(p_user text, p_workflow uuid, p_limit bigint) returns bigint
language plpgsql stable
set search_path = ''
as $$
begin
  -- Two statements, so that each has the plan that serves it: both read the user's open executions and nothing else.
  if p_workflow is null then
    return (select count(*) from (
      select from runledger.workflow_executions e
       where e.created_by = p_user and runledger_private.is_open(e.status)
         and runledger_private.takes_a_place(e) limit p_limit) o);
  end if;
  return (select count(*) from (
    select from runledger.workflow_executions e
     where e.created_by = p_user and runledger_private.is_open(e.status) and e.workflow_id = p_workflow
       and runledger_private.takes_a_place(e) limit p_limit) o);
end $$;

-- schemas/quotas/stored_bytes_of.sql

/* How many bytes a user keeps: what their executions carry, folded and not folded yet, and what their workflows define.
   Reads one row, the user's part of the tail and their workflows. Callers: quota_state, refuse_by_storage. */
-- for: service_role
create function runledger_private.stored_bytes_of(p_user text) returns bigint
language plpgsql stable
set search_path = ''
as $$
declare
  v_below constant xid8 := runledger_private.folded_below();
begin
  return (
    select greatest(0, coalesce((select s.bytes from runledger.execution_storage s where s.created_by = p_user), 0)
      + coalesce((select sum(d.bytes) from runledger.execution_deltas d
                   where d.created_by = p_user and d.xid >= v_below), 0)
      + coalesce((select sum(coalesce(pg_column_size(w.input_schema), 0) + coalesce(pg_column_size(w.description), 0)
                             + pg_column_size(w.redact))
                    from runledger.workflows w where w.user_id = p_user), 0))::bigint);
end $$;

-- schemas/quotas/quota_state.sql

/* Each limit of a quota with what a user has used of it at a moment and when that frees: the end of the hour, day or
   month by UTC; null for concurrent executions, which free when one of them ends, and for what is kept. What is open is
   counted no further than the limit.
   Callers: admit_by_quota, quotas_of. */
-- for: service_role
create function runledger_private.quota_state(q runledger.execution_quotas, u runledger.execution_quota_usage,
  p_user text, p_at timestamptz)
returns table (kind text, max_executions bigint, used bigint, frees_at timestamptz)
language sql stable
set search_path = ''
as $$
  select w.kind, w.max_executions, case when w.used_in = w.window_start then w.used else 0 end,
         (w.window_start at time zone 'UTC' + w.span) at time zone 'UTC'
    from (values
      ('executionsPerHour', q.executions_per_hour, u.hour, u.hour_used, interval '1 hour',
        greatest(u.hour, date_trunc('hour', p_at, 'UTC'))),
      ('executionsPerDay', q.executions_per_day, u.day, u.day_used, interval '1 day',
        greatest(u.day, date_trunc('day', p_at, 'UTC'))),
      ('executionsPerMonth', q.executions_per_month, u.month, u.month_used, interval '1 month',
        greatest(u.month, date_trunc('month', p_at, 'UTC')))
    ) w (kind, max_executions, used_in, used, span, window_start)
   where w.max_executions is not null
  union all
  select 'concurrentExecutions', q.concurrent_executions,
         runledger_private.count_open(p_user, q.workflow_id, q.concurrent_executions), null
   where q.concurrent_executions is not null
  union all
  select 'storedBytes', q.stored_bytes, runledger_private.stored_bytes_of(p_user), null
   where q.stored_bytes is not null;
$$;

-- schemas/quotas/refuse_by_quota.sql

/* Refuses by the limit that frees last, so that whoever waits for it is not refused by the next one.
   Callers: admit_by_quota, refuse_by_storage. */
-- for: service_role
create function runledger_private.refuse_by_quota(p_state jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_kind constant text := p_state ->> 'kind';
  v_limit constant bigint := (p_state ->> 'limit')::bigint;
  v_frees timestamptz := (p_state ->> 'freesAt')::timestamptz;
  v_of text := 'in all workflows together';
begin
  if p_state ->> 'workflowId' is not null then
    select format('of the workflow "%s"', w.name) into v_of
      from runledger.workflows w where w.id = (p_state ->> 'workflowId')::uuid;
  end if;
  raise exception '%', case when v_kind = 'storedBytes'
      then format('You may keep %s bytes of inputs, outputs, metadata and definitions, and keep %s.',
                  to_char(v_limit, 'FM999,999,999,999,999,990'),
                  to_char((p_state ->> 'used')::bigint, 'FM999,999,999,999,999,990'))
      when v_kind = 'concurrentExecutions'
      then format('Only %s %s at a time may be open %s, and %s.', v_limit, case v_limit when 1 then 'execution'
        else 'executions' end, v_of,
                  case v_limit when 0 then 'none is allowed' when 1 then 'one is' else v_limit || ' are' end)
      else format('Only %s %s %s may be started %s, and %s of them %s used.', v_limit,
                  case v_limit when 1 then 'execution' else 'executions' end,
                  case v_kind when 'executionsPerHour' then 'an hour' when 'executionsPerDay' then 'a day'
                    else 'a month' end, v_of,
                  p_state ->> 'used', case when p_state ->> 'used' = '1' then 'is' else 'are' end) end
    using errcode = 'PT429', detail = 'quota_exceeded ' || p_state::text,
          hint = case when v_kind = 'storedBytes'
                        then 'Delete executions that you no longer need, or ask the operator for a higher limit.'
                      when v_limit = 0 then 'The operator has closed it; ask them.'
                      when v_frees is null then 'Try again when one of them has ended.'
                      else format('Try again at %s UTC.', to_char(v_frees at time zone 'UTC',
                        'YYYY-MM-DD HH24:MI')) end;
end $$;

-- schemas/quotas/refuse_by_storage.sql

/* Refuses a user who keeps as much as they may. Without such a quota it is two probes of an index.
   Callers: create_workflow. Raises quota_exceeded. */
-- for: service_role
create function runledger_private.refuse_by_storage(p_user text) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_most bigint;
  v_kept bigint;
begin
  -- Of no workflow: the one for all of them together.
  select q.stored_bytes into v_most from runledger_private.quotas_for(p_user, null) q;
  if v_most is null then return; end if;
  v_kept := runledger_private.stored_bytes_of(p_user);
  if v_kept >= v_most then
    perform runledger_private.refuse_by_quota(jsonb_build_object('kind', 'storedBytes', 'limit', v_most,
      'used', v_kept, 'freesAt', null, 'workflowId', null));
  end if;
end $$;

-- schemas/quotas/lock_quotas.sql

/* Locks what a user has used of some quotas. What a deletion locks first is locked first here too, and all in the order
   of their ids: nobody waits in a circle. Callers: admit_by_quota, admit_executions. */
-- for: service_role
create function runledger_private.lock_quotas(p_user text, p_workflows uuid[], p_quotas uuid[]) returns void
language plpgsql
set search_path = ''
as $$
declare
  q runledger.execution_quotas;
begin
  perform from runledger.users x where x.id = p_user for key share;
  perform from runledger.workflows x where x.id = any (p_workflows) order by x.id for key share;
  for q in select * from runledger.execution_quotas x where x.id = any (p_quotas) order by x.id for key share loop
    insert into runledger.execution_quota_usage (quota_id, user_id) values (q.id, p_user) on conflict do nothing;
    perform from runledger.execution_quota_usage x where x.quota_id = q.id and x.user_id = p_user for update;
  end loop;
end $$;

-- schemas/quotas/admit_by_quota.sql

/* Admits one execution within the quotas that apply, and takes it from them; waits for others of the same user and
   quota. An execution that is there already was charged with it. Without a quota it is four probes of an index.
   Callers: admit_execution. Raises quota_exceeded. */
-- for: service_role
create function runledger_private.admit_by_quota(p_user text, p_workflow uuid, p_execution uuid) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_quotas uuid[];
  v_now timestamptz;
  v_refused jsonb;
begin
  select array_agg(x.id order by x.id) into v_quotas from runledger_private.quotas_for(p_user, p_workflow) x;
  if v_quotas is null then return; end if;

  perform runledger_private.lock_quotas(p_user, array[p_workflow], v_quotas);
  -- This attempt's predecessor may have come through while this one waited.
  perform from runledger.workflow_executions e where e.id = p_execution;
  if found then return; end if;

  v_now := clock_timestamp();
  select jsonb_build_object('kind', s.kind, 'limit', s.max_executions, 'used', s.used, 'freesAt', s.frees_at,
    'workflowId', x.workflow_id)
    into v_refused
    from runledger.execution_quotas x
    join runledger.execution_quota_usage k on k.quota_id = x.id and k.user_id = p_user
   cross join lateral runledger_private.quota_state(x, k, p_user, v_now) s
   where x.id = any (v_quotas) and s.used >= s.max_executions
   order by s.frees_at desc nulls last, s.max_executions, s.kind, x.workflow_id nulls first limit 1;
  if found then perform runledger_private.refuse_by_quota(v_refused); end if;

  update runledger.execution_quota_usage k
     set hour = greatest(k.hour, date_trunc('hour', v_now, 'UTC')),
         hour_used = 1 + case when k.hour >= date_trunc('hour', v_now, 'UTC') then k.hour_used else 0 end,
         day = greatest(k.day, date_trunc('day', v_now, 'UTC')),
         day_used = 1 + case when k.day >= date_trunc('day', v_now, 'UTC') then k.day_used else 0 end,
         month = greatest(k.month, date_trunc('month', v_now, 'UTC')),
         month_used = 1 + case when k.month >= date_trunc('month', v_now, 'UTC') then k.month_used else 0 end
   where k.quota_id = any (v_quotas) and k.user_id = p_user;
end $$;

-- schemas/quotas/quotas_of.sql

/* The limits that apply to a user: in one workflow, or without one all that there are for the user in workflows that
   they may see. Callers: Ledger.quotas. Returns [{ kind, limit, used, freesAt, workflowId }]. */
-- for: service_role
create function runledger.quotas_of(p_user_id text, p_workflow_id uuid default null) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('kind', s.kind, 'limit', s.max_executions, 'used', s.used, 'freesAt',
    s.frees_at,
                                               'workflowId', q.workflow_id)
                            order by q.workflow_id nulls last, s.frees_at, s.max_executions), '[]')
    from (select x.* from runledger_private.quotas_for(p_user_id, p_workflow_id) x where p_workflow_id is not null
          union all
          (select distinct on (x.workflow_id) x.* from runledger.execution_quotas x
             left join runledger.workflows w on w.id = x.workflow_id
            where p_workflow_id is null and (x.user_id = p_user_id or x.user_id is null)
              and (x.workflow_id is null or w.user_id = p_user_id or w.visibility = 'published')
            order by x.workflow_id, x.user_id nulls last)) q
    left join runledger.execution_quota_usage u on u.quota_id = q.id and u.user_id = p_user_id
   cross join lateral runledger_private.quota_state(q, u, p_user_id, clock_timestamp()) s;
$$;

-- schemas/quotas/set_quota.sql

/* Sets limits of a user, a workflow, or both: { user_id, workflow_id, executions_per_hour, … }. A limit that is left
   out stays as it is, null takes it away. Callers: QuotaService.setQuota. */
-- for: service_role
create function runledger.set_quota(p_quota jsonb) returns setof runledger.execution_quotas
language sql volatile
set search_path = ''
as $$
  insert into runledger.execution_quotas as q (user_id, workflow_id, executions_per_hour, executions_per_day,
    executions_per_month, concurrent_executions, stored_bytes)
  select p ->> 'user_id', (p ->> 'workflow_id')::uuid, (p ->> 'executions_per_hour')::bigint,
         (p ->> 'executions_per_day')::bigint, (p ->> 'executions_per_month')::bigint,
         (p ->> 'concurrent_executions')::bigint, (p ->> 'stored_bytes')::bigint
    from runledger_private.unwrap(p_quota) p
   where jsonb_typeof(p) = 'object'
  on conflict (user_id, workflow_id) do update
    set executions_per_hour = case
          when runledger_private.unwrap(p_quota) ? 'executions_per_hour' then excluded.executions_per_hour
          else q.executions_per_hour end,
        executions_per_day = case
          when runledger_private.unwrap(p_quota) ? 'executions_per_day' then excluded.executions_per_day
          else q.executions_per_day end,
        executions_per_month = case
          when runledger_private.unwrap(p_quota) ? 'executions_per_month' then excluded.executions_per_month
          else q.executions_per_month end,
        concurrent_executions = case
          when runledger_private.unwrap(p_quota) ? 'concurrent_executions' then excluded.concurrent_executions
          else q.concurrent_executions end,
        stored_bytes = case
          when runledger_private.unwrap(p_quota) ? 'stored_bytes' then excluded.stored_bytes
          else q.stored_bytes end,
        updated_at = clock_timestamp()
  returning *;
$$;

-- schemas/retention/execution_prunes.sql

-- Retention: payloads, timelines and rows of executions that ended long ago go, and statistics stay. Service role only.

-- One row per run of the retention: what it was told, how far it has got, what it has done.
create table runledger.execution_prunes (
  id uuid primary key,
  policy jsonb not null,
  payloads_before timestamptz,
  timelines_before timestamptz,
  rows_before timestamptz,
  -- Executions are walked in the order of their ids.
  after_id uuid,
  examined bigint not null default 0,
  had_payloads bigint not null default 0,
  payloads bigint not null default 0,
  had_timelines bigint not null default 0,
  timelines bigint not null default 0,
  rows bigint not null default 0,
  -- Old enough, but not settled: the monitor still follows them.
  unsettled bigint not null default 0,
  started_at timestamptz not null default clock_timestamp(),
  beat_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz
);

create index idx_execution_prunes_started_at on runledger.execution_prunes (started_at);

alter table runledger.execution_prunes enable row level security;
create policy "only the service role sees the runs of the retention" on runledger.execution_prunes
  for select to authenticated using (false);

create trigger refuse_truncate before truncate on runledger.execution_prunes
  for each statement execute function runledger_private.refuse_truncate();

grant all on runledger.execution_prunes to service_role;

-- schemas/retention/prunable.sql

/* What is due among the next executions after an id. An execution is due when it has ended before the time of a part,
   and is settled: nobody follows it any more. Callers: prune_executions. */
-- for: service_role
create function runledger_private.prunable(p_after uuid, p_limit integer, p_payloads timestamptz,
  p_timelines timestamptz, p_rows timestamptz)
returns table (id uuid, has_payloads boolean, has_timeline boolean, is_old boolean, is_settled boolean,
               payloads_due boolean, timeline_due boolean, row_due boolean)
language plpgsql stable
set search_path = ''
as $$
begin
  return query
    select d.id, d.has_payloads, d.has_timeline, d.is_old, d.is_settled,
           d.has_payloads and d.is_settled and coalesce(d.completed_at < greatest(p_payloads, p_rows), false),
           d.has_timeline and d.is_settled and coalesce(d.completed_at < greatest(p_timelines, p_rows), false),
           d.is_settled and coalesce(d.completed_at < p_rows, false)
      from (
        select e.id, e.completed_at, e.input is not null or e.output is not null
          or e.state_snapshot is not null as has_payloads,
               exists (select from runledger.execution_timelines t where t.execution_id = e.id) as has_timeline,
               coalesce(e.completed_at < greatest(p_payloads, p_timelines, p_rows), false) as is_old,
               e.completed_at is not null
                 and not exists (select from runledger.execution_checks c where c.execution_id = e.id) as is_settled
          from runledger.workflow_executions e
         where p_after is null or e.id > p_after
         order by e.id limit p_limit) d;
end $$;

-- schemas/retention/begin_prune.sql

/* Begins a run of the retention, or finds the one of this id. Raises conflict while another one is heard of.
   Callers: prune_executions. */
-- for: service_role
create function runledger_private.begin_prune(p_run uuid, p_policy jsonb) returns runledger.execution_prunes
language plpgsql
set search_path = ''
as $$
declare
  r runledger.execution_prunes;
  other runledger.execution_prunes;
begin
  -- For the transaction: it waits for the batch that is under way. In between, whoever was heard of within a minute
  -- keeps its place.
  perform pg_advisory_xact_lock(hashtextextended('runledger:prune', 0));
  select * into other from runledger.execution_prunes x
   where x.id <> p_run and x.finished_at is null and x.beat_at > clock_timestamp() - interval '1 minute'
   order by x.started_at limit 1;
  if found then
    raise exception 'Another prune is under way, since % UTC.',
    to_char(other.started_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')
      using errcode = 'PT409', detail = 'conflict',
        hint = 'One runs at a time; try again when it has ended, or a minute after it was broken off.';
  end if;
  insert into runledger.execution_prunes (id, policy, payloads_before, timelines_before, rows_before)
    values (p_run, p_policy, clock_timestamp() - (p_policy ->> 'payloads')::interval,
      clock_timestamp() - (p_policy ->> 'timelines')::interval, clock_timestamp() - (p_policy ->> 'rows')::interval)
    on conflict (id) do nothing;
  select * into r from runledger.execution_prunes x where x.id = p_run;
  return r;
end $$;

-- schemas/retention/prune_due.sql

/* Removes rows, timelines and payloads. Locks like a deletion of a user or workflow and like the recording of outcomes
   do, in the order of ids, so that nobody waits in a circle. Callers: prune_executions. */
-- for: service_role
create function runledger_private.prune_due(p_rows uuid[], p_timelines uuid[], p_payloads uuid[]) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_all constant uuid[] := p_rows || p_timelines || p_payloads;
begin
  perform runledger_private.lock_owners(v_all);
  perform from runledger.workflow_executions e where e.id = any (v_all) order by e.id for update;
  if p_rows <> '{}' then perform runledger_private.prune_counted(p_rows); end if;
  delete from runledger.execution_timelines t where t.execution_id = any (p_timelines);
  -- One that was reopened since its end was looked at keeps what it has.
  update runledger.workflow_executions e set input = null, output = null, state_snapshot = null, output_note = 'pruned'
   where e.id = any (p_payloads) and e.completed_at is not null;
end $$;

-- schemas/retention/prune_executions.sql

/* Removes what is due among the next executions, by a policy { payloads, timelines, rows } of intervals, and keeps how
   far the run has got: the next call with its id goes on from there. A dry run only counts: it goes on after `p_after`.
   Callers: RetentionService.prune. Returns, of the whole run, of a dry run for these executions only: { after, done,
   examined, unsettled, payloads, timelines, rows: { before, due } }. */
-- for: service_role
create function runledger.prune_executions(p_policy jsonb, p_run uuid default null, p_limit integer default 5000,
                                        p_dry_run boolean default false, p_after uuid default null)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_policy constant jsonb := runledger_private.unwrap(p_policy);
  v_limit constant integer := least(greatest(coalesce(p_limit, 5000), 1), 20000);
  r runledger.execution_prunes;
  v_due record;
  v_done boolean;
begin
  if jsonb_typeof(v_policy) is distinct from 'object' or jsonb_strip_nulls(v_policy) = '{}' or exists (
    select from jsonb_each_text(v_policy) x
     where x.key not in ('payloads', 'timelines', 'rows') or x.value::interval < interval '1 minute') then
    raise exception 'A policy says after how long payloads, timelines and rows go, each a minute or more; not %.',
    left(v_policy::text, 200)
      using errcode = 'PT400', detail = 'invalid_input',
        hint = 'For example {"payloads": "30 days", "rows": "365 days"}.';
  end if;
  if p_dry_run then
    r.payloads_before := clock_timestamp() - (v_policy ->> 'payloads')::interval;
    r.timelines_before := clock_timestamp() - (v_policy ->> 'timelines')::interval;
    r.rows_before := clock_timestamp() - (v_policy ->> 'rows')::interval;
    r.after_id := p_after;
  else
    r := runledger_private.begin_prune(p_run, v_policy);
  end if;

  select coalesce((array_agg(d.id order by d.id desc))[1], r.after_id) as after, count(*) as examined,
         count(*) filter (where d.is_old and not d.is_settled) as unsettled,
         count(*) filter (where d.has_payloads) as with_payloads, count(*) filter (where d.payloads_due) as payloads,
         count(*) filter (where d.has_timeline) as with_timeline, count(*) filter (where d.timeline_due) as timelines,
         count(*) filter (where d.row_due) as rows,
         coalesce(array_agg(d.id order by d.id) filter (where d.row_due), '{}') as row_ids,
         coalesce(array_agg(d.id order by d.id) filter (where d.timeline_due and not d.row_due), '{}') as timeline_ids,
         coalesce(array_agg(d.id order by d.id) filter (where d.payloads_due and not d.row_due), '{}') as payload_ids
    into v_due
    from runledger_private.prunable(r.after_id, v_limit, r.payloads_before, r.timelines_before, r.rows_before) d
   where r.finished_at is null;
  v_done := v_due.examined < v_limit;

  if not p_dry_run and r.finished_at is null then
    perform runledger_private.prune_due(v_due.row_ids, v_due.timeline_ids, v_due.payload_ids);
    update runledger.execution_prunes x
       set after_id = v_due.after, examined = x.examined + v_due.examined, unsettled = x.unsettled + v_due.unsettled,
           had_payloads = x.had_payloads + v_due.with_payloads, payloads = x.payloads + v_due.payloads,
           had_timelines = x.had_timelines + v_due.with_timeline, timelines = x.timelines + v_due.timelines,
           rows = x.rows + v_due.rows,
           beat_at = clock_timestamp(), finished_at = case when v_done then clock_timestamp() end
     where x.id = r.id returning * into r;
  end if;
  if not p_dry_run then
    return jsonb_build_object('after', r.after_id, 'done', r.finished_at is not null, 'examined', r.examined,
      'unsettled', r.unsettled,
      'payloads', jsonb_build_object('before', r.had_payloads, 'due', r.payloads),
      'timelines', jsonb_build_object('before', r.had_timelines, 'due', r.timelines),
      'rows', jsonb_build_object('before', r.examined, 'due', r.rows));
  end if;
  return jsonb_build_object('after', v_due.after, 'done', v_done, 'examined', v_due.examined, 'unsettled',
    v_due.unsettled,
    'payloads', jsonb_build_object('before', v_due.with_payloads, 'due', v_due.payloads),
    'timelines', jsonb_build_object('before', v_due.with_timeline, 'due', v_due.timelines),
    'rows', jsonb_build_object('before', v_due.examined, 'due', v_due.rows));
end $$;

-- schemas/statistics/has_all_since.sql

/* Whether no execution that started or ended at a time or later was pruned: then its rows are all there are. What was
   pruned had ended before the time that its prune was of. Callers: filtered_stats, get_filtered_series. */
-- for: service_role
create function runledger_private.has_all_since(p_from timestamptz) returns boolean
language sql stable
set search_path = ''
as $$
  select not exists (select from runledger.execution_prunes p
    where p.rows > 0 and p.rows_before > coalesce(p_from, '-infinity'));
$$;

-- schemas/statistics/rows_in_window.sql

-- Statistics that counters do not keep, by end or under the filter of a list: from the executions themselves.

/* Executions of a scope that a filter finds and that started (p_by start) or ended (end) in [p_from, p_to). Refused
   where no index leads to them among 20,000; 5,000 where the filter looks at what lies outside of the rows. p_filter is
   what check_execution_search returns; its own times narrow the window.
   Callers: filtered_stats, get_filtered_series. */
-- for: service_role
create function runledger_private.rows_in_window(p_user_id text, p_workflow_id uuid, p_filter jsonb, p_by text,
  p_from timestamptz, p_to timestamptz)
returns table (at timestamptz, status text, duration_ms bigint, queue_ms bigint, verdict text)
language plpgsql stable
set search_path = ''
-- As for lists: an ordered index scan stops at its limit.
set enable_seqscan = off
set enable_bitmapscan = off
set enable_sort = off
set enable_incremental_sort = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
#variable_conflict use_column
declare
  v_times constant text[] := case p_by when 'end' then array['endedFrom', 'endedTo'] else array['from', 'to'] end;
  v_order constant text := case p_by when 'end' then 'completed_at' else 'started_at' end;
  v_filter constant jsonb := p_filter || jsonb_strip_nulls(jsonb_build_object(
    v_times[1], greatest((p_filter ->> v_times[1])::timestamptz, p_from),
    v_times[2], least((p_filter ->> v_times[2])::timestamptz, p_to)));
  v_window constant jsonb := runledger_private.list_order(v_filter, v_order, true);
  v_most constant integer := case when v_filter ?| array['text', 'tags', 'allTags', 'notTags', 'taskQueue',
    'workflowType', 'origin', 'health'] then 5000 else 20000 end;
  v_source jsonb;
  v_found jsonb;
  v_n integer;
begin
  if p_by not in ('start', 'end') or p_by is null then
    raise exception 'A window is by start or by end, not by %.', coalesce(p_by, 'null')
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Pass start or end.';
  elsif p_to < p_from then
    raise exception 'The window ends (%) before it starts (%).', p_to, p_from
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Pass the earlier time as the start.';
  end if;
  for v_source in
    select s from runledger_private.execution_sources(p_user_id, p_workflow_id, v_filter, v_order) s
     where not (p_by = 'end' and coalesce(p_user_id, p_workflow_id::text) is null)
    union all
    -- By end no index has everybody's.
    select '{"kind": "workflows"}'
     where p_by = 'end' and coalesce(p_user_id, p_workflow_id::text) is null
  loop
    execute format('select count(*) from (select from (%s) s limit %s) x', runledger_private.source_sql(
      v_source, v_window || '{"filter": "true", "columns": []}', null, v_most + 1), v_most + 1) into v_n;
    if v_n <= v_most then v_found := v_source; end if;
    exit when v_found is not null;
  end loop;
  if v_n > v_most then
    v_found := coalesce(v_found, runledger_private.rare_executions(p_user_id, p_workflow_id, v_filter, v_order));
    if v_found is null then
      raise exception 'This window has more than % executions to look at.', to_char(v_most, 'FM999,999')
        using errcode = 'PT400', detail = 'invalid_input',
          hint = 'Ask for a shorter window; or by start and without a filter, which counters answer at any size.';
    end if;
  end if;
  if v_found is null then return; end if;
  return query execute format(
    'select distinct on (s.id) s.v, s.status, s.duration_ms,
            runledger_private.queue_ms(s.started_at, s.first_task_at), s.verdict from (%s) s where s.ok',
    runledger_private.source_sql(v_found, v_window || jsonb_build_object(
      'filter', runledger_private.execution_filter_sql(p_user_id, p_workflow_id, v_filter),
      'columns', array['status', 'duration_ms', 'started_at', 'first_task_at', 'verdict']), null, v_most + 1));
end $$;

-- schemas/statistics/filtered_stats.sql

/* One window of get_filtered_stats, in the columns of get_execution_stats; exact, percentiles too.
   Callers: get_filtered_stats. */
-- for: service_role
create function runledger_private.filtered_stats(p_user_id text, p_workflow_id uuid, p_filter jsonb, p_by text,
  p_from timestamptz, p_to timestamptz) returns jsonb
language sql stable
set search_path = ''
as $$
  with row as materialized (
    select * from runledger_private.rows_in_window(p_user_id, p_workflow_id, p_filter, p_by, p_from, p_to)),
  by_status as (select r.status, count(*) as n from row r group by 1),
  counted as (
    select coalesce(sum(s.n), 0) as total, coalesce(jsonb_object_agg(s.status, s.n), '{}') as counts,
           sum(s.n) filter (where runledger_private.is_end(s.status)) as ended,
           coalesce(sum(s.n) filter (where s.status = 'completed'), 0) as completed
      from by_status s),
  verdict as (select r.verdict as label, count(*) as n from row r where r.verdict is not null group by 1),
  timed as (
    select avg(r.duration_ms)::float8 as avg_duration_ms, min(r.duration_ms) as min_duration_ms,
           max(r.duration_ms) as max_duration_ms,
           percentile_disc(array[0.5, 0.9, 0.95, 0.99]) within group (order by r.duration_ms) as d,
           avg(r.queue_ms)::float8 as avg_queue_ms, min(r.queue_ms) as min_queue_ms, max(r.queue_ms) as max_queue_ms,
           percentile_disc(array[0.5, 0.9, 0.95, 0.99]) within group (order by r.queue_ms) as q
      from row r)
  select jsonb_build_object('starts_at', p_from, 'ends_at', p_to, 'total', c.total, 'counts', c.counts,
    'success_rate', round(100.0 * c.completed / nullif(c.ended, 0), 1)::float8,
    'avg_duration_ms', t.avg_duration_ms, 'min_duration_ms', t.min_duration_ms, 'max_duration_ms', t.max_duration_ms,
    'p50_duration_ms', t.d[1], 'p90_duration_ms', t.d[2], 'p95_duration_ms', t.d[3], 'p99_duration_ms', t.d[4],
    'avg_queue_ms', t.avg_queue_ms, 'min_queue_ms', t.min_queue_ms, 'max_queue_ms', t.max_queue_ms,
    'p50_queue_ms', t.q[1], 'p90_queue_ms', t.q[2], 'p95_queue_ms', t.q[3], 'p99_queue_ms', t.q[4],
    'extremes_are_exact', true, 'verdicts', coalesce((select jsonb_object_agg(v.label, v.n) from verdict v), '{}'),
    'as_of', statement_timestamp(), 'counts_are_exact', runledger_private.has_all_since(p_from))
    from counted c cross join timed t;
$$;

-- schemas/statistics/get_filtered_stats.sql

/* What get_execution_stats says, of the executions that a filter finds, started (p_by start) or ended (end) in a
   window: exact, and of what is kept. counts_are_exact is false where some may have been pruned. Refused where that
   were too many to look at, see rows_in_window.
   Callers: StatisticsReader.stats. Returns a list of one row, or two with the window of the same length before. */
-- for: service_role
create function runledger.get_filtered_stats(p_user_id text default null, p_workflow_id uuid default null,
  p_from timestamptz default null, p_to timestamptz default null, p_by text default 'start',
  p_filter jsonb default '{}',
  p_with_previous boolean default false, p_everybody boolean default false) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_filter constant jsonb := runledger_private.check_execution_search(p_user_id, p_workflow_id,
    runledger_private.unwrap(p_filter), p_everybody => p_everybody);
  v_from constant timestamptz := nullif(p_from, '-infinity');
  v_to constant timestamptz := nullif(p_to, 'infinity');
begin
  return jsonb_build_array(
      runledger_private.filtered_stats(p_user_id, p_workflow_id, v_filter, p_by, v_from, v_to))
    || case when p_with_previous and runledger_private.has_window_before(v_from, v_to) then jsonb_build_array(
         runledger_private.filtered_stats(p_user_id, p_workflow_id, v_filter, p_by, v_from - (v_to - v_from), v_from))
       else '[]' end;
end $$;

-- schemas/statistics/get_filtered_series.sql

/* The points of get_execution_series by steps of five minutes, an hour or a day, of the executions that a filter finds,
   started (p_by start) or ended (end) in them: exact, percentiles too, and of what is kept. Refused where that were too
   many to look at, see rows_in_window.
   Callers: StatisticsReader.series. Returns { points, counts_are_exact }: false where some may have been pruned. */
-- for: service_role
create function runledger.get_filtered_series(p_user_id text default null, p_workflow_id uuid default null,
  p_from timestamptz default null, p_to timestamptz default null, p_step text default 'day',
  p_time_zone text default 'UTC', p_by text default 'start', p_filter jsonb default '{}',
  p_everybody boolean default false) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_filter constant jsonb := runledger_private.check_execution_search(p_user_id, p_workflow_id,
    runledger_private.unwrap(p_filter), p_everybody => p_everybody);
  v_edges constant timestamptz[] := runledger_private.exact_points(p_from, p_to, p_step, p_time_zone);
begin
  return (
    with row as materialized (
      select width_bucket(r.at, v_edges) as point, r.status, r.duration_ms
        from runledger_private.rows_in_window(p_user_id, p_workflow_id, v_filter, p_by, v_edges[1],
          v_edges[cardinality(v_edges)]) r),
    counted as (
      select c.point, sum(c.n) as total, jsonb_object_agg(c.status, c.n) as counts
        from (select r.point, r.status, count(*) as n from row r group by 1, 2) c group by 1),
    timed as (
      select r.point, avg(r.duration_ms)::float8 as average,
             percentile_disc(array[0.5, 0.95]) within group (order by r.duration_ms) as quantiles
        from row r where r.duration_ms is not null group by 1)
    select jsonb_build_object('counts_are_exact', runledger_private.has_all_since(v_edges[1]), 'points',
             jsonb_agg(jsonb_build_object('starts_at', v_edges[p.point], 'ends_at', v_edges[p.point + 1],
               'is_rounded', false, 'total', coalesce(c.total, 0), 'counts', coalesce(c.counts, '{}'),
               'avg_duration_ms', t.average, 'p50_duration_ms', t.quantiles[1], 'p95_duration_ms', t.quantiles[2],
               'as_of', statement_timestamp()) order by p.point))
      from generate_series(1, cardinality(v_edges) - 1) p (point)
      left join counted c on c.point = p.point
      left join timed t on t.point = p.point);
end $$;

-- schemas/importing/execution_imports.sql

-- Brings the rows of a hand-written table into the ledger, batch by batch. docs/importing.md says how. Service role
-- only.

-- One row per table that was imported: how far it has got, and how its present pass stands.
create table runledger.execution_imports (
  source text primary key,
  pass bigint not null default 0,
  options jsonb not null default '{}',
  -- Rows of the table when the pass began.
  total bigint not null default 0,
  rows bigint not null default 0,
  taken bigint not null default 0,
  known bigint not null default 0,
  refused bigint not null default 0,
  -- The primary key of the last row that was looked at.
  after_key text,
  started_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  constraint every_row_is_taken_known_or_refused check (rows = taken + known + refused)
);

alter table runledger.execution_imports enable row level security;
create policy "only the service role sees imports" on runledger.execution_imports
  for select to authenticated using (false);

create trigger refuse_truncate before truncate on runledger.execution_imports
  for each statement execute function runledger_private.refuse_truncate();

grant all on runledger.execution_imports to service_role;

-- schemas/importing/execution_import_rows.sql

-- What became of each row. One that was taken is never taken again, even when its execution is gone since.
create table runledger.execution_import_rows (
  source text not null,
  source_id text not null,
  -- As the table spells it.
  status text,
  result text not null,
  -- Why it was refused, or what is to be known of one that was taken.
  reason text,
  detail text,
  execution_id uuid,
  primary key (source, source_id),
  constraint import_result_is_known check (result in ('taken', 'known', 'refused')),
  constraint a_refused_row_says_why check (result <> 'refused' or reason is not null)
);

alter table runledger.execution_import_rows enable row level security;
create policy "only the service role sees the rows of imports" on runledger.execution_import_rows
  for select to authenticated using (false);

create trigger refuse_truncate before truncate on runledger.execution_import_rows
  for each statement execute function runledger_private.refuse_truncate();

grant all on runledger.execution_import_rows to service_role;

-- schemas/importing/execution_import_previews.sql

-- What the parts of a dry run would have taken so far: a later part of it meets them as the import itself would. Gone
-- with the dry run.
create table runledger.execution_import_previews (
  pass bigint not null,
  -- An id, a Temporal run, or a workflow id that is open or waits for its run, made into a uuid.
  claim uuid not null,
  execution_id uuid not null,
  -- The user and workflow of that execution.
  owners text not null,
  noted_at timestamptz not null default clock_timestamp(),
  primary key (pass, claim)
);

create index idx_execution_import_previews_noted on runledger.execution_import_previews (noted_at);

alter table runledger.execution_import_previews enable row level security;
create policy "only the service role sees dry runs" on runledger.execution_import_previews
  for select to authenticated using (false);

create trigger refuse_truncate before truncate on runledger.execution_import_previews
  for each statement execute function runledger_private.refuse_truncate();

grant all on runledger.execution_import_previews to service_role;

-- A row of the table as an import judges it: `e` is what it becomes, `name` what the row calls its workflow.
create type runledger_private.import_item as (at integer, key text, status text, result text, reason text, detail text,
  execution_id uuid, name text, e runledger.workflow_executions);

-- schemas/importing/named_uuid.sql

/* A uuid made of a name (RFC 9562, version 8): the same name gives the same one, always. Callers: read_run, the
   compatibility names. */
-- for: service_role, authenticated
create function runledger_private.named_uuid(p_name text) returns uuid
language sql immutable parallel safe
set search_path = ''
as $$
  select encode(set_byte(set_byte(h.b, 6, (get_byte(h.b, 6) & 15) | 128), 8, (get_byte(h.b, 8) & 63) | 128),
    'hex')::uuid
    from (select substring(sha256(convert_to(p_name, 'UTF8')) from 1 for 16) as b) h;
$$;

-- schemas/importing/read_time.sql

/* A time as people store it: a timestamp, its text, or seconds or milliseconds since 1970; null for anything else, and
   for what lies before 1970, where languages have their zero. Text without a zone is read in the session's. Callers:
   read_run. */
-- for: service_role
create function runledger_private.read_time(p jsonb) returns timestamptz
language plpgsql stable strict
set search_path = ''
as $$
declare
  v_text constant text := p #>> '{}';
  v_time timestamptz;
begin
  if v_text is null then return null; end if;
  begin
    if v_text ~ '^\d{4}-\d\d-\d\d' then
      v_time := v_text::timestamptz;
    elsif v_text ~ '^\d{9,11}(\.\d+)?$' then
      v_time := to_timestamp(v_text::float8);
    elsif v_text ~ '^\d{12,14}(\.\d+)?$' then
      v_time := to_timestamp(v_text::float8 / 1000);
    end if;
  exception when data_exception then
    return null;
  end;
  return case when v_time >= '1970-01-01' and isfinite(v_time) then v_time end;
end $$;

-- schemas/importing/read_status.sql

/* What a status means, in the ledger's word; null for one that nobody has said. Callers: read_run, describe_import. */
-- for: service_role
create function runledger_private.read_status(p_status text, p_statuses jsonb) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  v_said constant text := p_statuses ->> case when btrim(p_status) <> '' then p_status else 'none' end;
  v_word text := lower(trim(p_status));
begin
  if v_said is not null then return v_said; end if;
  -- Most are written as here.
  if v_word = any (runledger_private.statuses()) then return v_word; end if;
  v_word := regexp_replace(regexp_replace(v_word, '[\s-]+', '_', 'g'), '^workflow_execution_status_', '');
  return coalesce(runledger_private.status_at(runledger_private.status_number(v_word)), case
    when v_word in ('complete', 'success', 'succeeded', 'successful', 'done', 'finished', 'ok') then 'completed'
    when v_word in ('failure', 'fail', 'error', 'errored', 'crashed') then 'failed'
    when v_word in ('canceled', 'aborted') then 'cancelled'
    when v_word in ('timedout', 'timeout', 'time_out') then 'timed_out'
    when v_word = 'killed' then 'terminated'
    when v_word in ('queued', 'scheduled', 'waiting', 'created') then 'pending'
    when v_word in ('started', 'in_progress', 'inprogress', 'active', 'processing', 'executing') then 'running' end);
end $$;

-- schemas/importing/read_number.sql

/* A count as people store it; null for anything else, and for what no count can be. Callers: read_run. */
-- for: service_role
create function runledger_private.read_number(p text) returns bigint
language sql immutable
return case when p ~ '^\d{1,15}(\.\d+)?$' then round(p::numeric)::bigint end;

-- schemas/importing/import_source.sql

/* The table that is meant: by name, else the one in public that hand-written ledgers have.
   Callers: describe_import, import_workflow_runs. */
-- for: service_role
create function runledger_private.import_source(p_source text) returns regclass
language plpgsql stable
set search_path = ''
as $$
declare
  v_table regclass;
  v_found text[];
begin
  if p_source is null then
    select array_agg(x.name order by x.name) into v_found
      from (values ('public.workflow_executions'), ('public.workflow_runs')) x (name)
     where exists (select from pg_catalog.pg_class c where c.oid = to_regclass(x.name) and c.relkind in ('r', 'p'));
    if cardinality(v_found) = 1 then return to_regclass(v_found[1]); end if;
    raise exception '%', case when v_found is null
      then 'There is no table public.workflow_executions and no table public.workflow_runs.'
        else 'There are both ' || array_to_string(v_found, ' and ') || '.' end
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Name the table to import.';
  end if;
  begin
    v_table := coalesce(to_regclass(p_source), to_regclass(format('public.%I', p_source)));
  exception
  when insufficient_privilege then
    raise exception '% may not be read: %.', left(p_source, 200), sqlerrm
      using errcode = 'PT403', detail = 'permission_denied',
        hint = format('As the owner: grant usage on schema %I to %I.', (parse_ident(p_source))[1], current_user);
  when others then
    v_table := to_regclass(format('public.%I', p_source));
  end;
  if v_table is null then
    raise exception 'There is no table %.', left(p_source, 200)
      using errcode = 'PT404', detail = 'not_found', hint = 'Name it with its schema, like public.workflow_runs.';
  end if;
  if not has_table_privilege(v_table, 'select') then
    raise exception '% may not be read.', v_table
      using errcode = 'PT403', detail = 'permission_denied',
        hint = format('As its owner: grant select on %s to %I.', v_table, current_user);
  end if;
  -- A table of ours, or a view that reads them.
  if exists (select from pg_catalog.pg_class c where c.oid = v_table and c.relnamespace = 'runledger'::regnamespace)
     or exists (select from pg_catalog.pg_rewrite r join pg_catalog.pg_depend d
                    on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = r.oid
                 where r.ev_class = v_table and d.refclassid = 'pg_catalog.pg_class'::regclass
                   and d.refobjid = 'runledger.workflow_executions'::regclass) then
    raise exception '% is the ledger itself.', v_table
      using errcode = 'PT400', detail = 'invalid_input',
        hint = 'Name the table of the application, like public.my_runs.';
  end if;
  return v_table;
end $$;

-- schemas/importing/import_key.sql

/* The one column that tells a table's rows apart, and its type: `key` of the options, else what a unique index says.
   Whether the rows of a key that was given bear it out, `check_import_key` says.
   Callers: describe_import, import_plan. */
-- for: service_role
create function runledger_private.import_key(p_table regclass, p_options jsonb, out name text, out type text)
language plpgsql stable
set search_path = ''
as $$
begin
  if p_options ->> 'key' is not null then
    select a.attname, format_type(a.atttypid, a.atttypmod) into name, type
      from pg_catalog.pg_attribute a
     where a.attrelid = p_table and a.attname = p_options ->> 'key' and a.attnum > 0 and not a.attisdropped;
    if found then return; end if;
    raise exception '% has no column %.', p_table, p_options ->> 'key'
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Name the column that tells its rows apart.';
  end if;
  select a.attname, format_type(a.atttypid, a.atttypmod) into name, type
    from pg_catalog.pg_index i
    join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0] and a.attnotnull
   where i.indrelid = p_table and i.indisunique and i.indisvalid and i.indnkeyatts = 1 and i.indpred is null
     and i.indkey[0] > 0
   order by i.indisprimary desc, a.attnum limit 1;
  if not found then
    raise exception '% has no key of one column, so that nothing says what tells its rows apart.', p_table
      using errcode = 'PT400', detail = 'invalid_input',
            hint = 'Say which column does: --key id (key of the options).' || case
              when (select c.relkind = 'r' from pg_catalog.pg_class c where c.oid = p_table)
                then format(' Where none does: alter table %s add column import_id bigint generated always as identity '
                  || 'unique.', p_table) else '' end;
  end if;
end $$;

-- schemas/importing/check_import_key.sql

/* Refuses a key that was given where rows have none, or two have the same. Reads the whole table.
   Callers: import_workflow_runs, with the first rows of a pass. */
-- for: service_role
create function runledger_private.check_import_key(p_plan jsonb) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_rows bigint;
  v_keys bigint;
  v_twice text;
begin
  if p_plan -> 'options' ->> 'key' is null then return; end if;
  execute format('select sum(k.n), count(*) filter (where k.key is not null), min(k.key) filter (where k.n > 1)
      from (select t.%I::text as key, count(*) as n from %s t group by 1) k', p_plan ->> 'key', p_plan ->> 'source')
    into v_rows, v_keys, v_twice;
  if v_rows > v_keys then
    raise exception 'The column % does not tell the rows of % apart: rows %, different values %, %.', p_plan ->> 'key',
      p_plan ->> 'source', v_rows, v_keys, coalesce(format('%L more than once', left(v_twice, 200)), 'the others null')
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Name another column, or repair the rows.';
  end if;
end $$;

-- schemas/importing/json_or_text.sql

/* JSON as jsonb, or as the text it is where jsonb cannot hold it: NUL, half a surrogate pair, a number beyond numeric.
   Callers: read_rows, for columns of the type json. */
-- for: service_role
create function runledger_private.json_or_text(p json) returns jsonb
language plpgsql immutable strict
set search_path = ''
as $$
begin
  return p::jsonb;
exception when invalid_text_representation or untranslatable_character or numeric_value_out_of_range
            or statement_too_complex then
  return to_jsonb(p::text);
end $$;

-- schemas/importing/import_columns.sql

/* Which column holds what: by name in snake_case or camelCase, unless `columns` of the options says otherwise (null:
   none). Callers: describe_import, import_workflow_runs. */
-- for: service_role
create function runledger_private.import_columns(p_table regclass, p_options jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_given constant jsonb := coalesce(p_options -> 'columns', '{}');
  v_columns jsonb;
  v_wrong text;
begin
  select string_agg(g.key || '=' || coalesce(g.value, 'null'), ', ' order by g.key) into v_wrong
    from jsonb_each_text(v_given) g
   where g.key not in ('id', 'user', 'workflow', 'workflow_name', 'status', 'started_at', 'completed_at', 'duration_ms',
     'error_message',
                       'failure', 'input', 'output', 'temporal_namespace', 'temporal_workflow_id', 'temporal_run_id',
                       'metadata', 'tags', 'state_snapshot', 'verdict', 'activities_executed', 'engine_started_at',
                       'first_task_at', 'cancel_requested_at', 'cancel_requested_by', 'cancel_reason')
      or (g.value is not null and not exists (
        select from pg_catalog.pg_attribute a where a.attrelid = p_table and a.attname = g.value and a.attnum > 0
          and not a.attisdropped));
  if v_wrong is not null then
    raise exception 'Columns of % cannot be read like this: %.', p_table, v_wrong
      using errcode = 'PT400', detail = 'invalid_input',
            hint = 'Write what=column, where what is one of id, user, workflow, workflow_name, status, started_at, '
              || 'completed_at, duration_ms, error_message, failure, input, output, temporal_namespace, '
              || 'temporal_workflow_id, temporal_run_id, metadata, tags, state_snapshot, verdict, activities_executed, '
              || 'engine_started_at, first_task_at, cancel_requested_at, cancel_requested_by and cancel_reason.';
  end if;
  select coalesce(jsonb_object_agg(f.target, f.name), '{}') into v_columns
    from (select distinct on (c.target) c.target, a.attname as name
            from (values ('id', 'id', 1), ('id', 'execution_id', 2), ('id', 'run_id', 3),
              ('user', 'created_by', 1), ('user', 'user_id', 2), ('user', 'owner_id', 3),
              ('workflow', 'workflow_id', 1), ('workflow_name', 'workflow_name', 1),
              ('workflow_name', 'workflow_type', 2),
              ('status', 'status', 1), ('status', 'state', 2), ('started_at', 'started_at', 1),
              ('started_at', 'start_time', 2), ('started_at', 'created_at', 3),
              ('completed_at', 'completed_at', 1), ('completed_at', 'finished_at', 2), ('completed_at', 'ended_at', 3),
              ('completed_at', 'closed_at', 4), ('completed_at', 'end_time', 5), ('duration_ms', 'duration_ms', 1),
              ('duration_ms', 'execution_time_ms', 2),
              ('error_message', 'error_message', 1), ('error_message', 'failure_reason', 2),
              ('failure', 'error_details', 1), ('failure', 'failure', 2), ('failure', 'error', 3),
              ('input', 'input', 1), ('input', 'input_data', 2), ('output', 'output', 1), ('output', 'result', 2),
              ('output', 'output_data', 3),
              ('temporal_namespace', 'temporal_namespace', 1), ('temporal_workflow_id', 'temporal_workflow_id', 1),
              ('temporal_run_id', 'temporal_run_id', 1), ('metadata', 'metadata', 1), ('tags', 'tags', 1),
              ('state_snapshot', 'state_snapshot', 1), ('verdict', 'verdict', 1),
              ('activities_executed', 'activities_executed', 1), ('activities_executed', 'activity_count', 2),
              ('engine_started_at', 'engine_started_at', 1), ('first_task_at', 'first_task_at', 1),
              ('cancel_requested_at', 'cancel_requested_at', 1), ('cancel_requested_by', 'cancel_requested_by', 1),
              ('cancel_reason', 'cancel_reason', 1)) c (target, name, rank)
            join pg_catalog.pg_attribute a on a.attrelid = p_table and a.attnum > 0 and not a.attisdropped
             and lower(regexp_replace(a.attname, '([a-z0-9])([A-Z])', '\1_\2', 'g')) = c.name
           where not v_given ? c.target
             -- A column that was given for something is nothing else.
             and not exists (select from jsonb_each_text(v_given) g where g.value = a.attname)
           order by c.target, c.rank) f;
  return v_columns || jsonb_strip_nulls(v_given);
end $$;

-- schemas/importing/check_import_options.sql

/* Refuses options that name what is not there. Callers: describe_import, import_workflow_runs. */
-- for: service_role
create function runledger_private.check_import_options(o jsonb) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_wrong text;
begin
  select string_agg(format('%s=%s', w.key, w.value), ', ') into v_wrong
    from (select * from jsonb_each_text(o -> 'workflows') union all select 'workflow', o ->> 'workflow'
      where o ->> 'workflow' is not null) w
   where not exists (select from runledger.workflows x where x.id::text = lower(w.value));
  if v_wrong is not null then
    raise exception 'There is no such workflow: %.', v_wrong
      using errcode = 'PT404', detail = 'not_found',
        hint = 'Create it first, or leave it out: workflows that are missing are made.';
  end if;
  select string_agg(format('%s=%s', w.key, w.value), ', ') into v_wrong from jsonb_each_text(o -> 'statuses') w
   where not (runledger_private.is_open(w.value) or runledger_private.is_end(w.value));
  if v_wrong is not null then
    raise exception 'The ledger has no such status: %.', v_wrong
      using errcode = 'PT400', detail = 'invalid_input',
            hint = 'Map to one of ' || array_to_string(runledger_private.statuses(), ', ') || '.';
  end if;
end $$;

-- schemas/importing/import_plan.sql

/* How a table is read: its key, what each column holds, and the options. Callers: import_workflow_runs, compare_import,
   forward_runs, forwarded_plan. */
-- for: service_role
create function runledger_private.import_plan(p_source text, p_options jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_table constant regclass := runledger_private.import_source(p_source);
  v_options constant jsonb := coalesce(runledger_private.unwrap(p_options), '{}');
begin
  perform runledger_private.check_import_options(v_options);
  return (
    select jsonb_build_object('source', v_table, 'key', k.name, 'keyType', k.type, 'row', (
               -- Of the row t. A column of the type json may hold what jsonb cannot.
               select case when not bool_or(a.atttypid = 'pg_catalog.json'::regtype) then 'to_jsonb(t)'
                 else format('to_jsonb((select r from (select %s) r))', string_agg(format(case
                   when a.atttypid = 'pg_catalog.json'::regtype then 'runledger_private.json_or_text(t.%1$I) as %1$I'
                   else 't.%1$I' end, a.attname), ', ' order by a.attnum)) end
                 from pg_catalog.pg_attribute a
                where a.attrelid = v_table and a.attnum > 0 and not a.attisdropped),
              'options', v_options,
             'columns', runledger_private.import_columns(v_table, v_options))
      from runledger_private.import_key(v_table, v_options) k);
end $$;

-- schemas/importing/read_tags.sql

/* Text as a list of tags: an array, its JSON, or words between commas; null for null. Callers: read_run. */
-- for: service_role
create function runledger_private.read_tags(p jsonb) returns text[]
language plpgsql immutable strict
set search_path = ''
as $$
declare
  v constant jsonb := runledger_private.unwrap_object(p);
begin
  if coalesce(jsonb_typeof(v), 'null') not in ('array', 'string') or v = '[]' then return '{}'; end if;
  return (
    select coalesce(array_agg(trim(t.tag) order by t.n), '{}')
      from (select x.value as tag, x.ordinality as n
              from jsonb_array_elements_text(case when jsonb_typeof(v) = 'array' then v else '[]' end)
                with ordinality x
            union all
            select s.value, s.ordinality from string_to_table(
              case when jsonb_typeof(v) = 'string' then v #>> '{}' end, ',') with ordinality s (value, ordinality)) t
     where trim(t.tag) <> '');
end $$;

-- schemas/importing/read_end.sql

/* When a row ended and how long it ran, by the options that say what to do with times that contradict each other; or
   the reason why it cannot be told. As reports, ends have five minutes for clocks that differ.
   Callers: read_run. */
-- for: service_role
create function runledger_private.read_end(p jsonb, c jsonb, o jsonb, inout started_at timestamptz,
  out completed_at timestamptz, out duration_ms bigint, out dropped jsonb, out reason text, out detail text)
language plpgsql stable
set search_path = ''
as $$
declare
  v_now constant timestamptz := clock_timestamp();
  v_given constant text := p ->> (c ->> 'completed_at');
  v_duration constant text := p ->> (c ->> 'duration_ms');
  v_drops constant boolean := coalesce((o ->> 'drop_end')::boolean, false);
  v_is_ahead boolean;
begin
  if v_duration like '-%' and not coalesce((o ->> 'drop_duration')::boolean, false) then
    reason := 'its duration is negative';
    detail := v_duration;
    return;
  end if;
  duration_ms := runledger_private.read_number(v_duration);
  completed_at := runledger_private.read_time(p -> (c ->> 'completed_at'));
  v_is_ahead := completed_at > v_now + interval '5 minutes';
  if v_is_ahead or completed_at < least(started_at, v_now) - interval '5 minutes' then
    if not v_is_ahead and coalesce((o ->> 'swap_times')::boolean, false) then
      select started_at, completed_at into completed_at, started_at;
    elsif v_drops then
      dropped := jsonb_build_object('completedAt', v_given);
      completed_at := null;
    else
      reason := case when v_is_ahead then 'its end lies in the future' else 'its end lies before its start' end;
      detail := left(v_given, 500);
      return;
    end if;
  end if;
  completed_at := coalesce(completed_at, started_at + make_interval(secs => duration_ms / 1000.0));
  if completed_at is null or completed_at > v_now + interval '5 minutes' then
    reason := 'it has ended, but neither its end nor its duration can be read';
    detail := left(v_given, 500);
  end if;
end $$;

-- schemas/importing/read_run.sql

/* A row of the table as an execution, or the reason why it cannot be one. Reads nothing but its arguments.
   Callers: read_rows. */
-- for: service_role
create function runledger_private.read_run(p jsonb, p_key text, p_source text, c jsonb, o jsonb,
                                 out e runledger.workflow_executions, out reason text, out detail text)
language plpgsql stable
set search_path = ''
as $$
declare
  v_id constant text := coalesce(p ->> (c ->> 'id'), p_key);
  v_workflow constant text := coalesce(nullif(p ->> (c ->> 'workflow'), ''), nullif(p ->> (c ->> 'workflow_name'), ''));
  v_failure constant jsonb := runledger_private.unwrap_object(p -> (c ->> 'failure'));
  v_metadata constant jsonb := runledger_private.unwrap_object(p -> (c ->> 'metadata'));
  v_cuts constant boolean := coalesce((o ->> 'cut')::boolean, false);
  v_end record;
  v_done runledger.workflow_executions;
  v_rule text;
  v_is_uuid constant text := '^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$';
  -- What has no column of its own.
  v_rest jsonb := '{}';
begin
  e.id := case when v_id ~ v_is_uuid then v_id::uuid
    else runledger_private.named_uuid('run:' || p_source || ':' || v_id) end;
  e.created_by := coalesce(nullif(p ->> (c ->> 'user'), ''), o ->> 'user');
  e.workflow_id := case
    when o -> 'workflows' ? v_workflow then (o -> 'workflows' ->> v_workflow)::uuid
    when v_workflow ~ v_is_uuid then v_workflow::uuid
    when v_workflow is not null then runledger_private.named_uuid('workflow:' || v_workflow)
    else (o ->> 'workflow')::uuid end;
  e.status := runledger_private.read_status(p ->> (c ->> 'status'), o -> 'statuses');
  e.started_at := runledger_private.read_time(p -> (c ->> 'started_at'));
  e.temporal_workflow_id := nullif(p ->> (c ->> 'temporal_workflow_id'), '');
  e.temporal_run_id := case when e.temporal_workflow_id is not null
    then nullif(p ->> (c ->> 'temporal_run_id'), '') end;
  e.tags := coalesce(runledger_private.read_tags(p -> (c ->> 'tags')), '{}');
  e.verdict := nullif(p ->> (c ->> 'verdict'), '');
  if v_cuts then
    e.tags := e.tags[:50];
    e.verdict := left(e.verdict, 100);
  end if;

  reason := case
    when e.created_by is null then 'it names no user'
    when octet_length(e.created_by) > 1000 then 'its user id has more than 1,000 bytes'
    when e.workflow_id is null then 'it names no workflow'
    when e.status is null then 'its status is not known'
    when e.started_at is null then 'its start is missing, or cannot be read'
    when e.started_at > clock_timestamp() + interval '1 day' then 'its start lies in the future'
    when cardinality(e.tags) > 50 then 'it has more than 50 tags'
    when octet_length(e.temporal_workflow_id) > 1000 then 'its Temporal workflow id has more than 1,000 bytes'
    when length(e.verdict) > 100 then 'its verdict has more than 100 characters' end;
  if reason is not null then
    detail := left(case
      when e.created_by is null or e.workflow_id is null then null
      when octet_length(e.created_by) > 1000 then e.created_by
      when e.status is null then coalesce(p ->> (c ->> 'status'), 'none')
      when e.started_at is null then p ->> (c ->> 'started_at')
      when e.started_at > clock_timestamp() + interval '1 day' then e.started_at::text
      when cardinality(e.tags) > 50 then cardinality(e.tags)::text
      when octet_length(e.temporal_workflow_id) > 1000 then e.temporal_workflow_id
      else e.verdict end, 500);
    return;
  end if;

  if runledger_private.is_open(e.status) then
    e.status := case when e.temporal_run_id is not null then 'running' else e.status end;
    v_rest := jsonb_build_object('completedAt', p -> (c ->> 'completed_at'), 'durationMs', p -> (c ->> 'duration_ms'));
  else
    e.outcome_authority := 'reported';
    v_end := runledger_private.read_end(p, c, o, e.started_at);
    reason := v_end.reason;
    detail := v_end.detail;
    if reason is not null then return; end if;
    e.started_at := v_end.started_at;
    e.completed_at := v_end.completed_at;
    e.duration_ms := v_end.duration_ms;
    v_rest := coalesce(v_end.dropped, '{}');
    if e.temporal_workflow_id is not null and e.temporal_run_id is null then
      -- Nothing tells which run this was: the next run under this workflow id would be taken for it.
      v_rest := v_rest || jsonb_build_object('temporalWorkflowId', e.temporal_workflow_id);
      e.temporal_workflow_id := null;
    end if;
  end if;
  e.engine := case when e.temporal_workflow_id is null then 'none' else 'temporal' end;
  e.temporal_namespace := case when e.engine = 'temporal'
    then coalesce(nullif(p ->> (c ->> 'temporal_namespace'), ''), o ->> 'namespace', 'default') end;

  e.input := runledger_private.unwrap_object(nullif(p -> (c ->> 'input'), 'null'));
  e.output := runledger_private.unwrap_object(nullif(p -> (c ->> 'output'), 'null'));
  e.state_snapshot := runledger_private.unwrap_object(nullif(p -> (c ->> 'state_snapshot'), 'null'));
  e.activities_executed := runledger_private.read_number(p ->> (c ->> 'activities_executed'));
  e.engine_started_at := runledger_private.read_time(p -> (c ->> 'engine_started_at'));
  e.first_task_at := runledger_private.read_time(p -> (c ->> 'first_task_at'));
  e.cancel_requested_at := runledger_private.read_time(p -> (c ->> 'cancel_requested_at'));
  if e.cancel_requested_at is not null then
    e.cancel_requested_by := coalesce(nullif(p ->> (c ->> 'cancel_requested_by'), ''), e.created_by);
    e.cancel_reason := left(p ->> (c ->> 'cancel_reason'), 4000);
  end if;
  e.failure := case when jsonb_typeof(v_failure) in ('object', 'array') then v_failure
                    when length(v_failure #>> '{}') > 4000 then v_failure end;
  e.error_message := left(coalesce(nullif(p ->> (c ->> 'error_message'), ''),
    case when jsonb_typeof(v_failure) = 'object'
      then coalesce(v_failure ->> 'message', v_failure ->> 'error', v_failure #>> '{}')
         else nullif(v_failure #>> '{}', '') end), 4000);
  if runledger_private.is_unsuccessful(e.status) then
    e.error_message := coalesce(e.error_message, 'The execution ended as ' || e.status || '; no reason was given.');
  end if;
  if coalesce((o ->> 'keep_rest')::boolean, false) then
    select v_rest || coalesce(json_object_agg(r.key, r.value)::jsonb, '{}') into v_rest
      from jsonb_each(p) r where not exists (select from jsonb_each_text(c) x where x.value = r.key);
  end if;
  if p_key <> e.id::text then
    -- Whoever knows it by its key still finds it.
    v_rest := v_rest || jsonb_build_object('row', jsonb_strip_nulls(
      jsonb_build_object('table', p_source, 'key', p_key, 'id', nullif(v_id, p_key))));
  end if;
  v_rest := jsonb_strip_nulls(v_rest);
  e.metadata := case when jsonb_typeof(v_metadata) = 'object' then v_metadata
                     when coalesce(v_metadata, 'null') <> 'null' then jsonb_build_object('metadata', v_metadata)
                       else '{}' end
    || case when v_rest <> '{}' then jsonb_build_object('imported', v_rest) else '{}' end;

  -- As the guard completes it, so that a dry run knows every rule of the ledger that the import would break.
  v_done := runledger_private.complete_new_execution(e);
  if not runledger_private.is_open(e.status) then v_done := runledger_private.complete_ended_execution(v_done); end if;
  begin
    perform runledger_private.check_execution(v_done.engine, v_done.temporal_namespace, v_done.temporal_workflow_id,
      v_done.temporal_run_id, v_done.current_run_id, v_done.closing_run_id, 1, v_done.status, v_done.outcome_authority,
      v_done.error_message, v_done.completed_at, v_done.duration_ms, v_done.activities_executed, v_done.verdict,
      v_done.tags, 'object', v_done.cancel_requested_at, v_done.cancel_requested_by, null, v_done.recorded_at, 'object',
      null);
  exception when check_violation then
    get stacked diagnostics v_rule = constraint_name;
    reason := format('it breaks the rule "%s"', v_rule);
  end;
end $$;

-- schemas/importing/read_rows.sql

/* Rows of the table, by their keys, as executions, or with the reason why they cannot be any. Callers: import_some. */
-- for: service_role
create function runledger_private.read_rows(p_plan jsonb, p_keys text[]) returns runledger_private.import_item[]
language plpgsql stable
set search_path = ''
as $$
declare
  c constant jsonb := p_plan -> 'columns';
  v_items runledger_private.import_item[];
begin
  execute format('select array_agg(row(x.at, x.key, left(x.run ->> $2, 200),
      case when r.reason is not null then ''refused'' end, r.reason, r.detail, (r.e).id,
      coalesce(nullif(x.run ->> $3, ''''), nullif(x.run ->> $4, '''')), r.e)::runledger_private.import_item
      order by x.at)
    from (select row_number() over (order by t.%1$I)::integer as at, t.%1$I::text as key, %4$s as run
            from %2$s t where t.%1$I = any ($1::%3$s[])) x
   cross join lateral runledger_private.read_run(x.run, x.key, $5, $6, $7) r',
    p_plan ->> 'key', p_plan ->> 'source', p_plan ->> 'keyType', p_plan ->> 'row')
    into v_items
    using p_keys, c ->> 'status', c ->> 'workflow_name', c ->> 'workflow', p_plan ->> 'source', c, p_plan -> 'options';
  return coalesce(v_items, '{}');
end $$;

-- schemas/importing/import_claim.sql

/* A thing that one execution alone can have, as a uuid: its id, its run, its workflow id while it is open.
   Callers: judge_rows, note_preview. */
-- for: service_role
create function runledger_private.import_claim(p_kind text, p_a text, p_b text default '', p_c text default '')
returns uuid
language sql immutable parallel safe
return md5(p_kind || chr(10) || p_a || chr(10) || p_b || chr(10) || p_c)::uuid;

-- schemas/importing/judge_rows.sql

/* What becomes of rows that can be executions, before the ledger's users: known already, or refused because another has
   their id or run; null where they may be taken. `p_preview` is the dry run whose earlier parts count as well.
   Callers: import_some. */
-- for: service_role
create function runledger_private.judge_rows(p_source text, p_items runledger_private.import_item[], p_preview bigint)
returns runledger_private.import_item[]
language sql stable
set search_path = ''
as $$
  select coalesce(array_agg(row(i.at, i.key, i.status,
           case when j.reason is not null then 'refused' when j.known is not null then 'known' else i.result end,
           case when j.known is null then coalesce(i.reason, j.reason) end,
           case when j.known is null then coalesce(i.detail, j.detail) end,
           coalesce(j.known, i.execution_id), i.name, i.e)::runledger_private.import_item order by i.at), '{}')
    from unnest(p_items) i
    left join lateral (
      -- One row at a time, by its key: joined, a planner without statistics compares every row with all before it.
      select t.execution_id from runledger.execution_import_rows t
       where t.source = p_source and t.source_id = i.key and t.result = 'taken' limit 1) r on true
    left join lateral (
      select k.id, k.created_by || ' ' || k.workflow_id as owners from runledger.workflow_executions k
       where k.id = (i.e).id
      union all
      select v.execution_id, v.owners from runledger.execution_import_previews v
       where v.pass = p_preview and v.claim = runledger_private.import_claim('id', (i.e).id::text)
      limit 1) x on i.result is null
    left join lateral (
      select coalesce(
        (select k.id from runledger.workflow_executions k
          where k.temporal_namespace = (i.e).temporal_namespace and k.temporal_workflow_id = (i.e).temporal_workflow_id
            and k.temporal_run_id = (i.e).temporal_run_id),
        (select k.id from runledger.workflow_executions k
          where k.temporal_namespace = (i.e).temporal_namespace and k.temporal_workflow_id = (i.e).temporal_workflow_id
            and k.temporal_run_id is null),
        (select k.id from runledger.workflow_executions k
          where (i.e).temporal_run_id is null and k.temporal_namespace = (i.e).temporal_namespace
            and k.temporal_workflow_id = (i.e).temporal_workflow_id and runledger_private.is_open(k.status) limit 1),
        (select v.execution_id from runledger.execution_import_previews v
          where v.pass = p_preview and v.claim in (
            runledger_private.import_claim('run', (i.e).temporal_namespace, (i.e).temporal_workflow_id,
              (i.e).temporal_run_id),
            runledger_private.import_claim('waits', (i.e).temporal_namespace, (i.e).temporal_workflow_id),
            case when (i.e).temporal_run_id is null
              then runledger_private.import_claim('open', (i.e).temporal_namespace, (i.e).temporal_workflow_id) end)
          limit 1)) as id) k on i.result is null and x.id is null and (i.e).temporal_workflow_id is not null
   cross join lateral (
     select coalesce(r.execution_id, case when x.owners = (i.e).created_by || ' ' || (i.e).workflow_id
              then x.id end) as known,
            case when r.execution_id is not null then null
                 when x.owners <> (i.e).created_by || ' ' || (i.e).workflow_id
                   then 'its id is that of an execution of another user or workflow'
                 when k.id is not null then 'its Temporal run is recorded already, as another execution' end as reason,
            coalesce(x.id, k.id)::text as detail) j;
$$;

-- schemas/importing/import_users.sql

/* Refuses the rows of users that are unknown or have left, after bringing those that the source has; a dry run brings
   nobody. Callers: import_some. */
-- for: service_role
create function runledger_private.import_users(p_items runledger_private.import_item[], o jsonb, p_dry_run boolean)
returns runledger_private.import_item[]
language plpgsql
set search_path = ''
as $$
declare
  v_creates constant boolean := coalesce((o ->> 'create_users')::boolean, false);
  v_missing constant text[] := array(
    select distinct (i.e).created_by from unnest(p_items) i
     where i.result is null
       and not exists (select from runledger.users u where u.id = (i.e).created_by and u.left_at is null)
     order by 1);
  -- All at once: an application whose users are not known yet has as many of them as rows.
  v_there constant text[] := runledger_private.source_has_users(v_missing);
  v_user text;
  v_reasons jsonb := '{}';
begin
  foreach v_user in array v_missing loop
    if v_user = any (v_there) and runledger_private.bring_user(v_user, p_dry_run) then continue; end if;
    if exists (select from runledger.users u where u.id = v_user) then
      v_reasons := v_reasons || jsonb_build_object(v_user, 'its user has left');
    elsif not v_creates then
      v_reasons := v_reasons || jsonb_build_object(v_user, 'its user is not in runledger.users');
    elsif not p_dry_run then
      insert into runledger.users (id) values (v_user) on conflict (id) do nothing;
    end if;
  end loop;
  if v_reasons = '{}' then return p_items; end if;
  return (
    select array_agg(case when i.result is null and v_reasons ? (i.e).created_by
             then row(i.at, i.key, i.status, 'refused', v_reasons ->> (i.e).created_by, (i.e).created_by,
                      i.execution_id, i.name, i.e)::runledger_private.import_item else i end order by i.at)
      from unnest(p_items) i);
end $$;

-- schemas/importing/settle_rivals.sql

/* Of the rows of one part that are one execution, the first is taken. Within a Temporal workflow id, in the order of
   the rows: one without a run waits for its run, so nothing may follow it, and it may follow nothing that is open.
   Callers: import_some. */
-- for: service_role
create function runledger_private.settle_rivals(p_items runledger_private.import_item[])
returns runledger_private.import_item[]
language sql immutable
set search_path = ''
as $$
  with item as (
    select i as whole, i.at, i.result, (i.e).id, (i.e).temporal_namespace as ns, (i.e).temporal_workflow_id as wid,
           (i.e).temporal_run_id as run, runledger_private.is_open((i.e).status) as is_open,
           (i.e).created_by || ' ' || (i.e).workflow_id as owners
      from unnest(p_items) i),
  ids as (
    select item.*, first_value(at) over w as first_at, first_value(owners) over w as first_owners
      from item where result is null window w as (partition by id order by at)),
  runs as (
    select ids.*, first_value(at) over (partition by ns, wid, run order by at) as first_of_run,
           min(at) filter (where run is null) over (partition by ns, wid) as first_waiting
      from ids where wid is not null and at = first_at),
  opens as (
    select runs.*, min(at) filter (where run is not null and is_open and at = first_of_run)
                     over (partition by ns, wid) as first_open from runs),
  waiting as (
    select opens.*, case when first_waiting < coalesce(first_open, 2147483647) then first_waiting end as waits_from
      from opens),
  rivals as (
    select at, case when run is null then coalesce(waits_from, first_open)
                    when waits_from < at then waits_from else first_of_run end as rival from waiting
     where case when run is null then at is distinct from waits_from
                else at <> first_of_run or at > waits_from end)
  select array_agg(case
           when d.first_at < d.at and d.first_owners = d.owners then row(d.at, (d.whole).key, (d.whole).status, 'known',
             null, null, d.id, (d.whole).name, (d.whole).e)::runledger_private.import_item
           when d.first_at < d.at then row(d.at, (d.whole).key, (d.whole).status, 'refused',
             'its id is that of an execution of another user or workflow', d.id::text, d.id, (d.whole).name,
             (d.whole).e)::runledger_private.import_item
           when r.at is not null then row(i.at, (i.whole).key, (i.whole).status, 'refused',
             'its Temporal run is recorded already, as another execution', o.id::text, i.id, (i.whole).name,
             (i.whole).e)::runledger_private.import_item
           else i.whole end order by i.at)
    from item i
    left join ids d on d.at = i.at
    left join rivals r on r.at = i.at
    left join item o on o.at = r.rival;
$$;

-- schemas/importing/import_workflows.sql

-- Takes rows of a hand-written table in, many at once.

/* Makes sure that the workflows of rows are there; one that is missing is made under its owner of old, else under the
   user of its first row, with the name or title that it has in public.workflows.
   Callers: import_some. */
-- for: service_role
create function runledger_private.import_workflows(p_items runledger_private.import_item[]) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_missing constant uuid[] := array(
    select distinct (i.e).workflow_id from unnest(p_items) i
     where not exists (select from runledger.workflows w where w.id = (i.e).workflow_id));
  v_old jsonb;
begin
  if v_missing = '{}' then return; end if;
  if exists (select from pg_catalog.pg_attribute a
              where a.attrelid = to_regclass('public.workflows') and a.attname = 'id' and not a.attisdropped) then
    execute 'select json_object_agg(w.id::text, to_jsonb(w))::jsonb from public.workflows w where w.id::text = any ($1)'
      into v_old using v_missing::text[];
  end if;
  insert into runledger.workflows (id, user_id, name, description, temporal_namespace, workflow_type, task_queue)
    select m.id,
           coalesce((select u.id from runledger.users u where u.left_at is null
                      and u.id = coalesce(m.old ->> 'user_id', m.old ->> 'created_by', m.old ->> 'owner_id')), m.owner),
           left(coalesce(nullif(trim(m.old ->> 'name'), ''), nullif(trim(m.old ->> 'title'), ''),
             nullif(trim(m.old ->> 'label'), ''), nullif(trim(m.old ->> 'kebab_name'), ''), m.name, 'Imported'), 200),
           left(m.old ->> 'description', 2000), 'default',
           left(coalesce(nullif(trim(m.old ->> 'workflow_type'), ''), nullif(trim(m.old ->> 'name'), ''),
             nullif(trim(m.old ->> 'title'), ''), m.name, 'imported'), 200),
           left(coalesce(nullif(trim(m.old ->> 'task_queue'), ''), 'imported'), 200)
      from (select distinct on ((i.e).workflow_id) (i.e).workflow_id as id, (i.e).created_by as owner, i.name,
                   v_old -> (i.e).workflow_id::text as old
              from unnest(p_items) i where (i.e).workflow_id = any (v_missing) order by (i.e).workflow_id, i.at) m
     order by m.id
    on conflict (id) do nothing;
end $$;

-- schemas/importing/insert_imported.sql

/* Writes what rows become: workflows that are missing, then the executions, in the order of locks. An end of long ago
   stands as it was reported: Temporal has forgotten it, and the monitor need not ask.
   Callers: import_some. */
-- for: service_role
create function runledger_private.insert_imported(p_items runledger_private.import_item[], p_confirms_since timestamptz)
returns void
language plpgsql
set search_path = ''
as $$
begin
  perform from runledger.users u where u.id = any (array(select (i.e).created_by from unnest(p_items) i))
    order by u.id for key share;
  perform runledger_private.import_workflows(p_items);
  perform from runledger.workflows w where w.id = any (array(select (i.e).workflow_id from unnest(p_items) i))
    order by w.id for key share;
  insert into runledger.workflow_executions (id, workflow_id, created_by, engine, temporal_namespace,
      temporal_workflow_id, temporal_run_id, status, outcome_authority, input, output, error_message, failure,
      state_snapshot, started_at, engine_started_at, first_task_at, completed_at, duration_ms, activities_executed,
      verdict, tags, metadata, cancel_requested_at, cancel_requested_by, cancel_reason, last_transition)
    select (i.e).id, (i.e).workflow_id, (i.e).created_by, (i.e).engine, (i.e).temporal_namespace,
           (i.e).temporal_workflow_id, (i.e).temporal_run_id, (i.e).status, (i.e).outcome_authority, (i.e).input,
           (i.e).output, (i.e).error_message, (i.e).failure, (i.e).state_snapshot, (i.e).started_at,
           (i.e).engine_started_at, (i.e).first_task_at, (i.e).completed_at, (i.e).duration_ms,
           (i.e).activities_executed, (i.e).verdict, (i.e).tags, (i.e).metadata, (i.e).cancel_requested_at,
           (i.e).cancel_requested_by, (i.e).cancel_reason,
           jsonb_build_object('source', 'service', 'reason', 'imported')
      from unnest(p_items) i order by (i.e).id;
  delete from runledger.execution_checks k
   using unnest(p_items) i where k.execution_id = (i.e).id and (i.e).completed_at < p_confirms_since;
end $$;

-- schemas/importing/note_preview.sql

/* Notes what a part of a dry run would have taken, for its later parts; ids only where they are not those of the rows.
   Callers: import_some. */
-- for: service_role
create function runledger_private.note_preview(p_items runledger_private.import_item[], p_preview bigint,
  p_with_ids boolean) returns void
language sql
set search_path = ''
as $$
  insert into runledger.execution_import_previews (pass, claim, execution_id, owners)
    select p_preview, c.claim, (i.e).id, (i.e).created_by || ' ' || (i.e).workflow_id
      from unnest(p_items) i
     cross join lateral (values
       (case when p_with_ids then runledger_private.import_claim('id', (i.e).id::text) end),
       (case when (i.e).temporal_run_id is not null then runledger_private.import_claim('run',
          (i.e).temporal_namespace, (i.e).temporal_workflow_id, (i.e).temporal_run_id) end),
       (case when (i.e).temporal_workflow_id is not null and (i.e).temporal_run_id is null
          then runledger_private.import_claim('waits', (i.e).temporal_namespace, (i.e).temporal_workflow_id) end),
       (case when (i.e).temporal_workflow_id is not null and runledger_private.is_open((i.e).status)
          then runledger_private.import_claim('open', (i.e).temporal_namespace, (i.e).temporal_workflow_id) end))
       c (claim)
     where c.claim is not null
    on conflict (pass, claim) do nothing;
$$;

-- schemas/importing/import_some.sql

/* Takes rows, all or none of them, and says of each what became of it; a dry run only says it.
   Callers: import_part. */
-- for: service_role
create function runledger_private.import_some(p_plan jsonb, p_keys text[], p_preview bigint)
returns runledger_private.import_item[]
language plpgsql
set search_path = ''
as $$
declare
  o constant jsonb := p_plan -> 'options';
  v_confirms_since constant timestamptz := coalesce((o ->> 'confirm_since')::timestamptz, 'infinity');
  v_items runledger_private.import_item[] := runledger_private.read_rows(p_plan, p_keys);
  v_taken runledger_private.import_item[];
begin
  if p_preview is null then
    -- The application may be registering one of them at this moment.
    perform runledger_private.lock_workflow_ids(array(
      select (i.e).temporal_namespace || ':' || (i.e).temporal_workflow_id from unnest(v_items) i));
  end if;
  v_items := runledger_private.judge_rows(p_plan ->> 'source', v_items, p_preview);
  v_items := runledger_private.import_users(v_items, o, p_preview is not null);
  v_items := runledger_private.settle_rivals(v_items);
  select coalesce(array_agg(i order by i.at), '{}') into v_taken from unnest(v_items) i where i.result is null;
  if p_preview is null then
    perform runledger_private.insert_imported(v_taken, v_confirms_since);
  else
    perform runledger_private.note_preview(v_taken, p_preview,
      coalesce(p_plan -> 'columns' ->> 'id' <> p_plan ->> 'key', false));
  end if;
  return (
    select array_agg(case when i.result is not null then i else row(i.at, i.key, i.status, 'taken',
             case when not runledger_private.is_open((i.e).status) then null
                  when (i.e).engine = 'none' then 'it is still open, and no engine knows how it ends'
                  else 'it is still open; the monitor asks Temporal' end,
             null, i.execution_id, i.name, i.e)::runledger_private.import_item end order by i.at)
      from unnest(v_items) i);
end $$;

-- schemas/importing/import_part.sql

/* Takes rows at once; where the database refuses some, in halves, down to the row whose fault it is: then that is its
   reason. Callers: import_rows, itself. */
-- for: service_role
create function runledger_private.import_part(p_plan jsonb, p_keys text[], p_preview bigint)
returns runledger_private.import_item[]
language plpgsql
set search_path = ''
as $$
declare
  n constant integer := cardinality(p_keys);
begin
  return runledger_private.import_some(p_plan, p_keys, p_preview);
exception when others then
  -- The row's own fault, not that of the database or of the moment.
  if left(sqlstate, 2) not in ('21', '22', '23', '54', 'P0', 'PT') then raise; end if;
  if n = 1 then
    return array[row(1, p_keys[1], null, 'refused', 'the database refuses it', left(sqlerrm, 500), null, null,
      null)::runledger_private.import_item];
  end if;
  return runledger_private.import_part(p_plan, p_keys[:n / 2], p_preview)
    || runledger_private.import_part(p_plan, p_keys[n / 2 + 1:], p_preview);
end $$;

-- schemas/importing/next_keys.sql

/* The keys of the next rows of the table, in their order. Callers: import_rows. */
-- for: service_role
create function runledger_private.next_keys(p_plan jsonb, p_after text, p_limit integer) returns text[]
language plpgsql stable
set search_path = ''
as $$
declare
  v_keys text[];
begin
  execute format('select array(select t.%1$I::text from %2$s t %3$s order by t.%1$I limit $2)',
    p_plan ->> 'key', p_plan ->> 'source',
    case when p_after is not null then format('where t.%I > $1::%s', p_plan ->> 'key', p_plan ->> 'keyType') end)
    into v_keys using p_after, p_limit;
  return v_keys;
end $$;

-- schemas/importing/keep_import_rows.sql

/* Keeps what became of rows: of one that was taken, for ever. Callers: import_rows, forward_changes. */
-- for: service_role
create function runledger_private.keep_import_rows(p_source text, p_items runledger_private.import_item[]) returns void
language sql
set search_path = ''
as $$
  insert into runledger.execution_import_rows as r (source, source_id, status, result, reason, detail, execution_id)
    select p_source, i.key, i.status, i.result, i.reason, i.detail,
           case when i.result <> 'refused' then i.execution_id end
      from unnest(p_items) i
    on conflict (source, source_id) do update
      set status = excluded.status, result = excluded.result, reason = excluded.reason, detail = excluded.detail,
          execution_id = excluded.execution_id
      where r.result <> 'taken';
$$;

-- schemas/importing/group_import_rows.sql

/* Rows that met the same, counted, with one of them as an example. Callers: import_rows. */
-- for: service_role
create function runledger_private.group_import_rows(p_items runledger_private.import_item[]) returns jsonb
language sql immutable
set search_path = ''
as $$
  select coalesce(jsonb_agg(to_jsonb(g)), '[]')
    from (select i.status, i.result, i.reason, count(*) as rows, min(i.key) as example, min(i.detail) as detail
            from unnest(p_items) i group by 1, 2, 3) g;
$$;

-- schemas/importing/open_imports.sql

/* The rows of a part that are taken as running in Temporal: how many, and up to 200 of them by which it can be asked.
   Callers: import_rows. */
-- for: service_role
create function runledger_private.open_imports(p_items runledger_private.import_item[]) returns jsonb
language sql immutable
set search_path = ''
as $$
  select jsonb_build_object('rows', count(*), 'some', coalesce(jsonb_agg(o.target) filter (where o.n <= 200), '[]'))
    from (select row_number() over (order by i.at) as n,
                 jsonb_build_object('namespace', (i.e).temporal_namespace,
                   'temporalWorkflowId', (i.e).temporal_workflow_id, 'firstRunId', (i.e).temporal_run_id,
                   'startedAt', (i.e).started_at) as target
            from unnest(p_items) i
           where i.result = 'taken' and (i.e).engine = 'temporal' and runledger_private.is_open((i.e).status)) o;
$$;

-- schemas/importing/import_rows.sql

/* Takes the next rows, or only says what would become of them, and keeps what became of each.
   Callers: import_workflow_runs. Returns { rows, taken, known, refused, seen, after, groups, open }. */
-- for: service_role
create function runledger_private.import_rows(p_plan jsonb, p_after text, p_limit integer, p_preview bigint)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_keys constant text[] := runledger_private.next_keys(p_plan, p_after, p_limit);
  v_items runledger_private.import_item[] := '{}';
begin
  if v_keys <> '{}' then v_items := runledger_private.import_part(p_plan, v_keys, p_preview); end if;
  if p_preview is null then perform runledger_private.keep_import_rows(p_plan ->> 'source', v_items); end if;
  return (
    select jsonb_build_object('rows', count(*), 'taken', count(*) filter (where i.result = 'taken'),
        'known', count(*) filter (where i.result = 'known'), 'refused', count(*) filter (where i.result = 'refused'),
        'seen', cardinality(v_keys), 'after', coalesce(v_keys[cardinality(v_keys)], p_after),
        'groups', runledger_private.group_import_rows(v_items), 'open', runledger_private.open_imports(v_items))
      from unnest(v_items) i);
end $$;

-- schemas/importing/describe_import.sql

-- Bringing a hand-written table in: what would happen, and doing it.

/* What an import would read: the columns, the statuses with their numbers, how many rows. Reads the whole table once,
   so it carries a time-out of its own, which PostgREST applies to the transaction (db-hoisted-tx-settings): hosted
   gateways wait 60 s.
   Callers: ImportService.describe. Returns { source, key, rows, columns: [{ column, type, takenAs }], statuses:
   [{ status, becomes, rows }] }. */
-- for: service_role
create function runledger.describe_import(p_source text default null, p_options jsonb default '{}') returns jsonb
language plpgsql stable
set search_path = ''
set statement_timeout = '55s'
as $$
declare
  v_table constant regclass := runledger_private.import_source(p_source);
  v_key constant text := (runledger_private.import_key(v_table,
    runledger_private.unwrap(p_options))).name;
  v_columns constant jsonb := runledger_private.import_columns(v_table, runledger_private.unwrap(p_options));
  v_statuses jsonb;
  v_rows bigint;
begin
  perform runledger_private.check_import_options(runledger_private.unwrap(p_options));
  execute format('select coalesce(sum(s.n), 0), coalesce(jsonb_agg(jsonb_build_object(''status'', s.status, ''becomes'',
      runledger_private.read_status(s.status, $1), ''rows'', s.n) order by s.n desc, s.status), ''[]'')
    from (select left(%s, 200) as status, count(*) as n from %s t group by 1) s',
    case when v_columns ? 'status' then format('case when btrim(t.%1$I::text) <> '''' then t.%1$I::text end',
      v_columns ->> 'status') else 'null::text' end, v_table)
    into v_rows, v_statuses using runledger_private.unwrap(p_options) -> 'statuses';
  return jsonb_build_object('source', v_table, 'key', v_key, 'rows', v_rows, 'statuses', v_statuses, 'columns', (
    select jsonb_agg(jsonb_build_object('column', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'takenAs',
             (select string_agg(c.key, ', ' order by c.key) from jsonb_each_text(v_columns) c
               where c.value = a.attname)) order by a.attnum)
      from pg_catalog.pg_attribute a where a.attrelid = v_table and a.attnum > 0 and not a.attisdropped));
end $$;

-- schemas/importing/import_workflow_runs.sql

/* Takes the next rows of a table into the ledger, and keeps how far it has got: the next call goes on from there, also
   after an interruption. Without `p_pass` it goes on with the pass that is under way or begins another one; a pass that
   has ended stays so. A dry run takes the same path and writes no execution: it goes on after `p_after`, as the
   `p_pass` that its first call answered, under which it notes what its parts would have taken. The first call of a pass
   counts the table, the last one groups what became of it: hence the time-out of its own, as above.
   Callers: ImportService.importRuns. Returns { source, pass, done, total, after, rows, taken, known, refused, groups,
   open }: `open` is of this part alone.
   */
-- for: service_role
create function runledger.import_workflow_runs(p_source text default null, p_options jsonb default '{}',
  p_pass bigint default null,
                                            p_limit integer default 500, p_dry_run boolean default false,
                                            p_after text default null)
returns jsonb
language plpgsql
set search_path = '' set timezone = 'UTC' set statement_timeout = '55s'
as $$
declare
  v_plan constant jsonb := runledger_private.import_plan(p_source, p_options);
  v_table constant text := v_plan ->> 'source';
  v_options constant jsonb := v_plan -> 'options';
  v_limit constant integer := least(greatest(coalesce(p_limit, 500), 1), 5000);
  v_batch jsonb;
  v_preview constant bigint := case when p_dry_run
    then coalesce(p_pass, (random() * 9007199254740991)::bigint) end;
  s runledger.execution_imports;
begin
  if not p_dry_run then
    -- Two at once take turns.
    perform pg_advisory_xact_lock(hashtextextended('runledger:import', 0));
    insert into runledger.execution_imports (source, finished_at) values (v_table, clock_timestamp())
      on conflict do nothing;
    select * into s from runledger.execution_imports i where i.source = v_table for update;
    if s.finished_at is not null and (p_pass is null or p_pass > s.pass) then
      perform runledger_private.check_import_key(v_plan);
      execute format('select count(*) from %s', v_table) into s.total;
      update runledger.execution_imports i
         set pass = i.pass + 1, options = v_options, total = s.total, rows = 0, taken = 0, known = 0, refused = 0,
             after_key = null, started_at = clock_timestamp(), finished_at = null
       where i.source = s.source returning * into s;
    end if;
  end if;

  if p_dry_run and p_after is null then perform runledger_private.check_import_key(v_plan); end if;
  if s.finished_at is null then
    v_batch := runledger_private.import_rows(v_plan, case when p_dry_run then p_after else s.after_key end, v_limit,
      v_preview);
  end if;
  if p_dry_run then
    delete from runledger.execution_import_previews v
     where v.noted_at < clock_timestamp() - interval '1 day'
        or (v.pass = v_preview and (v_batch ->> 'seen')::int < v_limit);
    return v_batch - 'seen' || jsonb_build_object('source', v_table, 'pass', v_preview,
      'done', (v_batch ->> 'seen')::int < v_limit);
  end if;
  if v_batch is not null then
    update runledger.execution_imports i
       set rows = i.rows + (v_batch ->> 'rows')::bigint, taken = i.taken + (v_batch ->> 'taken')::bigint,
           known = i.known + (v_batch ->> 'known')::bigint, refused = i.refused + (v_batch ->> 'refused')::bigint,
           after_key = v_batch ->> 'after', options = v_options, updated_at = clock_timestamp(),
           finished_at = case when (v_batch ->> 'seen')::int < v_limit then clock_timestamp() end
     where i.source = s.source returning * into s;
  end if;
  return jsonb_build_object('source', s.source, 'pass', s.pass, 'done', s.finished_at is not null, 'total', s.total,
    'rows', s.rows,
    'taken', s.taken, 'known', s.known, 'refused', s.refused, 'after', s.after_key, 'open',
    coalesce(v_batch -> 'open', '{"rows": 0, "some": []}'), 'groups', case
      when s.finished_at is not null then (
      select coalesce(jsonb_agg(to_jsonb(g)), '[]')
        from (select r.status, r.result, r.reason, count(*) as rows, min(r.source_id) as example,
          min(r.detail) as detail
                from runledger.execution_import_rows r where r.source = s.source group by 1, 2, 3) g) else '[]' end);
end $$;

-- schemas/forwarding/forwarded_tables.sql

-- While an application moves: what its old table tells is forwarded to the ledger, and on request back.
-- docs/cut-over.md says how. Triggers only note what changed, in the writer's own transaction; the service role
-- does the rest, in parts.

-- The tables that are forwarded, each as an import reads it.
create table runledger.forwarded_tables (
  source text primary key,
  plan jsonb not null,
  -- Whether executions are written back into it, and how it spells each status.
  returns boolean not null default false,
  spellings jsonb not null default '{}',
  -- Its name before a view over the ledger took that; null: it has its own.
  replaced_name text,
  since timestamptz not null default clock_timestamp()
);

create unique index one_table_gets_executions_back on runledger.forwarded_tables (returns) where returns;

alter table runledger.forwarded_tables enable row level security;
create policy "only the service role sees what is forwarded" on runledger.forwarded_tables
  for select to authenticated using (false);

create trigger refuse_truncate before truncate on runledger.forwarded_tables
  for each statement execute function runledger_private.refuse_truncate();

grant all on runledger.forwarded_tables to service_role;

-- schemas/forwarding/forwarded_rows.sql

-- Rows that changed and are to be looked at: of the old table by their key, or executions by their id, which are to be
-- written back. Appended only, so that no writer waits for another, and gone once they are settled.
create table runledger.forwarded_rows (
  id bigint generated always as identity primary key,
  source text not null,
  source_id text,
  execution_id uuid,
  -- Why it could not be settled the last time; it is tried again then.
  problem text,
  due_at timestamptz not null default clock_timestamp(),
  constraint a_row_or_an_execution_changed check (num_nonnulls(source_id, execution_id) = 1)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

create index idx_forwarded_rows_source on runledger.forwarded_rows (source, source_id) where source_id is not null;
create index idx_forwarded_rows_execution on runledger.forwarded_rows (source, execution_id)
  where execution_id is not null;

alter table runledger.forwarded_rows enable row level security;
create policy "only the service role sees what is to be forwarded" on runledger.forwarded_rows
  for select to authenticated using (false);

create trigger refuse_truncate before truncate on runledger.forwarded_rows
  for each statement execute function runledger_private.refuse_truncate();

grant all on runledger.forwarded_rows to service_role;

-- schemas/forwarding/is_forwarding.sql

/* Whether this transaction writes what came from the other side: that is not sent back. Callers: the triggers. */
-- for: nobody
create function runledger_private.is_forwarding() returns boolean
language sql stable
return current_setting('runledger.forwarding', true) is not distinct from pg_current_xact_id()::text;

-- schemas/forwarding/note_changed_row.sql

/* Notes which row of an old table changed: the writer pays one insert and waits for nobody. It runs as the owner, for
   who writes there needs no right in the ledger. Callers: the trigger that forward_runs makes, with the name of
   the key. */
-- for: nobody
create function runledger_private.note_changed_row() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_source constant text := tg_relid::regclass;
  v_old text;
  v_new text;
begin
  if runledger_private.is_forwarding() or (tg_op = 'UPDATE' and to_jsonb(new) = to_jsonb(old)) then return null; end if;
  if tg_op <> 'INSERT' then execute format('select ($1).%I::text', tg_argv[0]) into v_old using old; end if;
  if tg_op <> 'DELETE' then execute format('select ($1).%I::text', tg_argv[0]) into v_new using new; end if;
  insert into runledger.forwarded_rows (source, source_id)
    select distinct v_source, k from unnest(array[v_old, v_new]) k where k is not null;
  return null;
end $$;

-- schemas/forwarding/forwarded_plan.sql

/* How a forwarded table is read, its columns as they are now. Raises not_found where it is not forwarded.
   Callers: forward_changes, return_changes, note_changes_since. */
-- for: service_role
create function runledger_private.forwarded_plan(p_source text) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_source constant text := runledger_private.import_source(p_source);
  v_options jsonb;
begin
  select t.plan -> 'options' into v_options from runledger.forwarded_tables t where t.source = v_source;
  if not found then
    raise exception '% is not forwarded.', v_source
      using errcode = 'PT404', detail = 'not_found',
            hint = format('As its owner: select runledger.forward_runs(%L);', v_source);
  end if;
  return runledger_private.import_plan(v_source, v_options);
end $$;

-- schemas/forwarding/forward_runs.sql

/* From now on every row that is inserted, updated or deleted in the table is noted, and forward_changes brings it into
   the ledger. p_options are those of the import. Called again it replaces them.
   Callers: the table's owner, in a migration or the SQL editor. Returns the table, its key and its columns. */
-- for: nobody
create function runledger.forward_runs(p_source text default null, p_options jsonb default '{}') returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_plan jsonb;
  v_source text;
begin
  -- Imports and drains take turns with it: each holds locks of both tables. First of all, for reading locks too.
  perform pg_advisory_xact_lock(hashtextextended('runledger:import', 0));
  v_plan := runledger_private.import_plan(p_source, p_options);
  v_source := v_plan ->> 'source';
  -- Better not to forward than to keep the application's statements waiting for this one.
  perform set_config('lock_timeout', '3s', true);
  execute format('create or replace trigger runledger_forward after insert or update or delete on %s
    for each row execute function runledger_private.note_changed_row(%L)', v_source, v_plan ->> 'key');
  insert into runledger.forwarded_tables (source, plan) values (v_source, v_plan)
    on conflict (source) do update set plan = excluded.plan;
  return v_plan - 'options';
end $$;

-- schemas/forwarding/stop_forwarding.sql

/* Ends both directions for a table: its trigger goes, and ours if it got executions back. What was noted and not yet
   settled is settled by forward_changes and return_changes before, or lost: it refuses while there is any, unless told.
   Callers: the table's owner. Returns whether it was forwarded. */
-- for: nobody
create function runledger.stop_forwarding(p_source text, p_drops_what_is_left boolean default false) returns boolean
language plpgsql
set search_path = ''
as $$
declare
  v_source text;
  v_left bigint;
begin
  -- Imports and drains take turns with it: each holds locks of both tables. First of all, for reading locks too.
  perform pg_advisory_xact_lock(hashtextextended('runledger:import', 0));
  v_source := runledger_private.import_source(p_source);
  perform set_config('lock_timeout', '3s', true);
  execute format('drop trigger if exists runledger_forward on %s', v_source);
  if exists (select from runledger.forwarded_tables t where t.source = v_source and t.returns) then
    drop trigger if exists runledger_return on runledger.workflow_executions;
  end if;
  select count(*) into v_left from runledger.forwarded_rows r where r.source = v_source;
  if v_left > 0 and not p_drops_what_is_left then
    raise exception '% changes of % are not settled yet.', v_left, v_source
      using errcode = 'PT409', detail = 'conflict',
            hint = 'Settle them with runledger import --changes, or pass true to drop them.';
  end if;
  delete from runledger.forwarded_rows r where r.source = v_source;
  delete from runledger.forwarded_tables t where t.source = v_source;
  return found;
end $$;

-- schemas/forwarding/note_changes_since.sql

/* Notes the rows whose column of a time of change says at least p_since: for tables that can have no trigger. It sees
   no deletions, and of a transaction that was long under way only what p_since reaches back to.
   Callers: whoever polls, by the service role. Returns how many. */
-- for: service_role
create function runledger.note_changes_since(p_source text, p_column text, p_since timestamptz) returns bigint
language plpgsql
set search_path = ''
as $$
declare
  v_plan constant jsonb := runledger_private.forwarded_plan(p_source);
  n bigint;
begin
  if not exists (select from pg_catalog.pg_attribute a
                  where a.attrelid = (v_plan ->> 'source')::regclass and a.attname = p_column and a.attnum > 0
                    and not a.attisdropped and a.atttypid in ('timestamptz'::regtype, 'timestamp'::regtype)) then
    raise exception '% has no column % that is a time.', v_plan ->> 'source', left(p_column, 100)
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Name the column that every change of a row sets.';
  end if;
  execute format('insert into runledger.forwarded_rows (source, source_id)
    select %L, t.%I::text from %s t where t.%I >= $1',
    v_plan ->> 'source', v_plan ->> 'key', v_plan ->> 'source', p_column) using p_since;
  get diagnostics n = row_count;
  return n;
end $$;

-- schemas/forwarding/take_changes.sql

/* Takes the next notes of a table away, of rows or of executions, and returns what they name, each once.
   Callers: forward_changes, return_changes. */
-- for: service_role
create function runledger_private.take_changes(p_source text, p_is_execution boolean, p_limit integer) returns text[]
language sql
set search_path = ''
as $$
  with next as (
    select r.id from runledger.forwarded_rows r
     where r.source = p_source and (r.execution_id is not null) = p_is_execution and r.due_at <= clock_timestamp()
     order by r.id limit p_limit for update skip locked),
  gone as (
    delete from runledger.forwarded_rows r using next n where r.id = n.id
    returning r.id, coalesce(r.source_id, r.execution_id::text) as name)
  select coalesce(array_agg(g.name order by g.id), '{}') from (select name, min(id) as id from gone group by 1) g;
$$;

-- schemas/forwarding/imported_as.sql

/* Which executions rows of a table are, by what the import kept of them. Callers: forward_some, compare_import. */
-- for: service_role
create function runledger_private.imported_as(p_source text, p_keys text[])
returns table (key text, execution_id uuid)
language sql stable
set search_path = ''
as $$
  select r.source_id, r.execution_id from runledger.execution_import_rows r
   where r.source = p_source and r.source_id = any (p_keys) and r.execution_id is not null;
$$;

-- schemas/forwarding/change_imported.sql

/* Brings executions to what their rows say now: an end, a start, and whatever else a row may change of them. An end
   that the ledger has stands, as does what never changes of an execution, and what changed here and is yet to be
   written back; compare_import tells what then differs.
   Callers: forward_some. Returns how many changed. */
-- for: service_role
create function runledger_private.change_imported(p_source text, p_items runledger_private.import_item[])
returns integer
language plpgsql
set search_path = ''
as $$
declare
  n integer;
begin
  perform from runledger.workflow_executions x
    where x.id = any (array(select i.execution_id from unnest(p_items) i)) order by x.id for no key update;
  with change as (
    select x.id, i.e, runledger_private.is_open(x.status) and not runledger_private.is_open((i.e).status) as ends,
           x.status = 'pending' and (i.e).status = 'running' as starts,
           x.outcome_authority = 'reported' and x.lost_at is null and x.status = (i.e).status as is_same_end_there,
           exists (select from runledger.forwarded_rows n
                    where n.source = p_source and n.execution_id = x.id) as is_newer_here
      from unnest(p_items) i join runledger.workflow_executions x on x.id = i.execution_id),
  settled as (
    select c.*, c.is_same_end_there and not c.is_newer_here as is_same_end from change c),
  next as (
    select c.id, c.ends or c.starts as moves, c.ends,
           case when c.ends or c.starts then (c.e).status else x.status end as status,
           case when (c.e).temporal_workflow_id = x.temporal_workflow_id
             then coalesce(x.temporal_run_id, (c.e).temporal_run_id) else x.temporal_run_id end as temporal_run_id,
           case when c.ends or c.is_same_end then (c.e).completed_at else x.completed_at end as completed_at,
           case when c.ends or (c.is_same_end and (c.e).duration_ms is not null) then (c.e).duration_ms
                else x.duration_ms end as duration_ms,
           case when c.ends or c.is_same_end then coalesce((c.e).output, x.output) else x.output end as output,
           case when c.ends or c.is_same_end then (c.e).error_message else x.error_message end as error_message,
           case when c.ends or c.is_same_end then (c.e).failure else x.failure end as failure,
           case when c.is_newer_here then x.input else coalesce((c.e).input, x.input) end as input,
           case when c.is_newer_here then x.state_snapshot
                else coalesce((c.e).state_snapshot, x.state_snapshot) end as state_snapshot,
           case when c.is_newer_here then x.activities_executed
                else coalesce((c.e).activities_executed, x.activities_executed) end as activities_executed,
           case when c.is_newer_here then x.verdict else coalesce((c.e).verdict, x.verdict) end as verdict,
           case when c.is_newer_here or (c.e).tags = '{}' then x.tags else (c.e).tags end as tags,
           case when c.is_newer_here then x.metadata else x.metadata || (c.e).metadata end as metadata
      from settled c join runledger.workflow_executions x on x.id = c.id)
  update runledger.workflow_executions x
     set status = v.status, temporal_run_id = v.temporal_run_id, completed_at = v.completed_at,
         outcome_authority = case when v.ends then 'reported' else x.outcome_authority end,
         duration_ms = v.duration_ms, output = v.output, error_message = v.error_message, failure = v.failure,
         input = v.input, state_snapshot = v.state_snapshot, activities_executed = v.activities_executed,
         verdict = v.verdict, tags = v.tags, metadata = v.metadata,
         last_transition = case when v.moves then jsonb_build_object('source', 'service', 'reason', 'forwarded')
                                else x.last_transition end
    from next v
   where v.id = x.id
     and (x.status, x.temporal_run_id, x.completed_at, x.duration_ms, x.output, x.error_message, x.failure, x.input,
          x.state_snapshot, x.activities_executed, x.verdict, x.tags, x.metadata)
         is distinct from
         (v.status, v.temporal_run_id, v.completed_at, v.duration_ms, v.output, v.error_message, v.failure, v.input,
          v.state_snapshot, v.activities_executed, v.verdict, v.tags, v.metadata);
  get diagnostics n = row_count;
  return n;
end $$;

-- schemas/forwarding/forward_some.sql

/* Settles changed rows that are executions already, all or none of them: those that are gone are deleted here too, and
   their keys may be used again; the others are changed.
   Callers: forward_part. Returns { changed, deleted }. */
-- for: service_role
create function runledger_private.forward_some(p_plan jsonb, p_keys text[]) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_source constant text := p_plan ->> 'source';
  v_items constant runledger_private.import_item[] := runledger_private.read_rows(p_plan, p_keys);
  v_gone constant text[] := array(
    select k from unnest(p_keys) k where not exists (select from unnest(v_items) i where i.key = k));
  v_known runledger_private.import_item[];
  v_deleted integer;
begin
  select coalesce(array_agg(row(i.at, i.key, i.status, i.result, i.reason, i.detail, k.execution_id, i.name,
           i.e)::runledger_private.import_item), '{}') into v_known
    from unnest(v_items) i join runledger_private.imported_as(v_source, p_keys) k on k.key = i.key
   where i.result is null;
  perform from runledger.workflow_executions x
    where x.id in (select k.execution_id from runledger_private.imported_as(v_source, p_keys) k)
    order by x.id for no key update;
  delete from runledger.workflow_executions x
   using runledger_private.imported_as(v_source, v_gone) k where x.id = k.execution_id;
  get diagnostics v_deleted = row_count;
  delete from runledger.execution_import_rows r where r.source = v_source and r.source_id = any (v_gone);
  return jsonb_build_object('deleted', v_deleted,
    'changed', runledger_private.change_imported(v_source, v_known));
end $$;

-- schemas/forwarding/add_counts.sql

/* Two objects of numbers, added up. Callers: forward_part. */
-- for: service_role
create function runledger_private.add_counts(a jsonb, b jsonb) returns jsonb
language sql immutable
set search_path = ''
as $$
  select jsonb_object_agg(s.key, s.n) from (
    select u.key, sum(u.value::bigint) as n
      from (select * from jsonb_each_text(a) union all select * from jsonb_each_text(b)) u group by 1) s;
$$;

-- schemas/forwarding/forward_part.sql

/* Settles changed rows that are executions already; where the database refuses some, in halves, down to
   the row whose fault it is: that one is noted again with its problem, for a minute later.
   Callers: forward_changes, itself. */
-- for: service_role
create function runledger_private.forward_part(p_plan jsonb, p_keys text[]) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  n constant integer := cardinality(p_keys);
begin
  return runledger_private.forward_some(p_plan, p_keys);
exception when others then
  if left(sqlstate, 2) not in ('21', '22', '23', '54', 'P0', 'PT') then raise; end if;
  if n > 1 then
    return runledger_private.add_counts(runledger_private.forward_part(p_plan, p_keys[:n / 2]),
      runledger_private.forward_part(p_plan, p_keys[n / 2 + 1:]));
  end if;
  insert into runledger.forwarded_rows (source, source_id, problem, due_at)
    values (p_plan ->> 'source', p_keys[1], left(sqlerrm, 500), clock_timestamp() + interval '1 minute');
  return '{"refused": 1}';
end $$;

-- schemas/forwarding/forward_changes.sql

/* Brings the next changed rows of a forwarded table into the ledger. It takes turns with imports, so that nothing older
   ever overwrites what is newer.
   Callers: ImportService.forwardChanges. Returns { rows, taken, changed, deleted, refused, left }: `left` are the notes
   that are due. */
-- for: service_role
create function runledger.forward_changes(p_source text default null, p_limit integer default 500) returns jsonb
language plpgsql
set search_path = '' set timezone = 'UTC'
as $$
declare
  v_plan constant jsonb := runledger_private.forwarded_plan(p_source);
  v_keys text[];
  v_new text[];
  v_items runledger_private.import_item[];
  v_counts jsonb := '{"rows": 0, "taken": 0, "changed": 0, "deleted": 0, "refused": 0}';
begin
  perform pg_advisory_xact_lock(hashtextextended('runledger:import', 0));
  perform set_config('runledger.forwarding', pg_current_xact_id()::text, true);
  v_keys := runledger_private.take_changes(v_plan ->> 'source', false,
    least(greatest(coalesce(p_limit, 500), 1), 5000));
  v_new := array(select n from unnest(v_keys) n where not exists (
    select from runledger_private.imported_as(v_plan ->> 'source', v_keys) k where k.key = n));
  -- New ones first: users are locked before executions.
  if v_new <> '{}' then
    v_items := runledger_private.import_part(v_plan, v_new, null);
    perform runledger_private.keep_import_rows(v_plan ->> 'source', v_items);
    select v_counts || jsonb_build_object('taken', count(*) filter (where i.result = 'taken'),
             'refused', count(*) filter (where i.result = 'refused')) into v_counts from unnest(v_items) i;
  end if;
  if cardinality(v_keys) > cardinality(v_new) then
    v_counts := runledger_private.add_counts(v_counts, runledger_private.forward_part(v_plan,
      array(select k.key from runledger_private.imported_as(v_plan ->> 'source', v_keys) k
             where k.key <> all (v_new))));
  end if;
  v_counts := v_counts || jsonb_build_object('rows', cardinality(v_keys));
  perform set_config('runledger.forwarding', '', true);
  return v_counts || jsonb_build_object('left', (
    select count(*) from runledger.forwarded_rows r
     where r.source = v_plan ->> 'source' and r.source_id is not null and r.due_at <= clock_timestamp()));
end $$;

-- schemas/forwarding/imported_values.sql

/* What a row says and what the ledger has, side by side, where the row says anything. Callers: compare_import. */
-- for: service_role
create function runledger_private.imported_values(e runledger.workflow_executions, x jsonb)
returns table (name text, theirs text, ours text)
language sql stable
set search_path = ''
as $$
  select v.name, v.theirs, v.ours
    from (values
      ('user', e.created_by, x ->> 'created_by'),
      ('workflow', e.workflow_id::text, x ->> 'workflow_id'),
      ('status', e.status, x ->> 'status'),
      ('started_at', e.started_at::text, (x ->> 'started_at')::timestamptz::text),
      ('completed_at', e.completed_at::text, (x ->> 'completed_at')::timestamptz::text),
      ('duration_ms', coalesce(e.duration_ms::text, x ->> 'duration_ms'), x ->> 'duration_ms'),
      ('error_message', e.error_message, x ->> 'error_message'),
      ('input', coalesce(e.input, x -> 'input')::text, (x -> 'input')::text),
      ('output', coalesce(e.output, x -> 'output')::text, (x -> 'output')::text),
      ('state_snapshot', coalesce(e.state_snapshot, x -> 'state_snapshot')::text, (x -> 'state_snapshot')::text),
      ('activities_executed', coalesce(e.activities_executed::text, x ->> 'activities_executed'),
        x ->> 'activities_executed'),
      ('verdict', coalesce(e.verdict, x ->> 'verdict'), x ->> 'verdict'),
      ('temporal_run_id', coalesce(e.temporal_run_id, x ->> 'temporal_run_id'), x ->> 'temporal_run_id'))
      v (name, theirs, ours);
$$;

-- schemas/forwarding/executions_without_row.sql

/* Executions that a table which gets them back does not have, counted; nothing for other tables.
   Callers: compare_import. */
-- for: service_role
create function runledger_private.executions_without_row(p_plan jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_count bigint;
  v_example text;
begin
  if not exists (select from runledger.forwarded_tables t where t.source = p_plan ->> 'source' and t.returns) then
    return '[]';
  end if;
  execute format('select count(*), min(x.id::text) from runledger.workflow_executions x
    where not exists (select from runledger.execution_import_rows r join %s t on t.%I::text = r.source_id
                       where r.source = %L and r.execution_id = x.id)',
    p_plan ->> 'source', p_plan ->> 'key', p_plan ->> 'source') into v_count, v_example;
  if v_count = 0 then return '[]'; end if;
  return jsonb_build_array(jsonb_build_object('what', 'it is not in the table', 'rows', v_count, 'example', v_example,
    'theirs', null, 'ours', null));
end $$;

-- schemas/forwarding/compare_import.sql

/* Compares the next rows of a table with the executions they are, in what both have: which rows differ, in what, and
   which are not in the ledger, with the reason. The last part also counts the executions that a table which gets them
   back lacks.
   Callers: ImportService.compare. Returns { source, rows, same, after, done, differences: [{ what, rows, example,
   theirs, ours }] }. */
-- for: service_role
create function runledger.compare_import(p_source text default null, p_options jsonb default null,
  p_after text default null, p_limit integer default 1000) returns jsonb
language plpgsql stable
set search_path = '' set timezone = 'UTC'
as $$
declare
  v_plan constant jsonb := case when p_options is null
    then runledger_private.forwarded_plan(p_source) else runledger_private.import_plan(p_source, p_options) end;
  v_limit constant integer := least(greatest(coalesce(p_limit, 1000), 1), 5000);
  v_keys constant text[] := runledger_private.next_keys(v_plan, p_after, v_limit);
  v_is_done constant boolean := cardinality(v_keys) < v_limit;
  v_found jsonb;
begin
  with item as (
    select i.key, i.reason, i.result, i.e, k.execution_id, x.id as found, to_jsonb(x) as x
      from unnest(case when v_keys <> '{}' then runledger_private.read_rows(v_plan, v_keys) end) i
      left join runledger_private.imported_as(v_plan ->> 'source', v_keys) k on k.key = i.key
      left join runledger.workflow_executions x on x.id = coalesce(k.execution_id, (i.e).id)),
  difference as (
    select i.key, 'it is not in the ledger' as what, i.reason as theirs, null as ours from item i where i.found is null
    union all
    select i.key, f.name, f.theirs, f.ours
      from item i
     cross join lateral runledger_private.imported_values(i.e, i.x) f
     where i.found is not null and i.result is null and f.theirs is distinct from f.ours)
  select jsonb_build_object('rows', cardinality(v_keys), 'same', cardinality(v_keys) - count(distinct d.key),
           'differences', (
             select coalesce(jsonb_agg(to_jsonb(g) order by g.rows desc), '[]')
               from (select what, count(*) as rows, min(key) as example, left(min(theirs), 200) as theirs,
                            left(min(ours), 200) as ours from difference group by 1) g))
    into v_found from difference d;
  if v_is_done then
    v_found := jsonb_set(v_found, '{differences}',
      v_found -> 'differences' || runledger_private.executions_without_row(v_plan));
  end if;
  return v_found || jsonb_build_object('source', v_plan ->> 'source', 'done', v_is_done,
    'after', coalesce(v_keys[cardinality(v_keys)], p_after));
end $$;

-- schemas/forwarding/note_changed_execution.sql

/* Notes which execution changed, for the table that gets it back. What retention prunes stays in that table. It runs as
   the owner, as all triggers of executions. Callers: the trigger that return_runs makes, with the name of the table. */
-- for: nobody
create function runledger_private.note_changed_execution() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if runledger_private.is_forwarding()
     or current_setting('runledger.pruning', true) is not distinct from pg_current_xact_id()::text then
    return null;
  end if;
  if tg_op = 'UPDATE' then
    if new.revision = old.revision then return null; end if;
  end if;
  insert into runledger.forwarded_rows (source, execution_id)
    select t.source, case tg_op when 'DELETE' then old.id else new.id end
      from runledger.forwarded_tables t where t.returns;
  return null;
end $$;

-- schemas/forwarding/spell_statuses.sql

/* How a table spells each status: as it is told, else as most of its rows do, else as the ledger does.
   Callers: return_runs. */
-- for: nobody
create function runledger_private.spell_statuses(p_plan jsonb, p_spellings jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_column constant text := p_plan -> 'columns' ->> 'status';
  v_found jsonb;
begin
  execute format('select jsonb_object_agg(b.becomes, b.status) from (
      select distinct on (a.becomes) a.becomes, a.status from (
        select runledger_private.read_status(s.status, $1) as becomes, s.status, s.n from (
          select t.%1$I::text as status, count(*) as n from %2$s t where t.%1$I is not null group by 1) s) a
       where a.becomes is not null order by a.becomes, a.n desc, a.status) b',
    v_column, p_plan ->> 'source') into v_found using p_plan -> 'options' -> 'statuses';
  return (select jsonb_object_agg(s, s) from unnest(runledger_private.statuses()) s)
    || coalesce(v_found, '{}') || coalesce(p_spellings, '{}');
end $$;

-- schemas/forwarding/check_spellings.sql

/* Refuses spellings of statuses that their column cannot hold, all of them at once, before anything is written: by its
   type (an enum, a length, a domain) and by the checks that look at nothing else. What other columns or tables say of
   one is seen when it is written.
   Callers: return_runs. */
-- for: nobody
create function runledger_private.check_spellings(p_plan jsonb, p_spellings jsonb) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_source constant regclass := (p_plan ->> 'source')::regclass;
  v_column constant text := p_plan -> 'columns' ->> 'status';
  v_checks constant text := (
    select string_agg(format('coalesce(%s, true)', pg_get_expr(k.conbin, k.conrelid)), ' and ')
      from pg_catalog.pg_constraint k join pg_catalog.pg_attribute a on a.attrelid = k.conrelid
     where k.conrelid = v_source and k.contype = 'c' and a.attname = v_column and k.conkey = array[a.attnum]);
  v_refused text[] := '{}';
  v_status text;
  v_spelling text;
  v_fits boolean;
begin
  for v_status, v_spelling in select s.key, s.value from jsonb_each_text(p_spellings) s order by s.key loop
    begin
      execute format('select %s from jsonb_populate_record(null::%s, jsonb_build_object($1, $2)) r',
        coalesce(v_checks, 'true'), v_source) into v_fits using v_column, v_spelling;
    exception when data_exception or integrity_constraint_violation then
      v_fits := false;
    end;
    if not v_fits then v_refused := v_refused || format('%s as "%s"', v_status, v_spelling); end if;
  end loop;
  if v_refused = '{}' then return; end if;
  raise exception 'The column % of % cannot hold how these would be spelled: %.', v_column, v_source,
      array_to_string(v_refused, ', ')
    using errcode = 'PT400', detail = 'invalid_input',
          hint = format('Say how the table spells each, as in runledger.return_runs(%L, ''{"%s": "…"}'').',
            v_source::text, split_part(v_refused[1], ' ', 1));
end $$;

-- schemas/forwarding/return_runs.sql

/* From now on every change of an execution is noted, and return_changes writes it into the table, which has to
   be forwarded. p_spellings says how it spells a status of ours ({"timed_out": "failed"}); default: as most of its
   rows do. Raises invalid_input where its column cannot hold one of them.
   Callers: the table's owner. Returns the spellings. */
-- for: nobody
create function runledger.return_runs(p_source text default null, p_spellings jsonb default '{}') returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_plan jsonb;
  v_spellings jsonb;
begin
  -- Imports and drains take turns with it: each holds locks of both tables. First of all, for reading locks too.
  perform pg_advisory_xact_lock(hashtextextended('runledger:import', 0));
  v_plan := runledger_private.forwarded_plan(p_source);
  v_spellings := runledger_private.spell_statuses(v_plan, runledger_private.unwrap(p_spellings));
  perform runledger_private.check_spellings(v_plan, v_spellings);
  if exists (select from runledger.forwarded_tables t where t.returns and t.source <> v_plan ->> 'source') then
    raise exception 'Another table gets the executions back.'
      using errcode = 'PT409', detail = 'conflict', hint = 'End that with runledger.stop_forwarding first.';
  end if;
  perform set_config('lock_timeout', '3s', true);
  update runledger.forwarded_tables t set returns = true, spellings = v_spellings
   where t.source = v_plan ->> 'source';
  create or replace trigger runledger_return after insert or update or delete on runledger.workflow_executions
    for each row execute function runledger_private.note_changed_execution();
  return v_spellings;
end $$;

-- schemas/forwarding/row_of_execution.sql

/* An execution as a row of the table has it: only the columns that the import reads. A time in a column of numbers is
   in milliseconds since 1970.
   Callers: return_some. */
-- for: service_role
create function runledger_private.row_of_execution(e runledger.workflow_executions, p_plan jsonb, p_spellings jsonb)
returns jsonb
language sql stable
set search_path = ''
as $$
  select json_object_agg(c.value, case
           when c.key in ('started_at', 'completed_at', 'engine_started_at', 'first_task_at', 'cancel_requested_at')
                and a.typcategory = 'N'
             then to_jsonb(round(extract(epoch from (to_jsonb(e) ->> c.key)::timestamptz) * 1000)::bigint)
           else v.value end)::jsonb
    from jsonb_each_text(p_plan -> 'columns') c
    join lateral (
      select y.typcategory from pg_catalog.pg_attribute t join pg_catalog.pg_type y on y.oid = t.atttypid
       where t.attrelid = (p_plan ->> 'source')::regclass and t.attname = c.value) a on true
   cross join lateral (select case c.key
      when 'user' then to_jsonb(e.created_by)
      when 'workflow' then to_jsonb(coalesce(
        (select w.key from jsonb_each_text(p_plan -> 'options' -> 'workflows') w
          where w.value = e.workflow_id::text limit 1), e.workflow_id::text))
      when 'workflow_name' then (select to_jsonb(w.name) from runledger.workflows w where w.id = e.workflow_id)
      when 'status' then p_spellings -> e.status
      when 'failure' then coalesce(e.failure, case when not p_plan -> 'columns' ? 'error_message'
        and e.error_message is not null then jsonb_build_object('message', e.error_message) end)
      when 'metadata' then e.metadata - 'imported'
      when 'temporal_workflow_id' then to_jsonb(coalesce(e.temporal_workflow_id,
        e.metadata #>> '{imported,temporalWorkflowId}', e.id::text))
      else to_jsonb(e) -> c.key end as value) v
   where c.key <> 'id' and c.value <> p_plan ->> 'key';
$$;

-- schemas/forwarding/read_back_key.sql

/* A column of keys as an expression over an execution `e`: what the import kept of it, else the id here. Where keys are
   numbers, executions that never were a row of this table have none. Callers: read_back_column. */
-- for: nobody
create function runledger_private.read_back_key(p_plan jsonb, p_kept text, p_type regtype) returns text
language sql stable
set search_path = ''
as $$
  select case when y.oid = 'uuid'::regtype then 'e.id' else format('case when e.metadata #>> %L = %L
      then e.metadata #>> %L %s end', '{imported,row,table}', p_plan ->> 'source',
      array['imported', 'row', p_kept]::text,
      case when y.typcategory = 'S' then 'else e.id::text' else '' end) end
    from pg_catalog.pg_type y where y.oid = p_type;
$$;

-- schemas/forwarding/read_back_column.sql

/* A column of an imported table as an expression over an execution `e`: what row_of_execution writes into it, and what
   the import kept of a column that it does not read. Callers: read_back. */
-- for: nobody
create function runledger_private.read_back_column(p_plan jsonb, p_spellings jsonb, p_column text, p_type regtype)
returns text
language plpgsql stable
set search_path = ''
as $$
declare
  v_what constant text := (select c.key from jsonb_each_text(p_plan -> 'columns') c
                            where c.value = p_column and c.key <> 'id' limit 1);
  v_is_number constant boolean := (select y.typcategory = 'N' from pg_catalog.pg_type y where y.oid = p_type);
  v_is_json constant boolean := p_type in ('json'::regtype, 'jsonb'::regtype);
begin
  return case
    when p_column = p_plan ->> 'key' then runledger_private.read_back_key(p_plan, 'key', p_type)
    when p_column = p_plan -> 'columns' ->> 'id' then runledger_private.read_back_key(p_plan, 'id', p_type)
    when v_what is null then format('e.metadata #>> %L', array['imported', p_column]::text)
    when v_what = 'user' then 'e.created_by'
    when v_what = 'workflow' then format('coalesce(%L::jsonb ->> e.workflow_id::text, e.workflow_id::text)',
      (select coalesce(jsonb_object_agg(w.value, w.key), '{}')
         from jsonb_each_text(p_plan -> 'options' -> 'workflows') w))
    when v_what = 'workflow_name' then '(select w.name from runledger.workflows w where w.id = e.workflow_id)'
    when v_what = 'status' then format('%L::jsonb ->> e.status', p_spellings)
    when v_what = 'temporal_workflow_id'
      then $x$coalesce(e.temporal_workflow_id, e.metadata #>> '{imported,temporalWorkflowId}', e.id::text)$x$
    when v_what = 'metadata' then $x$(e.metadata - 'imported')$x$
    when v_what = 'failure' and not p_plan -> 'columns' ? 'error_message'
      then $x$coalesce(e.failure, case when e.error_message is not null
        then jsonb_build_object('message', e.error_message) end)$x$
    when v_what in ('started_at', 'completed_at', 'engine_started_at', 'first_task_at', 'cancel_requested_at')
         and v_is_number then format('round(extract(epoch from e.%I) * 1000)', v_what)
    when v_what = 'tags' and v_is_json then 'to_jsonb(e.tags)'
    else format('e.%I', v_what) end;
end $$;

-- schemas/forwarding/read_back.sql

/* Makes a view with the columns of an imported table over the ledger, for code that goes on reading it once nothing
   writes it any more: what the import read is as the table would have it, a status as p_spellings or most rows of the
   table spell it. Whoever reads sees what they may see of the ledger. It needs the table only to be made.
   Callers: the table's owner. Returns the name of the view. */
-- for: nobody
create function runledger.read_back(p_source text, p_view text, p_spellings jsonb default '{}') returns text
language plpgsql
set search_path = ''
as $$
declare
  v_name constant text[] := parse_ident(p_view);
  v_view constant text := format('%I.%I', case when cardinality(v_name) > 1 then v_name[1] else 'public' end,
    v_name[cardinality(v_name)]);
  v_source constant text := runledger_private.import_source(p_source);
  v_plan jsonb;
  v_spellings jsonb;
  v_columns text;
begin
  v_plan := runledger_private.import_plan(v_source, coalesce(
    (select t.plan -> 'options' from runledger.forwarded_tables t where t.source = v_source),
    (select i.options from runledger.execution_imports i where i.source = v_source), '{}'));
  v_spellings := runledger_private.spell_statuses(v_plan, runledger_private.unwrap(p_spellings));
  select string_agg(format('(%s)::%s as %I',
           runledger_private.read_back_column(v_plan, v_spellings, a.attname, a.atttypid::regtype),
           format_type(a.atttypid, a.atttypmod), a.attname), ', ' order by a.attnum)
    into v_columns
    from pg_catalog.pg_attribute a where a.attrelid = v_source::regclass and a.attnum > 0 and not a.attisdropped;
  execute format('create view %s with (security_invoker = on) as select %s from runledger.workflow_executions e',
    v_view, v_columns);
  -- As the compatibility names: an uninstall drops it.
  execute format('comment on view %s is %L', v_view, 'Runledger: compatibility');
  execute format('grant select on %s to authenticated, service_role', v_view);
  return v_view;
end $$;

-- schemas/forwarding/write_row.sql

/* Writes an execution into the table: as the row that it is, else as a new one. Returns the key of that row.
   Callers: return_some. */
-- for: service_role
create function runledger_private.write_row(p_plan jsonb, p_key text, p_id uuid, p_row jsonb) returns text
language plpgsql
set search_path = ''
as $$
declare
  v_source constant text := p_plan ->> 'source';
  v_column constant text := p_plan -> 'columns' ->> 'id';
  v_row jsonb := p_row;
  v_names text;
  v_key text;
begin
  if p_key is not null then
    select string_agg(format('%1$I = r.%1$I', n), ', ' order by n) into v_names from jsonb_object_keys(v_row) n;
    execute format('update %1$s t set %2$s from jsonb_populate_record(null::%1$s, $1) r
      where t.%3$I = $2::%4$s returning t.%3$I::text', v_source, v_names, p_plan ->> 'key', p_plan ->> 'keyType')
      into v_key using v_row, p_key;
    if v_key is not null then return v_key; end if;
  end if;
  if v_column is not null and (p_plan ->> 'keyType' in ('uuid', 'text') or v_column <> p_plan ->> 'key') then
    v_row := v_row || jsonb_build_object(v_column, coalesce(p_key, p_id::text));
  end if;
  -- What is null here keeps the table's default.
  v_row := jsonb_strip_nulls(v_row);
  select string_agg(format('%I', n), ', ' order by n) into v_names from jsonb_object_keys(v_row) n;
  execute format('insert into %1$s (%2$s) select %2$s from jsonb_populate_record(null::%1$s, $1) r
    returning %3$I::text', v_source, v_names, p_plan ->> 'key') into v_key using v_row;
  return v_key;
end $$;

-- schemas/forwarding/hold_row.sql

/* Locks a row of the table, so that the application changes it no more until this transaction ends, without waiting for
   one that is locked: who waits for none is part of no circle. Returns held, locked or gone.
   Callers: return_some. */
-- for: service_role
create function runledger_private.hold_row(p_plan jsonb, p_key text) returns text
language plpgsql
set search_path = ''
as $$
declare
  v_where constant text := format('from %s t where t.%I = $1::%s', p_plan ->> 'source', p_plan ->> 'key',
    p_plan ->> 'keyType');
  v_is_there boolean;
begin
  execute 'select true ' || v_where || ' for update skip locked' into v_is_there using p_key;
  if v_is_there then return 'held'; end if;
  execute 'select true ' || v_where into v_is_there using p_key;
  return case when v_is_there then 'locked' else 'gone' end;
end $$;

-- schemas/forwarding/return_some.sql

/* Writes executions that changed into the table, each by itself: what cannot be written is noted again with its
   problem, for a minute later. What is gone here is deleted there. What the application changed in a row goes first.
   Callers: return_changes. Returns { rows, written, deleted, refused }. */
-- for: service_role
create function runledger_private.return_some(p_plan jsonb, p_spellings jsonb, p_ids uuid[]) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_source constant text := p_plan ->> 'source';
  e runledger.workflow_executions;
  v_id uuid;
  v_key text;
  v_state text;
  v_written integer := 0;
  v_deleted integer := 0;
  v_refused integer := 0;
begin
  foreach v_id in array p_ids loop
    begin
      select r.source_id into v_key from runledger.execution_import_rows r
       where r.source = v_source and r.execution_id = v_id order by r.result = 'taken' desc limit 1;
      v_state := case when v_key is not null then runledger_private.hold_row(p_plan, v_key) end;
      if v_state = 'locked' then
        insert into runledger.forwarded_rows (source, execution_id, due_at)
          values (v_source, v_id, clock_timestamp() + interval '1 second');
        continue;
      end if;
      if exists (select from runledger.forwarded_rows n where n.source = v_source and n.source_id = v_key) then
        -- What is newer here stays so.
        insert into runledger.forwarded_rows (source, execution_id) values (v_source, v_id);
        perform runledger_private.forward_part(p_plan, array[v_key]);
        delete from runledger.forwarded_rows n where n.source = v_source and n.execution_id = v_id;
      end if;
      select * into e from runledger.workflow_executions x where x.id = v_id;
      if found then
        v_key := runledger_private.write_row(p_plan, v_key, v_id,
          runledger_private.row_of_execution(e, p_plan, p_spellings));
        insert into runledger.execution_import_rows (source, source_id, status, result, execution_id)
          values (v_source, v_key, p_spellings ->> e.status, 'known', v_id) on conflict (source, source_id) do nothing;
        v_written := v_written + 1;
      elsif v_key is not null then
        execute format('delete from %s t where t.%I = $1::%s', v_source, p_plan ->> 'key', p_plan ->> 'keyType')
          using v_key;
        delete from runledger.execution_import_rows r where r.source = v_source and r.source_id = v_key;
        v_deleted := v_deleted + 1;
      end if;
    exception when others then
      if left(sqlstate, 2) not in ('21', '22', '23', '42', '54', 'P0', 'PT') then raise; end if;
      insert into runledger.forwarded_rows (source, execution_id, problem, due_at)
        values (v_source, v_id, left(sqlerrm, 500), clock_timestamp() + interval '1 minute');
      v_refused := v_refused + 1;
    end;
  end loop;
  return jsonb_build_object('rows', cardinality(p_ids), 'written', v_written, 'deleted', v_deleted,
    'refused', v_refused);
end $$;

-- schemas/forwarding/return_changes.sql

/* Writes the next executions that changed into the table that gets them back.
   Callers: ImportService.returnChanges. Returns { rows, written, deleted, refused, left }. */
-- for: service_role
create function runledger.return_changes(p_source text default null, p_limit integer default 500) returns jsonb
language plpgsql
set search_path = '' set timezone = 'UTC'
as $$
declare
  v_plan constant jsonb := runledger_private.forwarded_plan(p_source);
  v_source constant text := v_plan ->> 'source';
  t runledger.forwarded_tables;
  v_ids uuid[];
  v_counts jsonb;
begin
  select * into t from runledger.forwarded_tables f where f.source = v_source;
  if not t.returns then
    raise exception '% gets no executions back.', v_source
      using errcode = 'PT404', detail = 'not_found',
            hint = format('As its owner: select runledger.return_runs(%L);', v_source);
  end if;
  perform pg_advisory_xact_lock(hashtextextended('runledger:import', 0));
  perform set_config('runledger.forwarding', pg_current_xact_id()::text, true);
  v_ids := runledger_private.take_changes(v_source, true, least(greatest(coalesce(p_limit, 500), 1), 5000))::uuid[];
  v_counts := runledger_private.return_some(v_plan, t.spellings, v_ids);
  perform set_config('runledger.forwarding', '', true);
  return v_counts || jsonb_build_object('left', (
    select count(*) from runledger.forwarded_rows r
     where r.source = v_source and r.execution_id is not null and r.due_at <= clock_timestamp()));
end $$;

-- schemas/documents/record_outcomes_document.sql

-- The rows of a function as one JSON document. The API cuts rows at its limit (PostgREST's max-rows) without saying so;
-- a document is one value, which it never cuts. Whoever calls the functions in SQL has their rows.

/* Callers: Ledger.recordOutcomes. */
-- for: service_role
create function runledger.record_outcomes_document(p_outcomes jsonb, p_count_runs boolean default false) returns jsonb
language sql volatile
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from runledger.record_outcomes(p_outcomes, p_count_runs) r; $$;

-- schemas/documents/record_open_document.sql

/* Callers: Ledger.recordOpen. */
-- for: service_role
create function runledger.record_open_document(p_runs jsonb) returns jsonb
language sql volatile
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from runledger.record_open(p_runs) r; $$;

-- schemas/documents/end_lost_executions_document.sql

/* Callers: Ledger.endLost. */
-- for: service_role
create function runledger.end_lost_executions_document(p_items jsonb) returns jsonb
language sql volatile
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from runledger.end_lost_executions(p_items) r; $$;

-- schemas/documents/adopt_executions_document.sql

/* Callers: Ledger.adopt. */
-- for: service_role
create function runledger.adopt_executions_document(p_runs jsonb) returns jsonb
language sql volatile
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from runledger.adopt_executions(p_runs) r; $$;

-- schemas/documents/pending_starts_document.sql

/* An array, not jsonb_agg: inputs have any number of keys (see record_starts). Callers: Ledger.pendingStarts. */
-- for: service_role
create function runledger.pending_starts_document(p_namespace text, p_older_than_ms integer,
  p_limit integer) returns jsonb
language sql stable
set search_path = ''
as $$ select coalesce(to_jsonb(array_agg(to_jsonb(r))), '[]')
  from runledger.pending_starts(p_namespace, p_older_than_ms, p_limit) r; $$;

-- schemas/documents/pending_timelines_document.sql

/* Callers: Ledger.pendingTimelines. */
-- for: service_role
create function runledger.pending_timelines_document(p_namespace text, p_limit integer) returns jsonb
language sql stable
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from runledger.pending_timelines(p_namespace, p_limit) r; $$;

-- schemas/documents/usual_durations_document.sql

/* Callers: Ledger.usualDurations. */
-- for: service_role
create function runledger.usual_durations_document(p_workflow_ids uuid[]) returns jsonb
language sql stable
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from runledger.usual_durations(p_workflow_ids) r; $$;

-- schemas/documents/get_execution_series_document.sql

/* Callers: StatisticsReader.series. */
-- for: service_role, authenticated
create function runledger.get_execution_series_document(p_workflow_id uuid default null, p_user_id text default null,
  p_from timestamptz default null, p_to timestamptz default null, p_step text default 'day',
  p_time_zone text default 'UTC') returns jsonb
language sql stable
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]')
  from runledger.get_execution_series(p_workflow_id, p_user_id, p_from, p_to, p_step, p_time_zone) r; $$;

-- schemas/documents/get_top_workflows_document.sql

/* Callers: StatisticsReader.topWorkflows. */
-- for: service_role, authenticated
create function runledger.get_top_workflows_document(p_user_id text default null, p_from timestamptz default null,
  p_to timestamptz default null, p_limit integer default 10, p_with_previous boolean default false) returns jsonb
language sql stable
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]')
  from runledger.get_top_workflows(p_user_id, p_from, p_to, p_limit, p_with_previous) r; $$;

-- schemas/documents/get_top_failures_document.sql

/* Callers: StatisticsReader.topFailures. */
-- for: service_role, authenticated
create function runledger.get_top_failures_document(p_workflow_id uuid default null, p_user_id text default null,
  p_from timestamptz default null, p_to timestamptz default null, p_limit integer default 10) returns jsonb
language sql stable
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]')
  from runledger.get_top_failures(p_workflow_id, p_user_id, p_from, p_to, p_limit) r; $$;

-- schemas/documents/get_workflow_counters_document.sql

/* Callers: StatisticsReader.workflowCounters. */
-- for: service_role, authenticated
create function runledger.get_workflow_counters_document(p_user_id text default null,
  p_owner_id text default null) returns jsonb
language sql stable
set search_path = ''
as $$ select coalesce(jsonb_agg(to_jsonb(r)), '[]') from runledger.get_workflow_counters(p_user_id, p_owner_id) r; $$;

-- schemas/recording/fix_stuck_runs.sql

/* Ends direct executions that have been open for longer than older_than as failed: by hand only, nothing calls it.
   Executions with an engine are never touched: the monitor knows how they end. Returns how many. */
-- for: service_role
create function runledger.fix_stuck_runs(older_than interval default '1 hour') returns integer
language plpgsql
set search_path = ''
as $$
declare
  n integer;
begin
  with stuck as (
    select x.id from runledger.workflow_executions x
     where x.engine = 'none' and runledger_private.is_open(x.status) and x.started_at < clock_timestamp() - older_than
     order by x.id for no key update)
  update runledger.workflow_executions e
     set status = 'failed',
         error_message = 'No end was reported within ' || older_than::text || '.',
         failure = jsonb_build_object('type', 'StuckRun', 'message',
           'No end was reported within ' || older_than::text || '.'),
         last_transition = jsonb_build_object('source', 'user', 'actor', 'fix_stuck_runs',
           'reason', 'open for longer than ' || older_than::text, 'at', clock_timestamp())
    from stuck
   where e.id = stuck.id;
  get diagnostics n = row_count;
  return n;
end $$;

-- schemas/users/require_owner.sql

/* The same for what is not an execution. Callers: the triggers below. */
-- for: service_role
create function runledger_private.require_owner() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform runledger_private.require_user(new.user_id);
  return new;
end $$;

create trigger require_owner before insert on runledger.workflows
  for each row execute function runledger_private.require_owner();

create trigger require_owner before insert on runledger.execution_quotas
  for each row execute function runledger_private.require_owner();

-- schemas/users/drop_user_triggers.sql

/* Takes our triggers off the host's tables, but for those of p_names on p_source. One on a table of another owner, as
   auth.users may be, stays and does nothing. Callers: follow_users, unfollow_users. */
-- for: service_role
create function runledger_private.drop_user_triggers(p_source regclass default null, p_names text[] default '{}')
returns void
language plpgsql
set search_path = ''
as $$
declare
  t record;
begin
  for t in
    select g.tgname, g.tgrelid::regclass as source from pg_catalog.pg_trigger g
      join pg_catalog.pg_proc p on p.oid = g.tgfoid
     where p.pronamespace = 'runledger_private'::regnamespace and not g.tgisinternal and g.tgparentid = 0
       and g.tgname in ('runledger_users_came', 'runledger_users_left', 'runledger_user_changed')
       and (g.tgrelid = p_source and g.tgname = any (p_names)) is not true
     order by g.tgname
  loop
    begin
      execute format('drop trigger %I on %s', t.tgname, t.source);
    exception when insufficient_privilege then
      raise notice 'The trigger % stays on %, which has another owner, and does nothing.', t.tgname, t.source;
    end;
  end loop;
end $$;

-- schemas/users/fill_users.sql

/* Makes the users be those of the source: adds who is missing. With p_all also takes back who has left, takes over
   accounts, and lets go of whom only another source had: they stay, and leave no more. Returns how many it added or
   took back. Callers: follow_users. */
-- for: service_role
create function runledger_private.fill_users(s runledger.user_source, p_all boolean) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_there constant text := format('(select %s from %s s) r where r.id is not null and not r.has_left',
    runledger_private.user_columns_sql(s.key_columns, s.auth_user_column, s.left_column), s.source);
  v_ids text[];
  v_accounts uuid[];
  n integer;
begin
  if not p_all then
    execute format('insert into runledger.users (id, is_followed)
      select distinct r.id, true from %s and octet_length(r.id) between 1 and 1000 order by 1
      on conflict (id) do nothing', v_there);
    get diagnostics n = row_count;
    return n;
  end if;
  execute format('update runledger.users u set is_followed = false, left_at = null, keep_until = null where u.id in (
      select x.id from runledger.users x where x.is_followed and (x.left_at is null or x.keep_until is not null)
        and not exists (select from %s and r.id = x.id) order by x.id for no key update)', v_there);
  execute format('select array_agg(r.id), array_agg(r.account) from %s%s', v_there,
      case when s.auth_user_column is null then ' and not exists (select from runledger.users u
        where u.id = r.id and u.is_followed and u.left_at is null)' else '' end)
    into v_ids, v_accounts;
  return runledger_private.bring_users(coalesce(v_ids, '{}'),
    case when s.auth_user_column is not null then coalesce(v_accounts, '{}') end);
end $$;

-- schemas/users/unfollow_users.sql

/* Follows no source any more and takes the triggers off the host's table. Users stay; nobody leaves by it.
   Callers: hosts, as the owner of the table. */
-- for: service_role
create function runledger.unfollow_users() returns void
language plpgsql
set search_path = ''
set lock_timeout = '3s'
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('runledger:users', 0));
  delete from runledger.user_source x;
  update runledger.users u set left_at = null, keep_until = null
   where u.left_at is not null and u.keep_until is not null;
  perform runledger_private.drop_user_triggers();
end $$;

-- schemas/users/check_user_source.sql

/* Refuses a source that is not there or lacks a column. Callers: follow_users. */
-- for: service_role
create function runledger_private.check_user_source(p_source text, p_key text[], p_columns text[]) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_source constant regclass := to_regclass(p_source);
  v_column text;
begin
  if v_source is null or (select c.relkind not in ('r', 'p', 'v', 'm', 'f') or n.nspname = 'runledger'
                            from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                           where c.oid = v_source) then
    raise exception 'There is no table or view % whose rows are users.', p_source
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Name it with its schema, such as public.profiles.';
  end if;
  if coalesce(cardinality(p_key), 0) = 0 or '' = any (p_key) then
    raise exception 'The key of % has no column.', p_source
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Name one, or several separated by commas.';
  end if;
  select c.name into v_column from unnest(p_columns) c (name)
   where c.name is not null and not exists (
     select from pg_catalog.pg_attribute a
      where a.attrelid = v_source and a.attname = c.name and a.attnum > 0 and not a.attisdropped) limit 1;
  if found then
    raise exception '% has no column %.', p_source, v_column
      using errcode = 'PT400', detail = 'invalid_input', hint = 'Name columns as they are, without quotes.';
  end if;
end $$;

-- schemas/users/tells_who_leaves.sql

/* Whether the key of a table is unique: of several rows with one key the user is there as long as one of them is, which
   only the sync sees. Callers: follow_by_triggers, installation. */
-- for: service_role
create function runledger_private.tells_who_leaves(p_source regclass, p_key text[]) returns boolean
language sql stable
set search_path = ''
as $$
  select exists (
    select from pg_catalog.pg_index i
     where i.indrelid = p_source and i.indisunique and i.indpred is null and i.indexprs is null
       and array(select a.attname::text from pg_catalog.pg_attribute a
                  where a.attrelid = p_source and a.attnum = any (i.indkey[0:i.indnkeyatts - 1]) order by 1)
         = array(select k.name from unnest(p_key) k (name) order by 1));
$$;

-- schemas/users/follow_by_triggers.sql

/* Puts the triggers on a table: who comes and changes, and where the key is unique, who leaves. Replaces its own, and
   waits for no reader of the table. They depend on no column, so that the host may change any. Returns their names.
   Callers: follow_users. */
-- for: service_role
create function runledger_private.follow_by_triggers(p_source regclass, p_key text[], p_account text, p_left text)
returns text[]
language plpgsql
set search_path = ''
as $$
declare
  v_arguments constant text := format('%L, %L, %L', p_key::text, coalesce(p_account, ''), coalesce(p_left, ''));
begin
  execute format('create or replace trigger runledger_users_came after insert on %s referencing new table as new_rows
    for each statement execute function runledger_private.users_came(%s)', p_source, v_arguments);
  if not runledger_private.tells_who_leaves(p_source, p_key) then
    return array['runledger_users_came'];
  end if;
  execute format('create or replace trigger runledger_users_left after delete on %s referencing old table as old_rows
    for each statement execute function runledger_private.users_left(%s)', p_source, v_arguments);
  execute format('create or replace trigger runledger_user_changed after update on %s
    referencing old table as old_rows new table as new_rows
    for each statement execute function runledger_private.user_changed(%s)', p_source, v_arguments);
  return array['runledger_users_came', 'runledger_users_left', 'runledger_user_changed'];
end $$;

-- schemas/users/follow_users.sql

/* Makes a table or view of the host the source of users: p_key is its key, one column or several separated by commas,
   whose text is the user's id. Optional: the column with the account's id in Supabase Auth, and the column that is set
   (and not to false) once a user has left. Takes the place of the source before it; users that only that one had stay,
   and leave no more. A table is followed by triggers; a view, and what triggers had to leave out, by sync_users, which
   keeps what is somebody's for p_grace after their row was not found. Returns how many users it brought.
   Callers: hosts, as the owner of the table. */
-- for: service_role
create function runledger.follow_users(p_source text, p_key text, p_auth_user_column text default null,
                                       p_left_column text default null, p_grace interval default '1 day')
returns integer
language plpgsql
set search_path = ''
set row_security = off
set lock_timeout = '3s'
as $$
declare
  v_key constant text[] := regexp_split_to_array(btrim(p_key), '\s*,\s*');
  v_source regclass;
  v_is_table boolean;
  s runledger.user_source;
  n integer;
begin
  perform runledger_private.check_user_source(p_source, v_key, v_key || p_auth_user_column || p_left_column);
  v_source := p_source::regclass;
  perform pg_advisory_xact_lock(hashtextextended('runledger:users', 0));
  delete from runledger.user_source x;
  select format('%I.%I', n.nspname, c.relname), c.relkind in ('r', 'p') into s.source, v_is_table
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.oid = v_source;
  insert into runledger.user_source as x (source, key_columns, auth_user_column, left_column, has_triggers, grace)
    values (s.source, v_key, p_auth_user_column, p_left_column, v_is_table, greatest(p_grace, '0'))
    returning x.* into s;
  -- Most of the work before the triggers, which hold off the table's writers until the transaction ends. They come
  -- before any row of a user is locked, as in a sign-up.
  n := runledger_private.fill_users(s, false);
  perform runledger_private.drop_user_triggers(v_source, case when v_is_table
    then runledger_private.follow_by_triggers(v_source, v_key, p_auth_user_column, p_left_column) else '{}' end);
  perform runledger_private.follow_claims();
  n := n + runledger_private.fill_users(s, true);
  -- Better an error here than one of each sync, which reads with other rights than the caller's.
  perform runledger_private.sync_from_source(s, 1);
  perform runledger_private.sync_leavers(s, 1);
  return n;
end $$;

-- schemas/users/sync_from_source.sql

/* Brings the next p_limit users of the source, in the order of its key, which its own index has. Returns how many it
   added, and the key it came to: null at the end. Callers: sync_users. */
-- for: service_role
create function runledger_private.sync_from_source(s runledger.user_source, p_limit integer,
                                                   out added integer, out seen integer, out after_key text[])
language plpgsql security definer
set search_path = ''
as $$
declare
  v_order text;
  v_after text;
  v_texts text;
  v_ids text[];
  v_accounts uuid[];
begin
  select string_agg(o.ordered, ', ' order by c.n),
         string_agg(format('$1[%s]::%s', c.n, o.cast_to), ', ' order by c.n),
         string_agg(format('s.%I::text', c.name), ', ' order by c.n)
    into v_order, v_after, v_texts
    from unnest(s.key_columns) with ordinality c (name, n)
   cross join lateral runledger_private.key_order(s.source::regclass, c.name, 's') o;
  -- The last row of the part says where the next one begins.
  execute format('
    select array_agg(k.id) filter (where not k.has_left), array_agg(k.account) filter (where not k.has_left), count(*),
           (array_agg(k.parts order by k.n desc))[1:1]
      from (select row_number() over (order by %1$s) as n, array[%2$s]::text[] as parts, %3$s
              from %4$s s where %5$s and %6$s is not null order by %1$s limit $2) k',
      v_order, v_texts, runledger_private.user_columns_sql(s.key_columns, s.auth_user_column, s.left_column), s.source,
      case when s.after_key is null then 'true' else format('(%s) > (%s)', v_order, v_after) end,
      runledger_private.user_id_sql(s.key_columns))
    into v_ids, v_accounts, seen, after_key using s.after_key, p_limit;
  added := runledger_private.bring_users(coalesce(v_ids, '{}'),
    case when s.auth_user_column is not null then coalesce(v_accounts, '{}') end);
  after_key := case when seen = p_limit then array(select unnest(after_key)) end;
end $$;

-- schemas/users/refuse_leavers.sql

/* Why nobody is taken to have left although p_gone users at least were not found: the source is empty, or more than
   half of all users, and more than 10, would have left without anybody having confirmed it. Null: they may go.
   Callers: sync_leavers. */
-- for: service_role
create function runledger_private.refuse_leavers(s runledger.user_source, p_gone integer) returns text
language plpgsql security definer
set search_path = ''
as $$
declare
  v_is_empty boolean;
  v_waiting bigint;
  v_gone bigint;
  v_all bigint;
begin
  if s.confirmed_until > clock_timestamp() then return null; end if;
  execute format('select not exists (select from %s)', s.source) into v_is_empty;
  -- Marked already, by comparison.
  select count(*) into v_waiting from runledger.users u 
   where u.left_at is not null and u.keep_until is not null and u.is_followed;
  -- To look up every user for a few of very many is not worth its time: more will show in the next parts.
  if not v_is_empty and s.refused_at is null and p_gone + v_waiting <= 10
     and exists (select from runledger.users u where u.is_followed offset 100000) then return null; end if;
  execute format('select count(*), count(*) filter (where not %s) from runledger.users k
                   where k.is_followed and k.left_at is null and k.moved_to is null',
    runledger_private.source_match_sql(s, 'k.id')) into v_all, v_gone;
  v_all := v_all + v_waiting;
  v_gone := v_gone + v_waiting;
  if v_gone = 0 or not v_is_empty and (v_gone <= 10 or v_gone * 2 <= v_all) then return null; end if;
  return format('%s of %s users are not in %s any more. Nobody is taken to have left until most of them are back, '
    || 'or you confirm it: select runledger.confirm_leavers().', v_gone, v_all, s.source);
end $$;

-- schemas/users/sync_leavers.sql

/* Looks the next p_limit followed users up in the source and marks who is not there; what is theirs is kept for the
   source's grace. Where that would be most of them, or the source is empty, it is taken for a table that is being
   restored or a view that was changed: nobody is marked, and `refusal` says so.
   Returns how many left, and the id it came to: null at the end. Callers: sync_users. */
-- for: service_role
create function runledger_private.sync_leavers(s runledger.user_source, p_limit integer, out gone integer,
                                               out seen integer, out after_id text, out refusal text)
language plpgsql security definer
set search_path = ''
as $$
declare
  v_gone text[];
begin
  gone := 0;
  execute format('
    select array_agg(k.id) filter (where not %s), count(*), max(k.id)
      from (select u.id from runledger.users u
             where u.is_followed and u.left_at is null and u.moved_to is null and u.id > $1
             order by u.id limit $2) k', runledger_private.source_match_sql(s, 'k.id'))
    into v_gone, seen, after_id using coalesce(s.after_id, ''), p_limit;
  if v_gone is not null or s.refused_at is not null then
    refusal := runledger_private.refuse_leavers(s, coalesce(cardinality(v_gone), 0));
  end if;
  if refusal is not null then
    after_id := s.after_id;
    return;
  end if;
  update runledger.users u set left_at = clock_timestamp(), keep_until = clock_timestamp() + s.grace where u.id in (
    select x.id from runledger.users x
     where x.id = any (v_gone) and x.left_at is null order by x.id for no key update skip locked);
  get diagnostics gone = row_count;
  if seen < p_limit then after_id := null; end if;
end $$;

-- schemas/users/confirm_leavers.sql

/* Confirms that most users have indeed left: for an hour, nobody asks whether that many can be gone. Whose row is back
   within the grace keeps everything all the same. Callers: hosts, after sync_users refused.
   Raises not_found: no source is followed. */
-- for: service_role
create function runledger.confirm_leavers() returns void
language plpgsql security definer
set search_path = ''
as $$
begin
  update runledger.user_source s set confirmed_until = clock_timestamp() + interval '1 hour', refused_at = null,
                                     problem = null;
  if not found then
    raise exception 'Users come from no table or view.'
      using errcode = 'PT404', detail = 'not_found', hint = 'runledger.follow_users names one.';
  end if;
end $$;

-- schemas/users/sync_users.sql

/* Goes on through the source and through the users that came from it, p_limit of each: adds who is missing, marks who
   has left. It is what follows a view, and what repairs whatever a trigger had to leave out.
   Callers: Ledger.syncUsers. Returns { source, isMissing, problem, added, left, done };
   `done`: both ends were reached. `problem`: why users cannot be followed, as a sentence; null: nothing is wrong. */
-- for: service_role
create function runledger.sync_users(p_limit integer default 1000) returns jsonb
language plpgsql security definer
set search_path = ''
-- A source that hides rows is an error here, not one that lacks users.
set row_security = off
as $$
declare
  v_limit constant integer := least(greatest(coalesce(p_limit, 1000), 1), 100000);
  s runledger.user_source;
  c record;
  l record;
  v_is_missing boolean;
  v_problem text;
begin
  -- One at a time; the other one finds its place taken.
  select * into s from runledger.user_source x for update skip locked;
  if not found then
    return jsonb_build_object('source', null, 'isMissing', false, 'problem', null, 'added', 0, 'left', 0,
      'done', true);
  end if;
  select 0 as added, null::text[] as after_key into c;
  select 0 as gone, null::text as after_id, null::text as refusal into l;
  v_is_missing := to_regclass(s.source) is null;
  if v_is_missing then
    v_problem := format('%s, which users came from, is gone: runledger.follow_users names another.', s.source);
  else
    begin
      select * into c from runledger_private.sync_from_source(s, v_limit);
      begin
        select * into l from runledger_private.sync_leavers(s, v_limit);
        v_problem := l.refusal;
      exception when data_exception then
        v_problem := format('Who has left %s cannot be told, its ids look different now: %s. '
          || 'Call runledger.follow_users again.', s.source, sqlerrm);
      end;
    exception when syntax_error_or_access_rule_violation or data_exception then
      v_problem := format('Users cannot be followed from %s as it is now: %s. Call runledger.follow_users again.',
        s.source, sqlerrm);
    end;
  end if;
  update runledger.user_source x
     set after_key = c.after_key, after_id = l.after_id, synced_at = clock_timestamp(), problem = v_problem,
         refused_at = case when v_problem is not null then coalesce(x.refused_at, clock_timestamp()) end;
  return jsonb_build_object('source', s.source, 'isMissing', v_is_missing, 'problem', v_problem, 'added', c.added,
    'left', l.gone, 'done', c.after_key is null and l.after_id is null);
end $$;

-- schemas/users/delete_some_of_user.sql

/* Deletes at most p_limit rows of what a user has: executions with all that goes with them, also those of others in
   the user's workflows, then what was pruned. Waits for no execution that somebody writes: the next batch has it.
   Returns how many executions went, how many of them were of others, and how many rows in all. Callers: settle_user.
   */
-- for: service_role
create function runledger_private.delete_some_of_user(p_user text, p_limit integer,
                                                      out executions integer, out others integer, out rows integer)
language plpgsql
set search_path = ''
as $$
begin
  -- In the order of an index, so that no batch reads what the next ones will delete; as an array, because a plan may
  -- ask a subquery several times, and each time it would find other rows.
  delete from runledger.workflow_executions x where x.id = any (array(
    select d.id from runledger.workflow_executions d where d.created_by = p_user
     order by d.started_at, d.id limit p_limit for update skip locked));
  get diagnostics executions = row_count;
  delete from runledger.workflow_executions x where x.id = any (array(
    select d.id from runledger.workflows w cross join lateral (
      select e.id from runledger.workflow_executions e where e.workflow_id = w.id
       order by e.started_at, e.id limit p_limit - executions for update skip locked) d
     where w.user_id = p_user limit p_limit - executions));
  get diagnostics others = row_count;
  executions := executions + others;
  rows := executions;
  if rows > 0 then return; end if;
  delete from runledger.execution_stats_pruned p where p.ctid = any (array(
    select x.ctid from runledger.execution_stats_pruned x
     where x.created_by = p_user or x.workflow_id in (select w.id from runledger.workflows w where w.user_id = p_user)
     limit p_limit for update skip locked));
  get diagnostics rows = row_count;
end $$;

-- schemas/users/delete_user.sql

/* Deletes a user of whom nothing else is left, unless somebody holds the user: who adds an execution of theirs may be
   waiting for one that this transaction wrote. Callers: settle_user, move_some_of_user. */
-- for: service_role
create function runledger_private.delete_user(p_user text) returns void
language plpgsql
set search_path = ''
as $$
begin
  delete from runledger.users u where u.id = (
    select x.id from runledger.users x where x.id = p_user for update skip locked);
end $$;

-- schemas/users/move_account.sql

/* Makes the account of a user that of their new id, which is added where it is not there. Whoever adds executions of
   one of the two holds the user and may wait for something of ours, so that these are taken only when they are free.
   Callers: move_some_of_user. Returns false while they are not. */
-- for: service_role
create function runledger_private.move_account(p_user text, p_to text) returns boolean
language plpgsql
set search_path = ''
as $$
declare
  v_account constant uuid := (select u.auth_user_id from runledger.users u where u.id = p_user);
begin
  if v_account is null then
    insert into runledger.users (id, is_followed) values (p_to, true) on conflict (id) do nothing;
    return true;
  end if;
  perform from runledger.users u where u.id = p_user for update skip locked;
  if not found then return false; end if;
  perform from runledger.users u where u.id = p_to for update skip locked;
  if not found and exists (select from runledger.users u where u.id = p_to) then return false; end if;
  update runledger.users u set auth_user_id = null where u.id = p_user;
  insert into runledger.users as u (id, auth_user_id, is_followed) values (p_to, v_account, true)
    on conflict (id) do update set auth_user_id = coalesce(u.auth_user_id, excluded.auth_user_id);
  return true;
end $$;

-- schemas/users/merge_pruned_of_user.sql

/* Adds what was pruned of a user to what was pruned of another one, where both have the same part; the triggers count
   it. What somebody else holds is left to the next batch. Callers: move_some_of_user. */
-- for: service_role
create function runledger_private.merge_pruned_of_user(p_user text, p_to text) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_part runledger.execution_stats_pruned;
  v_moved runledger.execution_stats_pruned[] := '{}';
begin
  for v_part in
    select x.* from runledger.execution_stats_pruned x
      join runledger.execution_stats_pruned o on o.created_by = p_to and o.workflow_id = x.workflow_id
       and o.grain = x.grain and o.starts_at = x.starts_at
     where x.created_by = p_user order by x.workflow_id, x.grain, x.starts_at for update of x, o skip locked
  loop
    delete from runledger.execution_stats_pruned x
     where x.created_by = p_user and x.workflow_id = v_part.workflow_id and x.grain = v_part.grain
       and x.starts_at = v_part.starts_at;
    v_part.created_by := p_to;
    v_moved := v_moved || v_part;
  end loop;
  perform runledger_private.keep_pruned(v_moved);
end $$;

-- schemas/views/saved_views.sql

-- Lists that users keep under a name: which executions, how sorted, which columns, in which time zone. Nothing of what
-- a list shows is kept.
create table runledger.saved_views (
  id uuid primary key default runledger_private.uuid_v7(),
  user_id text not null references runledger.users (id) on update cascade on delete cascade,
  name text not null,
  -- As page addresses carry it (`encodeFilter`).
  filter text not null,
  columns text[] not null,
  order_by text not null,
  order_direction text not null,
  time_zone text not null,
  -- Whoever has its id reads it, and sees by it what they may see.
  is_shared boolean not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint a_user_has_one_view_of_a_name unique (user_id, name),
  constraint view_name_has_1_to_100_characters check (length(name) between 1 and 100),
  constraint view_filter_has_at_most_16000_characters check (length(filter) <= 16000),
  constraint a_view_has_at_most_50_columns check (cardinality(columns) <= 50),
  constraint view_order_is_known check (order_by in ('started_at', 'completed_at', 'duration')
    and order_direction in ('asc', 'desc')),
  constraint view_time_zone_has_at_most_100_characters check (length(time_zone) between 1 and 100)
);

alter table runledger.saved_views enable row level security;
create policy "a user sees their own views" on runledger.saved_views
  for select to authenticated using (user_id = (select runledger.current_user_id()));

create trigger refuse_truncate before truncate on runledger.saved_views
  for each statement execute function runledger_private.refuse_truncate();

grant select on runledger.saved_views to authenticated;
grant all on runledger.saved_views to service_role;

-- schemas/views/view_document.sql

/* A view as the API tells it: whose it is, only to its owner. Callers: list_views, get_view, save_view. */
-- for: service_role
create function runledger_private.view_document(v runledger.saved_views, p_user_id text) returns jsonb
language sql stable
return to_jsonb(v) - 'user_id' || jsonb_build_object('is_own', (v).user_id = p_user_id);

-- schemas/views/list_views.sql

/* The views that a user keeps, by name. Callers: ViewLedger.listViews. Returns a list of view_document. */
-- for: service_role
create function runledger.list_views(p_user_id text) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(runledger_private.view_document(v, p_user_id) order by v.name, v.id), '[]')
    from runledger.saved_views v where v.user_id = runledger_private.unless_left(p_user_id)
$$;

-- schemas/views/get_view.sql

/* A view of the user's own, or one that somebody who has not left shares; null otherwise. Callers: ViewLedger.getView.
   Returns view_document. */
-- for: service_role
create function runledger.get_view(p_user_id text, p_id uuid) returns jsonb
language sql stable
set search_path = ''
as $$
  select runledger_private.view_document(v, p_user_id)
    from runledger.saved_views v
   where v.id = p_id and runledger_private.unless_left(p_user_id) is not null
     and (v.user_id = p_user_id or (v.is_shared and runledger_private.unless_left(v.user_id) is not null))
$$;

-- schemas/views/save_view.sql

/* Keeps a view of a user: under its name, or with p_id in place of one that they have; null where they have no such
   one. At most p_at_most are kept of each user. Callers: ViewLedger.saveView. Returns view_document.
   Raises unknown_user, quota_exceeded, conflict. */
-- for: service_role
create function runledger.save_view(p_user_id text, p_view jsonb, p_id uuid default null,
                                    p_at_most integer default 100) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  p constant jsonb := runledger_private.unwrap(p_view);
  n constant runledger.saved_views := jsonb_populate_record(null::runledger.saved_views, p);
  v runledger.saved_views;
begin
  perform runledger_private.require_user(p_user_id);
  -- Two at once would both see room for one.
  perform pg_advisory_xact_lock(hashtextextended('runledger:views:' || p_user_id, 0));
  if p_id is not null then
    if not exists (select from runledger.saved_views o where o.id = p_id and o.user_id = p_user_id) then
      return null;
    end if;
    if exists (select from runledger.saved_views o
                where o.user_id = p_user_id and o.name = n.name and o.id <> p_id) then
      raise exception 'You have another view that is called %.', n.name
        using errcode = 'PT409', detail = 'conflict', hint = 'Choose another name, or delete that one.';
    end if;
    update runledger.saved_views o
       set name = n.name, filter = n.filter, columns = n.columns, order_by = n.order_by,
           order_direction = n.order_direction, time_zone = n.time_zone, is_shared = n.is_shared,
           updated_at = clock_timestamp()
     where o.id = p_id and o.user_id = p_user_id returning * into v;
    return runledger_private.view_document(v, p_user_id);
  end if;
  if not exists (select from runledger.saved_views o where o.user_id = p_user_id and o.name = n.name)
     and (select count(*) from runledger.saved_views o where o.user_id = p_user_id) >= p_at_most then
    raise exception 'A user keeps at most % views.', p_at_most
      using errcode = 'PT429', detail = 'quota_exceeded', hint = 'Delete one that is no longer needed.';
  end if;
  insert into runledger.saved_views as o (user_id, name, filter, columns, order_by, order_direction, time_zone,
      is_shared)
    values (p_user_id, n.name, n.filter, n.columns, n.order_by, n.order_direction, n.time_zone, n.is_shared)
    on conflict (user_id, name) do update
      set filter = excluded.filter, columns = excluded.columns, order_by = excluded.order_by,
          order_direction = excluded.order_direction, time_zone = excluded.time_zone, is_shared = excluded.is_shared,
          updated_at = clock_timestamp()
    returning * into v;
  return runledger_private.view_document(v, p_user_id);
end $$;

-- schemas/views/delete_view.sql

/* Deletes a view of a user's own. Callers: ViewLedger.deleteView. Returns whether there was one. */
-- for: service_role
create function runledger.delete_view(p_user_id text, p_id uuid) returns boolean
language plpgsql
set search_path = ''
as $$
begin
  delete from runledger.saved_views v where v.id = p_id and v.user_id = p_user_id;
  return found;
end $$;

-- schemas/users/move_some_of_user.sql

/* Gives at most p_limit rows of a user to the user's new id, and at last deletes the user. Waits for nobody who holds
   one of the two users: the next batch has it. Returns how many executions. Callers: settle_user. */
-- for: service_role
create function runledger_private.move_some_of_user(p_user text, p_to text, p_limit integer, out executions integer)
language plpgsql
set search_path = ''
as $$
begin
  executions := 0;
  if not runledger_private.move_account(p_user, p_to) then return; end if;
  update runledger.workflow_executions x set created_by = p_to where x.id = any (array(
    select d.id from runledger.workflow_executions d where d.created_by = p_user
     order by d.id limit p_limit for no key update skip locked));
  get diagnostics executions = row_count;
  if executions > 0 or exists (select from runledger.workflow_executions x where x.created_by = p_user) then
    return;
  end if;
  update runledger.workflows w set user_id = p_to where w.user_id = p_user;
  update runledger.execution_quotas q set user_id = p_to where q.user_id = p_user and not exists (
    select from runledger.execution_quotas o
     where o.user_id = p_to and o.workflow_id is not distinct from q.workflow_id);
  update runledger.idempotency_keys k set user_id = p_to where k.user_id = p_user and not exists (
    select from runledger.idempotency_keys o
     where o.user_id = p_to and o.workflow_id = k.workflow_id and o.key = k.key);
  update runledger.saved_views v set user_id = p_to where v.user_id = p_user and not exists (
    select from runledger.saved_views o where o.user_id = p_to and o.name = v.name);
  update runledger.machine_keys k set user_id = p_to where k.user_id = p_user;
  perform runledger_private.merge_pruned_of_user(p_user, p_to);
  begin
    update runledger.execution_stats_pruned p set created_by = p_to where p.ctid = any (array(
      select x.ctid from runledger.execution_stats_pruned x where x.created_by = p_user
         and not exists (select from runledger.execution_stats_pruned o where o.created_by = p_to
           and o.workflow_id = x.workflow_id and o.grain = x.grain and o.starts_at = x.starts_at)
         for update skip locked));
  exception when unique_violation then
    -- Something of the other's was pruned at this moment: the next batch adds to it.
    return;
  end;
  if exists (select from runledger.execution_stats_pruned p where p.created_by = p_user) then return; end if;
  perform runledger_private.delete_user(p_user);
end $$;

-- schemas/users/settle_user.sql

/* One batch of what is due to a user who has left or has another id: deletes or moves what is theirs, and at last the
   user. Who has left and is back in the source stays. Callers: settle_users, forget_user.
   Returns { user, executions, others, rows, done }; null while somebody else is at this user. */
-- for: service_role
create function runledger_private.settle_user(p_user text, p_limit integer) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  u runledger.users;
  v_is_back boolean;
  v_rows record;
begin
  select * into u from runledger.users x
   where x.id = p_user and (x.left_at is not null or x.moved_to is not null) for no key update skip locked;
  if not found then return null; end if;
  if u.is_followed then select s.has_user into v_is_back from runledger_private.source_has_user(u.id) s; end if;
  if u.moved_to is not null then
    select m as executions, 0 as others, m as rows into v_rows
      from runledger_private.move_some_of_user(u.id, u.moved_to, p_limit) m;
  elsif v_is_back then
    update runledger.users x set left_at = null, keep_until = null where x.id = u.id;
    return jsonb_build_object('user', u.id, 'executions', 0, 'others', 0, 'rows', 1, 'done', true);
  -- Nobody said that they left, and the source does not answer whether they did.
  elsif v_is_back is null and u.is_followed and u.keep_until is not null then
    return jsonb_build_object('user', u.id, 'executions', 0, 'others', 0, 'rows', 0, 'done', false);
  else
    select * into v_rows from runledger_private.delete_some_of_user(u.id, p_limit);
    if v_rows.rows = 0 and not exists (select from runledger.workflow_executions x where x.created_by = u.id)
        and not exists (select from runledger.workflows w
                          join runledger.workflow_executions x on x.workflow_id = w.id where w.user_id = u.id)
        and not exists (select from runledger.execution_stats_pruned p where p.created_by = u.id) then
      perform runledger_private.delete_user(u.id);
    end if;
  end if;
  return jsonb_build_object('user', u.id, 'executions', v_rows.executions, 'others', v_rows.others,
    'rows', v_rows.rows, 'done', not exists (select from runledger.users x where x.id = p_user));
end $$;

-- schemas/users/settle_users.sql

/* One batch of what is due to users who left or have another id: at most p_limit executions of one user are deleted or
   moved. Callers: Ledger.settleUsers. Returns { user, executions, others, rows, done }; a null user: nobody is due. */
-- for: service_role
create function runledger.settle_users(p_limit integer default 500) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_limit constant integer := least(greatest(coalesce(p_limit, 500), 1), 5000);
  v_user text;
  v_answer jsonb;
begin
  for v_user in
    select u.id from runledger.users u
     where u.moved_to is not null or u.left_at is not null and (u.keep_until is null
       or u.keep_until < clock_timestamp()
          and not exists (select from runledger.user_source s where s.refused_at is not null))
     order by u.id
  loop
    v_answer := runledger_private.settle_user(v_user, v_limit);
    -- Somebody writes what is left of this one: the next one meanwhile.
    exit when (v_answer ->> 'rows')::integer > 0 or (v_answer ->> 'done')::boolean;
  end loop;
  return coalesce(v_answer, jsonb_build_object('user', null, 'executions', 0, 'others', 0, 'rows', 0,
    'done', true));
end $$;

-- schemas/users/forget_user.sql

/* Forgets a user: from now on they read and start nothing, and this and the next calls delete what is theirs, at most
   p_limit executions a call. Callers: Ledger.forgetUser. Returns { user, executions, others, rows, done }.
   Raises not_found. */
-- for: service_role
create function runledger.forget_user(p_user text, p_limit integer default 500) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_limit constant integer := least(greatest(coalesce(p_limit, 500), 1), 5000);
begin
  -- Not followed any more: a source that still has the user does not keep them from being forgotten.
  update runledger.users u set left_at = coalesce(u.left_at, clock_timestamp()), is_followed = false, moved_to = null,
                             keep_until = null
   where u.id = p_user and (u.left_at is null or u.is_followed or u.moved_to is not null or u.keep_until is not null);
  if not found and not exists (select from runledger.users u where u.id = p_user) then
    raise exception 'There is no user %.', p_user
      using errcode = 'PT404', detail = 'not_found',
        hint = 'Users are in runledger.users, by the id of your application.';
  end if;
  return coalesce(runledger_private.settle_user(p_user, v_limit),
    jsonb_build_object('user', p_user, 'executions', 0, 'others', 0, 'rows', 0, 'done', false));
end $$;

-- schemas/users/describe_user.sql

/* What forgetting a user would delete. Callers: Ledger.describeUser.
   Returns { user, leftAt, executions, open, others, workflows, pruned }, or null: there is no such user. Counts stop
   at a million. */
-- for: service_role
create function runledger.describe_user(p_user text) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object('user', u.id, 'leftAt', u.left_at,
      'executions', (select count(*) from (
        select from runledger.workflow_executions e where e.created_by = u.id limit 1000000) c),
      'open', (select count(*) from (
        select from runledger.workflow_executions e
         where e.created_by = u.id and runledger_private.is_open(e.status) limit 1000000) c),
      'others', (select count(*) from (
        select from runledger.workflow_executions e join runledger.workflows w on w.id = e.workflow_id
         where w.user_id = u.id and e.created_by <> u.id limit 1000000) c),
      'workflows', (select count(*) from runledger.workflows w where w.user_id = u.id),
      'pruned', (select coalesce(sum(n), 0) from runledger.execution_stats_pruned p, unnest(p.counts) n
                  where p.created_by = u.id))
    from runledger.users u where u.id = p_user;
$$;

-- schemas/users/host_problems.sql

/* Why the host's own tables cannot be followed, one sentence each, as the last syncs found. Callers:
   Ledger.hostProblems. */
-- for: service_role
create function runledger.host_problems() returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(p.problem), '[]')
    from (select s.problem from runledger.user_source s union all
          select f.problem from runledger.followed_workflows f) p where p.problem is not null;
$$;

-- schemas/verifying/installation.sql

/* What an operator asks of this database before anything runs: versions, the time that a statement may take (ms, 0:
   any), whether the triggers on the source of users are there and enabled, and the task queues of workflows, the most
   used first, at most 100. Callers: Ledger.installation. */
-- for: service_role
create function runledger.installation() returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object(
    'schema_version', runledger.runledger_schema_version(),
    'postgres', current_setting('server_version'),
    'statement_timeout_ms', (select p.setting::bigint from pg_catalog.pg_settings p
                              where p.name = 'statement_timeout'),
    'user_source', (
      select jsonb_build_object('source', s.source, 'key_columns', s.key_columns,
        'auth_user_column', s.auth_user_column, 'left_column', s.left_column,
        'silent_triggers', case when s.has_triggers then (
          select coalesce(jsonb_agg(t.name order by t.name), '[]')
            from unnest(array['runledger_users_came', 'runledger_users_left', 'runledger_user_changed',
                              'runledger_claims_changed']) t (name)
           where (t.name <> 'runledger_claims_changed' or to_regclass(s.source) = to_regclass('auth.users'))
             and not exists (select from pg_catalog.pg_trigger g
                              where g.tgrelid = to_regclass(s.source) and g.tgname = t.name and g.tgenabled <> 'D')
             and (t.name = 'runledger_users_came'
                  or runledger_private.tells_who_leaves(to_regclass(s.source), s.key_columns)))
          else '[]' end)
        from runledger.user_source s),
    'task_queues', (
      select coalesce(jsonb_agg(jsonb_build_object('namespace', q.temporal_namespace, 'task_queue', q.task_queue,
               'workflows', q.n) order by q.n desc, q.task_queue), '[]')
        from (select w.temporal_namespace, w.task_queue, count(*) as n from runledger.workflows w
               where w.archived_at is null and w.host_deleted_at is null
               group by 1, 2 order by 3 desc, 2 limit 100) q));
$$;

-- schemas/verifying/number_rows.sql

/* As many rows as are asked for, up to 1,000: those that come are what the API lets through.
   Callers: Ledger.rowLimit. */
-- for: service_role
create function runledger.number_rows(p_rows integer) returns setof integer
language sql immutable
set search_path = ''
as $$ select generate_series(1, least(p_rows, 1000)); $$;

-- schemas/users/follow_auth_users.sql

-- Unless the host says otherwise, users are those of Supabase Auth, where the database has it. At the end, because the
-- triggers hold off sign-ups until the migration is through.
do $$
begin
  if to_regclass('auth.users') is not null then
    perform runledger.follow_users('auth.users', 'id', null,
      (select a.attname::text from pg_catalog.pg_attribute a
        where a.attrelid = to_regclass('auth.users') and a.attname = 'deleted_at' and not a.attisdropped));
  end if;
end $$;

-- schemas/access/functions.sql

-- Who may call which function: the line `-- for:` above each. Written by `npm run gen:migration`.

-- Postgres lets everybody call a new function.
revoke execute on all functions in schema runledger, runledger_private
  from public, anon, authenticated, service_role;

grant execute on function
  runledger.admit_execution,
  runledger.admit_executions,
  runledger.adopt_executions,
  runledger.adopt_executions_document,
  runledger.answer_requests,
  runledger.changes_since,
  runledger.compare_executions,
  runledger.compare_import,
  runledger.confirm_leavers,
  runledger.correct_first_run,
  runledger.count_by_health,
  runledger.count_executions,
  runledger.counted_scopes,
  runledger.counted_span,
  runledger.create_execution,
  runledger.create_machine_key,
  runledger.create_workflow,
  runledger.current_access,
  runledger.current_user_id,
  runledger.delete_executions,
  runledger.delete_view,
  runledger.delete_workflow_executions,
  runledger.describe_import,
  runledger.describe_rows,
  runledger.describe_user,
  runledger.due_checks,
  runledger.end_lost_executions,
  runledger.end_lost_executions_document,
  runledger.execution_story,
  runledger.find_machine_key,
  runledger.find_runs,
  runledger.fix_stuck_runs,
  runledger.fold_execution_stats,
  runledger.follow_users,
  runledger.forget_user,
  runledger.forward_changes,
  runledger.get_execution_series,
  runledger.get_execution_series_document,
  runledger.get_execution_stats,
  runledger.get_failure_groups,
  runledger.get_failure_users,
  runledger.get_filtered_series,
  runledger.get_filtered_stats,
  runledger.get_top_failures,
  runledger.get_top_failures_document,
  runledger.get_top_workflows,
  runledger.get_top_workflows_document,
  runledger.get_user_workflow_run_count,
  runledger.get_view,
  runledger.get_workflow,
  runledger.get_workflow_counters,
  runledger.get_workflow_counters_document,
  runledger.get_workflow_statistics,
  runledger.host_problems,
  runledger.import_workflow_runs,
  runledger.installation,
  runledger.ledger_figures,
  runledger.list_views,
  runledger.list_workflows,
  runledger.lost_executions,
  runledger.note_changes_since,
  runledger.note_requests,
  runledger.number_rows,
  runledger.own_figures,
  runledger.pending_starts,
  runledger.pending_starts_document,
  runledger.pending_timelines,
  runledger.pending_timelines_document,
  runledger.progress_of,
  runledger.prune_executions,
  runledger.quotas_of,
  runledger.read_execution,
  runledger.rebuild_execution_stats,
  runledger.rebuild_execution_stats_part,
  runledger.recent_runs,
  runledger.record_open,
  runledger.record_open_document,
  runledger.record_outcomes,
  runledger.record_outcomes_document,
  runledger.record_starts,
  runledger.regroup_failures,
  runledger.report_progress,
  runledger.request_cancel,
  runledger.requests_of,
  runledger.return_changes,
  runledger.runledger_schema_version,
  runledger.save_checks,
  runledger.save_monitor_state,
  runledger.save_timelines,
  runledger.save_view,
  runledger.search_everything,
  runledger.search_executions,
  runledger.set_quota,
  runledger.settle_users,
  runledger.sync_users,
  runledger.sync_workflows,
  runledger.trim_changes,
  runledger.unfollow_users,
  runledger.unproven_namespaces,
  runledger.unsettled_by_ids,
  runledger.update_workflow,
  runledger.user_names,
  runledger.usual_durations,
  runledger.usual_durations_document,
  runledger.verify_execution_stats,
  runledger.verify_execution_stats_part,
  runledger.youngest_unsettled,
  runledger_private.access_ended,
  runledger_private.account_claims,
  runledger_private.account_ended,
  runledger_private.add_counts,
  runledger_private.add_histograms,
  runledger_private.add_labels,
  runledger_private.add_pruned,
  runledger_private.admit_by_quota,
  runledger_private.adopt_run,
  runledger_private.begin_prune,
  runledger_private.beyond_sql,
  runledger_private.bring_user,
  runledger_private.bring_users,
  runledger_private.bring_workflow,
  runledger_private.bucket_ms,
  runledger_private.bucket_of,
  runledger_private.buffers_read,
  runledger_private.cells_in,
  runledger_private.cells_of,
  runledger_private.change_feed_blocker,
  runledger_private.change_imported,
  runledger_private.changed_claims,
  runledger_private.changes_between,
  runledger_private.check_execution,
  runledger_private.check_execution_search,
  runledger_private.check_import_key,
  runledger_private.check_import_options,
  runledger_private.check_reported_time,
  runledger_private.check_status_change,
  runledger_private.check_user_source,
  runledger_private.claims_changed,
  runledger_private.clamp_bucket,
  runledger_private.close_passed_runs,
  runledger_private.complete_ended_execution,
  runledger_private.complete_new_execution,
  runledger_private.complete_parts,
  runledger_private.count_from_cells,
  runledger_private.count_gone,
  runledger_private.count_open,
  runledger_private.count_pruned,
  runledger_private.count_runs,
  runledger_private.counted,
  runledger_private.counts_of,
  runledger_private.current_user_id,
  runledger_private.delete_some_of_user,
  runledger_private.delete_user,
  runledger_private.delete_with_executions,
  runledger_private.drop_user_triggers,
  runledger_private.end_lost,
  runledger_private.everybody_sources,
  runledger_private.everybody_sql,
  runledger_private.exact_points,
  runledger_private.execution_document,
  runledger_private.execution_filter_sql,
  runledger_private.execution_sources,
  runledger_private.executions_without_row,
  runledger_private.extremes_of_rows,
  runledger_private.failure_buckets,
  runledger_private.failure_group,
  runledger_private.failure_shape,
  runledger_private.failures_of,
  runledger_private.fill_users,
  runledger_private.filtered_stats,
  runledger_private.find_execution,
  runledger_private.find_executions,
  runledger_private.find_extremes,
  runledger_private.find_named_executions,
  runledger_private.folded_below,
  runledger_private.follow_by_triggers,
  runledger_private.follow_claims,
  runledger_private.follow_execution_change,
  runledger_private.follow_new_executions,
  runledger_private.followed,
  runledger_private.forward_part,
  runledger_private.forward_some,
  runledger_private.forwarded_plan,
  runledger_private.group_import_rows,
  runledger_private.guard_execution,
  runledger_private.has_all_since,
  runledger_private.has_left_sql,
  runledger_private.has_window_before,
  runledger_private.hides_error,
  runledger_private.hold_row,
  runledger_private.host_workflow_id,
  runledger_private.hours_from,
  runledger_private.import_claim,
  runledger_private.import_columns,
  runledger_private.import_key,
  runledger_private.import_part,
  runledger_private.import_plan,
  runledger_private.import_rows,
  runledger_private.import_some,
  runledger_private.import_source,
  runledger_private.import_users,
  runledger_private.import_workflows,
  runledger_private.imported_as,
  runledger_private.imported_values,
  runledger_private.in_scope,
  runledger_private.insert_imported,
  runledger_private.is_behind,
  runledger_private.is_end,
  runledger_private.is_known_run,
  runledger_private.is_open,
  runledger_private.is_superseded_run,
  runledger_private.is_taken_chain,
  runledger_private.is_unsettled,
  runledger_private.is_unsuccessful,
  runledger_private.is_user_source,
  runledger_private.json_or_text,
  runledger_private.judge_rows,
  runledger_private.keep_import_rows,
  runledger_private.keep_pruned,
  runledger_private.keep_transition,
  runledger_private.key_lock,
  runledger_private.key_order,
  runledger_private.labels_in,
  runledger_private.large_metadata,
  runledger_private.life_differences,
  runledger_private.like_pattern,
  runledger_private.list_order,
  runledger_private.listed_metadata,
  runledger_private.lock_owners,
  runledger_private.lock_quotas,
  runledger_private.lock_what_a_user_has,
  runledger_private.lock_what_a_workflow_has,
  runledger_private.lock_what_is_written_twice,
  runledger_private.lock_workflow_ids,
  runledger_private.look_at_executions,
  runledger_private.merge_cells,
  runledger_private.merge_pruned_of_user,
  runledger_private.merge_runs,
  runledger_private.move_account,
  runledger_private.move_some_of_user,
  runledger_private.named_uuid,
  runledger_private.next_keys,
  runledger_private.note_preview,
  runledger_private.note_spent_cancel,
  runledger_private.open_imports,
  runledger_private.open_statuses,
  runledger_private.origin_of,
  runledger_private.origin_sql,
  runledger_private.own_account,
  runledger_private.payload_bytes,
  runledger_private.present_id,
  runledger_private.progress_part,
  runledger_private.prunable,
  runledger_private.prune_counted,
  runledger_private.prune_due,
  runledger_private.queue_ms,
  runledger_private.quota_state,
  runledger_private.quotas_for,
  runledger_private.rare_by_duration,
  runledger_private.rare_by_text,
  runledger_private.rare_executions,
  runledger_private.rarest_trigrams,
  runledger_private.read_end,
  runledger_private.read_number,
  runledger_private.read_rows,
  runledger_private.read_run,
  runledger_private.read_stats,
  runledger_private.read_status,
  runledger_private.read_tags,
  runledger_private.read_time,
  runledger_private.record_open_run,
  runledger_private.record_outcome,
  runledger_private.record_unseen_ends,
  runledger_private.recount,
  runledger_private.recount_pruned,
  runledger_private.refuse_by_quota,
  runledger_private.refuse_by_storage,
  runledger_private.refuse_leavers,
  runledger_private.refuse_marker,
  runledger_private.refuse_to_publish,
  runledger_private.refuse_truncate,
  runledger_private.repair_stats,
  runledger_private.require_owner,
  runledger_private.require_user,
  runledger_private.return_some,
  runledger_private.row_of_execution,
  runledger_private.rows_in_window,
  runledger_private.scan_source,
  runledger_private.series_points,
  runledger_private.settle_rivals,
  runledger_private.settle_user,
  runledger_private.signs_of,
  runledger_private.source_has_user,
  runledger_private.source_has_users,
  runledger_private.source_match_sql,
  runledger_private.source_sql,
  runledger_private.stats_differences,
  runledger_private.stats_user,
  runledger_private.stats_window,
  runledger_private.stats_workflow,
  runledger_private.status_at,
  runledger_private.status_number,
  runledger_private.statuses,
  runledger_private.storage_differences,
  runledger_private.store_bytes,
  runledger_private.stored_bytes_of,
  runledger_private.story_parts,
  runledger_private.sync_from_source,
  runledger_private.sync_leavers,
  runledger_private.tail_in,
  runledger_private.take_changes,
  runledger_private.take_over,
  runledger_private.takes_a_place,
  runledger_private.tells_who_leaves,
  runledger_private.text_array,
  runledger_private.told_failure,
  runledger_private.touch_workflow,
  runledger_private.trim_hours,
  runledger_private.unless_left,
  runledger_private.unsuccessful_statuses,
  runledger_private.unwrap,
  runledger_private.unwrap_object,
  runledger_private.user_changed,
  runledger_private.user_columns_sql,
  runledger_private.user_id_sql,
  runledger_private.user_name,
  runledger_private.users_came,
  runledger_private.users_left,
  runledger_private.usual_of,
  runledger_private.uuid_v7,
  runledger_private.view_document,
  runledger_private.with_check,
  runledger_private.without_exclusions,
  runledger_private.workflow_id_of,
  runledger_private.workflow_of_run,
  runledger_private.workflows_in,
  runledger_private.write_row
  to service_role;

grant execute on function
  runledger.current_access,
  runledger.current_user_id,
  runledger.get_execution_series,
  runledger.get_execution_series_document,
  runledger.get_execution_stats,
  runledger.get_top_failures,
  runledger.get_top_failures_document,
  runledger.get_top_workflows,
  runledger.get_top_workflows_document,
  runledger.get_user_workflow_run_count,
  runledger.get_workflow_counters,
  runledger.get_workflow_counters_document,
  runledger.requests_of,
  runledger.runledger_schema_version,
  runledger_private.access_ended,
  runledger_private.bucket_ms,
  runledger_private.bucket_of,
  runledger_private.cells_in,
  runledger_private.changed_claims,
  runledger_private.clamp_bucket,
  runledger_private.count_from_cells,
  runledger_private.current_user_id,
  runledger_private.exact_points,
  runledger_private.folded_below,
  runledger_private.has_window_before,
  runledger_private.hides_error,
  runledger_private.hours_from,
  runledger_private.is_end,
  runledger_private.labels_in,
  runledger_private.large_metadata,
  runledger_private.listed_metadata,
  runledger_private.named_uuid,
  runledger_private.open_statuses,
  runledger_private.own_account,
  runledger_private.present_id,
  runledger_private.read_stats,
  runledger_private.refuse_marker,
  runledger_private.series_points,
  runledger_private.signs_of,
  runledger_private.stats_user,
  runledger_private.stats_window,
  runledger_private.stats_workflow,
  runledger_private.status_at,
  runledger_private.status_number,
  runledger_private.statuses,
  runledger_private.tail_in,
  runledger_private.told_failure,
  runledger_private.unless_left,
  runledger_private.workflows_in
  to authenticated;
