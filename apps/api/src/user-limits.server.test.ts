import { exceededQuota, isWorthRetrying, reachedLimit, retryAfterMs } from '@runledger/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, signToken, startApi, startApiFixture } from './fixtures/api-fixture.ts';
import { refusalOf } from './fixtures/refusal.ts';

let fixture: ApiFixture;
let anna: TestUser;
let ben: TestUser;

beforeAll(async () => {
  fixture = await startApiFixture();
  [anna, ben] = await Promise.all([fixture.signUp('anna'), fixture.signUp('ben')]);
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));
const limited = (variables: Record<string, string>) => startApi({ ...fixture.variables, ...variables });
const errorOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => null,
    (error: unknown) => error,
  );

test('a batch counts as its calls; who is refused is told the limit and after when, and nobody else is', async () => {
  await using api = await limited({ RUNLEDGER_REQUESTS_PER_MINUTE: '8' });
  const [asAnna, asBen] = [api.clientWith(anna.token), api.clientWith(ben.token)];
  const errors = await Promise.all(many(20, () => errorOf(asAnna.workflow.list.query())));
  expect(errors.map((error) => error === null)).toEqual([...many(8, () => true), ...many(12, () => false)]);
  const refused = errors.at(-1);
  expect(refused).toMatchObject({
    message: expect.stringMatching(
      /^You may send 8 requests a minute, each call of a batch counted; try again in \d+ s\.$/,
    ),
    data: { code: 'TOO_MANY_REQUESTS', httpStatus: 429, executionCode: 'rate_limited' },
  });
  expect(reachedLimit(refused)).toEqual({
    name: 'requests',
    limit: 8,
    windowMs: 60_000,
    retryAfterMs: expect.any(Number),
  });
  expect(retryAfterMs(refused)).toBeGreaterThan(0);
  expect([isWorthRetrying(refused), exceededQuota(refused)]).toEqual([true, null]);
  expect((await asBen.workflow.list.query()).items).toEqual([]);
});

test('the answer to a refused call has a Retry-After header that a page of another origin may read', async () => {
  await using api = await limited({ RUNLEDGER_REQUESTS_PER_MINUTE: '0' });
  const answer = await fetch(`${api.url}/trpc/workflow.list`, {
    headers: { authorization: `Bearer ${anna.token}`, origin: 'http://localhost:3000' },
  });
  expect(answer.status).toBe(429);
  const { error } = (await answer.json()) as { error: { data: { limit: { retryAfterMs: number } } } };
  expect(answer.headers.get('retry-after')).toBe(String(Math.ceil(error.data.limit.retryAfterMs / 1_000)));
  expect(answer.headers.get('access-control-expose-headers')).toContain('retry-after');
});

test('changes have a limit of their own, and a refused one changes nothing', async () => {
  await using api = await limited({ RUNLEDGER_WRITES_PER_MINUTE: '3' });
  const client = api.clientWith(anna.token);
  const before = await fixture.ledger();
  const errors = await Promise.all(many(6, () => errorOf(client.workflow.create.mutate({ ...ORDER, name: 'Many' }))));
  expect(errors.filter((error) => error !== null).map((error) => reachedLimit(error)?.name)).toEqual(
    many(3, () => 'writes'),
  );
  expect((await fixture.ledger())[0]).toHaveLength((before[0] ?? []).length + 3);
  await client.workflow.list.query();
});

test('once a user has called as often as they may, further requests are refused with their bodies unread', async () => {
  await using api = await limited({ RUNLEDGER_WRITES_PER_MINUTE: '1' });
  const client = api.clientWith(ben.token);
  const define = () => client.workflow.create.mutate(ORDER);
  await define();
  expect(reachedLimit(await errorOf(define()))?.name).toBe('writes');

  const post = (path: string, body: string) =>
    fetch(`${api.url}/trpc/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ben.token}`, 'content-type': 'application/json' },
      body,
    });
  // Not JSON: whoever reads it answers 400.
  const refused = await post('workflow.create,workflow.create?batch=1', '{'.repeat(1_500_000));
  expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([429, expect.any(Number)]);
  expect(reachedLimit(await errorOf(define()))?.name).toBe('writes');
  // What changes nothing has a limit of its own, also where it stands beside a change.
  expect((await post('workflow.create,workflow.list?batch=1', '{')).status).toBe(400);
  expect((await client.workflow.list.query()).items).toHaveLength(1);
});

test('what is refused with its body unread does not break off the calls after it', async () => {
  const headers = { authorization: `Bearer ${anna.token}`, 'content-type': 'application/json' };
  const body = 'x'.repeat(3_000_000);
  for (let round = 0; round < 5; round += 1) {
    const refused = await fetch(`${fixture.api.url}/trpc/workflow.create`, { method: 'POST', headers, body });
    expect(refused.status).toBe(413);
    await refused.text();
    const after = await Promise.all(many(4, () => fetch(`${fixture.api.url}/trpc/workflow.list`, { headers })));
    expect(after.map(({ status }) => status)).toEqual(many(4, () => 200));
    await Promise.all(after.map((answer) => answer.text()));
  }
});

test('what is stored is counted: however many come at once, no more gets through than fits', async () => {
  await using api = await limited({ RUNLEDGER_STORED_BYTES_PER_DAY: '100000' });
  const client = api.clientWith(ben.token);
  const { id: workflowId } = await client.workflow.create.mutate(ORDER);
  const start = (size: number) => client.execution.createExecution.mutate({ workflowId, input: 'x'.repeat(size) });
  const errors = await Promise.all(many(8, () => errorOf(start(20_000))));
  const refused = errors.filter((error) => error !== null);
  // The definition takes a kilobyte, and each input with its metadata 21.
  expect(refused).toHaveLength(4);
  for (const error of refused)
    expect(reachedLimit(error)).toMatchObject({ name: 'storedBytes', limit: 100_000, windowMs: 86_400_000 });
  expect(await client.execution.getStats.query()).toMatchObject({ total: 4 });
  await start(10_000);
});

test('an anonymous user may call unless the host refuses them', async () => {
  const token = await signToken(fixture.supabase, { sub: anna.id, is_anonymous: true });
  await using open = await limited({});
  await open.clientWith(token).workflow.list.query();
  await using closed = await limited({ RUNLEDGER_ANONYMOUS_USERS: 'refused' });
  expect(await refusalOf(closed.clientWith(token).workflow.list.query())).toMatchObject({
    code: 'permission_denied',
    message: 'This API is for users with an account: sign up, or sign in.',
  });
  await closed.clientWith(anna.token).workflow.list.query();
});

test('requests of nobody known are bounded by address, and leave those with a known token alone', async () => {
  await using api = await limited({ RUNLEDGER_UNVERIFIED_PER_MINUTE: '10' });
  const known = api.clientWith(anna.token);
  await known.workflow.list.query();
  const forged = (number: number) => errorOf(api.clientWith(`forged.${number}.token`).workflow.list.query());
  const codes: unknown[] = [];
  for (const number of many(12, (i) => i)) {
    const error = (await forged(number)) as { data: { executionCode: string } };
    codes.push(error.data.executionCode);
  }
  expect(codes).toEqual([...many(9, () => 'unauthenticated'), ...many(3, () => 'rate_limited')]);
  expect(reachedLimit(await forged(13))).toMatchObject({ name: 'unverified', limit: 10 });
  // Public procedures, one for each call of a batch, and tokens that were not seen yet.
  const batch = await fetch(`${api.url}/trpc/system.health,system.health?batch=1&input={}`);
  expect([batch.status, batch.headers.has('retry-after')]).toEqual([429, true]);
  expect((await refusalOf(api.clientWith(ben.token).workflow.list.query())).code).toBe('rate_limited');
  await known.workflow.list.query();
});

test('a batch counts as its calls also where its commas are encoded', async () => {
  await using api = await limited({ RUNLEDGER_UNVERIFIED_PER_MINUTE: '10' });
  const batch = (of: number) =>
    fetch(`${api.url}/trpc/${many(of, () => 'system.health').join('%2C')}?batch=1&input={}`);
  expect([(await batch(6)).status, (await batch(6)).status]).toEqual([200, 429]);
});

test('behind a proxy the address that it saw counts, and none that the sender made up', async () => {
  await using api = await limited({ RUNLEDGER_UNVERIFIED_PER_MINUTE: '2', RUNLEDGER_PROXY_HOPS: '1' });
  const ask = async (forwarded: string) => {
    const headers = { 'x-forwarded-for': forwarded };
    return (await fetch(`${api.url}/trpc/system.health`, { headers })).status;
  };
  const statuses = [];
  for (const made of ['a', 'b', 'c']) statuses.push(await ask(`${made}, 203.0.113.7`));
  // One customer's network of IPv6, written in several ways.
  for (const last of ['2001:db8:1:2::1', '2001:0db8:1:2:ffff::9', '2001:db8:1:2:3:4:5:6'])
    statuses.push(await ask(last));
  expect(statuses).toEqual([200, 200, 429, 200, 200, 429]);
  expect(await ask('2001:db8:1:3::1')).toBe(200);
});

/** Opens a stream of server-sent events, reads until `until` matches, and returns what matched. */
async function openStream(url: string, token: string, until: RegExp) {
  const stop = new AbortController();
  const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
  const { body } = await fetch(`${url}/trpc/execution.watchStats`, { headers, signal: stop.signal });
  const reader = (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!until.test(text)) {
    const { value, done } = await reader.read();
    if (done) break;
    text += value;
  }
  return { said: until.exec(text)?.[0], close: () => stop.abort() };
}

test('a user has so many subscriptions open at a time; who closes one may open another', async () => {
  await using api = await limited({ RUNLEDGER_STREAMS_PER_USER: '1' });
  const open = (token = anna.token) => openStream(api.url, token, /"total"|rate_limited/);
  const first = await open();
  const [second, other] = [await open(), await open(ben.token)];
  expect([first.said, second.said, other.said]).toEqual(['"total"', 'rate_limited', '"total"']);
  first.close();
  const third = async () => {
    const { said, close } = await open();
    close();
    return said;
  };
  await expect.poll(third).toBe('"total"');
  other.close();
});

test('who has one place for calls gets all of them answered, one after the other', async () => {
  await using api = await limited({ RUNLEDGER_CALLS_AT_ONCE: '1' });
  const asAnna = api.clientWith(anna.token);
  const { id: workflowId } = await asAnna.workflow.create.mutate(ORDER);
  const executions = many(3, () => ({ workflowId }));
  const [created, counts, csv] = await Promise.all([
    asAnna.execution.createExecutions.mutate({ executions }),
    Promise.all(many(20, () => asAnna.execution.getRunCount.query())),
    fetch(`${api.url}/export.csv`, { headers: { authorization: `Bearer ${anna.token}` } }).then((answer) =>
      answer.text(),
    ),
  ]);
  expect(created.map(({ ok }) => ok)).toEqual([true, true, true]);
  expect(counts).toHaveLength(20);
  expect(csv).toMatch(/^id,/);
});
