/** Whatever a user sends counts: what no procedure answers, too. */
import type { ExecutionReader } from '@runledger/contracts';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { Identify } from '../callers.ts';
import { createApi } from '../server.ts';
import { createMemoryStore } from './rate-store.ts';
import { createUnverifiedLimit } from './unverified.ts';
import { createUserLimits } from './user-limits.ts';

const AT_MOST = 4;

/** An API on which each user, or each address of nobody known, may send four requests a minute. */
function limitedApi({ isBelieved = true, answered = Promise.resolve() } = {}) {
  const caller = { userId: 'anna', reader: {} as ExecutionReader };
  const identify: Identify = async () => ({ caller, callerProblem: null });
  identify.believed = () => (isBelieved ? caller : null);
  const pings = { ledger: 0, engine: 0 };
  const note = (whose: keyof typeof pings) => {
    pings[whose] += 1;
    return answered;
  };
  let arrived = 0;
  const api = createApi({
    identify,
    ledger: {
      ping: async () => note('ledger'),
      unprovenNamespaces: async () => [],
    } as never,
    engine: { ping: async () => note('engine') } as never,
    workflows: {} as never,
    userLimits: createUserLimits(
      { requestsPerMinute: AT_MOST, writesPerMinute: null, storedBytesPerDay: null, streams: null },
      createMemoryStore(),
    ),
    unverified: createUnverifiedLimit(isBelieved ? null : AT_MOST),
    // A request without a connection has the address that its proxy saw.
    proxyHops: 1,
    canSignIn: async () => {
      arrived += 1;
      return true;
    },
    mcp: 'read',
    log: pino({ level: 'silent' }),
    startable: [],
  });
  const headers = {
    authorization: 'Bearer anna',
    'x-forwarded-for': '192.0.2.1',
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
  const ask = (path: string, body?: string, method = body === undefined ? 'GET' : 'POST') =>
    api.fetch(new Request(`http://localhost${path}`, { headers, method, ...(body === undefined ? {} : { body }) }));
  return { ask, pings, arrived: () => arrived };
}

const rpc = (method: string, params: object = {}) => JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });

test.each<[string, number, string, string?, string?]>([
  ['health', 200, '/trpc/system.health'],
  ['a procedure that does not exist', 404, '/trpc/nothing'],
  ['a path that is none', 400, '/trpc/%zz'],
  ['an input that is not JSON', 400, '/trpc/execution.getStats?input={'],
  ['a body that is not JSON', 400, '/trpc/workflow.create', '{'.repeat(100_000)],
  ['the list of tools', 200, '/mcp', rpc('tools/list')],
  ['a tool', 200, '/mcp', rpc('tools/call', { name: 'system_health', arguments: {} })],
  ['a tool that there is not', 200, '/mcp', rpc('tools/call', { name: 'nothing' })],
  ['a sign of life of an agent', 200, '/mcp', rpc('ping')],
  ['a message of an agent that is not JSON', 400, '/mcp', '{'],
  ['a stream for an agent', 405, '/mcp'],
  ['a body that is too large', 413, '/trpc/execution.getStats', 'x'.repeat(300_000)],
  ['a change by GET', 405, '/trpc/execution.cancelExecution'],
  ['a method that there is not', 405, '/trpc/system.health', undefined, 'PUT'],
  ['a HEAD request', 204, '/trpc/system.health', undefined, 'HEAD'],
  ['the description of the API', 200, '/openapi.json'],
  ['an export by a filter that is none', 400, '/export.csv?orderBy=input'],
  ['an export of what others ran', 403, '/export.ndjson?of=everyone&payloads=true'],
  ['an export that nobody reads', 405, '/export.csv', undefined, 'HEAD'],
])('%s counts as a call', async (_, status, path, body, method) => {
  const { ask } = limitedApi();
  const answers: number[] = [];
  for (let sent = 0; sent <= AT_MOST; sent += 1) {
    const answer = await ask(path, body, method);
    // A tool is refused in its answer.
    const text = await answer.text();
    answers.push(text.includes('rate_limited') && !text.startsWith('{"openapi"') ? 429 : answer.status);
  }
  expect(answers).toEqual([...Array.from({ length: AT_MOST }, () => status), 429]);
});

test('each counts of several in one request', async () => {
  for (const [path, body] of [
    ['/trpc/system.health,nothing,system.health,nothing,system.health?batch=1', undefined],
    // More than a batch may have, and several that are none.
    [`/trpc/${Array(21).fill('system.health').join()}?batch=1`, undefined],
    [`/trpc/${Array(5).fill('system.health').join()}`, undefined],
    ['/mcp', `[${Array.from({ length: 5 }, () => rpc('tools/list')).join(',')}]`],
  ] as const)
    expect(await (await limitedApi().ask(path, body)).text()).toContain('rate_limited');
});

test('whoever has not been identified lately counts by their address', async () => {
  const { ask } = limitedApi({ isBelieved: false });
  // Known from now on.
  await ask('/trpc/system.health');
  const statuses: number[] = [];
  for (let sent = 0; sent < 6; sent += 1) statuses.push((await ask('/trpc/execution.getStats?input={')).status);
  expect(statuses).toEqual([400, 400, 400, 400, 429, 429]);
});

test('what health asks does not grow with how many ask for it', async () => {
  const answered = Promise.withResolvers<void>();
  const { ask, pings, arrived } = limitedApi({ answered: answered.promise });
  const asked = Array.from({ length: 50 }, () => ask('/readyz'));
  await expect.poll(arrived).toBe(50);
  answered.resolve();
  await Promise.all(asked);
  expect(pings).toEqual({ ledger: 1, engine: 1 });
  await ask('/readyz');
  expect(pings).toEqual({ ledger: 2, engine: 2 });
});
