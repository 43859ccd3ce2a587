/** Tables as two applications have them that recorded runs by hand; `rows` of each, with what goes wrong over the years. */
export const adoptedTables: Record<string, { source: string; sql: (rows: number) => string }> = {
  /** Four statuses, owners and titles, no Temporal ids, a snapshot of each run. */
  titled: {
    source: 'public.workflow_runs',
    sql: (rows) => `
      create table public.workflows (id uuid primary key default gen_random_uuid(), owner_id uuid, title text);
      create table public.workflow_runs (id uuid primary key default gen_random_uuid(), user_id uuid not null, workflow_id uuid not null,
        status text not null check (status in ('pending', 'running', 'completed', 'failed')), started_at timestamptz default now(),
        completed_at timestamptz, duration_ms integer, error_details jsonb, state_snapshot jsonb, updated_at timestamptz default now());
      insert into runledger.users (id) select md5('user' || n)::uuid::text from generate_series(1, 20) n on conflict do nothing;
      insert into public.workflows (owner_id, title) select md5('user' || n)::uuid, 'Report ' || n from generate_series(1, 10) n;
      insert into public.workflow_runs (user_id, workflow_id, status, started_at, completed_at, duration_ms, error_details, state_snapshot)
        select md5('user' || 1 + n % 21)::uuid, (select array_agg(w.id order by w.title) from public.workflows w)[1 + n % 10], s.status,
               now() - n * interval '1 hour',
               case when s.status in ('completed', 'failed') and n % 50 > 0 then now() - n * interval '1 hour' + interval '3 s' end,
               case when n % 60 = 0 then -1 when n % 7 > 0 then 3000 end,
               case when s.status = 'failed' then jsonb_build_object('message', 'no paper in tray ' || n % 5) end,
               jsonb_build_object('step', n % 9)
          from (select n, (array['completed', 'completed', 'failed', 'running', 'completed', 'pending'])[1 + n % 6] as status
                  from generate_series(1, ${rows}) n) s;
      grant all on all tables in schema public to service_role`,
  },
  /** Spellings that changed, times of two zones, Temporal ids that came late and came twice, rows of nobody. */
  spelled: {
    source: 'public.workflow_executions',
    sql: (rows) => `
      create table public.workflows (id uuid primary key default gen_random_uuid(), name text, created_by text, task_queue text);
      create table public.workflow_executions (id bigint generated always as identity primary key, workflow_id uuid, created_by text,
        temporal_workflow_id text, temporal_run_id text, status text, started_at timestamptz, completed_at timestamptz, duration_ms integer,
        input jsonb, output jsonb, error_message text, activities_executed integer, region text);
      insert into runledger.users (id) select 'person-' || n from generate_series(1, 20) n on conflict do nothing;
      insert into public.workflows (name, created_by, task_queue) select 'Invoice ' || n, 'person-' || n, 'bills' from generate_series(1, 10) n;
      insert into public.workflow_executions (workflow_id, created_by, temporal_workflow_id, temporal_run_id, status, started_at, completed_at,
          duration_ms, input, error_message, activities_executed, region)
        select (select array_agg(w.id order by w.name) from public.workflows w)[1 + n % 10],
               case when n % 40 > 0 then 'person-' || 1 + n % 22 end,
               case when n % 30 = 0 then 'nightly-' || n % 4 when n % 8 > 0 then 'invoice-' || n end,
               case when n % 30 = 0 and n % 20 > 0 then 'run-' || n % 3 when n % 9 > 0 then md5('run' || n) end,
               s.status, now() - n * interval '20 minutes',
               case when s.status in ('Running', 'queued') or n % 70 = 0 then null
                    when n % 45 = 0 then now() - n * interval '20 minutes' - interval '5 hours'
                    when n % 101 = 0 then now() + interval '2 days'
                    else now() - n * interval '20 minutes' + interval '8 seconds' end,
               case when n % 65 = 0 then -40 when n % 5 > 0 then 8000 end, jsonb_build_object('n', n),
               case when s.status in ('errored', 'FAILED') then 'card declined' end, n % 6, 'eu-' || n % 2
          from (select n, (array['ok', 'OK', 'Success', 'errored', 'FAILED', 'canceled', 'Running', 'queued', 'on hold'])[1 + n % 9] as status
                  from generate_series(1, ${rows}) n) s;
      grant all on all tables in schema public to service_role`,
  },
};
