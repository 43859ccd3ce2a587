/** Whoever loses access while a stream is open is told nothing more once it has been open for as long as a stream may. */
import type { RunledgerClient } from '@runledger/client';
import { executionErrorCode } from '@runledger/client';
import { connectSupabase, createExecutionService } from '@runledger/execution-service';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { ApiFixture, TestApi, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, signToken, startApi, startApiFixture } from './fixtures/api-fixture.ts';
import { hostOf } from './fixtures/ask.ts';
import type { FaultyProxy } from './fixtures/faulty-proxy.ts';
import { startFaultyProxy } from './fixtures/faulty-proxy.ts';
import type { Issuer } from './fixtures/issuer.ts';
import { startIssuer } from './fixtures/issuer.ts';
import { startTrustingProject } from './fixtures/trusting-project.ts';

/** In place of ten minutes. */
const STREAM_MS = 700;
/** As long as it is believed who somebody is, and as old as keys may be. */
const BELIEVED_MS = 11 * 60_000;

const stack = new AsyncDisposableStack();
let fixture: ApiFixture;
let issuer: Issuer;
let proxy: FaultyProxy;
let api: TestApi;
let service: ReturnType<typeof createExecutionService>;
let nowMs = Date.now();
const operators = new Set<string>();

beforeAll(async () => {
  fixture = stack.use(await startApiFixture());
  issuer = stack.use(await startIssuer());
  const project = stack.use(await startTrustingProject(fixture.supabase, issuer));
  proxy = stack.use(await startFaultyProxy(project.url));
  const issuers = JSON.stringify([{ issuer: issuer.issuer }]);
  const variables = { ...fixture.variables, SUPABASE_URL: proxy.url, RUNLEDGER_AUTH_ISSUERS: issuers };
  const isOperator = ({ sub }: { sub?: unknown }) => operators.has(sub as string);
  api = stack.use(await startApi(variables, { now: () => nowMs, limits: { streamMs: STREAM_MS }, isOperator }));
  service = createExecutionService(
    connectSupabase({ url: fixture.supabase.url, key: fixture.supabase.serviceRoleKey }),
  );
  await fixture.supabase.database.query(`insert into runledger.users (id) values ('auth0|1')`);
});
afterAll(() => stack.disposeAsync());
beforeEach(() => {
  nowMs = Date.now();
});
const open: { unsubscribe(): void }[] = [];
afterEach(() => {
  proxy.fault = null;
  proxy.isFor = () => true;
  for (const one of open.splice(0)) one.unsubscribe();
});

interface Seen {
  events: object[];
  opened: number;
  ended: { by: unknown } | null;
}

/** What somebody sees who watches executions. */
function watch({ execution }: RunledgerClient, asked: object = {}): Seen {
  const seen: Seen = { events: [], opened: 0, ended: null };
  const watching = execution.watchExecutions.subscribe(asked, {
    onConnectionStateChange({ state }) {
      if (state === 'pending') seen.opened += 1;
    },
    onData: ({ data }) => void seen.events.push(data),
    onError: (by) => {
      seen.ended = { by };
    },
    onComplete: () => {
      seen.ended = { by: 'its end' };
    },
  });
  open.push(watching);
  return seen;
}
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 240_000, interval: 50 });
const sql = (text: string, ...values: unknown[]) => fixture.supabase.database.query(text, values);

/** Somebody with an execution, and what happens to it so that whoever watches would be told. */
async function person(name: string): Promise<TestUser & { happen(): Promise<void> }> {
  const user = await fixture.signUp(name);
  const { id: workflowId } = await user.client.workflow.create.mutate(ORDER);
  const happen = async () => void (await service.createExecution({ workflowId, userId: user.id }));
  await happen();
  return { ...user, client: api.clientWith(user.token), happen };
}

interface Loss {
  happen(): Promise<void>;
  end(): unknown;
  code: string;
  asked?: object;
  /** Nothing happens to executions of theirs any more. */
  hasLeft?: boolean;
}

/** Watched until it has come back once and is told what happens; then access ends, and nothing is told any more. */
async function losesAccess(client: RunledgerClient, { happen, end, code, asked, hasLeft }: Loss): Promise<void> {
  const seen = watch(client, asked);
  await eventually(() => expect(seen.opened).toBeGreaterThan(1));
  const before = seen.events.length;
  await happen();
  await eventually(() => expect(seen.events.length).toBeGreaterThan(before));
  await end();
  nowMs += BELIEVED_MS;
  await eventually(() => {
    // Keys that a token does not fit are fetched anew, no sooner than after half a minute.
    nowMs += 10_000;
    expect(seen.ended).not.toBeNull();
  });
  expect(executionErrorCode(seen.ended?.by)).toBe(code);
  const told = seen.events.length;
  if (!hasLeft) await happen();
  // Somebody else is told by now what happened.
  const { client: others, happen: othersHappen } = await person(`other-${crypto.randomUUID()}`);
  const other = watch(others);
  await eventually(() => expect(other.events.length).toBeGreaterThan(0));
  const begun = other.events.length;
  await othersHappen();
  await eventually(() => expect(other.events.length).toBeGreaterThan(begun));
  expect(seen.events.length).toBe(told);
}

const ends: Record<string, (id: string) => Promise<unknown>> = {
  'a user who is banned': (id) => sql(`update auth.users set banned_until = now() + '1 day' where id = $1`, id),
  'a user who is deleted': (id) => sql('update auth.users set deleted_at = now() where id = $1', id),
  'a session that is signed out': (id) => sql('delete from auth.sessions where user_id = $1', id),
};
test.each(Object.entries(ends))('%s', async (name, end) => {
  const { client, id, happen } = await person(name.replaceAll(' ', '-'));
  const hasLeft = name.endsWith('deleted');
  await losesAccess(client, { happen, end: () => end(id), code: 'unauthenticated', hasLeft });
});

test('an operator who is one no more, though the token has not changed', async () => {
  const { client, id, happen } = await person('olga');
  operators.add(id);
  const end = () => operators.delete(id);
  await losesAccess(client, { happen, end, code: 'permission_denied', asked: { of: 'everyone' } });
});

test('a key of a program that is revoked, and one whose user is banned', async () => {
  for (const how of ['revoked', 'banned']) {
    const { client, id, happen } = await person(`program-${how}`);
    const { key, id: keyId } = await client.key.create.mutate({ name: how, scopes: ['read'] });
    const end = () =>
      how === 'revoked' ? client.key.revoke.mutate({ id: keyId }) : ends['a user who is banned']?.(id);
    await losesAccess(api.clientWith(key), { happen, end, code: 'unauthenticated' });
  }
});

test('a key of the issuer that is withdrawn', async () => {
  const client = api.clientWith(await issuer.sign({ sub: 'auth0|1' }));
  const workflow = await client.workflow.create.mutate(ORDER);
  const happen = async () => void (await service.createExecution({ workflowId: workflow.id, userId: 'auth0|1' }));
  await losesAccess(client, { happen, end: () => issuer.rotate(), code: 'unauthenticated' });
});

test('a secret that the project has changed: nothing is told, and the client goes on asking', async () => {
  const { client, happen } = await person('secret');
  const seen = watch(client);
  await eventually(() => expect(seen.opened).toBeGreaterThan(1));
  // What PostgREST says of a token that was signed with another secret.
  proxy.isFor = (path) => path.endsWith('/current_access');
  proxy.fault = (response) =>
    void response
      .writeHead(401, { 'content-type': 'application/json' })
      .end('{"code":"PGRST301","message":"No suitable key or wrong key type","details":null,"hint":null}');
  nowMs += BELIEVED_MS;
  const opened = seen.opened;
  await eventually(() => expect(seen.opened).toBeGreaterThan(opened + 1));
  const told = seen.events.length;
  await happen();
  const again = seen.opened;
  await eventually(() => expect(seen.opened).toBeGreaterThan(again));
  expect([seen.events.length, seen.ended]).toEqual([told, null]);
  // With the new one all is as before, and nothing was missed.
  proxy.fault = null;
  await eventually(() => expect(seen.events.length).toBeGreaterThan(told));
});

test('in a router of the host’s, whose tRPC has no bound, a stream is broken off all the same', async () => {
  const { token } = await person('nested');
  const request = new Request('http://localhost/trpc/runledger.execution.watchExecutions', {
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
  });
  const createContext = () => api.createContext(request);
  const answer = await fetchRequestHandler({ endpoint: '/trpc', req: request, router: hostOf(api), createContext });
  const said = await answer.text();
  expect(said).toContain('snapshot');
  // Neither an error nor an end, after which a client would not come back.
  expect(said).not.toMatch(/serialized-error|event: return/);
});

test('whoever has access goes on: nothing is missed, nothing ends', async () => {
  const { id, happen } = await person('anna');
  // Each time with a new token.
  const seen = watch(api.clientOf(() => tokens.at(-1) ?? null));
  const tokens = [await signToken(fixture.supabase, { sub: id })];
  for (let n = 2; n <= 4; n += 1) {
    await eventually(() => expect(seen.opened).toBeGreaterThan(n));
    const told = seen.events.length;
    await happen();
    await eventually(() => expect(seen.events.length).toBeGreaterThan(told));
    tokens.push(await signToken(fixture.supabase, { sub: id, n }));
  }
  expect(seen.ended).toBeNull();
  expect(seen.events.filter((event) => (event as { kind: string }).kind === 'snapshot')).toHaveLength(1);
});
