import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Migration, SchemaFile, SqlDatabase } from '@runledger/local-stack';
import {
  applyMigrations,
  databaseKinds,
  formatMigrationHashes,
  parseMigrationHashes,
  readMigrations,
  readSchemas,
  schemaParts,
} from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addedMigration } from '../migration-text.ts';
import { historyProblems, readReleased } from '../released-migrations.ts';
import { emptyDatabase } from './empty-database.ts';

// There may be no release yet: what is here now is treated as one.
const current = await readMigrations({ compatibility: true });
const released = parseMigrationHashes(formatMigrationHashes(current));
const migration = (file: string, sql = 'select 1'): Migration => ({
  version: file.slice(0, 14),
  name: file.slice(15, -4),
  file,
  sql,
});
const problemsOf = (migrations: Migration[], files = migrations.map(({ file }) => file)) =>
  historyProblems({ released, files, migrations });
const [first] = current as [Migration];

test('a history that is as it was released, or goes on later, is fine, as is that of this repository', async () => {
  expect(problemsOf(current)).toEqual([]);
  expect(problemsOf([...current, migration('29990101000000_runledger_more.sql')])).toEqual([]);
  const files = current.map(({ file }) => file);
  expect(historyProblems({ released: await readReleased(), files, migrations: current })).toEqual([]);
});

test.each([
  [
    'edited',
    () => problemsOf([{ ...first, sql: `${first.sql}\n-- one more line` }, ...current.slice(1)]),
    `Released migrations are never edited: take ${first.file} back to what they were.`,
  ],
  [
    'removed',
    () => problemsOf(current.slice(1)),
    `Released migrations are never edited: take ${first.file} back to what they were.`,
  ],
  [
    'followed by one that is older',
    () => problemsOf([migration('20200101000000_runledger_late.sql'), ...current]),
    `20200101000000_runledger_late.sql is not later than ${current.at(-1)?.file}, which is released: give it the time at which it was made.`,
  ],
  [
    'followed by two of one time',
    () => problemsOf([...current, ...['a', 'b'].map((name) => migration(`29990101000000_runledger_${name}.sql`))]),
    '29990101000000_runledger_b.sql has the time of another migration, and databases apply one of a time only.',
  ],
  [
    'followed by one without a time',
    () => problemsOf(current, [...current.map(({ file }) => file), 'runledger_quick_fix.sql']),
    'runledger_quick_fix.sql is not named <time>_runledger_<what_changes>.sql, with a time of 14 digits: nothing applies it.',
  ],
])('a release whose migrations are %s is refused with a sentence', (_, problems, sentence) => {
  expect(problems()).toEqual([sentence]);
});

test('a migration after a release begins with what has changed: functions whole, the rest as a list', () => {
  const file = { path: 'schemas/a/f.sql', sql: '-- for: nobody\ncreate function runledger.f(a int) returns int\n' };
  expect(addedMigration([file], ['function runledger.f(integer)', 'table runledger.users'])).toBe(
    "set local lock_timeout = '3s';\n\n-- TODO table runledger.users\n\n" +
      '-- for: nobody\ncreate or replace function runledger.f(a int) returns int\n',
  );
});

/** The next version's schema: a function says something else, and a table has one more column. */
function nextSchemas(files: SchemaFile[]): SchemaFile[] {
  const changes: Record<string, [string, string]> = {
    'schemas/foundation/runledger_schema_version.sql': ['select 5;', 'select 4711;'],
    'schemas/users/users.sql': ['  moved_to text,\n', '  moved_to text,\n  nickname text,\n'],
  };
  for (const [path, [from]] of Object.entries(changes))
    expect(files.find((file) => file.path === path)?.sql).toContain(from);
  return files.map((file) => ({ ...file, sql: file.sql.replace(...(changes[file.path] ?? ['', ''])) }));
}

const rowsOf = (db: SqlDatabase) =>
  db.query(
    `select e.id, e.status, e.created_by, w.name, (select count(*)::int from runledger.execution_transitions) as changes,
            (select sum(total)::int from runledger.get_execution_stats(p_user_id => 'anna')) as total
       from runledger.workflow_executions e join runledger.workflows w on w.id = e.workflow_id`,
  );

describe.each(databaseKinds)('on %s', (kind) => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'runledger-release-'));
    for (const { file, sql } of await readMigrations()) await writeFile(join(folder, file), sql);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('a database that follows from a release is what a fresh one is, with the rows that it had', async () => {
    await using upgraded = await emptyDatabase(kind);
    expect(await applyMigrations(upgraded, { migrationsDir: folder })).toEqual(['runledger']);
    await upgraded.exec(`insert into runledger.users (id) values ('anna');
      insert into runledger.workflows (user_id, name, workflow_type, task_queue) values ('anna', 'Order', 'order', 'demo');
      insert into runledger.workflow_executions (workflow_id, created_by) select id, 'anna' from runledger.workflows`);
    const rows = await rowsOf(upgraded);

    await using fresh = await emptyDatabase(kind);
    const files = nextSchemas(await readSchemas());
    await fresh.exec(files.map(({ sql }) => sql).join('\n'));
    const wanted = Object.fromEntries(await schemaParts(fresh));
    const before = await schemaParts(upgraded);
    const difference = Object.keys(wanted).filter((key) => wanted[key] !== before.get(key));
    expect(difference).toEqual(['table runledger.users', 'function runledger.runledger_schema_version()']);

    const begun = addedMigration(files, difference);
    const finished = begun.replace(
      '-- TODO table runledger.users',
      'alter table runledger.users add column nickname text;',
    );
    await writeFile(join(folder, '29990101000000_runledger_nicknames.sql'), finished);
    expect(await applyMigrations(upgraded, { migrationsDir: folder })).toEqual(['runledger_nicknames']);
    expect(Object.fromEntries(await schemaParts(upgraded))).toEqual(wanted);
    expect(await rowsOf(upgraded)).toEqual(rows);
    expect(await applyMigrations(upgraded, { migrationsDir: folder })).toEqual([]);
  });
});
