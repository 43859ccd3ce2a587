import { createHash } from 'node:crypto';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { env } from './env.ts';
import type { MigrationOptions } from './migrations.ts';
import { applyMigrations, readMigrations } from './migrations.ts';
import { pgliteExtensions } from './open-pglite.ts';
import { supabasePlatformSql } from './supabase-platform.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Of each kind, those that were used last. Several checkouts and branches share the cache folder. */
const KEPT = 8;

/** Changes with anything that goes into a migrated database, so a database made for it can be used again. */
export async function schemaFingerprint(options: MigrationOptions = {}): Promise<string> {
  const hash = createHash('sha256').update(supabasePlatformSql);
  for (const { file, sql } of await readMigrations(options)) hash.update(`\0${file}\0${sql}`);
  return hash.digest('hex').slice(0, 16);
}

async function versionOf(dependency: string): Promise<string> {
  const entry = fileURLToPath(import.meta.resolve(dependency));
  return JSON.parse(await readFile(join(entry, '..', '..', 'package.json'), 'utf8')).version;
}

async function removeOldest(dir: string, ending: '.tar' | '.folder'): Promise<void> {
  const kept: { path: string; mtimeMs: number }[] = [];
  for (const name of await readdir(dir)) {
    if (!name.startsWith('pglite-') || !name.endsWith(ending)) continue;
    const path = join(dir, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: 0 }));
    kept.push({ path, mtimeMs });
  }
  kept.sort((a, b) => b.mtimeMs - a.mtimeMs);
  for (const { path } of kept.slice(KEPT)) await rm(path, { recursive: true, force: true });
}

/** The data folder of a migrated PGlite, kept in the cache folder: 40 MB. Initialising one takes 1 s in a warm process, nearly 4 s in a new one. */
async function migratedPgliteDump(options: MigrationOptions = {}): Promise<Blob> {
  const path = join(
    env.cacheDir,
    `pglite-${await versionOf('@electric-sql/pglite')}-${await schemaFingerprint(options)}.tar`,
  );
  const cached = await readFile(path).catch(() => undefined);
  if (cached) return new Blob([cached]);

  const pglite = await PGlite.create({ extensions: pgliteExtensions });
  await pglite.exec(supabasePlatformSql);
  await applyMigrations(pglite as unknown as { exec(sql: string): Promise<void> }, options);
  const dump = await pglite.dumpDataDir('none');
  await pglite.close();
  await mkdir(env.cacheDir, { recursive: true });
  const staging = `${path}.${process.pid}`;
  await writeFile(staging, Buffer.from(await dump.arrayBuffer()));
  await rename(staging, path);
  await removeOldest(env.cacheDir, '.tar');
  return dump;
}

export type MigratedFolderOptions = MigrationOptions & {
  /** The new data folder; there must be nothing yet. */
  dataDir: string;
  /** Of those that are filled alike. */
  name: string;
  /** Puts into a data folder, new but for `copy`, what the databases made from it begin with. */
  fill(dataDir: string, copy: Blob): Promise<void>;
};

/**
 * Makes `dataDir` as a copy of a data folder that is kept in the cache folder: 0.1 s of CPU time, where PGlite unpacks a
 * dump in 0.8 s. It is there as a whole or not at all, also when this process is killed on the way.
 */
export async function copyMigratedFolder({ dataDir, name, fill, ...options }: MigratedFolderOptions): Promise<void> {
  const versions = `${await versionOf('@electric-sql/pglite')}-${await versionOf('@supabase/lite')}`;
  const path = join(env.cacheDir, `pglite-${versions}-${name}-${await schemaFingerprint(options)}.folder`);
  if (!existsSync(path)) {
    const copy = await migratedPgliteDump(options);
    const staging = `${path}.${process.pid}`;
    await fill(staging, copy);
    await rename(staging, path).catch(async (error: NodeJS.ErrnoException) => {
      await rm(staging, { recursive: true, force: true });
      // Somebody else was quicker.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
    await removeOldest(env.cacheDir, '.folder');
  }
  await utimes(path, new Date(), new Date());
  const staging = `${dataDir}.copying`;
  await rm(staging, { recursive: true, force: true });
  // One call of native code for a thousand files; `cp` without Sync takes as many of JavaScript.
  cpSync(path, staging, { recursive: true });
  await rename(staging, dataDir);
}

/** PGlite writes all of its buffers when it opens. By default they have 128 MB, which takes longer than everything else. */
const SMALL = 'shared_buffers = 16MB\n';

const open = new Set<string>();
process.once('exit', () => {
  for (const folder of open) rmSync(folder, { recursive: true, force: true });
});

export type TemporaryFolder = { dataDir: string; remove(): Promise<void> };

/** Such a copy for as long as a database is open, and no longer than this process. */
export async function temporaryMigratedFolder(
  options: Omit<MigratedFolderOptions, 'dataDir'>,
): Promise<TemporaryFolder> {
  const parent = await temporaryFolder('pglite');
  open.add(parent);
  const remove = async () => {
    await rm(parent, { recursive: true, force: true });
    open.delete(parent);
  };
  const dataDir = join(parent, 'data');
  try {
    await copyMigratedFolder({ ...options, dataDir });
    await appendFile(join(dataDir, 'postgresql.conf'), SMALL);
  } catch (error) {
    await remove();
    throw error;
  }
  return { dataDir, remove };
}
