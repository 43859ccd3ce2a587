import { expect, test } from 'vitest';
import type { SqlDatabase } from './sql-database.ts';
import { createTestDatabase, everyDatabaseKind } from './test-database.ts';

const user = '018f0000-0000-7000-8000-00000000000a';

test('PGlite has readers of arrays of every type but of rows', async () => {
  await using db = await createTestDatabase('pglite');
  const [row] =
    await db.query(`select '{a,b}'::text[] as texts, '{t}'::bool[] as flags, '{{1,2},{3,4}}'::int[] as numbers,
    array[gen_random_uuid()] as ids, array(select '2026-01-01'::date) as days, array(select d from pg_database d limit 1) as rows`);
  expect(row).toEqual({
    texts: ['a', 'b'],
    flags: [true],
    numbers: [
      [1, 2],
      [3, 4],
    ],
    ids: [expect.stringMatching(/^[0-9a-f-]{36}$/)],
    days: ['2026-01-01'],
    rows: expect.stringMatching(/^\{"\(/),
  });
});

for (const kind of everyDatabaseKind) {
  test(`${kind}: values read the same on every database`, async () => {
    await using db = await createTestDatabase(kind);
    expect(db.kind).toBe(kind);
    const sql = `select '2026-01-02 03:04:05.123456+02'::timestamptz as tstz, '2026-01-02'::date as date,
      7::bigint as small, 9007199254740993 as large, 1.5 as exact, 1.50::numeric as scaled, '{"a": [1]}'::jsonb as json,
      '1 day'::interval as span, array['2026-01-02 03:04:05.123456Z'::timestamptz, null] as times, '{1,2}'::int8[] as ints,
      null::timestamptz as nothing, $1::jsonb ->> 'b' as parameter`;
    expect(await db.query(sql, [JSON.stringify({ b: 'x' })])).toEqual([
      {
        tstz: '2026-01-02 01:04:05.123456+00',
        date: '2026-01-02',
        small: 7,
        large: 9007199254740993n,
        exact: 1.5,
        scaled: '1.50',
        json: { a: [1] },
        span: '1 day',
        times: ['2026-01-02 03:04:05.123456+00', null],
        ints: [1, 2],
        nothing: null,
        parameter: 'x',
      },
    ]);
  });

  test(`${kind}: as() is a request of that role and user, and ends with its transaction`, async () => {
    await using db = await createTestDatabase(kind);
    const whoSql = `select current_user::text as role, auth.uid()::text as uid, auth.role() as claimed,
                           auth.jwt() ->> 'sub' as sub`;
    const asUser = await db.as('authenticated', user, (session) => session.query(whoSql));
    expect(asUser).toEqual([{ role: 'authenticated', uid: user, claimed: 'authenticated', sub: user }]);
    expect(await db.as('anon', null, (session) => session.query(whoSql))).toEqual([
      { role: 'anon', uid: null, claimed: 'anon', sub: null },
    ]);
    expect(await db.query(whoSql)).toEqual([{ role: 'postgres', uid: null, claimed: null, sub: null }]);
  });

  test(`${kind}: as() commits, and rolls back when its function throws`, async () => {
    await using db = await createTestDatabase(kind);
    await db.exec('create table public.notes (x int)');
    await db.as('service_role', null, (session) => session.query('insert into public.notes values (1)'));
    const failing = db.as('service_role', null, async (session) => {
      await session.query('insert into public.notes values (2)');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await db.query('select x from public.notes')).toEqual([{ x: 1 }]);
  });

  test(`${kind}: exec is all or nothing`, async () => {
    await using db = await createTestDatabase(kind);
    await expect(db.exec('create table public.half (x int); select 1 / 0')).rejects.toMatchObject({ code: '22012' });
    expect(await db.query(`select to_regclass('public.half')::text as found`)).toEqual([{ found: null }]);
  });

  test(`${kind}: every test database is a migrated database of its own`, async () => {
    const databases: SqlDatabase[] = [await createTestDatabase(kind), await createTestDatabase(kind)];
    const [first, second] = databases as [SqlDatabase, SqlDatabase];
    await first.exec('create table public.mine (x int)');
    expect(await second.query(`select to_regclass('public.mine')::text as found`)).toEqual([{ found: null }]);
    const [history] = await second.query<{ applied: number }>(
      'select count(*) as applied from supabase_migrations.schema_migrations',
    );
    expect(history?.applied).toBeGreaterThan(0);
    for (const database of databases) await database.close();
  });
}
