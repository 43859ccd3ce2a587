import { readFile } from 'node:fs/promises';
import { applyMigrations, databaseContents, databaseKinds } from '@runledger/local-stack';
import { describe, expect, test } from 'vitest';
import { emptyDatabase } from './empty-database.ts';

const uninstallSql = await readFile(new URL('../../uninstall.sql', import.meta.url), 'utf8');

const applicationSql = `
create table public.orders (id uuid primary key default gen_random_uuid(), customer text not null);
create function public.welcome() returns trigger language plpgsql as 'begin return new; end';
create trigger welcome after insert on auth.users for each row execute function public.welcome();
create view public.customers as select distinct customer from public.orders;
insert into public.orders (customer) values ('ada');
create table public.old_runs (id uuid primary key, user_id text, workflow_id uuid, status text, started_at timestamptz);
`;

describe.each(databaseKinds)('on %s', (kind) => {
  test.each([false, true])(
    'installed (with the compatibility names: %s), used and uninstalled, the database is as it was, twice',
    async (compatibility) => {
      await using db = await emptyDatabase(kind);
      await db.exec(applicationSql);
      const before = await databaseContents(db);
      for (const mail of ['first@example.com', 'second@example.com']) {
        await applyMigrations(db, { compatibility });
        await db.query('insert into auth.users (id, email) values (gen_random_uuid(), $1)', [mail]);
        await db.exec(`
          insert into runledger.workflows (user_id, name, workflow_type, task_queue) select id, 'Order', 'order', 'demo' from runledger.users;
          insert into runledger.workflow_executions (workflow_id, created_by) select id, user_id from runledger.workflows`);
        await db.exec(`select runledger.follow_workflows('public.orders',
          '{"name": "customer", "owner": "customer", "type": {"constant": "order"}, "queue": {"constant": "demo"}}');
          select runledger.forward_runs('public.old_runs'), runledger.return_runs('public.old_runs')`);
        await db.exec(uninstallSql);
        expect(await databaseContents(db)).toEqual(before);
      }
    },
  );

  test('where the application uses the ledger, the uninstall names what does, and takes nothing away', async () => {
    await using db = await emptyDatabase(kind);
    await applyMigrations(db, { compatibility: true });
    await db.exec(`create view public.my_runs as select id from runledger.workflow_executions;
      create table public.notes (execution_id uuid references runledger.workflow_executions (id));
      create table public.orders (customer text);`);
    const before = await databaseContents(db);
    await expect(db.exec(uninstallSql)).rejects.toThrow(
      /my_runs.*notes_execution_id_fkey on public\.notes|notes_execution_id_fkey on public\.notes.*my_runs/,
    );
    await db.exec('rollback');
    expect(await databaseContents(db)).toEqual(before);
    await db.exec(`drop view public.my_runs; alter table public.notes drop constraint notes_execution_id_fkey`);
    await db.exec(uninstallSql);
    expect(await db.query(`select to_regnamespace('runledger')::text as left`)).toEqual([{ left: null }]);
  });
});
