import type { ExecutionReader } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { createApi } from './server.ts';

/** An API in this process, whose reader is given, and everything that it logged. */
function fakeApi(countEnded: ExecutionReader['countEnded'] = async () => 7) {
  const logged: string[] = [];
  const api = createApi({
    identify: async (authorization) =>
      authorization === 'Bearer anna'
        ? { caller: { userId: 'anna', reader: { countEnded } as ExecutionReader }, callerProblem: null }
        : {
            caller: null,
            callerProblem: authorization ? new ExecutionError('unauthenticated', 'Sign in again.') : null,
          },
    ledger: { ping: async () => {}, unprovenNamespaces: async () => [] } as never,
    workflows: {} as never,
    engine: { ping: async () => {} } as never,
    log: pino({ level: 'info' }, { write: (line: string) => void logged.push(line) }),
    startable: [],
  });
  return { logged, ask: (path: string, init?: RequestInit) => api.fetch(new Request(`http://localhost${path}`, init)) };
}

const asAnna = { authorization: 'Bearer anna' };
const post = (body: string | Uint8Array<ArrayBuffer>, contentType = 'application/json') => ({
  method: 'POST',
  body,
  headers: { ...asAnna, 'content-type': contentType },
});
const query = '/trpc/execution.getRunCount';
const mutation = '/trpc/execution.cancelExecution';

const malformed: [string, string, RequestInit?][] = [
  ['a path with half of a character', '/trpc/%E0%A4%A'],
  ['a path with a percent sign', '/trpc/%zz'],
  ['an input that is not JSON', `${query}?input={`],
  ['an input that is not even a URL’s', `${query}?input=%zz`],
  ['an input of nothing', `${query}?input=null`],
  ['a batch of a list', `${query}?batch=1&input=[1]`],
  ['a batch of nothing', `${query}?batch=1&input=null`],
  ['a batch with an index that is a word', `${query}?batch=1&input={"x":{}}`],
  ['a batch with an index beyond its calls', `${query}?batch=1&input={"1":{}}`],
  ['a batch with an index that is not one as written', `${query}?batch=1&input={"00":{}}`],
  ['a batch with the prototype as index', `${query}?batch=1&input={"__proto__":{}}`],
  ['a batch of 21 calls', `/trpc/${Array.from({ length: 21 }, () => 'system.health').join(',')}?batch=1`],
  ['connection parameters', `${query}?connectionParams=1`],
  ['a body that ends early', mutation, post('{"id":')],
  ['a body of nothing', mutation, post('')],
  ['a body that is not UTF-8', mutation, post(new Uint8Array([0x7b, 0xff, 0xfe]))],
  ['a batch whose body is a list', `${mutation}?batch=1`, post('[{}]')],
  ['a batch whose body has a wrong index', `${mutation}?batch=1`, post('{"0":{},"7":{}}')],
  ...[
    'text/plain',
    'application/octet-stream',
    'multipart/form-data',
    'application/x-www-form-urlencoded',
    'garbage;;;',
  ].map((type): [string, string, RequestInit] => [`a body of ${type}`, mutation, post('{}', type)]),
];

test.each(malformed)(
  '%s is the caller’s mistake, told in words of ours, and nothing is logged',
  async (_, path, init) => {
    const { ask, logged } = fakeApi();
    const response = await ask(path, { headers: asAnna, ...init });
    const text = await response.text();
    const { error } = [JSON.parse(text)].flat()[0];
    expect([response.status, error.data.executionCode, logged]).toEqual([400, 'invalid_input', []]);
    expect(text).not.toMatch(/Unexpected|JSON at position|URI malformed|FormData|SyntaxError|stack|node:/);
  },
);

test('a procedure that does not exist is named no longer than a name is', async () => {
  const { ask, logged } = fakeApi();
  const response = await ask(`/trpc/${'a'.repeat(5_000)}%00`, { headers: asAnna });
  expect([response.status, logged]).toEqual([404, []]);
  expect((await response.text()).length).toBeLessThan(600);
});

describe('no cache keeps an answer', () => {
  test.each<[string, number, string, RequestInit?]>([
    ['to somebody', 200, query, { headers: asAnna }],
    ['to nobody', 401, query],
    ['to a token that is not taken', 401, query, { headers: { authorization: 'Bearer forged' } }],
    ['to a malformed request', 400, '/trpc/%zz', { headers: asAnna }],
    ['to a request that is too large', 413, mutation, post('x'.repeat(2_000_001))],
    ['to a request of too many parts', 413, '/trpc/execution.createExecution', post(`[${'[],'.repeat(260_000)}0]`)],
    ['that there is no such procedure', 404, '/trpc/nothing', { headers: asAnna }],
    ['that there is nothing at all', 404, '/nothing', { headers: asAnna }],
    ['about health to somebody', 200, '/readyz', { headers: asAnna }],
  ])('%s', async (_, status, path, init) => {
    const response = await fakeApi().ask(path, init);
    expect([response.status, response.headers.get('cache-control')]).toEqual([status, 'no-store']);
  });

  test('about a fault of ours, which is logged once, by the id that the caller is told', async () => {
    const { ask, logged } = fakeApi(() => Promise.reject(new Error('relation does not exist')));
    const response = await ask(query, { headers: asAnna });
    const { error } = JSON.parse(await response.text());
    expect([response.status, response.headers.get('cache-control')]).toEqual([500, 'no-store']);
    expect(logged.map((line) => JSON.parse(line))).toMatchObject([{ requestId: error.data.requestId }]);
  });
});
