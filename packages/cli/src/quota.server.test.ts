import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Stack } from './fixtures/stack.ts';
import { startStack } from './fixtures/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
});

test('runledger quota sets, lists and removes limits', async () => {
  const none = await stack.run('quota list');
  expect([none.code, none.stdout]).toEqual([0, 'No quota is set: nobody is limited.\n']);

  const everyone = await stack.run('quota set --every-user --per-day 500 --concurrent 20');
  expect([everyone.code, everyone.stdout]).toEqual([
    0,
    '✓ The quota of every user in all workflows together: 500 executions a day, 20 at a time.\n',
  ]);
  const exempt = await stack.run('quota set --user anna --per-day none');
  expect(exempt.stdout).toBe('✓ The quota of user anna in all workflows together: no limit.\n');
  const merged = await stack.run(
    'quota set --every-user --per-day none --per-hour 1000 --stored-bytes 5000000000 --json',
  );
  expect(JSON.parse(merged.stdout)).toMatchObject({
    userId: null,
    executionsPerHour: 1000,
    executionsPerDay: null,
    concurrentExecutions: 20,
    storedBytes: 5_000_000_000,
  });

  const listed = await stack.run('quota list');
  expect(listed.stdout).toMatch(/ user +an hour +a day +a month +at a time +bytes kept +workflow\n/);
  expect(listed.stdout).toMatch(/ every user +1,000 +– +– +20 +5,000,000,000 +all workflows together\n/);
  expect(listed.stdout).toMatch(/ anna +– +– +– +– +– +all workflows together\n/);
  expect(JSON.parse((await stack.run('quota list --every-user --json')).stdout)).toHaveLength(1);

  const removed = await stack.run('quota remove --every-user');
  expect([removed.code, removed.stdout]).toEqual([0, '✓ The quota of every user in all workflows together is gone.\n']);
  const again = await stack.run('quota remove --every-user');
  expect([again.code, again.stderr]).toEqual([2, '✗ There is no quota of every user in all workflows together.\n']);
});

test('runledger quota says what is missing or wrong', async () => {
  const wrong: Record<string, [number, string]> = {
    'quota set --per-day 5': [2, 'Say whose quota it is'],
    'quota set --user anna --every-user --per-day 5': [2, 'Say whose quota it is'],
    'quota set --user anna': [2, 'Say which limit to set'],
    'quota set --user anna --per-day -1': [2, 'neither a whole number nor none'],
    'quota set --user anna --per-day 9999999999': [2, 'Invalid quota'],
    'quota set --user anna --workflow x --per-day 5': [2, 'Invalid quota'],
    'quota set --every-user --workflow 0199d8f1-5b4c-7d7e-8f90-1b2c3d4e5f60 --stored-bytes 5': [
      2,
      'without a workflow',
    ],
    'quota set --user nobody --per-day 5': [1, 'not in runledger.users'],
    'quota double --user anna': [2, 'Allowed choices are set, list, remove'],
  };
  for (const [line, [code, message]] of Object.entries(wrong)) {
    const result = await stack.run(line);
    expect([line, result.code, result.stderr]).toEqual([line, code, expect.stringContaining(message)]);
  }
});
