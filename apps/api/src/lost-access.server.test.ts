import { SignJWT } from 'jose';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ApiFixture, TestApi, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, signToken, startApi, startApiFixture } from './fixtures/api-fixture.ts';
import type { Issuer } from './fixtures/issuer.ts';
import { startIssuer } from './fixtures/issuer.ts';
import { refusalOf } from './fixtures/refusal.ts';
import { startTrustingProject } from './fixtures/trusting-project.ts';

const MINUTE_MS = 60_000;
const stack = new AsyncDisposableStack();
const logged: string[] = [];
const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) });
let fixture: ApiFixture;
let issuer: Issuer;
let project: { url: string };
/** What the API's clock shows; it stands still until a test moves it. */
let nowMs = Date.now();
let api: TestApi;

const startAt = async (more: Record<string, string>) =>
  stack.use(await startApi({ ...fixture.variables, ...more }, { log, now: () => nowMs }));

/** An API that knows no keys yet, and takes the issuer's tokens. */
async function withIssuer() {
  const issuers = JSON.stringify([{ issuer: issuer.issuer }]);
  const fresh = await startAt({ SUPABASE_URL: project.url, RUNLEDGER_AUTH_ISSUERS: issuers });
  return (token: string) => fresh.clientWith(token);
}

beforeAll(async () => {
  fixture = stack.use(await startApiFixture());
  issuer = stack.use(await startIssuer());
  project = stack.use(await startTrustingProject(fixture.supabase, issuer));
  api = await startAt({});
  await fixture.supabase.database.query(`insert into runledger.users (id) values ('auth0|123')`);
});
afterAll(() => stack.disposeAsync());
beforeEach(() => {
  nowMs = Date.now();
  logged.length = 0;
});

const on = (target: TestApi, token: string) => target.clientWith(token);
const read = (client: ReturnType<typeof on>) => client.execution.listExecutions.query({});
const write = (client: ReturnType<typeof on>) => client.workflow.create.mutate(ORDER);
const refused = (executionCode: string, message: string) => ({
  message: expect.stringContaining(message),
  data: { executionCode },
});
const sql = (text: string, ...values: unknown[]) => fixture.supabase.database.query(text, values);
let people = 0;
async function signUp(): Promise<TestUser> {
  people += 1;
  const user = await fixture.signUp(`person-${people}`);
  return { ...user, client: on(api, user.token) };
}

describe('an account of Supabase Auth', () => {
  const ends: [string, string, (id: string) => Promise<unknown>][] = [
    ['is banned', 'banned', (id) => sql(`update auth.users set banned_until = now() + '1 day' where id = $1`, id)],
    ['is deleted softly', 'deleted', (id) => sql('update auth.users set deleted_at = now() where id = $1', id)],
    ['is deleted', 'deleted', (id) => sql('delete from auth.users where id = $1', id)],
    ['is signed out everywhere', 'session', (id) => sql('delete from auth.sessions where user_id = $1', id)],
  ];
  test.each(ends)('that %s reads and writes nothing any more, a minute later at most', async (_, message, end) => {
    const { client, id } = await signUp();
    await read(client);
    await write(client);
    await end(id);
    nowMs += MINUTE_MS;
    await expect(read(client)).rejects.toMatchObject(refused('unauthenticated', message));
    await expect(write(client)).rejects.toMatchObject(refused('unauthenticated', message));
    expect(logged).toEqual([]);
  });

  test('whose ban is over, or which is somebody else’s, is good', async () => {
    const [anna, ben] = [await signUp(), await signUp()];
    await sql(`update auth.users set banned_until = now() - interval '1 minute' where id = $1`, anna.id);
    await sql(`update auth.users set banned_until = now() + interval '1 day' where id = $1`, ben.id);
    await write(anna.client);
    await expect(read(ben.client)).rejects.toMatchObject(refused('unauthenticated', 'banned'));
  });

  test('that is an operator’s no more shows nobody else’s, a minute later at most, though the token says so', async () => {
    const operator = await fixture.signUp('olga', { isOperator: true });
    const { execution } = on(api, operator.token);
    await execution.listExecutions.query({ of: 'everyone' });
    await sql(`update auth.users set raw_app_meta_data = '{}' where id = $1`, operator.id);
    nowMs += MINUTE_MS;
    await expect(execution.listExecutions.query({ of: 'everyone' })).rejects.toMatchObject(
      refused('permission_denied', 'Only operators'),
    );
    await execution.listExecutions.query();
  });

  describe('in a process that never knew them as an operator', () => {
    const everybodys = (client: ReturnType<typeof on>) => client.execution.listExecutions.query({ of: 'everyone' });
    const says = (id: string, metadata: object | null) =>
      sql('update auth.users set raw_app_meta_data = $2 where id = $1', id, JSON.stringify(metadata));

    test.each<[string, object | null]>([
      ['took the role away', { provider: 'email' }],
      ['has another role', { runledger_role: 'member' }],
      ['says nothing at all', null],
    ])('a token from before the account %s shows what is the user’s own', async (what, metadata) => {
      const { id, token } = await fixture.signUp(`before ${what}`.replaceAll(' ', '-'), { isOperator: true });
      await says(id, metadata);
      const client = on(await startAt({}), token);
      await expect(everybodys(client)).rejects.toMatchObject(refused('permission_denied', 'Only operators'));
      await read(client);
      await says(id, { runledger_role: 'operator' });
      await everybodys(on(await startAt({}), token));
    });

    test('an operator by a hook stays one, whatever else their account is given or loses', async () => {
      const { id } = await fixture.signUp('hook');
      const token = await signToken(fixture.supabase, { sub: id, app_metadata: { runledger_role: 'operator' } });
      for (const metadata of [{ plan: 'pro', roles: ['a'] }, { plan: 'free' }, {}]) await says(id, metadata);
      await everybodys(on(await startAt({}), token));
    });
  });

  test('tokens that the host signs for its own users name no session, and are good', async () => {
    const client = on(api, await signToken(fixture.supabase, { sub: 'auth0|123' }));
    await write(client);
  });
});

describe('a key that is withdrawn', () => {
  test('ends reading and writing within a minute, where the project knows', async () => {
    const on = await withIssuer();
    const client = on(await issuer.sign({ sub: 'auth0|123' }));
    await write(client);
    issuer.rotate();
    nowMs += MINUTE_MS + 1;
    await expect(write(client)).rejects.toMatchObject(refused('unauthenticated', 'sign in again'));
    nowMs += MINUTE_MS;
    await expect(read(client)).rejects.toMatchObject(refused('unauthenticated', 'sign in again'));
  });

  test('makes nobody sign in again who has a token of the key in its place', async () => {
    const on = await withIssuer();
    await read(on(await issuer.sign({ sub: 'auth0|123' })));
    issuer.rotate();
    const client = on(await issuer.sign({ sub: 'auth0|123' }));
    await expect(read(client)).rejects.toMatchObject(refused('ledger_unavailable', 'try again'));
    nowMs += 30_000;
    await read(client);
  });

  test('while the issuer is away reads go on for ten minutes, and writes are told to try again', async () => {
    const on = await withIssuer();
    const client = on(await issuer.sign({ sub: 'auth0|123' }));
    await read(client);
    issuer.answerWith((response) => response.destroy());
    nowMs += 5 * MINUTE_MS;
    await read(client);
    await expect(write(client)).rejects.toMatchObject(refused('ledger_unavailable', 'try again'));
    issuer.answerWith(null);
    await write(client);
  });
});

describe('what is not the user’s fault', () => {
  test('a shared secret that is not configured: said at the start and by /readyz, and users are told so', async () => {
    const without = await startAt({ SUPABASE_JWT_SECRET: '' });
    const { token } = await signUp();
    const refusal = await refusalOf(read(on(without, token)));
    expect(refusal).toMatchObject({ httpStatus: 503, message: expect.stringContaining('not your fault') });
    expect(logged.join()).toContain('SUPABASE_JWT_SECRET');
    const ready = await fetch(`${without.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      expect.objectContaining({ signIn: false, ledger: true, why: [expect.stringContaining('the log')] }),
    ]);
  });

  test('a secret that the project has changed: the database decides, and nobody reads what it says', async () => {
    const secret = 'the secret that the project had until a moment ago';
    const behind = await startAt({ SUPABASE_JWT_SECRET: secret });
    const token = await new SignJWT({ aud: 'authenticated', role: 'authenticated', sub: 'auth0|123' })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(secret));
    const refusal = await refusalOf(read(on(behind, token)));
    expect(refusal.code).toMatch(/^(ledger_unavailable|unauthenticated)$/);
    expect(refusal.message).not.toMatch(/PGRST|JWS|JWT|suitable/i);
  });
});

test.each<[string, object]>([
  ['a role that the database does not have', { role: 'nobody' }],
  ['a role that the API may not take', { role: 'postgres' }],
  ['a role that is a list', { role: ['authenticated'] }],
  ['a NUL character in a claim', { note: 'a\0b' }],
  ['half of a surrogate pair in a claim', { note: '\ud800' }],
  ['claims of 6 KB', { note: 'x'.repeat(6_000), sub: 'x'.repeat(5_000) }],
])('a token with %s is refused in words of ours', async (_, claims) => {
  const refusal = await refusalOf(read(on(api, await signToken(fixture.supabase, { sub: 'auth0|123', ...claims }))));
  expect(refusal).toMatchObject({ code: 'unauthenticated', httpStatus: 401 });
  expect(refusal.message).not.toMatch(/role "|22P|42501|unicode|permission denied|nobody|postgres/i);
});
