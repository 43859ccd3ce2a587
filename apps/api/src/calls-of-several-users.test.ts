import { AsyncLocalStorage } from 'node:async_hooks';
import { createRunledgerClient } from '@runledger/client';
import { expect, test } from 'vitest';

test('on a server, each call goes with the token of whose it is, also where calls of several are made at once', async () => {
  let requests = 0;
  /** Answers each call of a batch with the token that it came with. */
  const echoesToken: typeof globalThis.fetch = async (input, init) => {
    requests += 1;
    const paths = new URL(String(input)).pathname.split(',');
    const id = new Headers(init?.headers).get('authorization');
    return Response.json(paths.map(() => ({ result: { data: { items: [{ id }], nextCursor: null } } })));
  };
  const user = new AsyncLocalStorage<string>();
  const getToken = () => user.getStore() ?? null;
  const client = createRunledgerClient({ url: 'http://localhost/trpc', getToken, fetch: echoesToken });
  const users = Array.from({ length: 120 }, (_, n) => `user ${n % 60}`);
  const answers = await Promise.all(
    users.map((name) => user.run(name, () => client.execution.listExecutions.query({ limit: 5 }))),
  );
  expect(answers.map(({ items }) => items[0]?.id)).toEqual(users.map((name) => `Bearer ${name}`));
  // Those of one user share a request all the same.
  expect(requests).toBe(60);
});
