import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { ExitCode, LocalContext, Registry } from '@runledger/cli';
import { EXIT } from '@runledger/cli';
import { ExecutionError } from '@runledger/contracts';
import { applyMigrations, pendingMigrations, readMigrations } from '@runledger/local-stack/migrations';
import { MIGRATIONS } from '../assets.ts';
import { migrationsFolder, missingMigrations, projectMigrations } from '../project/migration-files.ts';
import type { Database } from './open-database.ts';
import { openDatabase } from './open-database.ts';

interface MigrateOptions {
  databaseUrl?: string;
  dryRun?: boolean;
}

const WHERE =
  'Give --database-url (or DATABASE_URL), the connection string of the project as its owner, or install the Supabase CLI and link the project: npx supabase link.';

export function addMigrate({ localCommand, runLocal }: Registry): void {
  localCommand('migrate', {
    description: 'Brings the schema into a database, by its connection string or by the Supabase CLI.',
    examples: [
      'runledger migrate --database-url "postgresql://postgres:…@db.example.supabase.co:5432/postgres"',
      'runledger migrate --dry-run',
    ],
  })
    .option('--database-url <url>', 'the database, as its owner (default: DATABASE_URL; else the Supabase CLI)')
    .option('--dry-run', 'says what would be applied, and applies nothing')
    .action((options: MigrateOptions) => runLocal((context) => migrate(context, options)));
}

async function migrate({ host, terminal }: LocalContext, options: MigrateOptions): Promise<ExitCode> {
  const { dryRun = false } = options;
  const url = options.databaseUrl || host.env.DATABASE_URL;
  if (!url) return pushBySupabase(host.env.PATH ?? '', dryRun);
  // The project's own files carry the versions that the Supabase CLI knows them by.
  const own = await projectMigrations(process.cwd());
  if (own.length > 0) await requireAll(process.cwd());
  const migrationsDir = own.length > 0 ? migrationsFolder(process.cwd()) : MIGRATIONS;
  await using database = await openDatabase(url);
  const known = await readAppliedNames(database);
  // By its name: "migrate" before "init" has applied it under the version of the release.
  const only = (await readMigrations({ migrationsDir }))
    .filter(({ name }) => !known.has(name) && (own.length === 0 || own.some((file) => file.name === name)))
    .map(({ name }) => name);
  const pending = await pendingMigrations(database, { migrationsDir, only });
  if (!dryRun) await applyMigrations(database, { migrationsDir, only });
  const files = pending.map(({ file }) => `  ${file}`);
  if (files.length === 0) terminal.print(`${terminal.colors.green('✓')} The database has every migration.`);
  else if (dryRun) terminal.print('Would be applied:', ...files);
  else terminal.print(`${terminal.colors.green('✓')} Applied, and recorded for the Supabase CLI:`, ...files);
  return EXIT.fine;
}

/** Names of the migrations of Runledger that a database has. */
async function readAppliedNames(database: Database): Promise<Set<string>> {
  const [history] = await database.query<{ named: boolean }>(
    `select exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('supabase_migrations.schema_migrations')
       and attname = 'name') as named`,
  );
  if (!history?.named) return new Set();
  const rows = await database.query<{ name: string }>(
    `select name from supabase_migrations.schema_migrations where name ~ '^runledger(_|$)'`,
  );
  return new Set(rows.map(({ name }) => name));
}

/** @throws ExecutionError `invalid_input` where the project does not have every migration of this release, as after an upgrade of the package */
async function requireAll(project: string): Promise<void> {
  const missing = await missingMigrations(project);
  if (missing.length > 0)
    throw new ExecutionError(
      'invalid_input',
      `supabase/migrations lacks ${missing.join(', ')} of this release: "runledger init" adds what is missing.`,
    );
}

/** `supabase db push`, which applies whatever of the project is pending. */
async function pushBySupabase(path: string, dryRun: boolean): Promise<ExitCode> {
  const folders = [join(process.cwd(), 'node_modules', '.bin'), ...path.split(delimiter)];
  const cli = folders.map((folder) => join(folder, 'supabase')).find((file) => existsSync(file));
  if (!cli) throw new ExecutionError('invalid_input', `There is no database to migrate. ${WHERE}`);
  await requireAll(process.cwd());
  const push = spawn(cli, ['db', 'push', ...(dryRun ? ['--dry-run'] : [])], { stdio: 'inherit' });
  const code = await new Promise<number | null>((resolve, reject) => push.on('error', reject).on('close', resolve));
  return code === 0 ? EXIT.fine : EXIT.finding;
}
