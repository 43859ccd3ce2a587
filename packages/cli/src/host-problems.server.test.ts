import { afterAll, beforeAll, expect, test } from 'vitest';
import { proof } from './fixtures/proof.ts';
import type { Stack } from './fixtures/stack.ts';
import { startStack } from './fixtures/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
});

test('status and doctor name what keeps the application’s users from being followed, until it is over', async () => {
  await stack.ledger.publishProof('default', proof());
  await stack.supabase.database.exec(`create table public.members (id int primary key); insert into public.members values (1), (2);
    select runledger.follow_users('public.members', 'id'); truncate public.members`);
  await stack.ledger.syncUsers(100);
  const sentence = '2 of 2 users are not in public.members any more. Nobody is taken to have left';
  const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ');
  const status = await stack.run('status');
  expect([status.code, oneLine(status.stdout)]).toEqual([1, expect.stringContaining(`✗ ${sentence}`)]);
  const { stdout } = await stack.run('doctor');
  expect(oneLine(stdout)).toContain(`✗ Application: ${sentence}`);

  await stack.supabase.database.exec('insert into public.members values (1), (2)');
  await stack.ledger.syncUsers(100);
  expect((await stack.run('status')).code).toBe(0);
});
