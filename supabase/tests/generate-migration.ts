/**
 * Makes the migration of supabase/schemas: before a release the one first migration, anew; after it a new one of what
 * has changed. With --check, says whether what is there is current.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { SchemaFile } from '@runledger/local-stack';
import { readMigrations, readSchemas } from '@runledger/local-stack';
import { functionGrants, grantsSql } from './function-grants.ts';
import { addedMigration, compareSchemas, firstMigration } from './migration-text.ts';
import { historyProblems, readReleased } from './released-migrations.ts';

const GRANTS = 'schemas/access/functions.sql';
const COMMAND = 'run `npm run gen:migration` and commit what it writes';
const target = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const [name] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const isCheck = process.argv.includes('--check');

function stop(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}

/** Writes a file, or stops where it is to be checked and differs. */
async function bring(path: string, text: string): Promise<void> {
  if (!isCheck) await writeFile(target(path), text);
  else if ((await readFile(target(path), 'utf8').catch(() => '')) !== text)
    stop(`supabase/${path} is not what supabase/schemas makes: ${COMMAND}.`);
}

async function add(schemas: SchemaFile[]): Promise<void> {
  const difference = await compareSchemas();
  if (difference.length === 0) return;
  if (isCheck) stop(`The migrations do not make what supabase/schemas says (${difference.join('; ')}): ${COMMAND}.`);
  if (!name || !/^[a-z][a-z0-9_]*$/.test(name)) stop('Name the change: npm run gen:migration -- <what_changes>');
  const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const file = `migrations/${time}_runledger_${name}.sql`;
  await writeFile(target(file), addedMigration(schemas, difference));
  console.log(`supabase/${file} is begun. Finish it by hand; \`npm run check:migration\` says when it is whole.`);
}

const schemas = (await readSchemas()).filter(({ path }) => path !== GRANTS);
const grants = grantsSql(functionGrants(schemas));
await bring(GRANTS, grants);
const files = [...schemas, { path: GRANTS, sql: grants }];
const released = await readReleased();
const folders = await Promise.all(['migrations', 'compatibility'].map((folder) => readdir(target(folder))));
const names = folders.flat().filter((file) => file.endsWith('.sql'));
const migrations = await readMigrations({ compatibility: true });
const problems = historyProblems({ released, files: names, migrations });
if (problems.length > 0) stop(problems.join('\n'));
const [first] = await readMigrations();
if (!first) stop('There is no first migration in supabase/migrations: begin with an empty <time>_runledger.sql.');
if (released.has(first.file)) await add(files);
else await bring(`migrations/${first.file}`, firstMigration(files));
