import type { SqlDatabase, SqlSession, TestDatabase } from '@runledger/local-stack';
import { createTestDatabase, databaseKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXPOSURE_LINTS } from './exposure-lints.ts';
import { POLICY_LINTS } from './policy-lints.ts';
import { TABLE_LINTS } from './table-lints.ts';

const LINTS = [...TABLE_LINTS, ...POLICY_LINTS, ...EXPOSURE_LINTS].toSorted((a, b) => a.rule.localeCompare(b.rule));

/** 0012 asks whether a project lets people in without an account: a setting of the project, not of a database. */
const OF_PROJECTS = ['0012'];

const findings = async (db: SqlSession, query: string) =>
  (await db.query<{ found: string }>(query)).map(({ found }) => found);

/** What `work` answers from a transaction that leaves nothing behind. */
async function undone<T>(db: SqlDatabase, work: (db: SqlSession) => Promise<T>): Promise<T> {
  const undo = new Error('undone on purpose');
  let answer: { of: T } | undefined;
  await db
    .transaction(async (session) => {
      answer = { of: await work(session) };
      throw undo;
    })
    .catch((error) => {
      if (error !== undo) throw error;
    });
  return (answer as { of: T }).of;
}

test('every rule of Supabase’s linter is asked', () => {
  const rules = Array.from({ length: 29 }, (_, i) => String(i + 1).padStart(4, '0'));
  expect([...LINTS.map(({ rule }) => rule), ...OF_PROJECTS].toSorted()).toEqual(rules);
});

describe.each(databaseKinds)('on %s', (kind) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase(kind);
  });
  afterAll(() => db.close());

  test.each(LINTS)('$rule: there is no $finds', async ({ query }) => {
    expect(await findings(db, query)).toEqual([]);
  });

  test.each(LINTS)('$rule: a planted $finds is found', async ({ query, planted }) => {
    const found = await undone(db, async (session) => {
      await session.exec(planted);
      return findings(session, query);
    });
    expect(found).toEqual([expect.stringContaining('planted')]);
  });
});
