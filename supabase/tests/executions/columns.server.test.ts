import { Execution, ExecutionSummary } from '@runledger/contracts';
import type { TestDatabase } from '@runledger/local-stack';
import { createTestDatabase } from '@runledger/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase('pglite');
});
afterAll(() => db?.close());

const columnsOf = async (relation: string) =>
  (
    await db.query<{ name: string }>(
      'select attname as name from pg_attribute where attrelid = $1::text::regclass and attnum > 0 and not attisdropped',
      [relation],
    )
  ).map(({ name }) => name);

/** The names of a type's fields as the database spells them. */
const fieldsOf = ({ options: [one] }: typeof Execution | typeof ExecutionSummary) =>
  Object.keys(one.shape).map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));

/** What the ledger keeps for itself. */
const OWN = ['failure_group', 'last_transition'];

test('an execution has a field for every column of its row', async () => {
  const columns = await columnsOf('runledger.workflow_executions');
  expect([...fieldsOf(Execution), ...OWN].toSorted()).toEqual(columns.toSorted());
});

test('what lists show of an execution is what its summary has, its kind of failure, and how large its metadata is', async () => {
  const columns = await columnsOf('runledger_private.execution_summaries');
  expect([...fieldsOf(ExecutionSummary), 'failure_group', 'large_metadata'].toSorted()).toEqual(columns.toSorted());
});
