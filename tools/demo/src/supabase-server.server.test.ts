import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSupabaseKeys, freePort, openPglite, readMigrations } from '@runledger/local-stack';
import { expect, onTestFinished, test } from 'vitest';
import { startChild, stopChild } from './child.ts';

async function environment() {
  const dir = mkdtempSync(join(tmpdir(), 'runledger-supabase-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const { jwtSecret, publishableKey, secretKey } = createSupabaseKeys();
  return {
    DATA_DIR: join(dir, 'postgres'),
    PORT: `${await freePort()}`,
    JWT_SECRET: jwtSecret,
    PUBLISHABLE_KEY: publishableKey,
    SECRET_KEY: secretKey,
  };
}

const start = (env: Record<string, string>) =>
  startChild('The Supabase API', new URL('./supabase-server.ts', import.meta.url), env);

test('a data folder that a killed first start left half-made is made anew; a damaged one says how to go on', async () => {
  const env = await environment();
  mkdirSync(join(env.DATA_DIR, 'base'), { recursive: true }); // as kill -9 leaves it, before there is a PG_VERSION
  await stopChild(await start(env));

  rmSync(join(env.DATA_DIR, 'PG_VERSION'));
  await expect(start(env)).rejects.toThrow(/cannot be opened any more.*npm start -- --reset/s);
});

test('a first start that was stopped half-way is begun anew, whatever the folder holds', async () => {
  const env = await environment();
  {
    await using database = await openPglite({ dataDir: env.DATA_DIR });
    await database.exec('create schema runledger; create table runledger.workflow_executions (half text)');
  }
  await stopChild(await start(env));
  await using database = await openPglite({ dataDir: env.DATA_DIR });
  expect(await database.query('select id from runledger.workflow_executions')).toEqual([]);
});

test('a database that was killed while it was open, its lock file left behind, opens again', async () => {
  const env = await environment();
  const first = await start(env);
  await first.process.end('SIGKILL');
  expect(existsSync(join(env.DATA_DIR, 'postmaster.pid'))).toBe(true);
  await stopChild(await start(env));
});

test('a database that another version made says how to go on, and is opened again once that is undone', async () => {
  const env = await environment();
  await stopChild(await start(env));
  const refused = () =>
    expect(start(env)).rejects.toThrow(/made by another version of Runledger.*npm start -- --reset/s);

  // Its history names the same migrations, but they were others.
  const made = `${env.DATA_DIR}.made`;
  const written = readFileSync(made, 'utf8');
  expect(written.trimEnd().split('\n')).toHaveLength((await readMigrations({ compatibility: true })).length);
  const others = {
    'other contents of a migration': written.replace(/^[0-9a-f]{64}/, 'f'.repeat(64)),
    'a migration that there is no more': `${written}${'f'.repeat(64)}  20260101000000_gone.sql\n`,
    'nobody says which migrations': '',
  };
  for (const text of Object.values(others)) {
    writeFileSync(made, text);
    await refused();
  }
  writeFileSync(made, written);
  await stopChild(await start(env));

  {
    await using database = await openPglite({ dataDir: env.DATA_DIR });
    await database.exec(`delete from supabase_migrations.schema_migrations where name = 'runledger'`);
  }
  await refused();
});
