import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  applyMigrations,
  openPostgres,
  readMigrations,
  startPostgres,
  supabasePlatformSql,
} from '@runledger/local-stack';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const cli = fileURLToPath(new URL('../node_modules/.bin/supabase', import.meta.url));
const root = fileURLToPath(new URL('../../..', import.meta.url));

test('the Supabase CLI applies the migrations unchanged, and the local stack then has nothing to do', async () => {
  await using server = await startPostgres({ version: 17 });
  await using db = await openPostgres(server.url());
  await db.exec(supabasePlatformSql);
  await run(cli, ['db', 'push', '--yes', `--db-url=${server.url()}`], {
    cwd: root,
    env: { ...process.env, DO_NOT_TRACK: '1' },
  });
  const applied = await db.query<{ version: string }>(
    'select version from supabase_migrations.schema_migrations order by version',
  );
  expect(applied.map(({ version }) => version)).toEqual((await readMigrations()).map(({ version }) => version));
  expect(await applyMigrations(db)).toEqual([]);
});
