/** The process of the embedded Supabase API on PGlite. */
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import {
  changedMigrations,
  formatMigrationHashes,
  parseMigrationHashes,
} from '@runledger/local-stack/migration-hashes';
import { readMigrations } from '@runledger/local-stack/migrations';
import type { LocalSupabase } from '@runledger/local-stack/supabase';
import { startSupabase } from '@runledger/local-stack/supabase';
import { readSupabaseEnv } from './env.ts';

const { dataDir, port, keys } = readSupabaseEnv();
/** There from the moment that the database has been made and migrated: the hashes of its migrations. */
const made = `${dataDir}.made`;

const migrations = await readMigrations({ compatibility: true });
const onMigration = (number: number, of: number) => console.log(JSON.stringify({ msg: 'migration', number, of }));
const start = () =>
  startSupabase({ database: { kind: 'pglite', dataDir }, port, compatibility: true, onMigration, ...keys });

/** What PGlite throws at a folder that it cannot read is not a sentence: `RuntimeError: Aborted()`, `ErrnoError` 20. */
const isDamage = (error: unknown) => ['RuntimeError', 'ErrnoError'].includes((error as { name: string }).name);

/** Of the network: the database is not to blame. */
const isOfThePort = (error: unknown) => ['EADDRINUSE', 'EACCES'].includes((error as { code?: string }).code ?? '');

/** A migration that does not fit what is there already. */
const isOfAnotherVersion = (error: unknown) => error instanceof Error && error.message.startsWith('Migration ');

const otherVersion = (why: string, cause?: unknown) =>
  new Error(
    `The database in ${dataDir} was made by another version of Runledger. \`npm start -- --reset\` begins anew; it ` +
      `removes all data. (${why})`,
    { cause },
  );

/** A migration that is applied is not applied again: with other contents, the database would silently stay as it was. */
async function refuseOtherMigrations(): Promise<void> {
  if (!existsSync(made)) return;
  const applied = parseMigrationHashes(await readFile(made, 'utf8'));
  if (applied.size === 0) throw otherVersion(`${made} does not say by which migrations`);
  const changed = changedMigrations(applied, migrations);
  if (changed.length > 0) throw otherVersion(`Changed since: ${changed.join(', ')}`);
}

async function open(): Promise<LocalSupabase> {
  await refuseOtherMigrations();
  try {
    return await start();
  } catch (error) {
    if (isOfAnotherVersion(error) && existsSync(made)) throw otherVersion((error as Error).message, error);
    if (existsSync(made) && !isDamage(error)) throw error;
    if (isOfThePort(error)) throw error;
    if (existsSync(made)) {
      throw new Error(
        `The database in ${dataDir} cannot be opened any more. PGlite does not survive every crash of the machine or ` +
          'kill -9. `npm start -- --reset` begins anew; it removes all data.',
        { cause: error },
      );
    }
    // The very first start was stopped or killed, so there is nothing in it to lose, whatever is wrong with it.
    await rm(dataDir, { recursive: true, force: true });
    return await start();
  }
}

// From the first moment: a folder that is left while it is being made or written is what PGlite cannot open again.
const asked = Promise.withResolvers<void>();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => asked.resolve());

try {
  const supabase = await open();
  await writeFile(made, formatMigrationHashes(migrations));
  console.log(JSON.stringify({ msg: 'ready', url: supabase.url }));
  await asked.promise;
  await supabase.stop();
  process.exit(0);
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
