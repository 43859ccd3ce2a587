import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from './fixtures/temporary-folder.ts';
import { applyMigrations } from './migrations.ts';
import { createTestDatabase } from './test-database.ts';

async function folderOf(files: Record<string, string>): Promise<string> {
  const folder = temporaryFolder();
  for (const [name, sql] of Object.entries(files)) await writeFile(join(folder, name), sql);
  return folder;
}

const twoTables = {
  '20260101000000_first.sql': `create table public.a (x text default 'it''s; \\ fine');\ncreate table public.b (x int);`,
  '20260102000000_second_step.sql': 'alter table public.a add y int;',
  'notes.md': 'not a migration',
};

for (const kind of ['pglite', 'postgres-17'] as const) {
  // Without migrations, so that these tests do not depend on the ledger's own.
  const database = async () => createTestDatabase(kind, { migrationsDir: await folderOf({}) });

  test(`${kind}: migrations are applied in order, once, and recorded as the Supabase CLI records them`, async () => {
    await using db = await database();
    const migrationsDir = await folderOf(twoTables);
    expect(await applyMigrations(db, { migrationsDir })).toEqual(['first', 'second_step']);
    expect(await applyMigrations(db, { migrationsDir })).toEqual([]);
    const history = await db.query(
      'select version, name, statements from supabase_migrations.schema_migrations order by version',
    );
    expect(history).toEqual([
      {
        version: '20260101000000',
        name: 'first',
        statements: [`create table public.a (x text default 'it''s; \\ fine')`, 'create table public.b (x int)'],
      },
      { version: '20260102000000', name: 'second_step', statements: ['alter table public.a add y int'] },
    ]);
  });

  test(`${kind}: a migration that fails leaves nothing of itself, and keeps what came before it`, async () => {
    await using db = await database();
    const migrationsDir = await folderOf({
      ...twoTables,
      '20260103000000_broken.sql': 'create table public.c (x int);\n\nselect nonsense;\n',
    });
    const applying = applyMigrations(db, { migrationsDir });
    await expect(applying).rejects.toThrow(/20260103000000_broken\.sql failed: .*nonsense.*\(line 3\)/);
    expect(await db.query(`select to_regclass('public.c')::text as c, to_regclass('public.b')::text as b`)).toEqual([
      { c: null, b: 'b' },
    ]);
    const [{ count }] = (await db.query('select count(*) from supabase_migrations.schema_migrations')) as [
      { count: number },
    ];
    expect(count).toBe(2);
  });

  test(`${kind}: until stops after the named migration`, async () => {
    await using db = await database();
    const migrationsDir = await folderOf(twoTables);
    await expect(applyMigrations(db, { migrationsDir, until: 'nowhere' })).rejects.toThrow('nowhere');
    expect(await applyMigrations(db, { migrationsDir, until: 'first' })).toEqual(['first']);
    expect(await applyMigrations(db, { migrationsDir, until: '20260102000000' })).toEqual(['second_step']);
  });

  test(`${kind}: of several at once, each migration is applied by exactly one`, async () => {
    await using db = await database();
    const migrationsDir = await folderOf(twoTables);
    const applied = await Promise.all(Array.from({ length: 5 }, () => applyMigrations(db, { migrationsDir })));
    expect(applied.flat().sort()).toEqual(['first', 'second_step']);
  });
}
