import { freePort } from '@runledger/local-stack';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApi, startApiFixture } from './fixtures/api-fixture.ts';
import type { Refusal } from './fixtures/refusal.ts';
import { refusalOf } from './fixtures/refusal.ts';

const NOWHERE = '01939c5e-0000-7000-8000-00000000dead';

let fixture: ApiFixture;
let anna: TestUser;
let ben: TestUser;
let workflowId: string;
let executionId: string;

beforeAll(async () => {
  fixture = await startApiFixture();
  [anna, ben] = await Promise.all([fixture.signUp('anna', { isOperator: true }), fixture.signUp('ben')]);
  const inputSchema = {
    type: 'object',
    properties: { amount: { type: 'number', minimum: 1 } },
    required: ['amount'],
    additionalProperties: false,
  };
  workflowId = (await anna.client.workflow.create.mutate({ ...ORDER, inputSchema })).id;
  executionId = (await anna.client.execution.createExecution.mutate({ workflowId, input: { amount: 1 } })).id;
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

/** What the caller is told, having seen that the ledger stands as it stood. */
async function refused(call: () => Promise<unknown>): Promise<Refusal> {
  const before = await fixture.ledger();
  const refusal = await refusalOf(call());
  expect(await fixture.ledger()).toEqual(before);
  return refusal;
}

const create = (request: object) => () =>
  anna.client.execution.createExecution.mutate({ workflowId, input: { amount: 1 }, ...request });

describe('starting', () => {
  test('an unknown workflow', async () => {
    const refusal = await refused(create({ workflowId: NOWHERE }));
    expect(refusal).toMatchObject({ code: 'not_found', message: expect.stringContaining('workflow.list') });
  });

  test('a foreign workflow looks just like an unknown one', async () => {
    const { id } = await ben.client.workflow.create.mutate(ORDER);
    const foreign = await refused(create({ workflowId: id }));
    const unknown = await refused(create({ workflowId: NOWHERE }));
    expect({ ...foreign, message: foreign.message.replace(id, NOWHERE) }).toEqual(unknown);
  });

  test.each([
    ['type', { workflow_type: 'deleteEverything' }],
    ['task queue', { task_queue: 'root' }],
    ['namespace', { temporal_namespace: 'production' }],
  ])('a %s that the host does not list, even where a row says so', async (_, columns) => {
    const { id } = await anna.client.workflow.create.mutate(ORDER);
    const [column, value] = Object.entries(columns)[0] as [string, string];
    await fixture.supabase.database.query(`update runledger.workflows set ${column} = $1 where id = $2`, [value, id]);
    expect(await refused(create({ workflowId: id }))).toMatchObject({
      code: 'not_startable',
      message: expect.stringContaining(value),
    });
  });

  test('input that breaks the schema: which field, and why', async () => {
    expect(await refused(create({ input: { amount: 0, color: 'red' } }))).toMatchObject({
      code: 'input_rejected',
      httpStatus: 422,
      fields: { 'input.amount': ['must be >= 1'], 'input.color': ['is not expected'] },
    });
    expect(await refused(create({ input: undefined }))).toMatchObject({ fields: { input: ['must be object'] } });
  });

  test.each([
    ['10 MB, which is more than a request may have', 10_000_000],
    ['1.5 MB, which is more than an input may have', 1_500_000],
  ])('input of %s', async (_, length) => {
    expect(await refused(create({ input: 'x'.repeat(length) }))).toMatchObject({
      code: 'payload_too_large',
      httpStatus: 413,
      message: expect.stringContaining('pass a reference'),
    });
  });

  test.each<[string, object, string]>([
    ['a NUL character in the input', { input: { a: [{ b: 'x\0' }] } }, 'input.a.0.b'],
    ['a NUL character in a key', { metadata: { 'k\0': 1 } }, 'metadata.k\\0'],
    ['a NUL character in a tag', { tags: ['ok', '\0'] }, 'tags.1'],
    ['a NUL character in an idempotency key', { idempotencyKey: '\0' }, 'idempotencyKey'],
    ['half of a surrogate pair', { input: { a: '\ud83d' } }, 'input.a'],
  ])('%s', async (_, request, path) => {
    const refusal = await refused(create(request));
    expect(refusal).toMatchObject({ code: 'invalid_input', httpStatus: 400 });
    expect(Object.keys(refusal.fields ?? {})).toEqual([path]);
  });

  test('a number with more digits than JavaScript keeps is refused by its path, alone and in a batch', async () => {
    const before = await fixture.ledger();
    const call = `{"workflowId":"${workflowId}","input":{"amount":3544790567247868102}}`;
    for (const [query, body] of [
      ['', call],
      ['?batch=1', `{"0":${call}}`],
    ]) {
      const response = await fetch(`${fixture.api.url}/trpc/execution.createExecution${query}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${anna.token}`, 'content-type': 'application/json' },
        body,
      });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        error: {
          data: { executionCode: 'invalid_input', fields: { 'input.amount': [expect.stringContaining('text')] } },
        },
      });
    }
    expect(await fixture.ledger()).toEqual(before);
  });

  test('a number that a double holds reaches the workflow as it was sent', async () => {
    const { input } = await anna.client.execution.createExecution.mutate({ workflowId, input: { amount: 6.02e23 } });
    expect(input).toEqual({ amount: 6.02e23 });
  });

  test('a user who is signed in with Supabase and unknown to the ledger', async () => {
    const { id } = await anna.client.workflow.create.mutate({ ...ORDER, visibility: 'published' });
    const stranger = fixture.api.clientWith(await sign({ sub: NOWHERE }));
    const refusal = await refused(() => stranger.execution.createExecution.mutate({ workflowId: id }));
    expect(refusal).toMatchObject({ code: 'unknown_user', httpStatus: 403 });
  });
});

describe('defining', () => {
  test.each<[string, object, string]>([
    ['a type that the host does not list', { workflowType: 'deleteEverything' }, 'not_startable'],
    ['a schema that refers elsewhere', { inputSchema: { $ref: 'https://example.com/schema' } }, 'schema_rejected'],
    ['a schema whose pattern cannot be bounded', { inputSchema: { pattern: '^(?=a)' } }, 'schema_rejected'],
    ['a schema of more than 32 KB', { inputSchema: { description: 'x'.repeat(40_000) } }, 'schema_rejected'],
    ['a time-out that is none', { runTimeout: 'soon' }, 'invalid_input'],
    ['no name', { name: '  ' }, 'invalid_input'],
  ])('a workflow with %s', async (_, definition, code) => {
    const refusal = await refused(() => anna.client.workflow.create.mutate({ ...ORDER, ...definition }));
    expect(refusal.code).toBe(code);
  });
});

describe('reading', () => {
  test.each([
    ['garbage', async () => 'garbage'],
    ['another user’s list', async () => (await firstPage(ben, {})).nextCursor],
    ['a list with another filter', async () => (await firstPage(anna, { status: 'running' })).nextCursor],
  ])('with a cursor of %s', async (_, make) => {
    const cursor = await make();
    expect(cursor).not.toBeNull();
    const refusal = await refused(() => anna.client.execution.listExecutions.query({ cursor, limit: 1 }));
    expect(refusal).toMatchObject({ code: 'invalid_cursor', message: expect.stringContaining('nextCursor') });
  });

  test.each(['listExecutions', 'countExecutions', 'getStats'] as const)(
    'a filter of %s as text that says what no filter takes: which part, and what it takes',
    async (name) => {
      expect(await refused(() => anna.client.execution[name].query({ filter: 'from=nonsense' }))).toMatchObject({
        code: 'invalid_input',
        message: expect.stringMatching(/^Invalid filter: from: .*-24h/),
      });
    },
  );

  test("everybody's statistics without being an operator: what to pass", async () => {
    expect(await refused(() => ben.client.execution.getStats.query({ of: 'everyone' }))).toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('Pass the `workflowId`'),
    });
  });

  test('a series of more steps than it may have: how many it may have', async () => {
    const request = { from: '1970-01-01T00:00:00Z', step: 'hour' } as const;
    expect(await refused(() => ben.client.execution.getTimeSeries.query(request))).toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('1,000 hours at most'),
    });
  });

  test('instants that the database does not know', async () => {
    for (const from of ['0000-01-01T00:00:00Z', '2026-01-01T00:00:00+16:00'])
      expect(await refused(() => ben.client.execution.listExecutions.query({ from }))).toMatchObject({
        code: 'invalid_input',
        fields: { from: [expect.stringContaining('must be a time like')] },
      });
  });

  test('failures of all times that there are', async () => {
    const ever = { from: '0001-01-01T00:00:00Z', to: '9999-12-31T00:00:00Z' };
    expect((await ben.client.execution.getFailureGroups.query(ever)).groups).toEqual([]);
  });

  /** A page that is not the last. */
  async function firstPage(user: TestUser, filter: object) {
    const { id } = await user.client.workflow.create.mutate(ORDER);
    for (let i = 0; i < 2; i += 1) await user.client.execution.createExecution.mutate({ workflowId: id });
    return user.client.execution.listExecutions.query({ ...filter, limit: 1 });
  }

  test.each([
    ['an execution that is unknown', { id: NOWHERE }, 'not_found'],
    ['an execution whose id is none', { id: "' or true --" }, 'invalid_input'],
  ])('%s', async (_, request, code) => {
    expect((await refused(() => anna.client.execution.getExecution.query(request))).code).toBe(code);
  });
});

describe('a token that is not one', () => {
  test.each([
    ['missing', async () => null, 'Bearer'],
    ['expired', async () => sign({ sub: anna.id }, '-1h'), 'expired'],
    [
      'signed with another secret',
      async () => sign({ sub: anna.id }, '1h', 'another secret of thirty-two characters'),
      'sign in',
    ],
    [
      'unsigned',
      async () => new UnsecuredJWT({ sub: anna.id, aud: 'authenticated' }).setExpirationTime('1h').encode(),
      'sign in',
    ],
    ['the anon key', async () => fixture.supabase.anonKey, 'sign in'],
    ['the service role key', async () => fixture.supabase.serviceRoleKey, 'sign in'],
  ])('%s', async (_, make, message) => {
    const client = fixture.api.clientWith(await make());
    const calls = [
      () => client.execution.createExecution.mutate({ workflowId, input: { amount: 1 } }),
      () => client.execution.getExecution.query({ id: executionId }),
      () => client.workflow.update.mutate({ id: workflowId, name: 'mine now' }),
    ];
    for (const call of calls)
      expect(await refused(call)).toMatchObject({
        code: 'unauthenticated',
        httpStatus: 401,
        message: expect.stringContaining(message),
      });
  });
});

describe('without Temporal', () => {
  const withoutTemporal = async () =>
    startApi({ ...fixture.variables, TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}` });

  test('an execution is admitted and stays pending, for the reconciler to drive on', async () => {
    await using api = await withoutTemporal();
    const client = api.clientWith(anna.token);
    const execution = await client.execution.createExecution.mutate({ workflowId, input: { amount: 1 } });
    expect(execution).toMatchObject({ status: 'pending', temporalRunId: null, startBy: expect.any(String) });
    const cancelled = await client.execution.cancelExecution.mutate({ id: execution.id });
    expect(cancelled).toMatchObject({ result: 'cancelled', execution: { status: 'cancelled' } });
  });

  test('a running execution cannot be terminated, and nothing says that it was', async () => {
    await using api = await withoutTemporal();
    const client = api.clientWith(anna.token);
    const refusal = await refused(() => client.execution.terminateExecution.mutate({ id: executionId, reason: 'x' }));
    expect(refusal).toMatchObject({
      code: 'engine_unavailable',
      httpStatus: 503,
      message: expect.stringContaining('try again'),
    });
    expect(await client.system.health.query()).toMatchObject({ status: 'degraded', ledger: true, engine: false });
    expect((await fetch(`${api.url}/readyz`)).status).toBe(503);
  });
});

test('without a database every call says so, and the API answers', async () => {
  const port = await freePort();
  await using api = await startApi({ ...fixture.variables, SUPABASE_URL: `http://127.0.0.1:${port}` });
  const client = api.clientWith(anna.token);
  const refusals = await Promise.all(
    [
      () => client.execution.createExecution.mutate({ workflowId, input: { amount: 1 } }),
      () => client.execution.getExecution.query({ id: executionId }),
      () => client.workflow.list.query(),
    ].map((call) => refused(call)),
  );
  for (const refusal of refusals) {
    expect(refusal).toMatchObject({ code: 'ledger_unavailable', httpStatus: 503 });
    expect(refusal.message).not.toContain(String(port));
  }
  expect(await client.system.health.query()).toEqual({
    status: 'degraded',
    ledger: false,
    engine: true,
    followed: null,
    why: [expect.stringContaining('The database cannot')],
  });
  expect((await fetch(`${api.url}/healthz`)).status).toBe(200);
});

test.each(['', '{', 'null', '[]', '{"0":1}'])('a batch whose body is %j is refused, and ends nothing', async (body) => {
  const calls = 'execution.cancelExecution,execution.createExecution';
  const answer = await fetch(`${fixture.api.url}/trpc/${calls}?batch=1`, {
    method: 'POST',
    headers: { authorization: `Bearer ${anna.token}`, 'content-type': 'application/json' },
    body,
  });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain('"executionCode":"invalid_input"');
});

test('a body is parsed once, by whoever looks at it first', async () => {
  const body = JSON.stringify({ workflowId, input: { amount: 0, note: 'x'.repeat(50_000) } });
  const parse = vi.spyOn(JSON, 'parse');
  try {
    const answer = await fetch(`${fixture.api.url}/trpc/execution.createExecution`, {
      method: 'POST',
      headers: { authorization: `Bearer ${anna.token}`, 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('amount');
    expect(parse.mock.calls.filter(([text]) => text === body)).toHaveLength(1);
  } finally {
    parse.mockRestore();
  }
});

/** A token as Supabase Auth would sign it, but for what a test gets wrong. */
function sign(claims: object, expires = '1h', secret = fixture.supabase.jwtSecret): Promise<string> {
  return new SignJWT({ aud: 'authenticated', role: 'authenticated', ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(new TextEncoder().encode(secret));
}
