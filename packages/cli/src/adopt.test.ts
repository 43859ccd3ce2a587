import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Stack } from './fixtures/stack.ts';
import { startStack } from './fixtures/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ searchAttributes: { CustomerId: 'Keyword' } });
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
});

/** Waits until Temporal's list shows that number of runs: it is a little late. */
async function listed(n: number) {
  await expect
    .poll(async () => JSON.parse((await stack.run('adopt --type order --user anna --dry-run --json')).stdout).listed)
    .toBe(n);
}

const idOf = async (workflowId: string) => (await stack.service.getExecution(workflowId))?.id ?? null;

describe('runledger adopt', () => {
  test('shows what it would adopt, adopts it once, and knows it the next time', async () => {
    const mine = await stack.start({ memo: { userId: 'anna' } });
    const strangers = await stack.start({ memo: { userId: 'nobody' } });
    const nameless = await stack.start();
    await listed(3);

    const line = 'adopt --type order --queue orders --user-from-memo userId';
    const dry = await stack.run(`${line} --dry-run`, { COLUMNS: '160' });
    expect(dry.stdout).toMatch(new RegExp(`would be adopted +order ${mine.workflowId} of anna\n`));
    expect(dry.stdout).toContain(`of nobody\n`);
    expect(dry.stdout).toMatch(/! 3 runs since .* UTC: .*2 would be adopted.*\(dry run\)\.\n$/);
    expect(await idOf(mine.workflowId)).toBeNull();

    const real = await stack.run(line, { COLUMNS: '160' });
    expect(real.code).toBe(1);
    expect(real.stdout).toMatch(new RegExp(`adopted +order ${mine.workflowId} of anna\n`));
    expect(real.stdout).toMatch(new RegExp(`user not in runledger.users +order ${strangers.workflowId} of nobody\n`));
    expect(real.stdout).toMatch(new RegExp(`names no user +order ${nameless.workflowId}\n`));
    expect(await idOf(mine.workflowId)).not.toBeNull();

    const again = await stack.run(`${line} --json`);
    expect(JSON.parse(again.stdout).results).toEqual({ known: 1, unknown_user: 1, no_user: 1 });
  });

  test('takes the user from a search attribute, and only runs of the type and queue that are meant', async () => {
    const meant = await stack.start({ searchAttributes: { CustomerId: ['anna'] } });
    const other = await stack.start({ searchAttributes: { CustomerId: ['anna'] }, taskQueue: 'elsewhere' });
    await listed(5);
    const { stdout } = await stack.run('adopt --queue orders --user-from-search-attribute CustomerId --json');
    expect(JSON.parse(stdout).results).toEqual({ adopted: 1, known: 1, no_user: 2 });
    expect(await idOf(meant.workflowId)).not.toBeNull();
    expect(await idOf(other.workflowId)).toBeNull();
    const elsewhere = await stack.run('adopt --queue elsewhere --user anna');
    expect([elsewhere.code, elsewhere.stdout]).toEqual([
      1,
      expect.stringContaining('1 no workflow of that type and queue'),
    ]);
  });

  test('goes back no further than it is told', async () => {
    const from = new Date(Date.now() + 60_000).toISOString();
    const { code, stdout } = await stack.run(`adopt --type order --user anna --from ${from}`);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^✓ Temporal lists no run since /)]);
  });

  test('says what is missing before it asks anybody', async () => {
    const wrong = {
      'adopt --type order': 'Say whose they are',
      'adopt --type order --user anna --user-from-memo userId': 'Say whose they are',
      'adopt --user anna': 'Say which runs with --type or --queue',
      'adopt --type order --user anna --from yesterday': 'neither a time nor something like 12h',
    };
    for (const [line, message] of Object.entries(wrong)) {
      const { code, stderr } = await stack.run(line);
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    }
  });
});
