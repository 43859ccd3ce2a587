import type { Lint } from './lint.ts';
import { ASKS_AS_THE_CALLER, IN_THE_API, OURS, READ_BY_USERS } from './lint.ts';

const relations = (kinds: string, condition: string) => `
  select c.oid::regclass::text as found from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind = any ('{${kinds}}') and ${condition}`;

/** A signed-in user is anybody with an address; both are asked alike. */
const definerFunctions = (role: 'anon' | 'authenticated') => `
  select p.oid::regprocedure::text as found from pg_proc p join pg_namespace n on n.oid = p.pronamespace
   where p.prosecdef and ${IN_THE_API} and has_function_privilege('${role}', p.oid, 'execute')`;

const PLANTED_DEFINER = `create function public.planted() returns int language sql security definer
  set search_path = '' as 'select 1'`;

/** A row of the catalog is all that these rules read, and few extensions are at hand on every kind of database. */
const plantedExtension = (schema: string, version: string) => `
  insert into pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
  values (4000000000, 'planted', 10, '${schema}'::regnamespace, true, '${version}')`;

/** What the Data API would show or run for people whom it should not. */
export const EXPOSURE_LINTS: Lint[] = [
  {
    rule: '0002',
    finds: 'view through which users read auth.users',
    why: 'It holds the addresses and password hashes of everybody.',
    query: `
      select distinct c.oid::regclass::text as found
        from pg_depend d join pg_rewrite r on r.oid = d.objid and d.classid = 'pg_rewrite'::regclass
        join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
        join pg_class users on users.oid = d.refobjid
       where users.oid = 'auth.users'::regclass and ${IN_THE_API} and ${READ_BY_USERS}
         and not (c.relkind = 'v' and ${ASKS_AS_THE_CALLER} and users.relrowsecurity)`,
    planted: 'create view public.planted as select id, email from auth.users',
  },
  {
    rule: '0010',
    finds: 'view that reads with the rights of its owner',
    why: 'It passes by the row-level security of every table in it.',
    query: relations('v', `${IN_THE_API} and ${READ_BY_USERS} and not ${ASKS_AS_THE_CALLER}`),
    planted: 'create view public.planted as select id from runledger.workflow_executions',
  },
  {
    rule: '0011',
    // Bodies that Postgres parsed when it made the function (return …, begin atomic) mean what they meant then. A search
    // path would only keep the planner from putting them into the query, for every row that is counted.
    finds: 'function whose names mean what the caller’s search path says',
    why: 'The caller chooses which tables and functions those are.',
    query: `
      select p.oid::regprocedure::text as found from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where ${OURS} and p.prosqlbody is null and not exists (select from unnest(p.proconfig) setting where setting like 'search_path=%')`,
    planted: `create function runledger_private.planted() returns int language sql as 'select 1'`,
  },
  {
    rule: '0014',
    finds: 'extension in public',
    why: 'Its functions become part of the Data API.',
    query: `select e.extname as found from pg_extension e where e.extnamespace = 'public'::regnamespace`,
    planted: plantedExtension('public', '1.0'),
  },
  {
    rule: '0016',
    finds: 'materialized view that users read',
    why: 'It knows no row-level security.',
    query: relations('m', `${IN_THE_API} and ${READ_BY_USERS}`),
    planted: 'create materialized view public.planted as select id from runledger.workflow_executions',
  },
  {
    rule: '0017',
    finds: 'foreign table that users read',
    why: 'It knows no row-level security.',
    query: relations('f', `${IN_THE_API} and ${READ_BY_USERS}`),
    planted: `create foreign data wrapper planted; create server planted foreign data wrapper planted;
      create foreign table public.planted (id int) server planted`,
  },
  {
    rule: '0019',
    finds: 'queue that users read without row-level security',
    why: 'The Data API can be told to show pgmq, and messages hold whatever was put into them.',
    query: relations(
      'r,p',
      `n.nspname = 'pgmq' and c.relname like 'q\\_%' and not c.relrowsecurity and ${READ_BY_USERS}`,
    ),
    planted: `create schema pgmq; create table pgmq.q_planted (msg_id bigint primary key);
      grant select on pgmq.q_planted to authenticated`,
  },
  {
    rule: '0022',
    finds: 'extension of another version than the server would install',
    why: 'Newer versions fix security faults.',
    query: `
      select e.extname as found from pg_extension e left join pg_available_extensions a on a.name = e.extname
       where e.extversion is distinct from a.default_version`,
    planted: plantedExtension('extensions', '0.1'),
  },
  {
    rule: '0026',
    finds: 'table or view that can be read without signing in',
    why: 'GraphQL describes to everybody what anon may read, whatever row-level security then hides.',
    query: relations('r,v,m,f,p', `${OURS} and has_any_column_privilege('anon', c.oid, 'select')`),
    planted: 'create table public.planted (id int primary key); revoke all on public.planted from authenticated',
  },
  {
    rule: '0027',
    // Users are meant to read what is theirs, so GraphQL describes those tables to them; the description is in the open anyway.
    finds: 'table or view that signed-in users read and row-level security does not protect',
    why: 'GraphQL describes to everybody with an account what authenticated may read.',
    query: relations(
      'r,v,m,f,p',
      `${OURS} and has_any_column_privilege('authenticated', c.oid, 'select')
       and not (c.relrowsecurity or c.relkind = 'v' and ${ASKS_AS_THE_CALLER})`,
    ),
    planted: 'create table public.planted (id int primary key); revoke all on public.planted from anon',
  },
  {
    rule: '0028',
    finds: 'function that runs with the rights of its owner for whoever holds the public key',
    why: 'It passes by row-level security. Those in runledger_private are out of reach of the API.',
    query: definerFunctions('anon'),
    planted: `${PLANTED_DEFINER}; revoke execute on function public.planted() from authenticated`,
  },
  {
    rule: '0029',
    finds: 'function that runs with the rights of its owner for every account',
    why: 'It passes by row-level security. Those in runledger_private are out of reach of the API.',
    query: definerFunctions('authenticated'),
    planted: `${PLANTED_DEFINER}; revoke execute on function public.planted() from public, anon`,
  },
];
