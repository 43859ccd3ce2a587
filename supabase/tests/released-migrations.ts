import { readFile } from 'node:fs/promises';
import type { Migration, MigrationHashes } from '@runledger/local-stack';
import { changedMigrations, parseMigrationHashes } from '@runledger/local-stack';

/** As `shasum -a 256` writes and checks it; empty until the first release. */
const target = new URL('../released-migrations.sha256', import.meta.url);

/** Hashes of the migrations that a release has. */
export const readReleased = async (): Promise<MigrationHashes> => parseMigrationHashes(await readFile(target, 'utf8'));

const versionOf = (file: string) => file.slice(0, 14);

export interface History {
  released: MigrationHashes;
  /** All files ending in .sql in the folders of migrations. */
  files: string[];
  /** Those of them that are migrations, with the compatibility names. */
  migrations: Migration[];
}

/** What keeps databases that are on a release from following to these migrations, a sentence each. */
export function historyProblems({ released, files, migrations }: History): string[] {
  const problems: string[] = [];
  const changed = changedMigrations(released, migrations);
  if (changed.length > 0)
    problems.push(`Released migrations are never edited: take ${changed.join(', ')} back to what they were.`);
  for (const file of files)
    if (!/^\d{14}_runledger(_[a-z0-9_]+)?\.sql$/.test(file))
      problems.push(
        `${file} is not named <time>_runledger_<what_changes>.sql, with a time of 14 digits: nothing applies it.`,
      );
  const latest = [...released.keys()].toSorted().at(-1);
  for (const { file } of migrations)
    if (latest && !released.has(file) && versionOf(file) <= versionOf(latest))
      problems.push(`${file} is not later than ${latest}, which is released: give it the time at which it was made.`);
  const versions = migrations.map(({ file }) => versionOf(file));
  for (const { file } of migrations.filter((_, at) => versions.indexOf(versions[at] ?? '') < at))
    problems.push(`${file} has the time of another migration, and databases apply one of a time only.`);
  return problems;
}
