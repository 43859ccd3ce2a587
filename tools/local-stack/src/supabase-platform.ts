/** auth.users as Lite creates it, which are the columns of the hosted table that its GoTrue uses. */
const authUsersSql = `
create table if not exists auth.users (
  id uuid primary key,
  aud varchar(255) default 'authenticated',
  role varchar(255) default 'authenticated',
  email varchar(255),
  encrypted_password varchar(255),
  phone text unique,
  email_confirmed_at timestamptz,
  confirmed_at timestamptz generated always as (
    case
      when email_confirmed_at is null then phone_confirmed_at
      when phone_confirmed_at is null then email_confirmed_at
      when email_confirmed_at < phone_confirmed_at then email_confirmed_at
      else phone_confirmed_at
    end
  ) stored,
  invited_at timestamptz,
  confirmation_token varchar(255),
  confirmation_sent_at timestamptz,
  recovery_token varchar(255),
  recovery_sent_at timestamptz,
  email_change varchar(255),
  email_change_token_new varchar(255),
  email_change_token_current varchar(255),
  email_change_sent_at timestamptz,
  email_change_confirm_status smallint default 0 check (email_change_confirm_status between 0 and 2),
  phone_confirmed_at timestamptz,
  phone_change text,
  phone_change_token varchar(255),
  phone_change_sent_at timestamptz,
  reauthentication_token varchar(255),
  reauthentication_sent_at timestamptz,
  raw_app_meta_data jsonb default '{}'::jsonb,
  raw_user_meta_data jsonb default '{}'::jsonb,
  banned_until timestamptz,
  deleted_at timestamptz,
  is_sso_user boolean not null default false,
  is_anonymous boolean not null default false,
  last_sign_in_at timestamptz,
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);
`;

const createRoleSql = (name: string, options: string): string => `
do $$ begin
  create role ${name} ${options};
exception when duplicate_object or unique_violation then null;
end $$;
`;

/** Once per server; databases that are prepared at the same time may meet in it, and one of them is enough. */
const limitRoleSql = (name: string, setting: string, value: string): string => `
do $$ begin
  if not exists (
    select from pg_db_role_setting s join pg_roles r on r.oid = s.setrole, unnest(s.setconfig) c (setting)
     where r.rolname = '${name}' and s.setdatabase = 0 and c.setting like '${setting.replace('_', '\\_')}=%'
  ) then
    alter role ${name} set ${setting} = '${value}';
  end if;
exception when internal_error or unique_violation then null;
end $$;
`;

/**
 * What a Supabase project has before any migration, for a plain Postgres or PGlite: roles, schema auth, and above all
 * its permissive default: whatever a migration creates in public is granted to anon, authenticated and service_role
 * until the migration revokes it. The API's roles have the time-outs that hosted projects have; service_role gets the
 * authenticator's. May be applied again, also over a database that Lite has set up.
 */
export const supabasePlatformSql = `
${createRoleSql('anon', 'nologin noinherit')}
${createRoleSql('authenticated', 'nologin noinherit')}
${createRoleSql('service_role', 'nologin noinherit bypassrls')}
${createRoleSql('authenticator', 'nologin noinherit')}
${createRoleSql('supabase_auth_admin', 'nologin noinherit createrole')}
grant anon, authenticated, service_role to authenticator;
${limitRoleSql('anon', 'statement_timeout', '3s')}
${limitRoleSql('authenticated', 'statement_timeout', '8s')}
${limitRoleSql('authenticator', 'statement_timeout', '8s')}
${limitRoleSql('authenticator', 'lock_timeout', '8s')}

grant usage on schema public to anon, authenticated, service_role;
alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
alter default privileges in schema public grant all on functions to anon, authenticated, service_role;
alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;

create schema if not exists extensions;
grant usage on schema extensions to anon, authenticated, service_role;

create schema if not exists auth;
grant usage on schema auth to anon, authenticated, service_role;
grant all on schema auth to supabase_auth_admin;
${authUsersSql}
grant all on auth.users to supabase_auth_admin;

create or replace function auth.uid() returns uuid language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.sub', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
  )::uuid
$$;

create or replace function auth.role() returns text language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.role', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role'
  )
$$;

create or replace function auth.email() returns text language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.email', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email'
  )
$$;

create or replace function auth.jwt() returns jsonb language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')
  )::jsonb
$$;
`;
