import { readFile } from 'node:fs/promises';
import type { MigrationHashes } from '@runledger/local-stack';
import { parseMigrationHashes } from '@runledger/local-stack';

/** As `shasum -a 256` writes and checks it; empty until the first release. */
const target = new URL('../released-migrations.sha256', import.meta.url);

/** Hashes of the migrations that a release has. */
export const readReleased = async (): Promise<MigrationHashes> => parseMigrationHashes(await readFile(target, 'utf8'));
