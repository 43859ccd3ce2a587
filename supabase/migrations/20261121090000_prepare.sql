-- What must be true before anything is created, the private schema, and the two functions that tables need.

-- A database that already has tables of these names keeps them: nothing is created over them.
do $$
declare
  taken text;
begin
  select string_agg(format('public.%I', c.relname), ', ' order by c.relname) into taken
    from pg_catalog.pg_class c
   where c.relnamespace = 'public'::regnamespace
     and c.relname in ('workflows', 'workflow_executions', 'workflow_runs', 'workflow_run_counts',
                       'execution_transitions', 'execution_runs', 'execution_checks', 'execution_changes',
                       'execution_reports', 'execution_timelines', 'execution_deltas', 'execution_stats',
                       'execution_label_stats', 'execution_stats_pruned', 'fold_state',
                       'idempotency_keys', 'monitor_state', 'execution_quotas', 'execution_quota_usage',
                       'execution_prunes', 'execution_imports', 'execution_import_rows');
  if taken is not null then
    raise exception 'This database already has %: run supabase/adopt/rename_existing_tables.sql first, which renames them so that their rows can be imported.', taken
      using errcode = 'duplicate_table',
            hint = 'psql "$DATABASE_URL" -f supabase/adopt/rename_existing_tables.sql, then apply the migrations again.';
  end if;
  if exists (
    select from pg_catalog.pg_attribute a
     where a.attrelid = to_regclass('public.users') and a.attname = 'id' and a.atttypid <> 'text'::regtype
  ) then
    raise exception 'public.users(id) exists and is not text: executions belong to users by a text id.'
      using errcode = 'datatype_mismatch',
            hint = 'Rename that table, or change its id to text; uuids can be kept as text.';
  end if;
end $$;

-- Triggers and helpers, out of reach of the API. One that is asked for each row or request is an expression (`return`) or
-- `begin atomic`, which Postgres puts inline (its names are bound when it is made, so it needs no search path), or plpgsql,
-- which keeps its plans: any other SQL function is parsed anew by each statement that calls it.
create schema if not exists private;
revoke all on schema private from public;
grant usage on schema private to authenticated, service_role;

/* uuid v7 (RFC 9562): 48 bits of milliseconds, then random. Ordered by time, so an index grows at its end.
   Callers: column defaults. */
create function private.uuid_v7() returns uuid
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

/* The user on whose behalf a statement runs. Replace it where `users.id` is not the id of `auth.users`, for example:
     select u.id from public.users u where u.auth_user_id = auth.uid()
   Callers: every policy. */
create function private.current_user_id() returns text
language sql stable parallel safe
return auth.uid()::text;

/* Takes a jsonb parameter as it was meant: some clients encode it twice, so that it arrives as a JSON string.
   Callers: every function with a jsonb parameter. */
create function private.unwrap(p jsonb) returns jsonb
language sql immutable parallel safe
return case when jsonb_typeof(p) = 'string' then (p #>> '{}')::jsonb else p end;
