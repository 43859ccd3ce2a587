import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { env } from './env.ts';
import { schemaFingerprint, temporaryMigratedFolder } from './migrated-pglite.ts';
import type { MigrationOptions } from './migrations.ts';
import { applyMigrations } from './migrations.ts';
import { openPglite } from './open-pglite.ts';
import { openPostgres } from './open-postgres.ts';
import type { SqlDatabase } from './sql-database.ts';
import { supabasePlatformSql } from './supabase-platform.ts';
import type { TestServer } from './test-servers.ts';
import { testServerUrl } from './test-servers.ts';

/** `url` is there on Postgres only: for a second connection, or for startSupabase. */
export type TestDatabase = SqlDatabase & { url: string | undefined };

export const everyDatabaseKind = ['pglite', 'postgres-15', 'postgres-17'] as const satisfies SqlDatabase['kind'][];

/**
 * Of the databases that a test is written for, those that this run takes: all of them in CI; elsewhere Postgres 17, which the others
 * rarely disagree with, and which takes a third of the time.
 */
export function testedKinds<Kind extends SqlDatabase['kind']>(...kinds: Kind[]): Kind[] {
  return env.isCi ? kinds : kinds.filter((kind) => kind === 'postgres-17');
}

/** How much of what a test could draw or go through this run takes: all of it in CI; elsewhere a part, and CI sees the rest. */
export const inCi = <Amount>(all: Amount, elsewhere: Amount): Amount => (env.isCi ? all : elsewhere);

export const databaseKinds = testedKinds(...everyDatabaseKind);

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/** Creates the template once per server, whoever comes first. */
async function ensureTemplate(admin: pg.Client, url: string, options: MigrationOptions): Promise<string> {
  const template = `runledger_template_${await schemaFingerprint(options)}`;
  const known = () => admin.query('select from pg_database where datname = $1', [template]);
  if ((await known()).rowCount) return template;
  await admin.query('select pg_advisory_lock(731002)');
  try {
    if ((await known()).rowCount) return template;
    const draft = `${template}_${randomBytes(4).toString('hex')}`;
    await admin.query(`create database ${draft}`);
    const database = await openPostgres(withDatabase(url, draft), { max: 1 });
    try {
      await database.exec(supabasePlatformSql);
      await applyMigrations(database, options);
    } finally {
      await database.close();
    }
    await admin.query(`alter database ${draft} rename to ${template}`);
    return template;
  } finally {
    await admin.query('select pg_advisory_unlock(731002)');
  }
}

/** A database of its own on this server of the test run. */
export async function createOnServer(server: TestServer, options: MigrationOptions = {}): Promise<TestDatabase> {
  const url = await testServerUrl(server);
  const name = `test_${randomBytes(6).toString('hex')}`;
  async function administer(work: (admin: pg.Client) => Promise<unknown>): Promise<void> {
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    await work(admin).finally(() => admin.end());
  }
  await administer(async (admin) => {
    const template = await ensureTemplate(admin, url, options);
    // Copying files is several times as fast as the default, which logs every page, where nothing is flushed to disk.
    await admin.query(`create database ${name} template ${template} strategy file_copy`);
  });

  const database = await openPostgres(withDatabase(url, name));
  const close = async () => {
    await database.close();
    await administer((admin) => admin.query(`drop database if exists ${name} with (force)`));
  };
  return { ...database, url: withDatabase(url, name), close, [Symbol.asyncDispose]: close };
}

/** In a folder, as it takes half the CPU time of one in memory to open and less to work on. */
async function createOnPglite(options: MigrationOptions): Promise<TestDatabase> {
  const fill = async (dataDir: string, loadDataDir: Blob) => (await openPglite({ dataDir, loadDataDir })).close();
  const folder = await temporaryMigratedFolder({ ...options, name: 'tests', fill });
  const database = await openPglite({ dataDir: folder.dataDir });
  const close = () => database.close().finally(folder.remove);
  return { ...database, url: undefined, close, [Symbol.asyncDispose]: close };
}

/** A database of its own for a test, with the Supabase platform and the migrations. Closing it removes it. */
export function createTestDatabase(kind: SqlDatabase['kind'], options: MigrationOptions = {}): Promise<TestDatabase> {
  if (kind === 'pglite') return createOnPglite(options);
  return createOnServer(kind, options);
}
