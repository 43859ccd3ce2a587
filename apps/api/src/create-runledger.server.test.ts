import { otherSchemaVersion } from '@runledger/local-stack';
import type { Context } from '@runledger/router';
import { initTRPC } from '@trpc/server';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRunledger } from './create-runledger.ts';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { startApiFixture } from './fixtures/api-fixture.ts';

let fixture: ApiFixture;
let anna: TestUser;
beforeAll(async () => {
  fixture = await startApiFixture();
  anna = await fixture.signUp('anna');
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const asAnna = (path: string, headers: Record<string, string> = {}) =>
  new Request(`http://localhost${path}`, { headers: { authorization: `Bearer ${anna.token}`, ...headers } });

/** Everything that it logs, from `debug` on. */
function start() {
  const written: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void written.push(line) });
  const env = { ...fixture.variables, RUNLEDGER_STARTABLE: '[{"workflowType":"order","taskQueue":"orders"}]' };
  return { runledger: createRunledger({ env, log }), written };
}

test('from its environment it answers requests, and nests in a router of the host’s', async () => {
  const { runledger } = start();
  const answer = await runledger.fetch(asAnna('/trpc/workflow.list'));
  expect(await answer.json()).toMatchObject({ result: { data: { items: [] } } });

  const t = initTRPC.context<Context>().create();
  const host = t.router({ runledger: runledger.router, hello: t.procedure.query(() => 'hello') });
  const context = await runledger.createContext(asAnna('/'));
  const caller = t.createCallerFactory(host)(context);
  expect(await caller.runledger.execution.listExecutions()).toMatchObject({ items: [] });
  expect(context.caller?.userId).toBe(anna.id);
  expect((await runledger.createContext(new Request('http://localhost/'))).caller).toBeNull();
  await runledger.close();
});

test.each([
  [-1, 'error', 'the schema in the database is older'],
  [1, 'warn', 'the schema in the database is newer'],
] as const)('a schema that is %i newer is told to the operator at the start', async (newerBy, level, says) => {
  await using _ = await otherSchemaVersion(fixture.supabase.database, newerBy);
  const { runledger, written } = start();
  await runledger.warnOfSetUp();
  const lines = written.map((line) => JSON.parse(line)).filter(({ msg }) => msg.startsWith('the schema'));
  expect(lines).toEqual([
    expect.objectContaining({ level: pino.levels.values[level], msg: expect.stringContaining(says) }),
  ]);
  await runledger.close();
});

test('what is missing in the environment is named', () => {
  expect(() => createRunledger({ env: {} })).toThrow(/SUPABASE_URL[\s\S]*SUPABASE_ANON_KEY/);
});

test('large answers are compressed where the client takes that; small ones and events are not', async () => {
  const { runledger } = start();
  const gzip = { 'accept-encoding': 'gzip' };
  const description = 'a description '.repeat(100);
  await anna.client.workflow.create.mutate({ name: 'A', workflowType: 'order', taskQueue: 'orders', description });
  await anna.client.workflow.create.mutate({ name: 'B', workflowType: 'order', taskQueue: 'orders', description });
  const encodingOf = async (request: Request) => {
    const response = await runledger.fetch(request);
    await response.body?.cancel();
    return response.headers.get('content-encoding');
  };
  expect(await encodingOf(asAnna('/trpc/workflow.list', gzip))).toBe('gzip');
  expect(await encodingOf(asAnna('/trpc/workflow.list', { 'accept-encoding': 'identity' }))).toBeNull();
  expect(await encodingOf(asAnna('/trpc/system.health', gzip))).toBeNull();
  expect(await encodingOf(asAnna('/trpc/execution.watchStats', { ...gzip, accept: 'text/event-stream' }))).toBeNull();
  await runledger.close();
});

test('each request leaves a line in the log, without its inputs and its token', async () => {
  const { runledger, written } = start();
  const id = 'request-17';
  const input = encodeURIComponent(JSON.stringify({ text: 'a secret text' }));
  await runledger.fetch(asAnna(`/trpc/execution.listExecutions?input=${input}`, { 'x-request-id': id }));
  const line = JSON.parse(written.find((text) => text.includes('"answered"')) as string);
  expect(line).toMatchObject({ requestId: id, method: 'GET', path: '/trpc/execution.listExecutions', status: 200 });
  expect(written.join('')).not.toMatch(/secret|Bearer|eyJ/);
  await runledger.close();
});
