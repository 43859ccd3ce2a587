import { TRPCClientError } from '@trpc/client';
import { describe, expect, test } from 'vitest';
import { createRunledgerClient } from '../client.ts';
import { isWorthRetrying } from '../client-error.ts';

const url = 'http://localhost/trpc';

interface Sent {
  method: string;
  paths: string[];
  authorization: string | null;
  length: number;
  override: string | null;
}

/** A server that answers each call with the token that it came with, and keeps the requests. */
function fakeServer() {
  const requests: Sent[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const address = new URL(String(input));
    const paths = address.pathname.replace('/trpc/', '').split(',');
    const authorization = new Headers(init?.headers).get('authorization');
    requests.push({
      method: init?.method ?? 'GET',
      paths,
      authorization,
      length: String(input).length,
      override: new Headers(init?.headers).get('trpc-method-override') ?? null,
    });
    const answer = { result: { data: { items: [{ id: authorization }], nextCursor: null } } };
    return Response.json(address.searchParams.has('batch') ? paths.map(() => answer) : answer);
  };
  return { fetch, requests };
}

const ids = (n: number) =>
  Array.from({ length: n }, (_, i) => `01939c5e-0000-7000-8000-${String(i).padStart(12, '0')}`);

describe('addresses', () => {
  test('a query that is too long for one goes in a body, and short ones are cut into several requests', async () => {
    const { fetch, requests } = fakeServer();
    const client = createRunledgerClient({ url, getToken: () => 't', fetch });
    await Promise.all([
      client.execution.listExecutions.query({ ids: ids(100) }),
      ...Array.from({ length: 10 }, () => client.execution.listExecutions.query({ ids: ids(15) })),
    ]);
    expect(requests.filter(({ method }) => method === 'POST').map(({ paths }) => paths)).toEqual([
      ['execution.listExecutions'],
    ]);
    const gets = requests.filter(({ method }) => method === 'GET');
    expect(gets.flatMap(({ paths }) => paths)).toHaveLength(10);
    for (const { length } of gets) expect(length).toBeLessThan(4_100);
  });

  test('are those of the router in the host’s own', async () => {
    const { fetch, requests } = fakeServer();
    const client = createRunledgerClient({ url, getToken: () => 't', fetch, prefix: 'jobs.runledger' });
    await client.execution.getStats.query();
    await client.workflow.list.query();
    expect(requests.flatMap(({ paths }) => paths)).toEqual([
      'jobs.runledger.execution.getStats',
      'jobs.runledger.workflow.list',
    ]);
  });
});

test('a server that has a window, as Deno had one, carries requests of each user apart', async () => {
  const { fetch, requests } = fakeServer();
  const tokens = ['anna', 'ben'];
  Object.assign(globalThis, { window: globalThis, Deno: {} });
  try {
    const client = createRunledgerClient({ url, getToken: () => tokens.shift() ?? null, fetch });
    await Promise.all([client.workflow.list.query(), client.workflow.list.query()]);
  } finally {
    for (const name of ['window', 'Deno']) Reflect.deleteProperty(globalThis, name);
  }
  expect(requests.map(({ authorization }) => authorization)).toEqual(['Bearer anna', 'Bearer ben']);
});

describe('what is not an answer of the API', () => {
  const clientThat = (fetch: typeof globalThis.fetch) => createRunledgerClient({ url, getToken: () => null, fetch });
  const failure = (fetch: typeof globalThis.fetch) =>
    clientThat(fetch)
      .execution.getStats.query()
      .catch((error: unknown) => error as TRPCClientError<never>);
  const page = (status: number) => async () =>
    new Response('<!doctype html><p>secret', { status, headers: { 'content-type': 'text/html; charset=utf-8' } });

  test.each([
    [404, false],
    [200, false],
    [302, false],
    [502, true],
    [503, true],
    [504, true],
    [429, true],
  ])('a page with status %i is a sentence, and worth trying again: %s', async (status, isWorth) => {
    const error = (await failure(page(status))) as TRPCClientError<never>;
    expect(error).toBeInstanceOf(TRPCClientError);
    expect(error.message).toBe(
      `http://localhost/trpc/execution.getStats answered ${status} with text/html, where the API answers with JSON. Check the address, and what stands in front of it.`,
    );
    expect(isWorthRetrying(error)).toBe(isWorth);
  });

  test.each<[string, number, string]>([
    ['a message', 503, '{"message":"Service Unavailable"}'],
    ['an error of its own', 429, '{"error":{"code":429,"message":"secret"}}'],
    ['nothing', 502, ''],
    ['half of something', 504, '{"mess'],
    ['a list', 401, '[{"code":"secret"}]'],
  ])('JSON of a gateway with %s is a sentence, and worth trying again by its status', async (_, status, body) => {
    const error = (await failure(
      async () => new Response(body, { status, headers: { 'content-type': 'application/json' } }),
    )) as TRPCClientError<never>;
    expect(error.message).toBe(
      `http://localhost/trpc/execution.getStats answered ${status} with JSON that is not the API's. Check the address, and what stands in front of it.`,
    );
    expect(isWorthRetrying(error)).toBe([429, 502, 503, 504].includes(status));
  });

  test('a refusal of the API passes, whatever transformer its host has', async () => {
    for (const error of [{ code: -32_603, message: 'no', data: {} }, { json: { code: -32_603 } }, ['devalued']])
      for (const body of [{ error }, [{ error }]]) {
        const answer = (await failure(async () => Response.json(body, { status: 503 }))) as TRPCClientError<never>;
        expect(answer.message).not.toContain('Check the address');
      }
  });

  test('a call that was given up, or whose answer is cut off, is not worth it; a network that is down is', async () => {
    const givenUp = AbortSignal.abort();
    const aborted = await failure(async () => {
      givenUp.throwIfAborted();
      return new Response();
    });
    const cut = await failure(async () => new Response('{"res', { headers: { 'content-type': 'application/json' } }));
    const down = await failure(async () => Promise.reject(new TypeError('fetch failed')));
    expect([aborted, cut, down].map(isWorthRetrying)).toEqual([false, false, true]);
  });
});
