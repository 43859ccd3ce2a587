/** Whatever stands in for an answer of the ledger's API, callers are told a sentence of ours, wherever they call. */
import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { ApiFixture, TestApi, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApi, startApiFixture } from './fixtures/api-fixture.ts';
import type { Ask } from './fixtures/ask.ts';
import { askWith, codesIn, inputOf } from './fixtures/ask.ts';
import type { Fault, FaultyProxy } from './fixtures/faulty-proxy.ts';
import { startFaultyProxy } from './fixtures/faulty-proxy.ts';

/** In every foreign answer below, and in no sentence of ours. */
const SECRET = 'hunter2';

const json = (status: number, body: string) => (response: ServerResponse) =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(body);
const postgres = (status: number, code: string) =>
  json(status, JSON.stringify({ code, message: `${SECRET} in "workflow_executions"`, details: SECRET, hint: SECRET }));

/** So that a ledger that hangs is given up soon. */
const SHORT = { deadlineMs: 1_000, withinMs: 1_500, maxPauseMs: 50 };
/** One that answers is waited for, however busy the machine is. */
const PATIENT = { deadlineMs: 120_000, maxPauseMs: 50 };

const FAULTS: Record<string, { fault: Fault; code: string | RegExp; hangs?: boolean }> = {
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
  'no answer at all': { fault: () => {}, code: 'ledger_unavailable', hangs: true },
  'an answer that stops halfway': {
    fault: (response) =>
      void response.writeHead(200, { 'content-type': 'application/json' }).write(`[{"id": "${SECRET}"`),
    code: 'ledger_unavailable',
    hangs: true,
  },
  'a fault that nobody has seen yet': { fault: postgres(500, 'XX000'), code: 'internal' },
};

let fixture: ApiFixture;
let anna: TestUser;
/** One that gives up soon, and one that does not. */
let apis: { impatient: TestApi; patient: TestApi };
/** The one that is asked. */
let api: TestApi;
let key: string;
let proxy: FaultyProxy;
let workflowId: string;
let executionId: string;
let ask: Ask;
let asProgram: Ask;

beforeAll(async () => {
  fixture = await startApiFixture();
  anna = await fixture.signUp('anna');
  ({ id: workflowId } = await anna.client.workflow.create.mutate(ORDER));
  ({ id: executionId } = await anna.client.execution.createExecution.mutate({ workflowId }));
  for (let n = 0; n < 2; n += 1)
    await anna.client.execution.createExecutions.mutate({ executions: Array(100).fill({ workflowId }) });
  const operator = await fixture.signUp('olga', { isOperator: true });
  ({ key } = await operator.client.key.create.mutate({ name: 'worker', scopes: ['read', 'report'] }));
  const at = Date.now();
  proxy = await startFaultyProxy(fixture.supabase.url);
  const variables = { ...fixture.variables, SUPABASE_URL: proxy.url, RUNLEDGER_CALLS_AT_ONCE: '5' };
  const start = (call: object) => startApi(variables, { mcp: 'read', now: () => at, call });
  apis = { impatient: await start(SHORT), patient: await start(PATIENT) };
  // Who calls is believed from here on, as no time goes by: what fails below is what is asked for.
  for (const each of Object.values(apis)) {
    turnTo(each);
    await answers(ask);
    await answers(asProgram);
  }
});
afterEach(() => {
  proxy.fault = null;
  proxy.isFor = () => true;
});
afterAll(async () => {
  for (const each of Object.values(apis ?? {})) await each[Symbol.asyncDispose]();
  await proxy?.[Symbol.asyncDispose]();
  await fixture?.[Symbol.asyncDispose]();
});

function turnTo(next: TestApi): void {
  api = next;
  ask = askWith(api, () => anna.token);
  asProgram = askWith(api, () => key);
}

/** Has the fault from here on, with the API that is to meet it. */
function meet(name: string) {
  const { fault, code, hangs } = FAULTS[name] as (typeof FAULTS)[string];
  turnTo(hangs ? apis.impatient : apis.patient);
  return { code, begin: () => Object.assign(proxy, { fault }) };
}

/** What is asked is answered, all of it: nothing has kept a place. Whoever gives up soon may do so once more on a busy machine. */
async function answers(by: Ask, times = 1): Promise<void> {
  const count = () => by.get('/trpc/execution.getRunCount').then((text) => JSON.parse(text));
  const all = async () => {
    for (const answer of await Promise.all(Array.from({ length: times }, count)))
      expect(answer).toHaveProperty('result');
  };
  await vi.waitFor(all, { timeout: 240_000 });
}

/** What a caller reads, of each way to ask for something. */
const WAYS: Record<string, () => Promise<string>> = {
  'a query': () => ask.get(`/trpc/execution.listExecutions?${inputOf({ limit: 10 })}`),
  'a query of one': () => ask.get(`/trpc/execution.getExecution?${inputOf({ id: executionId })}`),
  statistics: () => ask.get('/trpc/execution.getStats'),
  'a batch': () => ask.get(`/trpc/workflow.list,execution.countByHealth?batch=1&${inputOf({ 0: {}, 1: {} })}`),
  'a start': () => ask.post('/trpc/execution.createExecution', { workflowId }),
  'several starts': () =>
    ask.post('/trpc/execution.createExecutions', { executions: [{ workflowId }, { workflowId }] }),
  'a cancel': () => ask.post('/trpc/execution.cancelExecution', { id: executionId }),
  'an export': () => ask.get('/export.csv'),
  'a tool': () => ask.tool('list_executions'),
  'a query of a program': () => asProgram.get('/trpc/execution.getRunCount'),
  'a report of a program': () => asProgram.post('/report', { execution: executionId, progress: { step: 1 } }),
  'a query of a router in a host’s': () => ask.nested('execution.listExecutions', 'GET'),
  'a start of a router in a host’s': () => ask.nested('execution.createExecution', 'POST', { workflowId }),
};

test.each(Object.keys(FAULTS))('%s is told in a sentence of ours, however it is asked', async (name) => {
  const { code, begin } = meet(name);
  begin();
  const before = proxy.faults;
  const said = await Promise.all(Object.entries(WAYS).map(async ([way, ask]) => [way, await ask()] as const));
  expect(proxy.faults - before).toBeGreaterThanOrEqual(said.length);
  proxy.fault = null;
  await answers(ask, 12);
  for (const [way, answer] of said) {
    expect(answer, way).not.toMatch(
      /hunter2|workflow_executions|<html|Unexpected|SyntaxError|ECONN|fetch failed|127\.0\.0\.1/,
    );
    expect(codesIn(answer).join(), way).toMatch(code);
  }
});

test.each(['a statement that took too long (57014)', 'no answer at all', 'an answer that stops halfway'])(
  'an export that fails halfway by %s breaks off: what was written is not taken for all, and nothing of the fault is in it',
  async (name) => {
    const { begin } = meet(name);
    const ask = () => fetch(`${api.url}/export.csv`, { headers: { authorization: `Bearer ${anna.token}` } });
    let answer = await ask();
    while (answer.status !== 200) {
      expect(codesIn(await answer.text())).toEqual(['ledger_unavailable']);
      answer = await ask();
    }
    begin();
    const parts: string[] = [];
    const whole = (async () => {
      for await (const part of answer.body ?? []) parts.push(Buffer.from(part).toString());
    })();
    await expect(whole).rejects.toThrow();
    expect(parts.join('')).not.toContain(SECRET);
  },
);

/** The first error of a stream, as its reader has it. */
async function errorOfStream(path: string): Promise<string> {
  const leave = new AbortController();
  const headers = { authorization: `Bearer ${anna.token}`, accept: 'text/event-stream' };
  const answer = await fetch(api.url + path, { headers, signal: leave.signal });
  let said = '';
  for await (const part of answer.body ?? []) {
    said += Buffer.from(part).toString();
    if (said.includes('serialized-error') && said.includes('executionCode')) break;
  }
  leave.abort();
  return said;
}

test.each([
  ['a fault that nobody has seen yet', 'internal'],
  ['no answer at all', 'ledger_unavailable'],
  ['an answer that stops halfway', 'ledger_unavailable'],
])('a stream whose first reading fails by %s says so in a sentence of ours', async (name, code) => {
  // The position is known, the page cannot be read.
  proxy.isFor = (path) => !path.includes('changes_since');
  meet(name).begin();
  const said = await errorOfStream('/trpc/execution.watchExecutions');
  expect(codesIn(said).join()).toContain(code);
  expect(said).not.toContain(SECRET);
});

test('streams that cannot begin, as the ledger does not say where it is, keep no place', async () => {
  meet('no answer at all').begin();
  const said = await Promise.all(Array.from({ length: 6 }, () => errorOfStream('/trpc/execution.watchStats')));
  for (const one of said) expect(codesIn(one)).toContain('ledger_unavailable');
  proxy.fault = null;
  await answers(ask);
});

test('whoever is not known yet is told that the ledger does not answer, and let in once it does', async () => {
  const { token } = await fixture.signUp('new');
  const { begin } = meet('no answer at all');
  const asNew = askWith(api, () => token);
  const count = () => asNew.get('/trpc/execution.getRunCount');
  begin();
  expect(codesIn(await count())).toContain('ledger_unavailable');
  expect(codesIn(await asNew.tool('list_executions'))).toContain('ledger_unavailable');
  proxy.fault = null;
  await answers(asNew);
});
