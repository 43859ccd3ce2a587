import { readFile } from 'node:fs/promises';
import type { SqlDatabase } from '@runledger/local-stack';
import { applyMigrations, databaseContents, databaseKinds } from '@runledger/local-stack';
import { describe, expect, test } from 'vitest';
import { emptyDatabase } from './empty-database.ts';
import type { HostApplication } from './host-applications.ts';
import { hostApplications } from './host-applications.ts';

const uninstallSql = await readFile(new URL('../../uninstall.sql', import.meta.url), 'utf8');

/** The answers of a host's statements, or the errors that it gets, in a transaction that is undone. */
async function ask(db: SqlDatabase, { statements }: HostApplication) {
  const answers: [string, unknown][] = [];
  const undo = new Error('undo');
  await db
    .transaction(async (session) => {
      for (const statement of statements) {
        const parts = statement.split(';').map((part) => part.trim());
        await session.exec('savepoint own');
        try {
          for (const part of parts) {
            const rows = await session.query(part);
            if (rows.length > 0) answers.push([part, rows]);
          }
        } catch (error) {
          const { code, message } = error as { code?: string; message: string };
          answers.push([statement, { code, message }]);
          await session.exec('rollback to own; reset role');
        }
      }
      throw undo;
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });
  return answers;
}

/** A few turns of the monitor, and an execution that the application starts. */
async function use(db: SqlDatabase, { follow, user, workflow }: HostApplication): Promise<void> {
  for (const statement of follow) await db.query(statement);
  if (follow.length === 0)
    await db.query(
      `insert into runledger.workflows (id, user_id, name, workflow_type, task_queue) values ($1, $2, 'Order', 'order', 'demo')`,
      [workflow, user],
    );
  const create = `select runledger.create_execution(jsonb_build_object('workflow_id', $1::text, 'created_by', $2::text)) -> 'execution' as execution`;
  const [row] = await db.query<{ execution: { id: string; created_by: string } }>(create, [workflow, user]);
  expect(row?.execution.created_by).toBe(user);
  const synced = await db.query(
    `select runledger.sync_users() ->> 'problem' as users, runledger.sync_workflows() ->> 'problem' as workflows`,
  );
  expect(synced).toEqual([{ users: null, workflows: null }]);
  await db.exec('select runledger.settle_users(); select runledger.fold_execution_stats()');
}

describe.each(databaseKinds)('on %s', (kind) => {
  test.each(Object.entries(hostApplications))(
    'an application with %s gets the answers that it got, with the ledger, while both are used, and after it',
    async (_, host) => {
      await using db = await emptyDatabase(kind);
      await db.exec(host.make);
      const before = await ask(db, host);
      const contents = await databaseContents(db);
      for (const _again of [1, 2]) {
        await applyMigrations(db);
        expect(await ask(db, host)).toEqual(before);
        await use(db, host);
        expect(await ask(db, host)).toEqual(before);
        await db.exec(uninstallSql);
        expect(await ask(db, host)).toEqual(before);
        expect(await databaseContents(db)).toEqual(contents);
      }
      await expect(applyMigrations(db, { compatibility: true })).rejects.toThrow(
        /This database has public\.\w+.* already/,
      );
      expect(await ask(db, host)).toEqual(before);
    },
  );
});
