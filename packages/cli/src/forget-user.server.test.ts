import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Stack } from './fixtures/stack.ts';
import { startStack } from './fixtures/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.[Symbol.asyncDispose]());

test('runledger forget-user counts what would go, deletes it in batches only with --yes, and names who is unknown', async () => {
  const { database } = stack.supabase;
  await database.exec(`insert into runledger.users (id) values ('ben');
    insert into runledger.workflow_executions (workflow_id, created_by) select id, 'anna' from runledger.workflows, generate_series(1, 1203);
    insert into runledger.workflow_executions (workflow_id, created_by) select id, 'ben' from runledger.workflows, generate_series(1, 2)`);
  const left = async () => (await database.query('select count(*)::int as n from runledger.workflow_executions'))[0];

  const asked = await stack.run('forget-user anna');
  expect([asked.code, await left()]).toEqual([1, { n: 1_205 }]);
  expect(asked.stdout).toContain('1,203 executions, 1,203 of them open');
  expect(asked.stdout).toContain('1 workflow, with 2 executions of other users in them');
  expect(asked.stdout).toContain('Nothing was deleted. Add --yes to delete it.');

  const inJson = await stack.run('forget-user anna --json');
  expect([inJson.code, JSON.parse(inJson.stdout)]).toMatchObject([
    1,
    { forgotten: false, executions: 0, before: { executions: 1_203 } },
  ]);

  const done = await stack.run('forget-user anna --yes');
  expect([done.code, done.stdout, await left()]).toEqual([
    0,
    '✓ anna is forgotten, with 1,205 executions.\n',
    { n: 0 },
  ]);
  expect(await database.query('select id from runledger.users')).toEqual([{ id: 'ben' }]);

  const again = await stack.run('forget-user anna --yes');
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('There is no user anna')]);
  const ben = await stack.run('forget-user ben --yes --json');
  expect([ben.code, JSON.parse(ben.stdout)]).toMatchObject([0, { forgotten: true, executions: 0 }]);
  expect((await stack.run('forget-user --help')).stdout).toContain('runledger forget-user 4711 --yes');
});
