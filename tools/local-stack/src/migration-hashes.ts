import { createHash } from 'node:crypto';
import type { Migration } from './migrations.ts';

/** Of migrations, by file name. */
export type MigrationHashes = Map<string, string>;

const hashOf = ({ sql }: Migration) => createHash('sha256').update(sql).digest('hex');

/** One line each, as `shasum -a 256` writes and checks it. */
export const formatMigrationHashes = (migrations: Migration[]): string =>
  migrations.map((migration) => `${hashOf(migration)}  ${migration.file}\n`).join('');

export function parseMigrationHashes(text: string): MigrationHashes {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
}

/** Those that were edited, renamed or removed since the hashes were taken. */
export function changedMigrations(hashes: MigrationHashes, migrations: Migration[]): string[] {
  const present = new Map(migrations.map((migration) => [migration.file, hashOf(migration)] as const));
  return [...hashes].filter(([file, hash]) => present.get(file) !== hash).map(([file]) => file);
}
