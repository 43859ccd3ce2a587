import type { SqlDatabase } from '@runledger/local-stack';
import { applyMigrations, createTestDatabase, databaseKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { emptyDatabase } from '../migrations/empty-database.ts';

/** Sources as applications have them, each with rows of two users and what a third one's sign-up inserts. */
const SOURCES = {
  'varchar keys': {
    make: `create table public.members (member varchar(40) primary key, name text);
      insert into public.members values ('anna', 'A'), ('ben', 'B')`,
    source: ['public.members', 'member'],
    add: `insert into public.members values ('carl', 'C')`,
    remove: `delete from public.members where member = 'anna'`,
    ids: ['anna', 'ben', 'carl'],
  },
  'uuid keys': {
    make: `create table public.members (id uuid primary key);
      insert into public.members values ('00000000-0000-4000-8000-00000000000a'), ('00000000-0000-4000-8000-00000000000b')`,
    source: ['public.members', 'id'],
    add: `insert into public.members values ('00000000-0000-4000-8000-00000000000c')`,
    remove: `delete from public.members where id = '00000000-0000-4000-8000-00000000000a'`,
    ids: ['a', 'b', 'c'].map((end) => `00000000-0000-4000-8000-00000000000${end}`),
  },
  'bigint keys': {
    make: `create table public.members (id bigint primary key); insert into public.members values (9), (10)`,
    source: ['public.members', 'id'],
    add: 'insert into public.members values (100)',
    remove: 'delete from public.members where id = 9',
    ids: ['9', '10', '100'],
  },
  'a composite key': {
    make: `create table public.members (tenant int, name text, primary key (tenant, name));
      insert into public.members values (1, 'anna'), (2, 'b:n')`,
    source: ['public.members', 'tenant, name'],
    add: `insert into public.members values (2, 'anna')`,
    remove: `delete from public.members where tenant = 1`,
    ids: ['1:anna', '2:b:n', '2:anna'],
  },
  'names that need quotes': {
    make: `create schema "My App"; create table "My App"."User" ("userId" text primary key);
      insert into "My App"."User" values ('anna'), ('ben')`,
    source: ['"My App"."User"', 'userId'],
    add: `insert into "My App"."User" values ('carl')`,
    remove: `delete from "My App"."User" where "userId" = 'anna'`,
    ids: ['anna', 'ben', 'carl'],
  },
} as const;

/** Views, and tables whose key is not unique: only the sync knows who has left. */
const UNTOLD = {
  'a view': {
    make: `create table public.accounts (id int primary key, active boolean not null default true);
      insert into public.accounts values (1), (2); create view public.members as select id from public.accounts where active`,
    source: ['public.members', 'id'],
    add: 'insert into public.accounts values (3)',
    remove: 'update public.accounts set active = false where id = 1',
    ids: ['1', '2', '3'],
  },
  'a table with several rows of a user': {
    make: `create table public.members (team int, person text); insert into public.members values (1, 'anna'), (2, 'anna'), (1, 'ben')`,
    source: ['public.members', 'person'],
    add: `insert into public.members values (3, 'carl'), (4, 'carl')`,
    remove: `delete from public.members where person = 'anna'`,
    ids: ['anna', 'ben', 'carl'],
  },
} as const;

const users = async (db: SqlDatabase) =>
  (
    await db.query<{ id: string }>(
      `select id || case when left_at is null then '' else ' (left)' end as id from runledger.users order by 1`,
    )
  ).map(({ id }) => id);

/** All parts of a sync until it has been through everything. */
async function sync(db: SqlDatabase, limit = 2) {
  const sum = { added: 0, left: 0 };
  for (let part = 0; part < 20; part += 1) {
    const [row] = await db.query<{ s: { added: number; left: number; done: boolean } }>(
      'select runledger.sync_users($1) as s',
      [limit],
    );
    sum.added += row?.s.added ?? 0;
    sum.left += row?.s.left ?? 0;
    if (row?.s.done) return sum;
  }
  throw new Error('The sync never ends.');
}

describe.each(databaseKinds)('on %s', (kind) => {
  test.each(Object.entries(SOURCES))('users follow a table with %s by triggers', async (_, source) => {
    await using db = await createTestDatabase(kind);
    await db.exec(source.make);
    expect(await db.query('select runledger.follow_users($1, $2) as n', [...source.source])).toEqual([{ n: 2 }]);
    await db.exec(source.add);
    expect(await users(db)).toEqual(source.ids.toSorted());
    expect(await sync(db)).toEqual({ added: 0, left: 0 });
    await db.exec(source.remove);
    const left = source.ids.map((id, n) => (n === 0 ? `${id} (left)` : id)).toSorted();
    expect(await users(db)).toEqual(left);
    expect(await sync(db)).toEqual({ added: 0, left: 0 });
    await db.exec('select runledger.unfollow_users()');
    expect(await db.query(`select tgname from pg_trigger where tgname like 'runledger_user%'`)).toEqual([]);
  });

  test.each(Object.entries({ ...SOURCES, ...UNTOLD }))(
    'the sync brings and marks, in parts, whatever no trigger told: %s',
    async (_, source) => {
      await using db = await createTestDatabase(kind);
      await db.exec(source.make);
      await db.query('select runledger.follow_users($1, $2)', [...source.source]);
      await db.exec(
        `set session_replication_role = replica; ${source.add}; ${source.remove}; reset session_replication_role`,
      );
      expect(await sync(db)).toEqual({ added: 1, left: 1 });
      expect(await users(db)).toEqual(source.ids.map((id, n) => (n === 0 ? `${id} (left)` : id)).toSorted());
      expect(await sync(db)).toEqual({ added: 0, left: 0 });
    },
  );

  describe('beside a table of the host', () => {
    let db: SqlDatabase;
    beforeAll(async () => {
      db = await createTestDatabase(kind);
      await db.exec(`create table public.profiles (id text primary key, account uuid, removed_at timestamptz);`);
    });
    afterAll(() => db.close());
    beforeEach(async () => {
      await db.exec(`select runledger.unfollow_users(); delete from public.profiles; delete from runledger.users;
        insert into public.profiles values ('anna', '00000000-0000-4000-8000-00000000000a'), ('ben', null);
        insert into runledger.users (id) values ('by-hand');
        select runledger.follow_users('public.profiles', 'id', 'account', 'removed_at')`);
    });

    test('accounts of Supabase Auth come along, one for one user, and follow their changes', async () => {
      await db.exec(`insert into public.profiles values ('carl', '00000000-0000-4000-8000-00000000000a');
        update public.profiles set account = '00000000-0000-4000-8000-00000000000b' where id = 'ben'`);
      await sync(db);
      expect(await db.query(`select id, auth_user_id from runledger.users where is_followed order by id`)).toEqual([
        { id: 'anna', auth_user_id: '00000000-0000-4000-8000-00000000000a' },
        { id: 'ben', auth_user_id: '00000000-0000-4000-8000-00000000000b' },
        { id: 'carl', auth_user_id: null },
      ]);
    });

    test('who is marked as removed has left, and who is not any more is back', async () => {
      await db.exec(`update public.profiles set removed_at = now() where id = 'ben'`);
      expect(await users(db)).toEqual(['anna', 'ben (left)', 'by-hand']);
      await db.exec(`update public.profiles set removed_at = null where id = 'ben'`);
      expect(await users(db)).toEqual(['anna', 'ben', 'by-hand']);
      await db.exec(`insert into public.profiles values ('dora', null, now())`);
      expect([await sync(db), await users(db)]).toEqual([{ added: 0, left: 0 }, ['anna', 'ben', 'by-hand']]);
    });

    test('who is deleted and inserted again by one transaction has not left', async () => {
      await db.exec(
        `begin; delete from public.profiles where id = 'ben'; insert into public.profiles values ('ben'); commit`,
      );
      expect(await users(db)).toEqual(['anna', 'ben', 'by-hand']);
    });

    test('a source that is empty is being restored: nobody leaves by it, nor does who was added by hand ever', async () => {
      await db.exec('truncate public.profiles');
      expect([await sync(db), await users(db)]).toEqual([{ added: 0, left: 0 }, ['anna', 'ben', 'by-hand']]);
      await db.exec(`insert into public.profiles values ('ben')`);
      expect([await sync(db), await users(db)]).toEqual([{ added: 0, left: 1 }, ['anna (left)', 'ben', 'by-hand']]);
    });

    test('a source that is gone is told', async () => {
      await db.exec('alter table public.profiles rename to people');
      const [row] = await db.query<{ s: object }>('select runledger.sync_users() as s');
      expect(row?.s).toMatchObject({ source: 'public.profiles', isMissing: true, added: 0, left: 0 });
      await db.exec('alter table public.people rename to profiles');
    });

    test.each([
      ['public.nothing', 'id', 'no table or view'],
      ['runledger.users', 'id', 'no table or view'],
      ['public.profiles', 'key', 'has no column key'],
      ['public.profiles', '', 'has no column'],
    ])('%s with key "%s" is refused', async (source, key, message) => {
      await expect(db.query('select runledger.follow_users($1, $2)', [source, key])).rejects.toThrow(message);
      expect(await db.query('select source from runledger.user_source')).toEqual([{ source: 'public.profiles' }]);
    });
  });

  test('a database without Supabase Auth has no source until it names one', async () => {
    await using db = await emptyDatabase(kind);
    await db.exec('drop table auth.users');
    await applyMigrations(db);
    expect(await db.query('select * from runledger.user_source')).toEqual([]);
  });

  test('an account that Supabase Auth deletes, softly or for good, leaves', async () => {
    await using db = await createTestDatabase(kind);
    const ids = ['a', 'b', 'c'].map((end) => `00000000-0000-4000-8000-00000000000${end}`);
    for (const id of ids) await db.query('insert into auth.users (id) values ($1)', [id]);
    await db.query('delete from auth.users where id = $1', [ids[0]]);
    await db.query('update auth.users set deleted_at = now() where id = $1', [ids[1]]);
    await db.query('update auth.users set last_sign_in_at = now() where id = $1', [ids[2]]);
    expect(await users(db)).toEqual([`${ids[0]} (left)`, `${ids[1]} (left)`, ids[2]]);
  });
});
