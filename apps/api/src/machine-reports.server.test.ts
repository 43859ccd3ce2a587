import type { MachineKeyService } from '@runledger/contracts';
import { connectSupabase, createMachineKeyService } from '@runledger/execution-service';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiFixture, TestApi, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApi, startApiFixture } from './fixtures/api-fixture.ts';

let fixture: ApiFixture;
let anna: TestUser;
let workflowId: string;
let keys: MachineKeyService;
let key: string;

beforeAll(async () => {
  fixture = await startApiFixture();
  anna = await fixture.signUp('anna');
  ({ id: workflowId } = await anna.client.workflow.create.mutate(ORDER));
  keys = createMachineKeyService(connectSupabase({ url: fixture.supabase.url, key: fixture.supabase.serviceRoleKey }));
  ({ key } = await keys.createKey({ name: 'orders worker' }));
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

interface Said {
  end: { result: string; status: string; reportId: string; revision: number } | null;
  progress: string | null;
  error?: { message: string; data: { executionCode: string; fields: Record<string, string[]> | null } };
}

async function report(body: unknown, given: { key?: string | null; api?: TestApi } = {}) {
  const { key: sent = key, api = fixture.api } = given;
  const response = await fetch(`${api.url}/report`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(sent === null ? {} : { authorization: `Bearer ${sent}` }) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, said: (await response.json()) as Said };
}
const start = () => anna.client.execution.createExecution.mutate({ workflowId });
const read = (id: string) => anna.client.execution.getExecution.query({ id });

describe('a program with a key', () => {
  test('reports how far an execution has got and how it ended, and the story says who did', async () => {
    const { id, temporalWorkflowId } = await start();
    const going = await report({ execution: temporalWorkflowId, progress: { step: 1, steps: 4, message: 'packing' } });
    expect(going).toEqual({ status: 200, said: { end: null, progress: 'applied' } });
    expect(await anna.client.execution.getProgress.query({ id })).toMatchObject({ percent: 25, message: 'packing' });
    const end = { execution: id, status: 'completed', output: { total: 12.5 }, durationMs: 40, verdict: 'approved' };
    const named = { ...end, reportId: '0199d8f0-4a3b-4c6d-8e9f-0a1b2c3d4e5f' };
    const first = await report(named);
    expect(first).toMatchObject({
      status: 200,
      said: { end: { result: 'applied', status: 'completed' }, progress: null },
    });
    // A repeat gets the first one's answer.
    expect(await report(named)).toMatchObject({ status: 200, said: { end: { result: 'applied' } } });
    expect(await read(id)).toMatchObject({
      ...{ status: 'completed', outcomeAuthority: 'reported', output: { total: 12.5 }, durationMs: 40 },
      ...{ verdict: 'approved', endedBy: 'key orders worker' },
    });
  });

  test.each([
    ['failed', { error: { type: 'CardError', message: 'declined' } }],
    ['cancelled', { error: 'changed my mind' }],
    ['timed_out', {}],
    ['terminated', { error: { by: 'ops' } }],
  ] as const)('reports %s', async (status, more) => {
    const { id } = await start();
    expect((await report({ execution: id, status, ...more })).said.end).toMatchObject({ result: 'applied', status });
    expect(await read(id)).toMatchObject({ status, errorMessage: expect.any(String) });
  });

  test.each([
    ['nothing', {}, 'execution'],
    ['neither an end nor progress', { execution: 'order-1' }, 'status'],
    ['a status that is none', { execution: 'order-1', status: 'running' }, 'status'],
    ['progress beyond all', { execution: 'order-1', progress: { percent: 101 } }, 'progress.percent'],
  ])('is told what is wrong with a report of %s', async (_, body, field) => {
    const { status, said } = await report(body);
    expect([status, said.error?.data.executionCode]).toEqual([400, 'invalid_input']);
    expect(said.error?.data.fields).toHaveProperty([field]);
  });

  test('is told of what is not JSON, of numbers that JavaScript rounds, and of what does not exist', async () => {
    expect(await report('{')).toMatchObject({ status: 400 });
    const rounded = '{"execution": "order-1", "status": "completed", "output": 9007199254740993}';
    expect(await report(rounded)).toMatchObject({
      status: 400,
      said: { error: { data: { executionCode: 'invalid_input' } } },
    });
    const unknown = await report({ execution: 'nobody', status: 'completed' });
    expect(unknown).toMatchObject({ status: 404, said: { error: { data: { executionCode: 'not_found' } } } });
  });

  test('is heard although its error is nested without end, or a sentence has what Postgres cannot keep', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    for (const status of ['failed', 'cancelled', 'timed_out', 'terminated']) {
      const { id } = await start();
      const answer = await report(`{"execution":"${id}","status":"${status}","error":${deep}}`);
      expect(answer).toMatchObject({ status: 200, said: { end: { result: 'applied', status } } });
    }
    const { id } = await start();
    const progress = { percent: 50, message: 'packing \0 and \ud800' };
    expect(await report({ execution: id, progress, status: 'completed' })).toMatchObject({
      said: { end: { status: 'completed' }, progress: 'applied' },
    });
    expect((await anna.client.execution.getProgress.query({ id }))?.message).toBe('packing \ufffd and \ufffd');
    for (const said of [{ progress: { percent: 1 } }, { status: 'completed' }])
      expect((await report({ execution: 'order-\0', ...said })).status).toBe(404);
  });

  test('reports outputs as large as an execution may have', async () => {
    const { id } = await start();
    const output = 'x'.repeat(1_500_000);
    expect(await report({ execution: id, status: 'completed', output })).toMatchObject({
      status: 200,
      said: { end: { result: 'applied' } },
    });
    expect((await read(id)).output).toBe(output);
    const { status, said } = await report({ execution: id, status: 'completed', output: output.repeat(2) });
    expect([status, said.error?.data.executionCode]).toEqual([413, 'payload_too_large']);
  });

  test('is refused what has very many parts, unparsed: to read it would keep everybody else waiting', async () => {
    const { id } = await start();
    for (const part of ['[]', '{}', '1'])
      expect(
        await report(`{"execution":"${id}","status":"completed","output":[${`${part},`.repeat(260_000)}1]}`),
      ).toMatchObject({
        status: 413,
        said: { error: { data: { executionCode: 'payload_too_large' } } },
      });
    expect(await read(id)).toMatchObject({ status: 'running' });
  });

  test('does nothing but report: no procedure takes its key', async () => {
    const response = await fetch(`${fixture.api.url}/trpc/execution.listExecutions`, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect(response.status).toBe(401);
  });

  test('has limits of its own', async () => {
    await using api = await startApi({ ...fixture.variables, RUNLEDGER_WRITES_PER_MINUTE: '2' });
    const { key: other } = await keys.createKey({ name: 'another' });
    const body = { execution: 'nobody', status: 'completed' };
    const statuses = [];
    for (let sent = 0; sent < 3; sent += 1) statuses.push((await report(body, { api })).status);
    expect(statuses).toEqual([404, 404, 429]);
    expect((await report(body, { api, key: other })).status).toBe(404);
  });
});

describe('nobody reports', () => {
  test.each([
    ['no key', () => null],
    ['a key that was made up', () => `rlk_${'x'.repeat(43)}`],
    ['a user’s own token', () => anna.token],
    ['the service role’s key', () => fixture.supabase.serviceRoleKey],
  ])('with %s', async (_, sent) => {
    const { id } = await start();
    const { status, said } = await report({ execution: id, status: 'failed' }, { key: sent() });
    expect([status, said.error?.data.executionCode]).toEqual([401, 'unauthenticated']);
    expect((await read(id)).status).toBe('running');
  });

  test('with a key that was good once: it counts for its address like any that nobody knows', async () => {
    let at = Date.now();
    const variables = { ...fixture.variables, RUNLEDGER_UNVERIFIED_PER_MINUTE: '3' };
    await using api = await startApi(variables, { now: () => at });
    const { key: gone, id } = await keys.createKey({ name: 'gone' });
    const say = async () =>
      (await report({ execution: 'nobody', progress: { percent: 1 } }, { api, key: gone })).status;
    expect([await say(), await say(), await say(), await say()]).toEqual([404, 404, 404, 404]);
    await keys.revokeKey(id);
    at += 60_000;
    expect([await say(), await say(), await say(), await say()]).toEqual([401, 401, 401, 429]);
  });

  test('with a key that was revoked, within a minute, or has expired; and the answer says which', async () => {
    let at = Date.now();
    await using api = await startApi(fixture.variables, { now: () => at });
    const soon = new Date(at + 3_600_000).toISOString();
    const [revoked, expiring] = [
      await keys.createKey({ name: 'old' }),
      await keys.createKey({ name: 'brief', expiresAt: soon }),
    ];
    const { id } = await start();
    const say = (sent: string) => report({ execution: id, progress: { percent: 1 } }, { api, key: sent });
    expect([(await say(revoked.key)).status, (await say(expiring.key)).status]).toEqual([200, 200]);
    expect(await keys.revokeKey(revoked.id)).toMatchObject({
      revokedAt: expect.any(String),
      lastUsedAt: expect.any(String),
    });
    at += 60_000;
    expect((await say(revoked.key)).said.error?.message).toBe('The key old was revoked.');
    expect((await say(expiring.key)).status).toBe(200);
    at += 3_600_000;
    expect((await say(expiring.key)).said.error?.message).toContain('The key brief expired at');
  });

  test('by what the database holds: a key is kept as its hash alone', async () => {
    const rows = await fixture.supabase.database.query(`select t::text as row from runledger.machine_keys t`);
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(key.slice(12));
  });
});
