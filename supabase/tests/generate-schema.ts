/** Writes supabase/schema.sql, a snapshot of what the migrations make; with --check, says whether it is current. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  applyMigrations,
  openPostgres,
  snapshotSchema,
  startPostgres,
  supabasePlatformSql,
} from '@runledger/local-stack';

const target = fileURLToPath(new URL('../schema.sql', import.meta.url));

async function generateSchema(): Promise<string> {
  await using postgres = await startPostgres({ version: 17 });
  await using database = await openPostgres(postgres.url());
  await database.exec(supabasePlatformSql);
  await applyMigrations(database);
  return await snapshotSchema(database);
}

const schema = await generateSchema();
if (!process.argv.includes('--check')) {
  await writeFile(target, schema);
} else if ((await readFile(target, 'utf8').catch(() => '')) !== schema) {
  console.error('supabase/schema.sql is not what the migrations make: run `npm run gen:schema` and commit it.');
  process.exit(1);
}
