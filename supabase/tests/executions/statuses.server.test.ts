import type { ExecutionStatus } from '@runledger/contracts';
import {
  EXECUTION_STATUSES,
  isTerminal,
  OPEN_STATUSES,
  TERMINAL_STATUSES,
  UNSUCCESSFUL_STATUSES,
} from '@runledger/contracts';
import type { TestDatabase } from '@runledger/local-stack';
import { createTestDatabase } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase('pglite');
});
afterAll(() => db?.close());

const answer = async <T>(sql: string, params: unknown[] = []) =>
  (await db.query<{ value: T }>(`select ${sql} as value`, params))[0]?.value;

describe('the database knows the statuses of the facts', () => {
  test.each([
    ['statuses', EXECUTION_STATUSES],
    ['open_statuses', OPEN_STATUSES],
    ['unsuccessful_statuses', UNSUCCESSFUL_STATUSES],
  ])('%s, in the order of the counters', async (name, statuses) => {
    expect(await answer(`runledger_private.${name}()`)).toEqual(statuses);
  });

  test.each(EXECUTION_STATUSES.map((status, at) => [status, at + 1] as const))('%s', async (status, place) => {
    const said = (name: string) => answer(`runledger_private.${name}($1)`, [status]);
    expect({
      isOpen: await said('is_open'),
      isEnd: await said('is_end'),
      isUnsuccessful: await said('is_unsuccessful'),
      place: await said('status_number'),
      at: await answer('runledger_private.status_at($1)', [place]),
    }).toEqual({
      isOpen: !isTerminal(status),
      isEnd: isTerminal(status),
      isUnsuccessful: (UNSUCCESSFUL_STATUSES as ExecutionStatus[]).includes(status),
      place,
      at: status,
    });
  });

  test('and no other', async () => {
    const said = (name: string) => answer(`runledger_private.${name}($1)`, ['unheard of']);
    expect([await said('is_open'), await said('is_end'), await said('status_number')]).toEqual([false, false, null]);
  });
});

/** The statuses that a constraint or the condition of an index names. */
const namedIn = (text: string) =>
  [...text.matchAll(/'([a-z_]+)'/g)].flatMap(([, word]) => EXECUTION_STATUSES.filter((status) => status === word));

/** What is written out, for its speed, in conditions of indexes and in constraints. */
test.each([
  ['index', 'an_end_is_recorded_once_per_run_and_authority', TERMINAL_STATUSES],
  ['index', 'idx_workflow_executions_user_status_completed', UNSUCCESSFUL_STATUSES],
  ['constraint', 'reported_status_is_terminal', TERMINAL_STATUSES],
  ['constraint', 'run_status_is_known', ['running', ...TERMINAL_STATUSES]],
] as const)('the %s %s names those of the facts', async (kind, name, statuses) => {
  const text = await answer<string>(
    kind === 'index'
      ? '(select pg_get_expr(indpred, indrelid) from pg_index where indexrelid = $1::text::regclass)'
      : '(select pg_get_constraintdef(oid) from pg_constraint where conname = $1)',
    [kind === 'index' ? `runledger.${name}` : name],
  );
  expect(namedIn(text ?? '').toSorted()).toEqual(statuses.toSorted());
});
