import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MIGRATIONS } from '../assets.ts';

export interface MigrationFile {
  /** `20261129070000`: what Supabase sorts by, and knows a migration by. */
  version: string;
  /** `runledger`, `runledger_what_changes`. */
  name: string;
  file: string;
}

const NAMED = /^(\d{14})_(.+)\.sql$/;

async function filesIn(folder: string): Promise<MigrationFile[]> {
  if (!existsSync(folder)) return [];
  const files = (await readdir(folder)).sort();
  return files.flatMap((file) => {
    const [, version, name] = NAMED.exec(file) ?? [];
    return version && name ? [{ version, name, file }] : [];
  });
}

export const migrationsFolder = (project: string) => join(project, 'supabase', 'migrations');

/** The migrations of Runledger that a project has in `supabase/migrations`. */
export async function projectMigrations(project: string): Promise<MigrationFile[]> {
  const released = new Set((await filesIn(MIGRATIONS)).map(({ name }) => name));
  return (await filesIn(migrationsFolder(project))).filter(({ name }) => released.has(name));
}

/** Names of released migrations that a project does not have. */
export async function missingMigrations(project: string): Promise<string[]> {
  const known = new Set((await projectMigrations(project)).map(({ name }) => name));
  return (await filesIn(MIGRATIONS)).map(({ name }) => name).filter((name) => !known.has(name));
}

/**
 * Adds the released migrations that a project does not have, each later than all that are there: what Supabase has applied
 * stays before it. A file that is there stays as it is. @returns the names of the files that it wrote
 */
export async function addMigrations(project: string, now = new Date()): Promise<string[]> {
  const folder = migrationsFolder(project);
  const absent = await missingMigrations(project);
  const missing = (await filesIn(MIGRATIONS)).filter(({ name }) => absent.includes(name));
  let last = (await filesIn(folder)).at(-1)?.version ?? '';
  const written: string[] = [];
  for (const { name, file } of missing) {
    last = [versionOf(now), later(last)].sort().at(-1) as string;
    await mkdir(folder, { recursive: true });
    const target = `${last}_${name}.sql`;
    await writeFile(join(folder, target), await readFile(join(MIGRATIONS, file), 'utf8'), { flag: 'wx' });
    written.push(target);
  }
  return written;
}

/** `20261129070000`, in UTC, as the Supabase CLI names migrations. */
const versionOf = (time: Date) => time.toISOString().replace(/\D/g, '').slice(0, 14);

/** The second after a version; of none, nothing. */
function later(version: string): string {
  if (version === '') return '';
  const [, year, month, day, hour, minute, second] = /^(....)(..)(..)(..)(..)(..)$/.exec(version) ?? [];
  const time = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second) + 1);
  return versionOf(new Date(time));
}
