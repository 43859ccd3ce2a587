import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { splitStatements } from './split-statements.ts';
import type { SqlSession } from './sql-database.ts';

export type Migration = { version: string; name: string; file: string; sql: string };

export type MigrationOptions = {
  /** Default: supabase/migrations of this repository. */
  migrationsDir?: string;
  /** Stops after the migration of this version or name. */
  until?: string;
  /** Only those of these names. */
  only?: readonly string[];
  /** With the names of hand-written ledgers in public: supabase/compatibility, after the others. */
  compatibility?: boolean;
  /** Called before each migration: which one of how many. */
  onMigration?: (number: number, of: number) => void;
};

const repositoryMigrations = fileURLToPath(new URL('../../../supabase/migrations', import.meta.url));
const compatibilityMigrations = fileURLToPath(new URL('../../../supabase/compatibility', import.meta.url));

async function readFolder(dir: string): Promise<Migration[]> {
  const migrations: Migration[] = [];
  for (const file of (await readdir(dir)).sort()) {
    const [, version, name] = /^(\d+)_(.+)\.sql$/.exec(file) ?? [];
    if (!version || !name) continue;
    migrations.push({ version, name, file, sql: await readFile(join(dir, file), 'utf8') });
  }
  return migrations;
}

/** The migrations of a folder in the order in which they are applied. Files not named `<version>_<name>.sql` are none. */
export async function readMigrations(options: MigrationOptions = {}): Promise<Migration[]> {
  const dir = options.migrationsDir ?? repositoryMigrations;
  const migrations = (await readFolder(dir)).filter(({ name }) => options.only?.includes(name) ?? true);
  if (options.compatibility) migrations.push(...(await readFolder(compatibilityMigrations)));
  if (options.until === undefined) return migrations;
  const last = migrations.findIndex(({ version, name }) => version === options.until || name === options.until);
  if (last === -1) throw new Error(`No migration in ${dir} has the version or the name "${options.until}".`);
  return migrations.slice(0, last + 1);
}

// The table of the Supabase CLI, so that `supabase db push` and the local stack agree on what is applied.
// Where nobody had it, the uninstall takes it out again.
const historySql = `
do $$ begin
  if to_regnamespace('supabase_migrations') is null then
    create schema supabase_migrations;
    comment on schema supabase_migrations is 'Runledger: came with it';
  end if;
end $$;
create table if not exists supabase_migrations.schema_migrations (version text not null primary key);
alter table supabase_migrations.schema_migrations add column if not exists statements text[];
alter table supabase_migrations.schema_migrations add column if not exists name text;
`;

const literal = (text: string): string =>
  text.includes('\\')
    ? ` E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
    : `'${text.replaceAll("'", "''")}'`;

function recordSql({ version, name, sql }: Migration): string {
  const statements = splitStatements(sql).map(literal).join(', ');
  return `insert into supabase_migrations.schema_migrations (version, statements, name)
values (${literal(version)}, array[${statements}]::text[], ${literal(name)});\n`;
}

const sqlState = (error: unknown): string | undefined => (error as { code?: string }).code;

/** Creating the same thing twice at once fails with a unique violation in the catalogue, "if not exists" or not. */
async function createHistory(db: Pick<SqlSession, 'exec'>): Promise<void> {
  await db.exec(historySql).catch((error: unknown) => {
    if (sqlState(error) !== '23505' && sqlState(error) !== '42P07' && sqlState(error) !== '42P06') throw error;
    return db.exec(historySql);
  });
}

/** What `applyMigrations` would apply. Changes nothing. */
export async function pendingMigrations(
  db: Pick<SqlSession, 'query'>,
  options: MigrationOptions = {},
): Promise<Migration[]> {
  const [history] = await db.query<{ there: boolean }>(
    "select to_regclass('supabase_migrations.schema_migrations') is not null as there",
  );
  const applied = history?.there
    ? await db.query<{ version: string }>('select version from supabase_migrations.schema_migrations')
    : [];
  const versions = new Set(applied.map(({ version }) => version));
  return (await readMigrations(options)).filter(({ version }) => !versions.has(version));
}

/**
 * Applies what is not applied yet, each file in a transaction of its own, and returns the names of what it applied.
 * Two callers at once are fine: the row in the history is written first, so the second waits for the first and then
 * skips.
 */
export async function applyMigrations(db: Pick<SqlSession, 'exec'>, options: MigrationOptions = {}): Promise<string[]> {
  const migrations = await readMigrations(options);
  await createHistory(db);
  const applied: string[] = [];
  for (const [index, migration] of migrations.entries()) {
    options.onMigration?.(index + 1, migrations.length);
    try {
      await db.exec(recordSql(migration) + migration.sql);
      applied.push(migration.name);
    } catch (error) {
      if (sqlState(error) === '23505' && (error as { table?: string }).table === 'schema_migrations') continue;
      throw new Error(`Migration ${migration.file} failed: ${(error as Error).message}${place(error, migration)}`, {
        cause: error,
      });
    }
  }
  return applied;
}

/** Where in the file the server stopped reading, when it says so. */
function place(error: unknown, migration: Migration): string {
  const position = Number((error as { position?: string }).position) - recordSql(migration).length;
  if (!(position > 0)) return '';
  return ` (line ${migration.sql.slice(0, position - 1).split('\n').length})`;
}
