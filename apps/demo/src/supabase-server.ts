/** The process of the embedded Supabase API on PGlite. */
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import type { LocalSupabase } from '@runledger/local-stack/supabase';
import { startSupabase } from '@runledger/local-stack/supabase';
import { readSupabaseEnv } from './env.ts';

const { dataDir, port, keys } = readSupabaseEnv();
/** There from the moment that the database has been made and migrated. */
const made = `${dataDir}.made`;

const onMigration = (number: number, of: number) => console.log(JSON.stringify({ msg: 'migration', number, of }));
const start = () =>
  startSupabase({ database: { kind: 'pglite', dataDir }, port, compatibility: true, onMigration, ...keys });

/** What PGlite throws at a folder that it cannot read is no sentence: `RuntimeError: Aborted()`, `ErrnoError` 20. */
const isDamage = (error: unknown) => ['RuntimeError', 'ErrnoError'].includes((error as { name: string }).name);

/** Of the network: the database is not to blame. */
const isOfThePort = (error: unknown) => ['EADDRINUSE', 'EACCES'].includes((error as { code?: string }).code ?? '');

/** A migration that does not fit what is there already. */
const isOfAnotherVersion = (error: unknown) => error instanceof Error && error.message.startsWith('Migration ');

async function open(): Promise<LocalSupabase> {
  try {
    return await start();
  } catch (error) {
    if (isOfAnotherVersion(error) && existsSync(made)) {
      throw new Error(
        `The database in ${dataDir} was made by another version of Runledger. \`npm start -- --reset\` begins anew; it ` +
          `removes all data. (${(error as Error).message})`,
        { cause: error },
      );
    }
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
  await writeFile(made, '');
  console.log(JSON.stringify({ msg: 'ready', url: supabase.url }));
  await asked.promise;
  await supabase.stop();
  process.exit(0);
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
