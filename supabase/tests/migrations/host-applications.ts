/** An application that was in the database before the ledger, with names that the ledger and hand-written ledgers use. */
export interface HostApplication {
  make: string;
  /** What it asks and does, each with an answer: run in one transaction that is undone. */
  statements: string[];
  follow: string[];
  /** Somebody of the application's, and one of its definitions, as the ledger is given them. */
  user: string;
  workflow: string;
}

const ANNA = '00000000-0000-4000-8000-0000000000a1';
const BEN = '00000000-0000-4000-8000-0000000000b2';
const CARL = '00000000-0000-4000-8000-0000000000c3';
const GRAPH = '00000000-0000-4000-8000-0000000000f1';
const OPTIONS = `"type": {"constant": "runGraph"}, "queue": {"constant": "graphs"}`;

const signUp = (id: string) =>
  `set local role supabase_auth_admin; insert into auth.users (id, email) values ('${id}', '${id}@example.com'); reset role`;
const as = (id: string, statement: string) =>
  `set local role authenticated; set local request.jwt.claims = '{"sub": "${id}", "role": "authenticated"}'; ${statement}; reset role`;

/** Accounts of Supabase Auth, profiles that a trigger of its own fills, runs under row-level security. */
const withProfiles: HostApplication = {
  user: ANNA,
  workflow: GRAPH,
  make: `
    create schema private;
    create table public.profiles (id uuid primary key references auth.users (id) on delete cascade, handle text not null, plan text not null default 'free');
    create function private.add_profile() returns trigger language plpgsql security definer as
      $$ begin insert into public.profiles (id, handle) values (new.id, split_part(new.email, '@', 1)); return new; end $$;
    create trigger on_auth_user_created after insert on auth.users for each row execute function private.add_profile();
    create table public.workflows (id uuid primary key default gen_random_uuid(), owner_id uuid not null, title text not null,
      graph jsonb, is_published boolean default false);
    create table public.workflow_runs (id uuid primary key default gen_random_uuid(), user_id uuid not null references auth.users (id) on delete cascade,
      workflow_id uuid not null references public.workflows (id) on delete cascade,
      status text not null default 'pending' check (status in ('pending', 'running', 'completed', 'failed')), started_at timestamptz default now(),
      completed_at timestamptz, duration_ms int);
    create function private.touch() returns trigger language plpgsql as $$ begin new.started_at := coalesce(new.started_at, now()); return new; end $$;
    create trigger touch before update on public.workflow_runs for each row execute function private.touch();
    alter table public.workflow_runs enable row level security;
    create policy own on public.workflow_runs for all to authenticated using (user_id = auth.uid()) with check (user_id = auth.uid());
    create function public.get_user_workflow_run_count(p_user_id uuid, p_workflow_id uuid) returns integer language sql stable security definer as
      $$ select count(*)::int from public.workflow_runs where user_id = p_user_id and workflow_id = p_workflow_id and completed_at is not null $$;
    create function public.complete_workflow_run(p_run_id uuid, p_status text) returns boolean language sql security definer as
      $$ update public.workflow_runs set status = p_status, completed_at = now() where id = p_run_id returning true $$;
    create view public.workflow_run_counts as select user_id, workflow_id, count(*) as n from public.workflow_runs group by 1, 2;
    create publication supabase_realtime for table public.workflow_runs;
    insert into auth.users (id, email) values ('${ANNA}', 'anna@example.com'), ('${BEN}', 'ben@example.com');
    insert into public.workflows (id, owner_id, title) values ('${GRAPH}', '${ANNA}', 'Invoices');
    insert into public.workflow_runs (id, user_id, workflow_id) values ('${GRAPH}', '${ANNA}', '${GRAPH}')`,
  statements: [
    signUp(CARL),
    'select handle, plan from public.profiles order by handle',
    as(ANNA, 'select status from public.workflow_runs'),
    as(BEN, 'select status from public.workflow_runs'),
    as(BEN, `insert into public.workflow_runs (user_id, workflow_id) values ('${BEN}', '${GRAPH}') returning status`),
    as(BEN, `insert into public.workflow_runs (user_id, workflow_id) values ('${ANNA}', '${GRAPH}') returning status`),
    as(ANNA, `select public.complete_workflow_run('${GRAPH}', 'completed') as done`),
    `select public.get_user_workflow_run_count('${ANNA}', '${GRAPH}') as n`,
    'select n from public.workflow_run_counts order by n',
    `insert into public.workflows (owner_id, title) select '${CARL}', 'W' || n from generate_series(1, 1200) n`,
    `update public.workflows set title = title || '!' where owner_id = '${CARL}'`,
    `merge into public.workflows w using (values ('${GRAPH}'::uuid, 'Bills')) v (id, title) on w.id = v.id
       when matched then update set title = v.title`,
    `update auth.users set id = '${GRAPH}' where id = '${CARL}'`,
    `delete from auth.users where id = '${ANNA}'`,
    `update auth.users set deleted_at = '2026-01-01' where id = '${BEN}'`,
    'select count(*)::int as n from public.workflow_runs',
    'alter table public.workflows alter column title type varchar(200)',
    'alter table public.workflows add column price numeric not null default 0, drop column graph',
    'select title, price from public.workflows order by title limit 3',
    'truncate public.workflows cascade',
    `select table_name from information_schema.tables where table_schema = 'public' order by 1`,
    `select routine_name from information_schema.routines where routine_schema in ('public', 'private') order by 1`,
  ],
  follow: [
    `select runledger.follow_workflows('public.workflows', '{"name": "title", "owner": "owner_id", "published": "is_published", ${OPTIONS}}')`,
    `select runledger.follow_users('public.profiles', 'id')`,
  ],
};

/** Users of its own by text, mapped to accounts, and a ledger as teams write it by hand. */
const withLedger: HostApplication = {
  user: 'usr_1',
  workflow: GRAPH,
  make: `
    create table public.users (id text primary key, email text not null unique, name text not null, auth_user_id uuid unique references auth.users (id));
    create table public.projects (id int primary key, name text not null);
    create table public.workflows (id uuid primary key default gen_random_uuid(), kebab_name text not null, name text not null,
      project_id int references public.projects (id), created_by text not null references public.users (id) on delete cascade, task_queue text,
      version int not null default 1, is_deployed boolean not null default false, unique (project_id, kebab_name));
    create table public.workflow_nodes (id int primary key, workflow_id uuid not null references public.workflows (id) on delete cascade);
    create table public.workflow_executions (id uuid primary key default gen_random_uuid(),
      workflow_id uuid not null references public.workflows (id) on delete cascade, created_by text references public.users (id) on delete cascade,
      temporal_workflow_id text not null, status text not null default 'running', started_at timestamptz not null default '2026-01-01');
    create index idx_workflow_executions_created_by on public.workflow_executions (created_by);
    create index idx_workflow_executions_user_status on public.workflow_executions (created_by, status);
    create table public.execution_notes (execution_id uuid not null references public.workflow_executions (id) on delete cascade, note text);
    alter table public.users enable row level security;
    alter table public.workflow_executions enable row level security;
    create policy own on public.workflow_executions for select to authenticated
      using (created_by = (select id from public.users u where u.auth_user_id = auth.uid()));
    create policy own on public.users for select to authenticated using (auth_user_id = auth.uid());
    create view public.recent_failures with (security_invoker = on) as
      select w.name, e.* from public.workflow_executions e join public.workflows w on w.id = e.workflow_id where e.status = 'failed';
    create function public.deploy_workflow(p uuid) returns void language sql as $$ update public.workflows set is_deployed = true where id = p $$;
    create function public.open_runs(p text) returns bigint language sql stable as
      $$ select count(*) from public.workflow_executions where created_by = p and status = 'running' $$;
    alter default privileges grant select on tables to authenticated;
    insert into auth.users (id, email) values ('${ANNA}', 'anna@example.com');
    insert into public.users values ('usr_1', 'anna@example.com', 'Anna', '${ANNA}'), ('usr_2', 'ben@example.com', 'Ben', null);
    insert into public.projects values (1, 'p');
    insert into public.workflows (id, kebab_name, name, project_id, created_by) values ('${GRAPH}', 'a', 'A', 1, 'usr_1');
    insert into public.workflow_nodes values (1, '${GRAPH}');
    insert into public.workflow_executions (id, workflow_id, created_by, temporal_workflow_id, status) values
      ('${ANNA}', '${GRAPH}', 'usr_1', 'wf-1', 'failed'), ('${BEN}', '${GRAPH}', 'usr_2', 'wf-2', 'running');
    insert into public.execution_notes values ('${ANNA}', 'n')`,
  statements: [
    'select id, email, name from public.users order by id',
    as(ANNA, 'select id from public.users'),
    as(ANNA, 'select status from public.workflow_executions'),
    `select public.deploy_workflow('${GRAPH}')`,
    'select name, is_deployed from public.workflows',
    'select name, temporal_workflow_id from public.recent_failures',
    `select public.open_runs('usr_2') as n`,
    `insert into public.workflow_executions (workflow_id, created_by, temporal_workflow_id) values ('${GRAPH}', 'usr_1', 'x') returning status`,
    `update public.workflow_executions set status = 'weird' where temporal_workflow_id = 'x' returning status`,
    `insert into public.users (id, email, name) values ('usr_1', 'a', 'b') on conflict (id) do update set name = 'Ann' returning name`,
    `insert into public.users (id, email, name) values ('usr_1', 'a', 'b')`,
    `delete from public.users where id = 'usr_2'`,
    'select count(*)::int as n from public.workflow_executions',
    `delete from auth.users where id = '${ANNA}'`,
    `update public.users set auth_user_id = null; delete from auth.users where id = '${ANNA}'`,
    'drop policy own on public.users; drop policy own on public.workflow_executions',
    'alter table public.users alter column id type varchar(60)',
    'alter table public.users drop column auth_user_id',
    'alter table public.users rename column name to full_name',
    `insert into public.users (id, email, full_name) values ('usr_9', 'z', 'Z') returning full_name`,
    `delete from public.users where id = 'usr_1'`,
    'select (select count(*)::int from public.workflows) as w, (select count(*)::int from public.execution_notes) as n',
    'drop table public.users cascade',
  ],
  follow: [
    `select runledger.follow_users('public.users', 'id', 'auth_user_id')`,
    `select runledger.follow_workflows('public.workflows',
       '{"owner": "created_by", "type": {"constant": "run"}, "queue": {"column": "task_queue", "default": "main"}}')`,
  ],
};

/** Users by uuid without Supabase Auth, definitions by number in partitions, all of them read through views. */
const withViews: HostApplication = {
  user: `1:${ANNA}`,
  workflow: '1',
  make: `
    create table public.users (tenant int not null, id uuid not null, email text not null, active boolean not null default true, primary key (tenant, id));
    create view public.members as select tenant, id from public.users where active;
    create table public.workflows (id bigint generated always as identity, tenant int not null, user_id uuid not null, name text not null,
      primary key (id, tenant), foreign key (tenant, user_id) references public.users (tenant, id) on update cascade) partition by list (tenant);
    create table public.workflows_1 partition of public.workflows for values in (1);
    create table public.workflows_2 partition of public.workflows for values in (2);
    create table public.executions (no bigint primary key, workflow_id bigint, status text);
    create materialized view public.workflow_run_counts as select workflow_id, count(*) as n from public.executions group by 1;
    create type public.execution_status as enum ('new', 'done');
    create domain public.status as text check (value <> '');
    insert into public.users (tenant, id, email) values (1, '${ANNA}', 'anna'), (2, '${BEN}', 'ben');
    insert into public.workflows (tenant, user_id, name) values (1, '${ANNA}', 'One'), (2, '${BEN}', 'Two');
    create view public.definitions as select id, name, tenant || ':' || user_id as owner from public.workflows`,
  statements: [
    'select tenant, id from public.members order by 1',
    `insert into public.workflows_2 (tenant, user_id, name) values (2, '${BEN}', 'Three') returning name`,
    `update public.workflows set tenant = 1, user_id = '${ANNA}' where name = 'Two' returning name`,
    `update public.users set tenant = 2 where id = '${ANNA}'`,
    'select name, tenant from public.workflows order by name',
    `create table public.workflows_3 (like public.workflows); alter table public.workflows attach partition public.workflows_3 for values in (3)`,
    'refresh materialized view public.workflow_run_counts',
    'create or replace view public.members as select tenant, id from public.users',
    'alter table public.users alter column email drop not null, drop column active cascade',
    'alter table public.workflows detach partition public.workflows_2',
    'drop view public.definitions; drop view public.members',
    'delete from public.workflows; delete from public.users',
  ],
  follow: [
    `select runledger.follow_users('public.members', 'tenant, id')`,
    `select runledger.follow_workflows('public.definitions', '{"owner": "owner", ${OPTIONS}}')`,
  ],
};

/** Neither users nor definitions of its own; its names are those of the ledger all the same. */
const withNamesOnly: HostApplication = {
  user: ANNA,
  workflow: GRAPH,
  make: `
    create table public.workflow_executions (id int primary key, status text);
    create function public.workflow_runs() returns setof public.workflow_executions language sql as 'select * from public.workflow_executions';
    create function public.fix_stuck_runs(text) returns int language sql as 'select 1';
    create function public.left(text, int) returns text language sql as $$ select 'the application''s own' $$;
    create schema extra; create table extra.users (id int); create sequence extra.execution_reports;
    insert into auth.users (id, email) values ('${ANNA}', 'anna@example.com');
    insert into public.workflow_executions values (1, 'done')`,
  statements: [
    'select * from public.workflow_runs()',
    `select public.fix_stuck_runs('x') as n, public.left('x', 1) as l`,
    `select nextval('extra.execution_reports') > 0 as n`,
    signUp(CARL),
    'select count(*)::int as n from auth.users',
    `drop function public.workflow_runs(); drop table public.workflow_executions`,
  ],
  follow: [],
};

export const hostApplications: Record<string, HostApplication> = {
  'profiles of Supabase Auth and runs of its own': withProfiles,
  'users by text and a hand-written ledger': withLedger,
  'views, a composite key and partitions': withViews,
  'names of the ledger only': withNamesOnly,
};
