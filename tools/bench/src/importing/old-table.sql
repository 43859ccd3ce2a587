-- A table as a team has it after two years: statuses in several spellings, ends before starts, rows that nobody ended, rows of
-- nobody, two rows for one Temporal run. $ROWS rows, 200 users, 100 workflows.
select setseed(0.42);
create table public.users (id text primary key, email text not null unique, name text not null);
create table public.workflows (id uuid primary key default gen_random_uuid(), name text not null, created_by text not null, task_queue text);
create table public.workflow_executions (
  id uuid primary key default gen_random_uuid(), workflow_id uuid not null, created_by text, temporal_workflow_id text not null,
  temporal_run_id text, status text not null, started_at timestamptz not null, completed_at timestamptz, duration_ms integer,
  input jsonb, output jsonb, error_message text, activities_executed integer default 0);
insert into public.users (id, email, name) select 'usr_' || g, 'u' || g || '@example.com', 'User ' || g from generate_series(1, 200) g;
insert into public.workflows (name, created_by, task_queue)
  select 'Workflow ' || g, 'usr_' || (1 + g % 50), case when g % 3 = 0 then null else 'q' || (g % 5) end from generate_series(1, 100) g;
insert into public.workflow_executions (workflow_id, created_by, temporal_workflow_id, temporal_run_id, status, started_at,
  completed_at, duration_ms, input, output, error_message, activities_executed)
select (select array_agg(id) from public.workflows)[1 + (g % 100)],
       case when g % 97 = 0 then null else 'usr_' || (1 + g % 200) end,
       case when g % 500 = 0 then 'wf-dup-' || (g % 7) else 'wf-' || g end,
       case when g % 11 = 0 then null when g % 500 = 0 then 'run-dup-' || (g % 7) else gen_random_uuid()::text end,
       st, now() - (g || ' minutes')::interval,
       case when st in ('running', 'RUNNING', 'pending', 'paused') then null
            when g % 501 = 0 then null
            when g % 333 = 0 then now() - (g || ' minutes')::interval - interval '7 hours'
            else now() - (g || ' minutes')::interval + interval '42 seconds' end,
       case when st in ('running', 'RUNNING', 'pending', 'paused') then null when g % 777 = 0 then -5 else 42000 end,
       jsonb_build_object('n', g, 'pad', repeat('x', 200)),
       case when st in ('success', 'completed') then jsonb_build_object('ok', true) end,
       case when st in ('error', 'failed') then 'it broke ' || (g % 13) end, g % 9
  from (select g, (array['completed', 'completed', 'completed', 'success', 'failed', 'error', 'canceled', 'cancelled', 'timed_out',
          'timeout', 'running', 'RUNNING', 'terminated', 'pending', 'paused', 'Completed'])[1 + (g % 16)] as st
          from generate_series(1, $ROWS) g) s;
analyze;
grant select on all tables in schema public to service_role;
