import { ERRORS } from '@runledger/contracts';
import { readMigrations } from '@runledger/local-stack';
import { expect, test } from 'vitest';

test('every error that the schema raises has the status of the facts, and no code of theirs is raised nowhere', async () => {
  const sql = (await readMigrations({ compatibility: true })).map((migration) => migration.sql).join('\n');
  const raised = [...sql.matchAll(/errcode = 'PT(\d{3})',\s*detail = '([a-z_]+)/g)].map(
    ([, status, code]) => `${code} ${status}`,
  );
  const stated = Object.entries(ERRORS).flatMap(([code, fact]) => (fact.sql === null ? [] : `${code} ${fact.sql}`));
  expect([...new Set(raised)].toSorted()).toEqual(stated.toSorted());
});
