/** Whatever stands in for an answer of the ledger's API, callers are told a sentence of ours, wherever they call. */
import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { ApiFixture, TestApi, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApi, startApiFixture } from './fixtures/api-fixture.ts';
import type { Fault, FaultyProxy } from './fixtures/faulty-proxy.ts';
import { startFaultyProxy } from './fixtures/faulty-proxy.ts';

/** In every foreign answer below, and in no sentence of ours. */
const SECRET = 'hunter2';

const json = (status: number, body: string) => (response: ServerResponse) =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(body);
const postgres = (status: number, code: string) =>
  json(status, JSON.stringify({ code, message: `${SECRET} in "workflow_executions"`, details: SECRET, hint: SECRET }));

const FAULTS: Record<string, { fault: Fault; code: string | RegExp }> = {
  'a 503 of a proxy, as HTML': {
    fault: (response) =>
      void response.writeHead(503, { 'content-type': 'text/html' }).end(`<html><h1>${SECRET}</h1></html>`),
    code: 'ledger_unavailable',
  },
  'a page to sign in, as 200': {
    fault: (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end(`<html>${SECRET}</html>`),
    code: /internal|ledger_unavailable/,
  },
  'half a JSON': { fault: json(200, `[{"id": "${SECRET}", "na`), code: /internal|ledger_unavailable/ },
  'an answer that breaks off': {
    fault(response) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write(`[{"id": "${SECRET}"`, () => response.destroy());
    },
    code: 'ledger_unavailable',
  },
  'another answer than that of the function': { fault: json(200, `{"${SECRET}": 1}`), code: /internal|not_found/ },
  'a connection that is closed': { fault: (response) => void response.destroy(), code: 'ledger_unavailable' },
  'a statement that took too long (57014)': { fault: postgres(500, '57014'), code: 'took_too_long' },
  'a serialization failure (40001)': { fault: postgres(500, '40001'), code: 'ledger_unavailable' },
  'no connection left (53300)': { fault: postgres(503, '53300'), code: 'ledger_unavailable' },
  'a text that Postgres does not take (22P05)': { fault: postgres(400, '22P05'), code: 'invalid_input' },
  'a fault that nobody has seen yet': { fault: postgres(500, 'XX000'), code: 'internal' },
};

let fixture: ApiFixture;
let anna: TestUser;
let api: TestApi;
let proxy: FaultyProxy;
let workflowId: string;
let executionId: string;

beforeAll(async () => {
  fixture = await startApiFixture();
  anna = await fixture.signUp('anna');
  ({ id: workflowId } = await anna.client.workflow.create.mutate(ORDER));
  ({ id: executionId } = await anna.client.execution.createExecution.mutate({ workflowId }));
  for (let n = 0; n < 2; n += 1)
    await anna.client.execution.createExecutions.mutate({ executions: Array(100).fill({ workflowId }) });
  const at = Date.now();
  proxy = await startFaultyProxy(fixture.supabase.url);
  api = await startApi({ ...fixture.variables, SUPABASE_URL: proxy.url }, { mcp: 'read', now: () => at });
  // Who calls is believed from here on, as no time goes by: what fails below is what is asked for.
  await api.clientWith(anna.token).execution.getRunCount.query();
});
afterEach(() => {
  proxy.fault = null;
  proxy.isFor = () => true;
});
afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await proxy?.[Symbol.asyncDispose]();
  await fixture?.[Symbol.asyncDispose]();
});

const headers = () => ({ authorization: `Bearer ${anna.token}`, 'content-type': 'application/json' });
const get = (path: string, more: object = {}) => fetch(api.url + path, { headers: { ...headers(), ...more } });
const post = (path: string, body: object, more: object = {}) =>
  fetch(api.url + path, { method: 'POST', headers: { ...headers(), ...more }, body: JSON.stringify(body) });
const input = (value: object) => `input=${encodeURIComponent(JSON.stringify(value))}`;

/** What a caller reads, of each way to ask for something. */
const WAYS: Record<string, () => Promise<string>> = {
  'a query': async () => (await get(`/trpc/execution.listExecutions?${input({ limit: 10 })}`)).text(),
  'a query of one': async () => (await get(`/trpc/execution.getExecution?${input({ id: executionId })}`)).text(),
  statistics: async () => (await get('/trpc/execution.getStats')).text(),
  'a batch': async () =>
    (await get(`/trpc/workflow.list,execution.countByHealth?batch=1&${input({ 0: {}, 1: {} })}`)).text(),
  'a start': async () => (await post('/trpc/execution.createExecution', { workflowId })).text(),
  'several starts': async () =>
    (await post('/trpc/execution.createExecutions', { executions: [{ workflowId }, { workflowId }] })).text(),
  'a cancel': async () => (await post('/trpc/execution.cancelExecution', { id: executionId })).text(),
  'an export': async () => (await get('/export.csv')).text(),
  'a tool': async () => {
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'list_executions', arguments: {} } };
    return (await post('/mcp', call, { accept: 'application/json, text/event-stream' })).text();
  },
};

test.each(Object.entries(FAULTS))(
  '%s is told in a sentence of ours, however it is asked',
  async (_, { fault, code }) => {
    proxy.fault = fault;
    const before = proxy.faults;
    const said = await Promise.all(Object.entries(WAYS).map(async ([way, ask]) => [way, await ask()] as const));
    expect(proxy.faults - before).toBeGreaterThanOrEqual(said.length);
    for (const [way, answer] of said) {
      expect(answer, way).not.toMatch(
        /hunter2|workflow_executions|<html|Unexpected|SyntaxError|ECONN|fetch failed|127\.0\.0\.1/,
      );
      const codes = [...answer.matchAll(/"executionCode":"(\w+)"|"(?:code|text)":"(\w+?)[":]/g)].map(
        ([, ours, others]) => ours ?? others,
      );
      expect(codes.join(), way).toMatch(code);
    }
  },
);

test('an export that fails halfway breaks off: what was written is not taken for all, and nothing of the fault is in it', async () => {
  const answer = await get('/export.csv');
  expect(answer.status).toBe(200);
  proxy.fault = postgres(500, '57014');
  const parts: string[] = [];
  const whole = (async () => {
    for await (const part of answer.body ?? []) parts.push(Buffer.from(part).toString());
  })();
  await expect(whole).rejects.toThrow();
  expect(parts.join('')).not.toContain(SECRET);
});

test('a stream whose first reading fails says so in a sentence of ours', async () => {
  // The position is known, the page cannot be read.
  proxy.isFor = (path) => !path.includes('changes_since');
  proxy.fault = postgres(500, 'XX000');
  const leave = new AbortController();
  const answer = await fetch(`${api.url}/trpc/execution.watchExecutions`, {
    headers: { ...headers(), accept: 'text/event-stream' },
    signal: leave.signal,
  });
  let said = '';
  for await (const part of answer.body ?? []) {
    said += Buffer.from(part).toString();
    if (said.includes('serialized-error')) break;
  }
  leave.abort();
  expect(said).toContain('internal');
  expect(said).not.toContain(SECRET);
});
