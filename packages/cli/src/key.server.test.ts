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

test('runledger key makes a key, shows it once, lists and revokes it', async () => {
  const none = await stack.run('key list');
  expect([none.code, none.stdout]).toEqual([0, 'There is no key: no program reports to the API.\n']);

  const made = await stack.run('key create worker');
  expect(made.stdout).toMatch(/^✓ The key worker, which is shown this once:\n\n {2}rlk_[\w-]{43}\n/);
  const key = /rlk_[\w-]{43}/.exec(made.stdout)?.[0] as string;
  const brief = JSON.parse((await stack.run('key create brief --expires 90d --json')).stdout);
  expect(brief).toMatchObject({ name: 'brief', key: expect.stringMatching(/^rlk_/), scopes: ['report'] });
  expect(Date.parse(brief.expiresAt) - Date.parse(brief.createdAt)).toBeGreaterThan(89 * 86_400_000);

  const listed = await stack.run('key list');
  expect(listed.stdout).toMatch(/ worker +rlk_[\w-]{6}… +valid +–/);
  expect(listed.stdout).toMatch(/ brief +rlk_[\w-]{6}… +valid until \d{4}-/);
  expect(listed.stdout).not.toContain(key);

  const [{ id }] = JSON.parse((await stack.run('key list --json')).stdout);
  const revoked = await stack.run(`key revoke ${id}`);
  expect([revoked.code, revoked.stdout]).toEqual([0, '✓ The key worker is revoked: it ends within a minute.\n']);
  expect((await stack.run('key list')).stdout).toMatch(/ worker +rlk_[\w-]{6}… +revoked \d{4}-/);
});

test('runledger key says what is missing or wrong', async () => {
  const wrong: Record<string, [number, string]> = {
    'key create': [2, 'Say what to call the key'],
    'key revoke nobody': [2, 'There is no key nobody'],
    'key revoke': [2, 'There is no key'],
    'key create x --scope read report --user anna': [2, 'make it without --user'],
    'key create x --expires never': [2, 'nothing like 12h or 30d'],
    'key double': [2, 'Allowed choices are create, list, revoke'],
  };
  for (const [line, [code, message]] of Object.entries(wrong)) {
    const result = await stack.run(line);
    expect([line, result.code, result.stderr]).toEqual([line, code, expect.stringContaining(message)]);
  }
});
