import { connectSupabase, createMachineKeyService } from '@runledger/execution-service';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApi, startApiFixture } from './fixtures/api-fixture.ts';
import { firstEvent } from './fixtures/first-event.ts';
import { refusalOf } from './fixtures/refusal.ts';

let fixture: ApiFixture;
let olga: TestUser;
let anna: TestUser;
let ben: TestUser;
let workflowId: string;
let publishedId: string;

beforeAll(async () => {
  fixture = await startApiFixture();
  [olga, anna, ben] = await Promise.all([
    fixture.signUp('olga', { isOperator: true }),
    fixture.signUp('anna'),
    fixture.signUp('ben'),
  ]);
  ({ id: workflowId } = await anna.client.workflow.create.mutate(ORDER));
  ({ id: publishedId } = await olga.client.workflow.create.mutate({ ...ORDER, visibility: 'published' }));
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const keyOf = async (user: TestUser, ...scopes: ('report' | 'read' | 'start')[]) => {
  const made = await user.client.key.create.mutate({ name: `${scopes.join(' and ')} program`, scopes });
  return { ...made, client: fixture.api.clientWith(made.key) };
};

test('a key that reads has its user’s executions and nobody else’s, and starts and ends none', async () => {
  const { id } = await anna.client.execution.createExecution.mutate({ workflowId, input: { total: 7 } });
  const bens = await ben.client.execution.createExecution.mutate({ workflowId: publishedId });
  const { client, key } = await keyOf(anna, 'read');
  const { execution } = client;
  expect((await execution.listExecutions.query()).items.map((item) => item.id)).toContain(id);
  expect(await execution.getExecution.query({ id })).toMatchObject({ id, input: { total: 7 } });
  expect(await execution.getStats.query()).toMatchObject({
    total: await anna.client.execution.getStats.query().then((s) => s.total),
  });
  expect(await execution.getRunCount.query()).toBe(0);
  expect((await firstEvent(execution.watchExecutions, {})).data).toMatchObject({ kind: 'snapshot' });
  const exported = await fetch(`${fixture.api.url}/export.csv`, { headers: { authorization: `Bearer ${key}` } });
  expect(await exported.text()).toContain(id);
  expect(await refusalOf(execution.getExecution.query({ id: bens.id }))).toMatchObject({ code: 'not_found' });
  for (const call of [
    () => execution.createExecution.mutate({ workflowId }),
    () => execution.createExecutions.mutate({ executions: [{ workflowId }] }),
  ]) {
    const refused = await refusalOf(call());
    expect(refused).toMatchObject({
      code: 'permission_denied',
      message: expect.stringContaining('lacks the scope start'),
    });
  }
  for (const call of [
    () => execution.cancelExecution.mutate({ id }),
    () => client.workflow.create.mutate(ORDER),
    () => client.key.list.query(),
    () => client.key.create.mutate({ name: 'another', scopes: ['start'] }),
  ])
    expect(await refusalOf(call())).toMatchObject({
      code: 'permission_denied',
      message: expect.stringContaining('sign in'),
    });
});

test('a key that starts does so for its user, in workflows of their own, and reads nothing', async () => {
  const { client } = await keyOf(anna, 'start');
  const started = await client.execution.createExecution.mutate({ workflowId, idempotencyKey: 'nightly' });
  expect(started).toMatchObject({ createdBy: anna.id, status: 'running' });
  const others = await refusalOf(client.execution.createExecution.mutate({ workflowId: publishedId }));
  expect(others).toMatchObject({ code: 'permission_denied', message: expect.stringContaining('own workflows') });
  const read = await refusalOf(client.execution.getExecution.query({ id: started.id }));
  expect(read).toMatchObject({ code: 'permission_denied', message: expect.stringContaining('lacks the scope read') });
});

test('each scope is for its own: who reads does not report, who reports does not read', async () => {
  const { key } = await keyOf(anna, 'read', 'start');
  const report = (token: string) =>
    fetch(`${fixture.api.url}/report`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ execution: 'nobody', status: 'completed' }),
    });
  const refused = await report(key);
  expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('It lacks the scope report')]);
  const url = fixture.supabase.url;
  const keys = createMachineKeyService(connectSupabase({ url, key: fixture.supabase.serviceRoleKey }));
  const reporting = (await keys.createKey({ name: 'worker' })).key;
  expect((await report(reporting)).status).toBe(404);
  const read = await refusalOf(fixture.api.clientWith(reporting).execution.listExecutions.query());
  expect(read).toMatchObject({ code: 'unauthenticated', message: expect.stringContaining('lacks the scopes read') });
});

test('what the keys of a user send counts for that user, also where it is malformed or lacks a scope', async () => {
  const cleo = await fixture.signUp('cleo');
  const { key } = await keyOf(cleo, 'read');
  await using api = await startApi({ ...fixture.variables, RUNLEDGER_REQUESTS_PER_MINUTE: '4' });
  const ask = (path: string, token: string, init: RequestInit = {}) =>
    fetch(`${api.url}${path}`, { ...init, headers: { authorization: `Bearer ${token}` } }).then(({ status }) => status);
  const list = '/trpc/execution.listExecutions';
  expect(await ask(list, key)).toBe(200);
  // Nobody asks for them: a call of each, of the four that their user has.
  expect([await ask(`${list}?input={`, key), await ask('/export.csv?orderBy=input', key)]).toEqual([400, 400]);
  expect([await ask(list, cleo.token), await ask(list, cleo.token)]).toEqual([200, 429]);
  // Whoever was told so is refused with another token of theirs, their body unread.
  expect(await ask('/trpc/workflow.list', key, { method: 'POST', body: '{' })).toBe(429);

  // Reports have limits of their own; what may not report has its user's.
  const { key: other } = await keyOf(await fixture.signUp('dora'), 'read');
  const reports = [];
  for (let sent = 0; sent < 5; sent += 1) reports.push(await ask('/report', other, { method: 'POST', body: '{}' }));
  expect(reports).toEqual([403, 403, 403, 403, 429]);
});

test('users make, see and revoke their own, operators all; the key itself is told once', async () => {
  const own = await keyOf(ben, 'read');
  const listed = await ben.client.key.list.query();
  expect(listed).toMatchObject([{ id: own.id, userId: ben.id, scopes: ['read'], revokedAt: null }]);
  expect(JSON.stringify(listed)).not.toContain(own.key);
  expect((await olga.client.key.list.query({ of: 'everyone' })).map(({ id }) => id)).toContain(own.id);
  expect(await refusalOf(anna.client.key.revoke.mutate({ id: own.id }))).toMatchObject({ code: 'not_found' });
  expect(await refusalOf(anna.client.key.list.query({ of: 'everyone' }))).toMatchObject({ code: 'permission_denied' });
  const reporting = anna.client.key.create.mutate({ name: 'x', scopes: ['report'] });
  expect(await refusalOf(reporting)).toMatchObject({ code: 'permission_denied' });
  expect(await olga.client.key.create.mutate({ name: 'x', scopes: ['report'] })).toMatchObject({ scopes: ['report'] });
  expect(await ben.client.key.revoke.mutate({ id: own.id })).toMatchObject({ revokedAt: expect.any(String) });
});

test('a key that an operator made reports while they are one, and reads as them alone after that', async () => {
  let now = Date.now();
  await using api = await startApi(fixture.variables, { now: () => now });
  const otto = await fixture.signUp('otto', { isOperator: true });
  const { key } = await keyOf(otto, 'read', 'report');
  const { id } = await anna.client.execution.createExecution.mutate({ workflowId });
  const report = async (step: number) => {
    const answer = await fetch(`${api.url}/report`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ execution: id, progress: { step } }),
    });
    return { status: answer.status, said: await answer.text() };
  };
  expect(await report(1)).toMatchObject({ status: 200 });
  const become = (metadata: object) =>
    fixture.supabase.database.query('update auth.users set raw_app_meta_data = $2::jsonb where id = $1', [
      otto.id,
      JSON.stringify(metadata),
    ]);
  await become({});
  now += 60_000;
  expect(await report(2)).toEqual({
    status: 403,
    said: expect.stringContaining('is not an operator of this host any more'),
  });
  expect((await api.clientWith(key).execution.listExecutions.query()).items).toEqual([]);
  await become({ runledger_role: 'operator' });
  now += 60_000;
  expect(await report(3)).toMatchObject({ status: 200 });
});

test('an operator’s key sees no more than what is the operator’s own', async () => {
  const { client } = await keyOf(olga, 'read');
  expect((await client.execution.listExecutions.query()).items).toEqual([]);
  expect(await refusalOf(client.execution.listExecutions.query({ of: 'everyone' }))).toMatchObject({
    code: 'permission_denied',
  });
});

test('a revoked key writes nothing more at once, and reads nothing more within a minute', async () => {
  let now = Date.now();
  await using api = await startApi(fixture.variables, { now: () => now });
  const { id, key } = await keyOf(anna, 'read', 'start');
  const { execution } = api.clientWith(key);
  await execution.createExecution.mutate({ workflowId });
  await olga.client.key.revoke.mutate({ id });
  const start = await refusalOf(execution.createExecution.mutate({ workflowId }));
  expect(start).toMatchObject({ code: 'unauthenticated', message: expect.stringContaining('was revoked') });
  now += 60_000;
  expect(await refusalOf(execution.listExecutions.query())).toMatchObject({ code: 'unauthenticated' });
});

test('a user has twenty valid keys at most', async () => {
  const gone = await keyOf(ben, 'read');
  for (let n = 1; n < 20; n += 1) await keyOf(ben, 'read');
  const create = () => ben.client.key.create.mutate({ name: 'one more', scopes: ['read'] });
  expect(await refusalOf(create())).toMatchObject({ code: 'quota_exceeded' });
  await ben.client.key.revoke.mutate({ id: gone.id });
  await create();
});

test('keys that have ended are bounded too: of a user the latest eighty are kept, and a list has so many at most', async () => {
  const emil = await fixture.signUp('emil');
  await fixture.supabase.database.query(
    `insert into runledger.machine_keys (user_id, name, key_hash, key_start, scopes, created_at, revoked_at)
       select case when n % 5 = 0 then $1 end, 'key ' || n, encode(sha256(n::text::bytea), 'hex'), 'rlk_x', '{report}',
              now() - interval '1 hour' + n * interval '1 s', now() from generate_series(1, 1500) n`,
    [emil.id],
  );
  const made = await keyOf(emil, 'read');
  const own = await emil.client.key.list.query();
  expect(own).toHaveLength(81);
  expect([own.at(-1)?.id, own.map(({ name }) => name).includes('key 1500')]).toEqual([made.id, true]);
  expect(await olga.client.key.list.query({ of: 'everyone' })).toHaveLength(1_000);
  const expired = { name: 'x', scopes: ['read' as const], expiresAt: '2026-01-01T00:00:00Z' };
  expect(await refusalOf(emil.client.key.create.mutate(expired))).toMatchObject({
    code: 'invalid_input',
    fields: { expiresAt: ['has to be in the future'] },
  });
});

test('the key of a user who is banned reads nothing while they are', async () => {
  const dora = await fixture.signUp('dora');
  const { client } = await keyOf(dora, 'read');
  const ban = (until: string) =>
    fixture.supabase.database.query(`update auth.users set banned_until = ${until} where id = $1`, [dora.id]);
  await ban(`now() + interval '1 day'`);
  const refused = await refusalOf(client.execution.listExecutions.query());
  expect(refused).toMatchObject({ code: 'unauthenticated', message: expect.stringContaining('banned') });
  await ban('null');
  expect((await client.execution.listExecutions.query()).items).toEqual([]);
});

test('the key of a user who leaves ends with them', async () => {
  const carl = await fixture.signUp('carl');
  const { client } = await keyOf(carl, 'read');
  await fixture.supabase.database.query('update runledger.users set left_at = now() where id = $1', [carl.id]);
  expect(await refusalOf(client.execution.listExecutions.query())).toMatchObject({ code: 'unauthenticated' });
});
