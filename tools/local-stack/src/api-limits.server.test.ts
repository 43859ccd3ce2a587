import { fileURLToPath } from 'node:url';
import { createClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { LocalSupabase } from './supabase.ts';
import { startSupabase } from './supabase.ts';
import type { TestDatabase } from './test-database.ts';
import { createTestDatabase } from './test-database.ts';

const migrationsDir = fileURLToPath(new URL('./fixtures/api-migrations', import.meta.url));
let postgres: TestDatabase;
let supabase: LocalSupabase;
const connect = (api: LocalSupabase, key: string) =>
  createClient(api.url, key, { auth: { persistSession: false, autoRefreshToken: false } });

const FUNCTIONS = `
create function public.numbers(n integer) returns setof integer language sql as 'select generate_series(1, n)';
create function public.document(n integer) returns jsonb language sql as 'select jsonb_agg(g) from generate_series(1, n) g';
create function public.limits() returns jsonb language sql as $$
  select jsonb_build_array(current_setting('statement_timeout'), current_setting('lock_timeout')) $$;
create function public.patient_limits() returns jsonb language sql set statement_timeout = '50s' as $$
  select jsonb_build_array(current_setting('statement_timeout'), current_setting('lock_timeout')) $$;
create function public.nap(s float8) returns void language sql as 'select pg_sleep(s)';
create function public.patient_nap(s float8) returns void language sql set statement_timeout = '50s' as 'select pg_sleep(s)';
create table public.things (id integer primary key, tag text);
insert into public.things select g, 'x' from generate_series(1, 1200) g;`;

beforeAll(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  postgres = await createTestDatabase('postgres-17', { migrationsDir });
  await postgres.exec(FUNCTIONS);
  supabase = await startSupabase({ database: { kind: 'postgres', url: postgres.url ?? '' }, migrate: false });
});
afterAll(async () => {
  await supabase?.stop();
  await postgres?.close();
});

test('a request has the time-outs of its role, as hosted projects set them', async () => {
  const service = connect(supabase, supabase.serviceRoleKey);
  expect((await service.rpc('limits')).data).toEqual(['8s', '8s']);
  expect((await connect(supabase, supabase.anonKey).rpc('limits')).data).toEqual(['3s', '8s']);
  expect((await service.rpc('patient_limits')).data).toEqual(['50s', '8s']);
});

test('a statement longer than that is cancelled, unless the function that it calls carries a longer time-out', async () => {
  await postgres.exec(`do $$ begin
    execute format('alter role service_role in database %I set statement_timeout = ''200ms''', current_database()); end $$`);
  await supabase.reloadSchema();
  const service = connect(supabase, supabase.serviceRoleKey);
  const { error } = await service.rpc('nap', { s: 30 });
  expect(error).toMatchObject({ code: '57014' });
  expect((await service.rpc('patient_nap', { s: 0.4 })).error).toBeNull();
});

test('an answer has at most 1,000 rows, or as many as it was started with; one document is never cut', async () => {
  await using few = await startSupabase({
    database: { kind: 'postgres', url: postgres.url ?? '' },
    migrate: false,
    maxRows: 100,
  });
  for (const [api, rows] of [
    [supabase, 1_000],
    [few, 100],
  ] as const) {
    const service = connect(api, api.serviceRoleKey);
    expect((await service.from('things').select('id').order('id')).data).toHaveLength(rows);
    expect((await service.from('things').select('id').order('id').range(1_190, 1_300)).data).toHaveLength(10);
    expect((await service.rpc('numbers', { n: 1_200 })).data).toHaveLength(rows);
    expect((await service.rpc('document', { n: 1_200 })).data).toHaveLength(1_200);
    const updated = await service.from('things').update({ tag: 'y' }).gte('id', 1).select('id');
    expect(updated.data).toHaveLength(1_200);
  }
});

test('a request whose url is longer than a gateway takes is refused', async () => {
  const service = connect(supabase, supabase.serviceRoleKey);
  const ids = Array.from({ length: 2_000 }, (_, at) => at);
  expect((await service.from('things').select('id').in('id', ids)).status).toBe(414);
});
