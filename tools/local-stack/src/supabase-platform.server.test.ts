import { expect, test } from 'vitest';
import { temporaryFolder } from './fixtures/temporary-folder.ts';
import type { SqlDatabase, SqlRole } from './sql-database.ts';
import { startSupabase } from './supabase.ts';
import { supabasePlatformSql } from './supabase-platform.ts';
import { createTestDatabase, everyDatabaseKind } from './test-database.ts';

/** As createTestDatabase makes it, with no migration of ours in it. */
const platformDatabase = (kind: SqlDatabase['kind']) => createTestDatabase(kind, { migrationsDir: temporaryFolder() });

const columnsOfUsers = `select attname, format_type(atttypid, atttypmod) as type, attnotnull
  from pg_attribute where attrelid = 'auth.users'::regclass and attnum > 0 order by attname`;

for (const kind of everyDatabaseKind) {
  test(`${kind}: what a migration creates is open to everybody until it revokes, as on hosted Supabase`, async () => {
    await using db = await platformDatabase(kind);
    await db.exec(supabasePlatformSql); // a second time
    await db.exec(`create table public.open (x int); insert into public.open values (1);
                   create function public.call() returns int language sql as 'select 2';
                   revoke execute on function public.call from public;`);
    const read = (role: SqlRole) =>
      db.as(role, null, (session) => session.query('select x, public.call() from public.open'));
    for (const role of ['anon', 'authenticated', 'service_role'] as const)
      expect(await read(role)).toEqual([{ x: 1, call: 2 }]);
    await db.exec('alter table public.open enable row level security');
    expect(await read('anon')).toEqual([]);
    expect(await read('service_role')).toHaveLength(1);

    // Sign-up has not the rights of an owner, so a trigger on auth.users must bring its own.
    const signUp = (sql: string) => db.as('supabase_auth_admin', null, (session) => session.query(sql));
    await signUp(`insert into auth.users (id, email) values (gen_random_uuid(), 'a@example.com')`);
    await expect(signUp('insert into public.open values (2)')).rejects.toMatchObject({ code: '42501' });
  });
}

test('a plain database has the auth.users that Lite makes', async () => {
  await using plain = await platformDatabase('postgres-17');
  await using lite = await platformDatabase('postgres-17');
  await lite.exec('drop schema auth cascade');
  await using _ = await startSupabase({ database: { kind: 'postgres', url: lite.url ?? '' }, migrate: false });
  expect(await plain.query(columnsOfUsers)).toEqual(await lite.query(columnsOfUsers));
  expect(await lite.query(`select to_regclass('auth.sessions')::text as made`)).toEqual([{ made: 'auth.sessions' }]);
});
