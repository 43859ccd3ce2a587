import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SupabaseClient } from '@supabase/supabase-js';
import { createClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { temporaryFolder } from './fixtures/temporary-folder.ts';
import type { LocalSupabase } from './supabase.ts';
import { startSupabase } from './supabase.ts';
import { createSupabaseKeys } from './supabase-keys.ts';
import type { TestDatabase } from './test-database.ts';
import { createTestDatabase } from './test-database.ts';

const migrationsDir = fileURLToPath(new URL('./fixtures/api-migrations', import.meta.url));
const ada = { email: 'ada@example.com', password: 'correct horse' };
const eve = { email: 'eve@example.com', password: 'battery staple' };

const connect = (url: string, key: string) =>
  createClient(url, key, { auth: { persistSession: false, autoRefreshToken: false } });

for (const kind of ['pglite', 'postgres'] as const) {
  describe(`on ${kind}`, () => {
    let postgres: TestDatabase | undefined;
    let supabase: LocalSupabase;
    let service: SupabaseClient;
    let asAda: SupabaseClient;
    let anon: SupabaseClient;
    let adaId: string;

    beforeAll(async () => {
      vi.spyOn(console, 'error').mockImplementation(() => {});
      if (kind === 'postgres') postgres = await createTestDatabase('postgres-17', { migrationsDir });
      supabase = await startSupabase({
        database: postgres?.url ? { kind: 'postgres', url: postgres.url } : { kind: 'pglite' },
        migrationsDir,
      });
      service = connect(supabase.url, supabase.serviceRoleKey);
      anon = connect(supabase.url, supabase.anonKey);
      asAda = connect(supabase.url, supabase.anonKey);
      adaId = (await supabase.createUser(ada)).id;
      const eveId = (await supabase.createUser(eve)).id;
      await asAda.auth.signInWithPassword(ada);
      await service.from('owners').insert([
        { id: adaId, label: 'Ada' },
        { id: eveId, label: 'Eve' },
      ]);
      const { error } = await service.from('notes').insert([
        { id: 1, owner: adaId, body: 'first', at: '2026-01-02T03:04:05.123456Z', data: { a: [1, 'x'] } },
        { id: 2, owner: adaId, body: 'second', at: '2026-01-02T03:04:05.123457+00:00', data: [1, 2] },
        { id: 3, owner: eveId, body: 'third', at: '2026-01-02T05:04:05.123458+02:00', data: 'text' },
      ]);
      expect(error).toBeNull();
    });
    afterAll(async () => {
      await supabase?.stop();
      await postgres?.close();
    });

    test('createUser gives the same user again, and refuses another password', async () => {
      expect(await supabase.createUser(ada)).toEqual({ id: adaId });
      await expect(supabase.createUser({ ...ada, password: 'wrong horse' })).rejects.toThrow('neither');
    });

    test('a user sees their own rows, the service all of them, anonymous none', async () => {
      expect((await asAda.from('notes').select('id').order('id')).data).toEqual([{ id: 1 }, { id: 2 }]);
      expect((await service.from('notes').select('id')).data).toHaveLength(3);
      expect(await anon.from('notes').select('id')).toMatchObject({ status: 401, error: { code: '42501' } });
      expect((await asAda.rpc('who')).data).toBe(`authenticated:${adaId}`);
      expect((await anon.rpc('who')).data).toBe('anon:nobody');
      expect((await service.rpc('who')).data).toBe('service_role:nobody');
    });

    test('rights that a migration revoked stay revoked', async () => {
      const write = await asAda.from('notes').update({ body: 'changed' }).eq('id', 1);
      expect(write).toMatchObject({ status: 403, error: { code: '42501' } });
      expect(await asAda.rpc('for_service')).toMatchObject({ status: 403, error: { code: '42501' } });
      const granted = await supabase.database.query(
        `select has_table_privilege('anon', 'public.notes', 'select') as anon,
                has_table_privilege('authenticated', 'public.notes', 'insert') as authenticated,
                has_schema_privilege('anon', 'private', 'usage') as private,
                has_table_privilege('anon', 'private.secrets', 'select') as secrets`,
      );
      expect(granted).toEqual([{ anon: false, authenticated: false, private: false, secrets: false }]);
    });

    test('a request without a key, with a wrong key or with a forged token is refused', async () => {
      const rest = `${supabase.url}/rest/v1/notes`;
      expect((await fetch(rest)).status).toBe(401);
      expect((await fetch(rest, { headers: { apikey: 'sb_secret_guess' } })).status).toBe(401);
      const forged = 'eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoic2VydmljZV9yb2xlIn0.AAAA';
      const headers = { apikey: supabase.anonKey, authorization: `Bearer ${forged}` };
      expect((await fetch(rest, { headers })).status).toBe(401);
    });

    test('a page of another origin may sign in and read, with the headers that the libraries send', async () => {
      const asked = 'apikey,authorization,content-type,x-supabase-api-version';
      const headers = {
        origin: 'http://127.0.0.1:1',
        'access-control-request-method': 'POST',
        'access-control-request-headers': asked,
      };
      for (const path of ['/auth/v1/token?grant_type=password', '/rest/v1/notes']) {
        const answer = await fetch(supabase.url + path, { method: 'OPTIONS', headers });
        expect(answer.status).toBe(204);
        expect(answer.headers.get('access-control-allow-headers')).toBe(asked);
        expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      }
      for (const path of ['/rest/v1/notes', '/auth/v1/settings', '/auth/v1/user']) {
        const answer = await fetch(supabase.url + path, {
          headers: { apikey: supabase.anonKey, origin: 'http://127.0.0.1:1' },
        });
        expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      }
    });

    test('nothing but the API is served', async () => {
      for (const path of [
        '/',
        '/_system/info',
        '/_system/introspect',
        '/storage/v1/bucket',
        '/rest/v1/../../_system/info',
      ]) {
        expect((await fetch(supabase.url + path, { headers: { apikey: supabase.serviceRoleKey } })).status).toBe(404);
      }
    });

    test('times keep their microseconds and look as PostgREST prints them', async () => {
      const { data } = await service.from('notes').select('at').order('at', { ascending: false });
      expect(data?.map(({ at }) => at)).toEqual([
        '2026-01-02T03:04:05.123458+00:00',
        '2026-01-02T03:04:05.123457+00:00',
        '2026-01-02T03:04:05.123456+00:00',
      ]);
    });

    test('keyset pages, ranges, limits and counts', async () => {
      const at = '2026-01-02T03:04:05.123457+00:00';
      const after = await service.from('notes').select('id').or(`at.lt.${at},and(at.eq.${at},id.lt.3)`).order('id');
      expect(after.data).toEqual([{ id: 1 }, { id: 2 }]);
      const page = await service.from('notes').select('id', { count: 'exact' }).order('id').range(1, 1);
      expect(page).toMatchObject({ status: 206, data: [{ id: 2 }], count: 3 });
      expect((await service.from('notes').select('id').order('id').limit(2)).data).toHaveLength(2);
      expect((await service.from('notes').select('*', { count: 'exact', head: true })).count).toBe(3);
      expect((await service.from('notes').select('id').eq('id', 9).maybeSingle()).data).toBeNull();
      expect((await service.from('notes').select('id').eq('id', 9).single()).error?.code).toBe('PGRST116');
    });

    test('json goes in and comes out as it was, as a column and as an argument', async () => {
      const { data } = await service.from('notes').select('data').order('id');
      expect(data?.map((row) => row.data)).toEqual([{ a: [1, 'x'] }, [1, 2], 'text']);
      for (const value of [{ a: 1 }, [1, 'x'], 'text', 5, true]) {
        expect((await service.rpc('kind_of', { p: value })).data).toMatchObject({ value });
      }
    });

    test('functions: sets, defaults, filters on the result, GET', async () => {
      expect((await service.rpc('newest').select('id')).data).toEqual([{ id: 3 }]);
      expect((await service.rpc('newest', { most: 3 }).select('id').lt('id', 3).order('id')).data).toEqual([
        { id: 1 },
        { id: 2 },
      ]);
      expect((await service.rpc('newest', { most: 2 }, { get: true })).data).toHaveLength(2);
      const written = await service.rpc('write_note', { id: 9 }, { get: true });
      expect(written).toMatchObject({ status: 405, error: { code: '25006' } });
    });

    test.for([
      ['RL001', 400],
      ['P0001', 400],
      ['P0002', 500],
      ['23505', 409],
      ['23514', 400],
      ['40001', 500],
      ['42501', 403],
      ['22023', 400],
      ['PT409', 409],
      ['28000', 403],
    ] as const)('an exception with errcode %s arrives whole, with status %i', async ([code, status]) => {
      expect(await service.rpc('fail', { code })).toMatchObject({
        status,
        error: { code, message: 'it failed', details: 'because of that', hint: 'do this' },
      });
    });

    test('a violated constraint arrives with its name', async () => {
      const empty = await service.from('notes').insert({ id: 8, owner: adaId, body: '' });
      expect(empty).toMatchObject({ status: 400, error: { code: '23514' } });
      expect(empty.error?.message).toContain('"a note says something"');
      const twice = await service.from('notes').insert({ id: 8, owner: adaId, body: 'first' });
      expect(twice).toMatchObject({ status: 409, error: { code: '23505' } });
    });

    test('what is missing is told apart', async () => {
      expect(await service.rpc('nowhere', { a: 1 })).toMatchObject({ status: 404, error: { code: 'PGRST202' } });
      expect(await service.rpc('newest', { nonsense: 1 })).toMatchObject({ error: { code: 'PGRST202' } });
      expect(await service.from('nowhere').select()).toMatchObject({ status: 404, error: { code: 'PGRST205' } });
      expect(await service.from('notes').select('nowhere')).toMatchObject({ status: 400, error: { code: '42703' } });
      expect(await service.schema('private').from('secrets').select()).toMatchObject({ error: { code: 'PGRST106' } });
    });

    test('a changed schema is served after reloadSchema', async () => {
      await supabase.database.exec(`create table public.later (x int);
                                    create function public.later_too() returns int language sql as 'select 1'`);
      expect((await service.from('later').select()).error?.code).toBe('PGRST205');
      await supabase.reloadSchema();
      expect((await service.from('later').select()).data).toEqual([]);
      expect((await service.rpc('later_too')).data).toBe(1);
    });

    // Not fixed, so not to be used by anything that is tested here: rows embedded in the answer to a write. PostgREST
    // answers both with one object. When one of these fails, Lite has learned it, and this test can go.
    test('known fault: a write does not answer with embedded rows', async () => {
      const insert = await service
        .from('notes')
        .insert({ id: 5, owner: adaId, body: 'fifth' })
        .select('id, owners(label)')
        .single();
      expect(insert.data).toEqual([{ id: 5, owners: { label: 'Ada' } }]);
      const update = service.from('notes').update({ body: 'sixth' }).eq('body', 'fifth');
      expect((await update.select('id, owners(label)').single()).data).toEqual([]);
      expect((await service.from('notes').select('body, owners(label)').eq('id', 5).single()).data).toEqual({
        body: 'sixth',
        owners: { label: 'Ada' },
      });
      await service.from('notes').delete().eq('id', 5);
    });
  });
}

test('data, users and sessions outlive a restart with the same data folder and keys', async () => {
  const database = { kind: 'pglite', dataDir: join(temporaryFolder(), 'pglite') } as const;
  const options = { database, migrationsDir, ...createSupabaseKeys() };
  const first = await startSupabase(options);
  const { id } = await first.createUser(ada);
  await connect(first.url, first.serviceRoleKey).from('owners').insert({ id, label: 'Ada' });
  const { data } = await connect(first.url, first.anonKey).auth.signInWithPassword(ada);
  await first.stop();

  await using second = await startSupabase(options);
  expect(await second.createUser(ada)).toEqual({ id });
  const user = await connect(second.url, second.anonKey).auth.getUser(data.session?.access_token);
  expect(user.data.user?.id).toBe(id);
  const owners = await connect(second.url, second.serviceRoleKey).from('owners').select('label');
  expect(owners.data).toEqual([{ label: 'Ada' }]);
});

test('each new data folder is a whole copy of a kept one: no users of another, and nothing of a start that was killed', async () => {
  const folder = temporaryFolder();
  const at = (name: string) => ({ database: { kind: 'pglite', dataDir: join(folder, name) }, migrationsDir }) as const;
  mkdirSync(join(folder, 'first.copying', 'base'), { recursive: true });
  writeFileSync(join(folder, 'first.copying', 'PG_VERSION'), 'half of a copy');
  await using first = await startSupabase(at('first'));
  await first.createUser(ada);
  expect(existsSync(join(folder, 'first.copying'))).toBe(false);
  await using second = await startSupabase(at('second'));
  await second.createUser(eve);
  const auth = (on: LocalSupabase) => connect(on.url, on.anonKey).auth;
  expect((await auth(second).signInWithPassword(ada)).error?.code).toBe('invalid_credentials');
  expect((await auth(first).signInWithPassword(ada)).data.user?.email).toBe(ada.email);
});

test('a failing start leaves nothing open', async () => {
  await using database = await createTestDatabase('postgres-17', { migrationsDir });
  const url = database.url ?? '';
  await expect(startSupabase({ database: { kind: 'postgres', url }, migrationsDir: '/nowhere' })).rejects.toThrow(
    'ENOENT',
  );
  await expect
    .poll(() =>
      database.query(`select count(*) as others from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`),
    )
    .toEqual([{ others: 0 }]);
});
