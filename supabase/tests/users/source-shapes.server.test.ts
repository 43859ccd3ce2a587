import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { SqlDatabase } from '@runledger/local-stack';
import { applyMigrations, createTestDatabase, databaseKinds, openPostgres } from '@runledger/local-stack';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { emptyDatabase } from '../migrations/empty-database.ts';

/** Types that a key may have, each with ids in an order that is not that of their texts. */
const KEYS = {
  'varchar(40)': ['zoe', 'Anna', 'ben', 'B', 'émile'],
  'char(6)': ['ab', 'abc', 'b', 'ABC', 'zz'],
  bigint: ['9', '10', '100', '-1', '7'],
  'numeric(8, 2)': ['1.00', '10.50', '9.00', '-3.25', '2.00'],
  uuid: ['f', 'a', '0', '7', 'c'].map((end) => `00000000-0000-4000-8000-00000000000${end}`),
  timestamptz: ['1', '2', '3', '4', '5'].map((day) => `2026-01-0${day} 00:00:00+00`),
  'public.rank': ['low', 'high', 'above', 'below', 'none'],
  'public.handle': ['zoe', 'Anna', 'ben', 'B', 'x'],
  json: ['"zoe"', '"Anna"', '1', '"b"', '{"a": 1}'],
  citext: ['B2', 'b1', 'a', 'C', 'b3'],
} as const;

describe.each(databaseKinds)('on %s', (kind) => {
  let db: SqlDatabase;
  beforeAll(async () => {
    db = await createTestDatabase(kind);
    await db.exec(`create type public.rank as enum ('none', 'low', 'high', 'below', 'above');
      create domain public.handle as varchar(20) check (value <> ''); set timezone = 'UTC'`);
    if (kind !== 'pglite') await db.exec('create extension citext schema extensions');
  });
  afterAll(() => db?.close());
  beforeEach(() =>
    db.exec(`select runledger.unfollow_users(); select runledger.unfollow_workflows();
      delete from runledger.users; insert into runledger.users (id) values ('owner')`),
  );

  /** The table of the host's, anew. */
  async function fill(type: string, ids: readonly string[]) {
    const values = ids.map((id) => `('${id}')`).join(', ');
    await db.exec(`drop table if exists public.members; create table public.members (id ${type}, name text, owner text);
      insert into public.members select i.id::${type}, 'n', 'owner' from (values ${values}) i (id)`);
  }
  const column = async (sql: string) => (await db.query<{ id: string }>(sql)).map(({ id }) => id.trim());
  async function calls(name: 'sync_users' | 'sync_workflows', limit: number, times: number) {
    for (let call = 0; call < times; call += 1) {
      const [row] = await db.query<{ s: { problem: string | null } }>(`select runledger.${name}($1) as s`, [limit]);
      expect(row?.s.problem).toBeNull();
    }
  }
  const types = Object.entries(KEYS).filter(([type]) => type !== 'citext' || kind !== 'pglite');
  const sqlType = (type: string) => (type === 'citext' ? 'extensions.citext' : type);

  test.each(types)('parts of a sync meet everybody whose key is %s, and miss nobody who is gone', async (type, ids) => {
    await fill(sqlType(type), ids);
    await db.exec(
      `select runledger.follow_users('public.members', 'id'); delete from runledger.users where id <> 'owner'`,
    );
    await calls('sync_users', 2, 4);
    expect(await column(`select id from runledger.users where is_followed`)).toHaveLength(ids.length);
    expect((await column(`select id from runledger.users where is_followed`)).toSorted()).toEqual(
      (await column('select id::text as id from public.members')).toSorted(),
    );
    await db.exec(`set session_replication_role = replica; delete from public.members where id::text = '${ids[1]}';
      reset session_replication_role`);
    await calls('sync_users', 2, 5);
    expect(await column('select id from runledger.users where left_at is not null')).toEqual([ids[1]]);
  });

  test.each(types)(
    'parts of a sync meet every definition whose id is %s, and archive only what is gone',
    async (type, ids) => {
      await fill(sqlType(type), ids);
      await db.exec(`select runledger.follow_workflows('public.members',
        '{"owner": "owner", "type": {"constant": "t"}, "queue": {"constant": "q"}}');
      delete from runledger.workflows where host_id is not null`);
      const host = async () => (await column('select id::text as id from public.members')).toSorted();
      const ours = async () =>
        (await column('select host_id as id from runledger.workflows where archived_at is null')).toSorted();
      await calls('sync_workflows', 2, 8);
      expect(await ours()).toEqual(await host());
      await db.exec(`delete from runledger.workflows where host_id = '${ids[2]}'`);
      expect(await db.query('select runledger_private.workflow_id_of($1) is not null as found', [ids[2]])).toEqual([
        { found: true },
      ]);
      await db.exec(`set session_replication_role = replica; delete from public.members where id::text = '${ids[1]}';
      reset session_replication_role`);
      await calls('sync_workflows', 2, 8);
      expect(await ours()).toEqual(await host());
    },
  );

  test('one bad row keeps no other from being followed: an account that is none, an id too long for a key', async () => {
    await db.exec(`drop table if exists public.accounts;
      create table public.accounts (id text, account text); insert into public.accounts values ('anna', 'auth0|1');
      select runledger.follow_users('public.accounts', 'id', 'account');
      insert into public.accounts values ('ben', 'nonsense'), ('cy', '00000000-0000-4000-8000-0000000000CC'),
        ((select string_agg(md5(n::text), '') from generate_series(1, 300) n), null)`);
    await calls('sync_users', 2, 3);
    expect(
      await db.query('select id, auth_user_id as account from runledger.users where is_followed order by id'),
    ).toEqual([
      { id: 'anna', account: null },
      { id: 'ben', account: null },
      { id: 'cy', account: '00000000-0000-4000-8000-0000000000cc' },
    ]);
  });

  test('a column of booleans says who has left: true, not false', async () => {
    await db.exec(`drop table if exists public.people;
      create table public.people (id int primary key, gone boolean not null default false);
      insert into public.people values (1), (2); insert into public.people values (3, true);
      select runledger.follow_users('public.people', 'id', null, 'gone');
      insert into public.people values (4, false), (5, true); update public.people set gone = true where id = 1`);
    const there = () => column('select id from runledger.users where is_followed and left_at is null order by id');
    expect(await there()).toEqual(['2', '4']);
    await calls('sync_users', 2, 5);
    expect(await there()).toEqual(['2', '4']);
    await db.exec('update public.people set gone = false');
    expect(await there()).toEqual(['1', '2', '3', '4', '5']);
  });

  test('a statement that gives many users other ids moves each to its own', async () => {
    await db.exec(`drop table if exists public.people; create table public.people (id int primary key, name text);
      insert into public.people select n, 'n' from generate_series(1, 40) n;
      select runledger.follow_users('public.people', 'id'); update public.people set name = 'm';
      update public.people set id = id + 1000 where id % 2 = 0`);
    expect(
      await db.query(
        `select count(*)::int as n from runledger.users where is_followed and moved_to = (id::int + 1000)::text`,
      ),
    ).toEqual([{ n: 20 }]);
    expect(
      await column('select id from runledger.users where is_followed and moved_to is not null and id::int % 2 = 1'),
    ).toEqual([]);
  });

  /** What an application's next migration may do to a table that is followed. */
  const LATER = [
    'alter table public.people alter column id type bigint',
    'alter table public.people alter column id type text',
    'alter table public.people rename column account to account_id',
    'alter table public.people rename column account_id to account',
    'alter table public.people alter column account type text',
    'alter table public.people drop column gone_at',
    'alter table public.people drop column account',
    `insert into public.people (id) values ('9')`,
    `update public.people set name = 'x'; update public.people set id = '10' where id = '9'`,
    `delete from public.people where id = '10'`,
    'alter table public.people drop column id',
    'drop table public.people',
  ];
  test('whatever the host does to a table that is followed afterwards, it can', async () => {
    await db.exec(`drop table if exists public.people;
      create table public.people (id int primary key, account uuid, gone_at timestamptz, name text, owner text);
      insert into public.people values (1), (2);
      select runledger.follow_users('public.people', 'id', 'account', 'gone_at');
      select runledger.follow_workflows('public.people',
        '{"owner": "owner", "type": {"constant": "t"}, "queue": {"constant": "q"}}')`);
    for (const statement of LATER) await db.exec(statement);
    const [row] = await db.query<{ u: object; w: object }>(
      'select runledger.sync_users() as u, runledger.sync_workflows() as w',
    );
    expect([row?.u, row?.w]).toMatchObject([
      { isMissing: true, problem: expect.stringContaining('follow_users') },
      { isMissing: true, problem: expect.stringContaining('follow_workflows') },
    ]);
  });

  test('a column that is dropped is named, and follow_users goes on with those that are left', async () => {
    await db.exec(`drop table if exists public.people;
      create table public.people (id int primary key, gone_at timestamptz); insert into public.people values (1), (2);
      select runledger.follow_users('public.people', 'id', null, 'gone_at');
      alter table public.people drop column gone_at; insert into public.people values (3); delete from public.people where id = 1`);
    const [row] = await db.query<{ s: object }>('select runledger.sync_users() as s');
    expect(row?.s).toMatchObject({
      isMissing: false,
      problem: expect.stringMatching(/public\.people.*gone_at does not exist/),
    });
    await db.exec(`select runledger.follow_users('public.people', 'id')`);
    await calls('sync_users', 2, 3);
    expect(await column('select id from runledger.users where is_followed and left_at is null order by id')).toEqual([
      '2',
      '3',
    ]);
  });
});

test('a trigger that could not be taken off another owner’s table does nothing any more', async () => {
  await using database = await emptyDatabase('postgres-17');
  await using db = await openPostgres(database.url as string, { max: 1 });
  const role = `host_${randomUUID().slice(0, 8)}`;
  // As in a hosted project: Auth owns its table, and the application's role may put triggers on it.
  await db.exec(`create role ${role} nologin bypassrls;
    do $$ begin execute format('grant create on database %I to ${role}', current_database()); end $$;
    alter table auth.users owner to supabase_auth_admin; grant all on auth.users to ${role};
    grant usage on schema auth to ${role}; grant usage, create on schema public, extensions to ${role};
    set role ${role}`);
  await applyMigrations(db);
  await db.exec(`create table public.members (id text primary key); select runledger.follow_users('public.members', 'id');
    reset role; insert into auth.users (id) values ('00000000-0000-4000-8000-0000000000aa');
    insert into public.members values ('anna'); set role ${role}`);
  expect(await db.query('select id from runledger.users')).toEqual([{ id: 'anna' }]);
  await db.exec(await readFile(new URL('../../uninstall.sql', import.meta.url), 'utf8'));
  expect(await db.query(`select tgname from pg_trigger where tgname like 'runledger%'`)).toEqual([]);
  await db.exec(`reset role; drop owned by ${role} cascade; drop role ${role}`);
});
