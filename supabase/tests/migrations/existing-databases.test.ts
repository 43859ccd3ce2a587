import { readFile } from 'node:fs/promises';
import type { SqlDatabase } from '@runledger/local-stack';
import { applyMigrations, openPglite, openPostgres, startPostgres, supabasePlatformSql } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const adoptSql = await readFile(new URL('../../adopt/rename_existing_tables.sql', import.meta.url), 'utf8');

/** A ledger as teams write it by hand. */
const handWrittenSql = `
create table public.users (id text primary key, email text not null);
insert into public.users values ('user_1', 'a@example.com');
create table public.workflows (id uuid primary key default gen_random_uuid(), user_id text references public.users (id), name text not null);
create table public.workflow_executions (
  id uuid primary key default gen_random_uuid(), workflow_id uuid references public.workflows (id),
  created_by text references public.users (id), status text not null default 'running', started_at timestamptz default now());
create index idx_workflow_executions_created_by on public.workflow_executions (created_by);
create index idx_workflow_executions_user_status on public.workflow_executions (created_by, status);
create table public.workflow_runs (id uuid primary key default gen_random_uuid(), user_id text, workflow_id uuid, status text);
create function public.complete_workflow_run(run_id uuid) returns boolean language sql as 'select true';
create function public.get_user_workflow_run_count(p_user_id text, p_workflow_id uuid default null) returns bigint language sql as 'select 1::bigint';
insert into public.workflows (user_id, name) values ('user_1', 'Old');
insert into public.workflow_executions (workflow_id, created_by) select id, 'user_1' from public.workflows;
insert into public.workflow_runs (user_id, status) values ('user_1', 'running');
`;

describe.each(['pglite', 'postgres-15', 'postgres-17'] as const)('on %s', (kind) => {
  let server: Awaited<ReturnType<typeof startPostgres>> | undefined;
  let count = 0;
  beforeAll(async () => {
    if (kind !== 'pglite') server = await startPostgres({ version: kind === 'postgres-15' ? 15 : 17 });
  });
  afterAll(async () => {
    await server?.stop();
  });

  async function emptyDatabase(): Promise<SqlDatabase> {
    const db = server ? await openPostgres(await freshDatabase(server)) : await openPglite();
    await db.exec(supabasePlatformSql);
    return db;
  }

  async function freshDatabase(on: NonNullable<typeof server>): Promise<string> {
    const name = `existing_${++count}`;
    await on.createDatabase(name);
    return on.url(name);
  }

  test('the migrations stop at tables of these names, with one sentence that names the way out, and create nothing', async () => {
    await using db = await emptyDatabase();
    await db.exec(handWrittenSql);
    await expect(applyMigrations(db)).rejects.toThrow(
      /already has public\.workflow_executions, public\.workflow_runs, public\.workflows: run supabase\/adopt\/rename_existing_tables\.sql first/,
    );
    expect(await db.query(`select nspname from pg_namespace where nspname = 'private'`)).toEqual([]);
  });

  test('after the adopt script they apply, over the existing users, and every old row is still there', async () => {
    await using db = await emptyDatabase();
    await db.exec(handWrittenSql);
    await db.exec(adoptSql);
    expect(await applyMigrations(db)).toContain('executions');
    expect(await db.query(`select created_by, status from public.workflow_executions_adopted`)).toEqual([
      { created_by: 'user_1', status: 'running' },
    ]);
    expect(await db.query('select count(*)::int as n from public.workflow_runs_adopted')).toEqual([{ n: 1 }]);
    expect(await db.query(`select public.get_user_workflow_run_count_adopted('user_1') as n`)).toEqual([{ n: 1 }]);
    await db.query(
      `insert into public.workflows (user_id, name, workflow_type, task_queue) values ('user_1', 'New', 't', 'q')`,
    );
    await db.query(`insert into public.workflow_runs (user_id, workflow_id) select 'user_1', id from public.workflows`);
    expect(await db.query(`select public.get_user_workflow_run_count('user_1') as n`)).toEqual([{ n: 0 }]);
    // The team's own users table stays as it was: no trigger of ours fills it.
    await db.query(`insert into auth.users (id, email) values (gen_random_uuid(), 'new@example.com')`);
    expect(await db.query('select count(*)::int as n from public.users')).toEqual([{ n: 1 }]);
    await expect(db.exec(adoptSql)).rejects.toThrow('installed in this database already');
  });

  test('users whose ids are not text are refused in a sentence', async () => {
    await using db = await emptyDatabase();
    await db.exec('create table public.users (id uuid primary key)');
    await expect(applyMigrations(db)).rejects.toThrow('public.users(id) exists and is not text');
  });

  test('a fresh database gets users for those who have signed up and for those who will', async () => {
    await using db = await emptyDatabase();
    await db.query(
      `insert into auth.users (id, email) values ('00000000-0000-4000-8000-000000000001', 'before@example.com')`,
    );
    await applyMigrations(db);
    await db.query(
      `insert into auth.users (id, email) values ('00000000-0000-4000-8000-000000000002', 'after@example.com')`,
    );
    expect(await db.query('select id from public.users order by id')).toEqual([
      { id: '00000000-0000-4000-8000-000000000001' },
      { id: '00000000-0000-4000-8000-000000000002' },
    ]);
  });

  test('applied again, the migrations do nothing', async () => {
    await using db = await emptyDatabase();
    expect((await applyMigrations(db)).length).toBeGreaterThan(5);
    expect(await applyMigrations(db)).toEqual([]);
  });
});
