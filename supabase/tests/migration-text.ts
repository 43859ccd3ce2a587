import type { SchemaFile } from '@runledger/local-stack';
import {
  applyMigrations,
  applySchemas,
  openPostgres,
  schemaParts,
  startPostgres,
  supabasePlatformSql,
} from '@runledger/local-stack';

/** The first migration: the files one after the other, each under its name. */
export function firstMigration(files: SchemaFile[]): string {
  const header = '-- Runledger. Made by `npm run gen:migration` from supabase/schemas: edit those files.\n';
  return [header, ...files.map(({ path, sql }) => `-- ${path}\n\n${sql}`)].join('\n');
}

/** What differs between the migrations and the declarative schema, as `<kind> <name>` of schemaParts. */
export async function compareSchemas(): Promise<string[]> {
  await using postgres = await startPostgres({ version: 17 });
  const partsOf = async (database: string, make: typeof applySchemas) => {
    await postgres.createDatabase(database);
    await using db = await openPostgres(postgres.url(database));
    await db.exec(supabasePlatformSql);
    await make(db);
    return await schemaParts(db);
  };
  const declared = await partsOf('declared', applySchemas);
  const migrated = await partsOf('migrated', async (db) => void (await applyMigrations(db)));
  return [...new Set([...declared.keys(), ...migrated.keys()])].filter(
    (key) => declared.get(key) !== migrated.get(key),
  );
}

/** What a new migration begins as: functions that differ, whole, and the rest as a list of what is left to write. */
export function addedMigration(files: SchemaFile[], difference: string[]): string {
  const functions = difference.flatMap((key) => /^function ([\w.]+)/.exec(key)?.[1] ?? []);
  const replaced = functions.flatMap((name) => {
    const file = files.find(({ sql }) => sql.includes(`create function ${name}(`));
    return file ? [file.sql.replace(/^create function /m, 'create or replace function ')] : [];
  });
  const left = difference.filter((key) => !functions.some((name) => key.startsWith(`function ${name}`)));
  const list = left.map((key) => `-- TODO ${key}\n`).join('');
  return ["set local lock_timeout = '3s';\n", list, ...replaced].filter(Boolean).join('\n');
}
