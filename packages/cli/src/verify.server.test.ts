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

test('runledger verify says that all is well, finds what was written past the triggers, and repairs it', async () => {
  await stack.record();
  const fine = [0, '✓ Every counter equals a recount of the executions.\n'];
  const first = await stack.run('verify');
  expect([first.code, first.stdout]).toEqual(fine);

  await stack.supabase.database.query('select runledger.fold_execution_stats()');
  await stack.supabase.database.query(
    `update runledger.execution_stats set counts[runledger_private.status_number('running')] = counts[runledger_private.status_number('running')] + 3
      where grain = 'life' and created_by = ''`,
  );
  const found = await stack.run('verify');
  expect(found.code).toBe(1);
  expect(found.stdout).toMatch(/all +\S+ +life +running +4 +1\n/);
  expect(found.stdout).toMatch(/✗ 1 number differs\. Set them right with: runledger verify --repair\n$/);

  const repaired = await stack.run('verify --repair');
  expect([repaired.code, repaired.stdout]).toEqual([0, expect.stringMatching(/✓ 1 number differs; 1 repaired\.\n$/)]);
  const again = await stack.run('verify');
  expect([again.code, again.stdout]).toEqual(fine);
  const json = await stack.run('verify --json');
  expect(JSON.parse(json.stdout)).toEqual({ drift: [], repaired: 0 });
});
