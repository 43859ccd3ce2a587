import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { ApiFixture, TestApi, TestUser } from '../fixtures/api-fixture.ts';
import { ORDER, startApi, startApiFixture } from '../fixtures/api-fixture.ts';

let fixture: ApiFixture;
let reading: TestApi;
let anna: TestUser;
let ben: TestUser;
let executionId: string;

beforeAll(async () => {
  fixture = await startApiFixture();
  reading = await startApi(fixture.variables, { mcp: 'read' });
  [anna, ben] = await Promise.all([fixture.signUp('anna'), fixture.signUp('ben')]);
  const { id: workflowId } = await anna.client.workflow.create.mutate(ORDER);
  ({ id: executionId } = await anna.client.execution.createExecution.mutate({ workflowId, tags: ['vip'] }));
});
afterAll(async () => {
  await reading?.[Symbol.asyncDispose]();
  await fixture?.[Symbol.asyncDispose]();
});

/** An agent as the protocol's own client has it. */
async function agentOf(api: TestApi, { token }: Pick<TestUser, 'token'>): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  const transport = new StreamableHTTPClientTransport(new URL(`${api.url}/mcp`), { requestInit });
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  onTestFinished(() => client.close());
  return client;
}

async function callTool(client: Client, name: string, input: Record<string, unknown> = {}) {
  const { content, isError = false } = await client.callTool({ name, arguments: input });
  const [{ text }] = content as [{ text: string }];
  return { isError, text };
}

test('an agent lists, reads and explains what its user may see', async () => {
  const agent = await agentOf(reading, anna);
  const { tools } = await agent.listTools();
  expect(tools.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['list_executions', 'explain_execution', 'get_failures']),
  );
  expect(tools.filter(({ annotations, description }) => !annotations?.readOnlyHint || !description)).toEqual([]);
  const listed = await callTool(agent, 'list_executions', { filter: 'tag=vip&from=-24h' });
  expect(JSON.parse(listed.text).items).toMatchObject([{ id: executionId }]);
  expect(JSON.parse((await callTool(agent, 'get_execution', { id: executionId })).text)).toMatchObject({
    id: executionId,
  });
  expect(JSON.parse((await callTool(agent, 'get_stats')).text)).toMatchObject({ total: 1 });
});

test('a call that its own request cancels is answered, and holds no place of its user', async () => {
  await using api = await startApi({ ...fixture.variables, RUNLEDGER_CALLS_AT_ONCE: '1' }, { mcp: 'read' });
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'get_stats', arguments: {} } };
  const cancelled = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } };
  for (const messages of [
    [cancelled, call],
    [call, cancelled],
  ]) {
    const answer = await fetch(`${api.url}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${anna.token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify(messages),
      signal: AbortSignal.timeout(10_000),
    });
    expect([answer.status, await answer.json()]).toMatchObject([200, { id: 1, result: { content: [{}] } }]);
  }
  expect(await api.clientWith(anna.token).execution.getStats.query()).toMatchObject({ total: 1 });
});

test('a message that the protocol does not have is told in words of ours', async () => {
  const headers = {
    authorization: `Bearer ${anna.token}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
  for (const [method, params] of [
    ['tools/call', { name: 7 }],
    ['tools/call', { name: 'get_stats', arguments: [] }],
    ['initialize', {}],
    ['tools/list', { cursor: 7 }],
  ] as const) {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const answer = await fetch(`${reading.url}/mcp`, { method: 'POST', headers, body });
    const text = await answer.text();
    expect([answer.status, JSON.parse(text)]).toMatchObject([
      400,
      { error: { data: { executionCode: 'invalid_input' } } },
    ]);
    expect(text).not.toMatch(/invalid_type|received undefined|\\n/);
  }
});

test('another user’s agent sees and changes nothing of it', async () => {
  const agent = await agentOf(reading, ben);
  expect(JSON.parse((await callTool(agent, 'list_executions')).text).items).toEqual([]);
  for (const name of ['get_execution', 'get_timeline'])
    expect(await callTool(agent, name, { id: executionId })).toEqual({
      isError: true,
      text: expect.stringContaining('not_found'),
    });
});

test('nothing is changed unless the host switches that on', async () => {
  const reader = await agentOf(reading, anna);
  for (const name of ['cancel_execution', 'terminate_execution', 'nonsense'])
    expect(await callTool(reader, name, { id: executionId, reason: 'x' })).toEqual({
      isError: true,
      text: `There is no tool ${name}.`,
    });
  await using api = await startApi(fixture.variables, { mcp: 'write' });
  const writer = await agentOf(api, anna);
  expect(await callTool(await agentOf(api, ben), 'terminate_execution', { id: executionId, reason: 'x' })).toEqual({
    isError: true,
    text: expect.stringContaining('not_found'),
  });
  expect((await callTool(writer, 'terminate_execution', { id: executionId, reason: 'done' })).isError).toBe(false);
});

test('numbers are taken as over tRPC: what JavaScript would round is refused, and what it keeps reaches the workflow', async () => {
  await using api = await startApi(fixture.variables, { mcp: 'write' });
  const { id: workflowId } = await anna.client.workflow.create.mutate({ ...ORDER, name: 'Numbers' });
  const create = async (number: string) => {
    const call = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_execution","arguments":{"workflowId":"${workflowId}","input":${number}}}}`;
    const answer = await fetch(`${api.url}/mcp`, {
      method: 'POST',
      body: call,
      headers: {
        authorization: `Bearer ${anna.token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
    });
    return { status: answer.status, said: await answer.text() };
  };
  expect(await create('0.12345678901234567890123')).toEqual({
    status: 400,
    said: expect.stringMatching(/invalid_input.*params\.arguments\.input/),
  });
  const { said } = await create('6.02e23');
  expect(JSON.parse(JSON.parse(said).result.content[0].text)).toMatchObject({ input: 6.02e23 });
});

test('a wrong argument is told, by the field', async () => {
  const agent = await agentOf(reading, anna);
  expect(await callTool(agent, 'get_execution', { id: 'x' })).toEqual({
    isError: true,
    text: expect.stringMatching(/^invalid_input: [\s\S]*id/),
  });
});

test('nobody is answered without a token, and nothing but POST', async () => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  for (const authorization of [undefined, 'Bearer forged']) {
    const refused = await fetch(`${reading.url}/mcp`, {
      method: 'POST',
      body,
      headers: authorization ? { ...headers, authorization } : headers,
    });
    expect([refused.status, await refused.text()]).toEqual([401, expect.stringContaining('unauthenticated')]);
  }
  expect((await fetch(`${reading.url}/mcp`)).status).toBe(405);
  expect((await fetch(`${fixture.api.url}/mcp`, { method: 'POST', body, headers })).status).toBe(404);
});
