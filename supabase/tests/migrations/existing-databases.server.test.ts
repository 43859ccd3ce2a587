import { applyMigrations, databaseKinds } from '@runledger/local-stack';
import { describe, expect, test } from 'vitest';
import { emptyDatabase } from './empty-database.ts';

/** A ledger as teams write it by hand, over users of their own. */
const handWrittenSql = (userId: 'text' | 'uuid') => `
create table public.users (id ${userId} primary key, email text not null);
insert into public.users values ('00000000-0000-4000-8000-0000000000a1', 'a@example.com');
create table public.workflows (id uuid primary key default gen_random_uuid(), user_id ${userId} references public.users (id), name text not null);
create table public.workflow_executions (
  id uuid primary key default gen_random_uuid(), workflow_id uuid references public.workflows (id),
  created_by ${userId} references public.users (id), status text not null default 'running', started_at timestamptz default now());
create index idx_workflow_executions_created_by on public.workflow_executions (created_by);
create index idx_workflow_executions_user_status on public.workflow_executions (created_by, status);
create table public.workflow_runs (id uuid primary key default gen_random_uuid(), user_id ${userId}, workflow_id uuid, status text);
create view public.workflow_run_counts as select user_id, workflow_id, count(*) as n from public.workflow_runs group by 1, 2;
create function public.complete_workflow_run(run_id uuid) returns boolean language sql as 'select true';
create function public.get_user_workflow_run_count(p_user_id ${userId}, p_workflow_id uuid default null) returns bigint language sql as
  'select count(*) from public.workflow_runs where user_id = $1';
insert into public.workflows (user_id, name) select id, 'Old' from public.users;
insert into public.workflow_executions (workflow_id, created_by) select id, user_id from public.workflows;
insert into public.workflow_runs (user_id, status) select id, 'running' from public.users;
create schema private;
create function private.add_user() returns integer language sql as 'select 7';
`;

/** What the application asks of its own tables, as it did before. */
const OWN_STATEMENTS = [
  'select id, email from public.users',
  'select e.status, w.name from public.workflow_executions e join public.workflows w on w.id = e.workflow_id',
  'select n from public.workflow_run_counts',
  'select public.complete_workflow_run(gen_random_uuid()) as done',
  'select public.get_user_workflow_run_count(id) as n from public.users',
  'select private.add_user() as seven',
  `with i as (insert into public.workflow_executions (created_by) select id from public.users returning status) select * from i`,
  `with u as (update public.workflow_runs set status = 'completed' returning status) select * from u`,
];

describe.each(databaseKinds)('on %s', (kind) => {
  test.each(['text', 'uuid'] as const)(
    'an application with users(id %s), workflows, executions and runs of its own keeps them beside the ledger',
    async (userId) => {
      await using db = await emptyDatabase(kind);
      await db.exec(handWrittenSql(userId));
      const ask = async () => {
        const answers: unknown[] = [];
        const undo = new Error('undo');
        await db
          .transaction(async (session) => {
            for (const statement of OWN_STATEMENTS) answers.push(await session.query(statement));
            throw undo;
          })
          .catch((error: unknown) => {
            if (error !== undo) throw error;
          });
        return answers;
      };
      const before = await ask();
      expect(await applyMigrations(db)).toEqual(['runledger']);
      expect(await ask()).toEqual(before);
      await expect(applyMigrations(db, { compatibility: true })).rejects.toThrow(
        'This database has public.complete_workflow_run, public.get_user_workflow_run_count, public.workflow_executions, ' +
          'public.workflow_run_counts, public.workflow_runs already',
      );
      expect(await ask()).toEqual(before);
      await db.query(`insert into auth.users (id, email) values (gen_random_uuid(), 'new@example.com')`);
      expect(await db.query('select count(*)::int as n from public.users')).toEqual([{ n: 1 }]);
    },
  );

  test('a fresh database gets users for those who have signed up and for those who will', async () => {
    await using db = await emptyDatabase(kind);
    await db.query(
      `insert into auth.users (id, email) values ('00000000-0000-4000-8000-000000000001', 'before@example.com')`,
    );
    await applyMigrations(db);
    await db.query(
      `insert into auth.users (id, email) values ('00000000-0000-4000-8000-000000000002', 'after@example.com')`,
    );
    expect(await db.query('select id from runledger.users order by id')).toEqual([
      { id: '00000000-0000-4000-8000-000000000001' },
      { id: '00000000-0000-4000-8000-000000000002' },
    ]);
  });

  test('applied again, the migrations do nothing', async () => {
    await using db = await emptyDatabase(kind);
    expect(await applyMigrations(db, { compatibility: true })).toEqual(['runledger', 'runledger_compatibility']);
    expect(await applyMigrations(db, { compatibility: true })).toEqual([]);
  });
});
