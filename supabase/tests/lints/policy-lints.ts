import type { Lint } from './lint.ts';
import { IN_THE_API, OURS, READ_BY_USERS } from './lint.ts';

/** What asks who the caller is. Plain in a policy it is asked again for each row. */
const WHO = String.raw`(auth\.[a-z_]+|current_setting|(runledger(_private)?\.)?current_user_id)\(`;

const ROLE_NAMES = `case when p.polroles = '{0}' then array['anon', 'authenticated'] else array(select rolname::text from pg_roles where oid = any (p.polroles)) end`;

/** Every policy with its table and schema; `rules` is both of its expressions as text. */
const POLICIES = `
  select p.*, c.oid::regclass || ': ' || p.polname as found, c.relname, c.relrowsecurity, n.nspname, ${ROLE_NAMES} as role_names,
         pg_get_expr(p.polqual, p.polrelid) as qual, pg_get_expr(p.polwithcheck, p.polrelid) as with_check,
         concat_ws(' ', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) as rules
    from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace`;

const ALWAYS_TRUE = `in ('true', '(true)', '(1 = 1)', '1 = 1')`;

/** What makes row-level security slow, or no security. */
export const POLICY_LINTS: Lint[] = [
  {
    rule: '0003',
    finds: 'policy that asks for each row who the caller is',
    why: 'Within (select …) it is asked once per statement: 2,470 against 742 ms over two million rows.',
    query: `
      select found from (${POLICIES} where ${OURS}) p
       where regexp_replace(rules, 'select ${WHO}', '', 'gi') ~* '${WHO}'`,
    planted: `create policy planted on runledger.monitor_state for update to authenticated
      using (temporal_namespace = runledger.current_user_id())`,
  },
  {
    rule: '0006',
    finds: 'two permissive policies for one role and action',
    why: 'Both are asked for each row, and an index serves neither: 0.12 against 791 ms for a page of a list.',
    query: `
      select relname || ', ' || role_name || ', ' || action || ': ' || string_agg(polname, ', ' order by polname) as found
        from (${POLICIES} where ${OURS} and p.polpermissive) p
        cross join unnest(role_names) role_name
        cross join unnest(case p.polcmd when '*' then array['r', 'a', 'w', 'd'] else array[p.polcmd::text] end) action
       group by nspname, relname, role_name, action having count(*) > 1`,
    planted: 'create policy planted on runledger.workflow_executions to authenticated using (false)',
  },
  {
    rule: '0007',
    finds: 'policy on a table without row-level security',
    why: 'It reads as if it protected the table, and does nothing.',
    query: `select found from (${POLICIES} where ${OURS}) p where not relrowsecurity`,
    planted: `create table public.planted (id int primary key);
      create policy planted on public.planted for select using (false)`,
  },
  {
    rule: '0008',
    finds: 'table with row-level security and no policy',
    why: 'Nobody can tell whether it is closed on purpose; ours say so by a policy that is false.',
    query: `
      select c.oid::regclass::text as found from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and c.relrowsecurity and ${OURS}
         and not exists (select from pg_policy p where p.polrelid = c.oid)`,
    planted: 'create table public.planted (id int primary key); alter table public.planted enable row level security',
  },
  {
    rule: '0013',
    finds: 'table of the Data API without row-level security',
    why: 'New tables of public are granted to everybody who holds the public key.',
    query: `
      select c.oid::regclass::text as found from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and ${IN_THE_API} and not c.relrowsecurity`,
    planted: 'create table public.planted (id int primary key)',
  },
  {
    rule: '0015',
    finds: 'policy that trusts user_metadata',
    why: 'Users write it themselves.',
    query: `select found from (${POLICIES} where ${OURS}) p where rules like '%user_metadata%'`,
    planted: `create policy planted on runledger.monitor_state for update to authenticated
      using ((select auth.jwt()) -> 'user_metadata' ->> 'admin' = 'true')`,
  },
  {
    rule: '0023',
    finds: 'column with the name of a secret in a table that users read without row-level security',
    why: 'Whoever holds the public key reads it.',
    query: `
      select c.oid::regclass || '.' || a.attname as found
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       where c.relkind in ('r', 'p') and not c.relrowsecurity and ${OURS} and ${READ_BY_USERS}
         and replace(a.attname, '-', '_') ~* (
           '^(pass(word|wd|phrase)|pwd|secret(_key)?|jwt|otp|(.+_)?token|(2fa|two_factor).*|auth_code|session_(id|key|secret)'
           || '|(api|auth|private|ssh|gpg|pgp|license|activation)_?key|(recovery|backup|verification)_code|certificate'
           || '|ssn|social_security.*|(driver.?_)?license_number|passport_(number|id)|(national|tax|patient)_id'
           || '|credit_card|card_number|cv[cvn]|bank_account|(account|routing|insurance)_number|iban|bic|swift_code'
           || '|(health|medical)_.+|treatment|mac_?addr(ess)?|imei|device_uuid|facial_recognition)$')`,
    planted: 'create table public.planted (id int primary key, refresh_token text)',
  },
  {
    rule: '0024',
    finds: 'policy by which everybody may write',
    why: 'It looks like row-level security and lets all rows pass.',
    query: `
      select found from (${POLICIES} where ${OURS}) p
       where p.polpermissive and p.polcmd <> 'r' and role_names && array['anon', 'authenticated']
         and (coalesce(qual, case p.polcmd when 'a' then 'no rows' else 'true' end) ${ALWAYS_TRUE}
              or coalesce(with_check, case p.polcmd when 'a' then 'true' else 'as qual' end) ${ALWAYS_TRUE})`,
    planted: 'create policy planted on runledger.workflows for insert to authenticated with check (true)',
  },
  {
    rule: '0025',
    finds: 'policy by which a bucket can be listed',
    why: 'Public files are served by their address; this shows the addresses of all.',
    query: String.raw`
      select found from (${POLICIES}) p
       where nspname = 'storage' and relname = 'objects' and p.polpermissive and p.polcmd in ('r', '*')
         and role_names && array['anon', 'authenticated']
         and (coalesce(qual, 'true') ${ALWAYS_TRUE} or qual ~* '^\(*bucket_id = ''[^'']*''(::\w+)?\)*$')`,
    planted: `create schema if not exists storage;
      create table if not exists storage.objects (id uuid primary key, bucket_id text);
      create policy planted on storage.objects for select using (bucket_id = 'avatars')`,
  },
];
