/** Writes packages/execution-service/src/database.types.ts from the migrations; with --check, says whether it is current. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { applyMigrations, openPostgres, startPostgres, supabasePlatformSql } from '@runledger/local-stack';

const run = promisify(execFile);
const supabase = fileURLToPath(new URL('./node_modules/.bin/supabase', import.meta.url));
const biome = fileURLToPath(import.meta.resolve('@biomejs/biome/bin/biome'));
const target = fileURLToPath(new URL('../../packages/execution-service/src/database.types.ts', import.meta.url));

async function generateTypes(): Promise<string> {
  await using postgres = await startPostgres({ version: 17 });
  await using database = await openPostgres(postgres.url());
  await database.exec(supabasePlatformSql);
  await applyMigrations(database);
  const { stdout } = await run(supabase, ['gen', 'types', '--schema', 'runledger', `--remote=${postgres.url()}`], {
    env: { ...process.env, DO_NOT_TRACK: '1' },
    maxBuffer: 1 << 26,
  });
  // The command prints notes about the connection before the file.
  return stdout.slice(stdout.indexOf('export type Json'));
}

async function format(source: string): Promise<string> {
  const child = run(process.execPath, [biome, 'format', `--stdin-file-path=${target}`], { maxBuffer: 1 << 26 });
  child.child.stdin?.end(source);
  return (await child).stdout;
}

const types = await format(await generateTypes());
if (!process.argv.includes('--check')) {
  await writeFile(target, types);
} else if ((await readFile(target, 'utf8')) !== types) {
  console.error('database.types.ts is not what the migrations make: run `npm run gen:types` and commit it.');
  process.exit(1);
}
