/**
 * What is asked for outside of procedures, with values that something on their way cannot keep: reports of programs, exports and
 * messages of agents. As of procedures (`fuzz.server.test.ts`), the answer is one of ours, whatever is sent.
 */
import { ERRORS } from '@runledger/contracts';
import { connectSupabase, createMachineKeyService } from '@runledger/execution-service';
import { inCi } from '@runledger/local-stack';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApiFixture } from './fixtures/api-fixture.ts';
import { FOREIGN, NEVER } from './fixtures/foreign-words.ts';
import { inputs, TEXTS, toText } from './fixtures/hostile.ts';
import type { InputSchema } from './fixtures/procedures.ts';
import { procedures } from './fixtures/procedures.ts';
import { MachineReport } from './machine/report-request.ts';

const RUNS = Number(process.env.RUNLEDGER_FUZZ_RUNS ?? inCi(500, 40));

let fixture: ApiFixture;
let anna: TestUser;
let key: string;
let executionId: string;

beforeAll(async () => {
  fixture = await startApiFixture({ mcp: 'write' });
  anna = await fixture.signUp('anna');
  const { url, serviceRoleKey } = fixture.supabase;
  ({ key } = await createMachineKeyService(connectSupabase({ url, key: serviceRoleKey })).createKey({ name: 'x' }));
  const { id: workflowId } = await anna.client.workflow.create.mutate(ORDER);
  executionId = (await anna.client.execution.createExecution.mutate({ workflowId })).id;
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

interface Sent {
  path: string;
  token: string;
  body?: string | undefined;
}

async function answerOf({ path, token, body }: Sent): Promise<{ status: number; text: string }> {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
  const method = body === undefined ? {} : { method: 'POST', body };
  const answer = await fixture.api.fetch(new Request(`http://localhost${path}`, { headers, ...method }));
  return { status: answer.status, text: await answer.text() };
}

/** It is answered, or refused with a code of ours and its status. */
function isOurs({ status, text }: { status: number; text: string }): void {
  if (status === 200) return;
  const { message, data } = (JSON.parse(text) as { error: { message: string; data: { executionCode: string } } }).error;
  expect(Object.keys(ERRORS)).toContain(data.executionCode);
  expect(ERRORS[data.executionCode as keyof typeof ERRORS].http).toBe(status);
  expect(NEVER).not.toContain(data.executionCode);
  expect(message).not.toMatch(FOREIGN);
}

const LONG = 60_000 + RUNS * 60;

test(
  'a report',
  async () => {
    const schema = z.toJSONSchema(MachineReport, { io: 'input', unrepresentable: 'any' }) as InputSchema;
    const known = { execution: [executionId, 'nobody'] };
    const sent = fc.asyncProperty(inputs(schema, known), async (report) =>
      isOurs(await answerOf({ path: '/report', token: key, body: toText(report) ?? '' })),
    );
    await fc.assert(sent, { numRuns: RUNS });
  },
  LONG,
);

test(
  'an export',
  async () => {
    const names = ['status', 'from', 'tag', 'text', 'id', 'user', 'health', 'minDurationMs', 'not', 'nothing'];
    const options = ['orderBy', 'orderDirection', 'payloads', 'everyoneOf', 'of'];
    const value = fc.oneof(fc.constantFrom(...TEXTS), fc.string({ unit: 'binary', maxLength: 20 }));
    const query = fc.array(fc.tuple(fc.constantFrom(...names, ...options, '__proto__', 'limit', 'cursor'), value), {
      maxLength: 3,
    });
    const sent = fc.asyncProperty(query, fc.constantFrom('csv', 'ndjson'), async (pairs, format) => {
      const text = new URLSearchParams(
        pairs.map(([name, given]): [string, string] => [name, given.toWellFormed()]),
      ).toString();
      isOurs(await answerOf({ path: `/export.${format}?${text}`, token: anna.token }));
    });
    await fc.assert(sent, { numRuns: RUNS });
  },
  LONG,
);

test(
  'a message of an agent',
  async () => {
    const { input } = procedures().find(({ path }) => path === 'execution.createExecution') as { input: InputSchema };
    const name = fc.constantFrom('create_execution', 'get_execution', 'search', '__proto__', '');
    const call = fc.tuple(name, inputs(input, { id: [executionId] })).map(([tool, given]) => {
      const params = `{"name":${JSON.stringify(tool)},"arguments":${toText(given) ?? '{}'}}`;
      return `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`;
    });
    const text = fc.oneof(
      { weight: 8, arbitrary: call },
      { weight: 1, arbitrary: fc.array(call, { maxLength: 3 }).map((calls) => `[${calls.join(',')}]`) },
      { weight: 2, arbitrary: fc.constantFrom(...TEXTS, '{}', '[]', 'null', '7', '[[]]', '[null]', '{"method":{}}') },
    );
    const sent = fc.asyncProperty(text, async (body) => {
      const { status, text: said } = await answerOf({ path: '/mcp', token: anna.token, body: body.toWellFormed() });
      expect(status).toBeLessThan(500);
      expect(said).not.toMatch(FOREIGN);
      for (const code of NEVER) expect(said).not.toContain(`${code}:`);
    });
    await fc.assert(sent, { numRuns: RUNS });
  },
  LONG,
);
