import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { applyMigrations, createTestDatabase } from '@runledger/local-stack';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const squawk = join(root, 'node_modules/.bin/squawk');

/** The rules of `.squawk.toml` that these files break. */
function broken(...files: string[]): Promise<string[]> {
  return new Promise((resolve, reject) => {
    execFile(squawk, ['--reporter=json', ...files], { cwd: root }, (error, stdout, stderr) => {
      if (stderr || stdout === '') reject(new Error(stderr, { cause: error }));
      else resolve([...new Set((JSON.parse(stdout) as { rule_name: string }[]).map(({ rule_name }) => rule_name))]);
    });
  });
}

test('no migration takes a lock for long, loses data or cannot be repeated', async () => {
  expect(
    await broken('supabase/schemas/**/*.sql', 'supabase/migrations/*.sql', 'supabase/compatibility/*.sql'),
  ).toEqual([]);
});

test.each([
  ['create index planted on runledger.workflow_executions (verdict)', 'require-concurrent-index-creation'],
  [
    'create index concurrently planted on runledger.workflow_executions (verdict); select 1',
    'ban-concurrent-index-creation-in-transaction',
  ],
  ['alter table runledger.workflow_executions drop column verdict', 'ban-drop-column'],
  ['alter table runledger.workflow_executions add column planted text not null', 'adding-required-field'],
  ['alter table runledger.workflow_executions alter column run_count type bigint', 'changing-column-type'],
  [
    'alter table runledger.workflow_executions add constraint planted check (run_count > 0)',
    'constraint-missing-not-valid',
  ],
  ['create table public.planted (id serial primary key)', 'prefer-identity'],
  ['create table planted (id uuid primary key)', 'require-table-schema'],
])('a migration with `%s` would be found', async (sql, rule) => {
  const folder = await mkdtemp(join(tmpdir(), 'runledger-migration-'));
  try {
    await writeFile(join(folder, 'planted.sql'), `${sql};\n`);
    expect(await broken(join(folder, 'planted.sql'))).toContain(rule);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('where auth.users is busy the migration gives up instead of making sign-ups wait behind it', async () => {
  await using db = await createTestDatabase('postgres-17', {
    migrationsDir: fileURLToPath(new URL('../', import.meta.url)),
  });
  let applying: Promise<unknown> = Promise.resolve();
  await db.transaction(async (busy) => {
    await busy.exec('lock table auth.users in row exclusive mode');
    applying = applyMigrations(db);
    await expect(applying).rejects.toMatchObject({ cause: { code: '55P03' } });
  });
  expect(await applyMigrations(db)).toEqual(['runledger']);
});

test('where every table is published, the ledger can still trim and fold', async () => {
  await using db = await createTestDatabase('postgres-17');
  await db.exec(`create publication everything for all tables;
    insert into runledger.users (id) values ('ada');
    insert into runledger.workflows (user_id, name, workflow_type, task_queue) values ('ada', 'Order', 'order', 'demo');
    insert into runledger.workflow_executions (workflow_id, created_by) select id, 'ada' from runledger.workflows;
    update runledger.workflow_executions set verdict = 'fine';
    update runledger.execution_changes set changed_at = now() - interval '2 hours'`);
  expect(await db.query('select runledger.trim_changes() as n')).toEqual([{ n: 1 }]);
  expect(await db.query('select runledger.fold_execution_stats() as n')).toEqual([{ n: 2 }]);
});
