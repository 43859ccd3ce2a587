import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Migration } from '@runledger/local-stack';

/** As `shasum -a 256` writes and checks it; empty until the first release. */
const target = new URL('../released-migrations.sha256', import.meta.url);

/** Hashes of the migrations that a release has, by file name. */
export async function readReleased(): Promise<Map<string, string>> {
  const lines = (await readFile(target, 'utf8')).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
}

/** Released migrations that were edited, renamed or removed since. */
export function changedSinceRelease(released: Map<string, string>, migrations: Migration[]): string[] {
  const present = new Map(
    migrations.map(({ file, sql }) => [file, createHash('sha256').update(sql).digest('hex')] as const),
  );
  return [...released].filter(([file, hash]) => present.get(file) !== hash).map(([file]) => file);
}
