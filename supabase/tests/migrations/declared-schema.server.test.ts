import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { SqlDatabase } from '@runledger/local-stack';
import {
  applyMigrations,
  applySchemas,
  databaseKinds,
  readProjectConfig,
  readSchemas,
  schemaParts,
} from '@runledger/local-stack';
import { describe, expect, test } from 'vitest';
import { functionGrants, grantsSql } from '../function-grants.ts';
import { emptyDatabase } from './empty-database.ts';

const folder = fileURLToPath(new URL('../../schemas', import.meta.url));

describe.each(databaseKinds)('on %s', (kind) => {
  test('the migrations make what supabase/schemas says', async () => {
    await using migrated = await emptyDatabase(kind);
    await using declared = await emptyDatabase(kind);
    await applyMigrations(migrated);
    await applySchemas(declared);
    const parts = await schemaParts(migrated);
    expect(Object.fromEntries(parts)).toEqual(Object.fromEntries(await schemaParts(declared)));
    expect(parts.size).toBeGreaterThan(500);
  });

  test('each function may be called by whom its file names, and by nobody else', async () => {
    await using db = await emptyDatabase(kind);
    await applyMigrations(db);
    const rows = await grantsOf(db);
    const declared = functionGrants(await readSchemas()).map(({ name, roles }) => [name, roles.toSorted()]);
    expect(rows.map(({ name, roles }) => [name, roles])).toEqual(declared.toSorted());
  });
});

const grantsOf = (db: SqlDatabase) =>
  db.query<{ name: string; roles: string[] }>(
    `select n.nspname || '.' || p.proname as name,
            array(select coalesce(r.rolname, 'public')::text
                    from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                    left join pg_roles r on r.oid = a.grantee
                   where a.grantee <> p.proowner order by 1) as roles
       from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname in ('runledger', 'runledger_private') order by (n.nspname || '.' || p.proname) collate "C"`,
  );

test('every file of supabase/schemas is in the order of config.toml, once', async () => {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.sql'));
  const { schemaPaths } = await readProjectConfig();
  expect(schemaPaths.toSorted()).toEqual(files.map((file) => `./schemas/${file}`).toSorted());
});

test('a function without the line that says whom it is for is refused, as is a role that is none', () => {
  const file = (sql: string) => [{ path: 'schemas/a/f.sql', sql }];
  expect(() => functionGrants(file('/* Does. */\ncreate function runledger.f() returns int'))).toThrow(
    'schemas/a/f.sql: runledger.f lacks the line "-- for: <roles>"',
  );
  expect(() => functionGrants(file('-- for: anon\ncreate function runledger.f() returns int'))).toThrow('"anon"');
  const grants = functionGrants(file('-- for: service_role\ncreate function runledger.f() returns int'));
  expect(grants).toEqual([{ name: 'runledger.f', roles: ['service_role'] }]);
  expect(grantsSql(grants)).toContain('grant execute on function\n  runledger.f\n  to service_role;');
});
