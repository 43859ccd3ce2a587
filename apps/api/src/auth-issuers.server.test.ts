import { generateKeyPairSync } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { SignJWT } from 'jose';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ApiFixture, TestApi } from './fixtures/api-fixture.ts';
import { ORDER, startApi, startApiFixture } from './fixtures/api-fixture.ts';
import type { Answer, Issuer } from './fixtures/issuer.ts';
import { startIssuer } from './fixtures/issuer.ts';
import { startTrustingProject } from './fixtures/trusting-project.ts';

const stack = new AsyncDisposableStack();
const logged: string[] = [];
let fixture: ApiFixture;
let issuer: Issuer;
let project: { url: string };
let api: TestApi;

beforeAll(async () => {
  fixture = stack.use(await startApiFixture());
  issuer = stack.use(await startIssuer());
  project = stack.use(await startTrustingProject(fixture.supabase, issuer));
  api = await apiFor({ issuer: issuer.issuer, audience: 'runledger' });
  for (const id of ['auth0|123', 'auth0|456'])
    await fixture.supabase.database.query('insert into runledger.users (id) values ($1)', [id]);
});
afterAll(() => stack.disposeAsync());
afterEach(() => {
  issuer.answerWith(null);
  vi.useRealTimers();
});

/** An API of its own, which knows no keys yet. */
async function apiFor(entry: object): Promise<TestApi> {
  const variables = { ...fixture.variables, SUPABASE_URL: project.url };
  const log = pino({ level: 'info' }, { write: (line: string) => logged.push(line) });
  return stack.use(await startApi({ ...variables, RUNLEDGER_AUTH_ISSUERS: JSON.stringify([entry]) }, { log }));
}

const claims = { sub: 'auth0|123', aud: 'runledger' };
const list = (token: string, on = api) => on.clientWith(token).execution.listExecutions.query({});
const refused = (executionCode: string, message = '') => ({
  message: expect.stringContaining(message),
  data: { executionCode },
});
const withSecret = (secret: string, payload: JWTPayload) =>
  new SignJWT(payload)
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));

describe('a token of a third party that is configured', () => {
  test('is its subject, to the API and to the rows alike', async () => {
    const client = api.clientWith(await issuer.sign(claims));
    const workflow = await client.workflow.create.mutate(ORDER);
    const { id } = await client.execution.createExecution.mutate({ workflowId: workflow.id });
    expect(await client.execution.getExecution.query({ id })).toMatchObject({ id, createdBy: 'auth0|123' });
    expect((await client.execution.listExecutions.query({})).items).toMatchObject([{ id }]);
    expect((await list(await issuer.sign({ ...claims, sub: 'auth0|456' }))).items).toEqual([]);
    await client.execution.cancelExecution.mutate({ id });
  });

  test('is taken beside those of the project, which stay what they were', async () => {
    const user = await fixture.signUp('of-the-project');
    expect((await list(user.token)).items).toEqual([]);
  });

  test('is verified with keys that are fetched once, from where discovery says', async () => {
    const fresh = await apiFor({ issuer: issuer.issuer });
    const before = issuer.asked.length;
    for (const sub of ['auth0|123', 'auth0|456']) await list(await issuer.sign({ sub }), fresh);
    expect(issuer.asked.slice(before)).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  test('is verified with the key set that is given, without discovery', async () => {
    const fresh = await apiFor({ issuer: issuer.issuer, jwksUrl: `${issuer.issuer}keys` });
    const before = issuer.asked.length;
    await list(await issuer.sign(claims), fresh);
    expect(issuer.asked.slice(before)).toEqual(['/keys']);
  });

  test('is taken with the role in the claim that is configured', async () => {
    const fresh = await apiFor({ issuer: issuer.issuer, roleClaim: 'https://example.com/role' });
    expect(
      (await list(await issuer.sign({ ...claims, 'https://example.com/role': 'authenticated' }), fresh)).items,
    ).toHaveLength(1);
    await expect(list(await issuer.sign(claims), fresh)).rejects.toMatchObject(
      refused('unauthenticated', 'claim "https://example.com/role"'),
    );
  });

  test('is taken with a key that came later, and refused with the one that was withdrawn', async () => {
    const old = await issuer.sign(claims);
    await list(old);
    issuer.rotate();
    // Unknown keys are looked for every 30 s at most.
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.advanceTimersByTime(61_000);
    expect((await list(await issuer.sign(claims))).items).toHaveLength(1);
    vi.advanceTimersByTime(31_000);
    await expect(list(old)).rejects.toMatchObject(refused('unauthenticated', 'sign in again'));
  });
});

describe('is refused as the caller’s fault', () => {
  const anotherKey = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
  const cases: [string, string, () => Promise<string>][] = [
    ['for another audience', 'sign in again', () => issuer.sign({ ...claims, aud: 'billing' })],
    ['without an audience', 'sign in again', () => issuer.sign({ sub: 'auth0|123' })],
    ['that has expired', 'has expired', () => issuer.sign({ ...claims, exp: Math.floor(Date.now() / 1_000) - 60 })],
    ['that never ends', 'sign in again', () => issuer.sign({ ...claims, exp: undefined })],
    ['of nobody', 'sign in again', () => issuer.sign({ ...claims, sub: '' })],
    ['without a role', 'claim "role"', () => issuer.sign({ ...claims, role: undefined })],
    ['with the role of the backend', 'claim "role"', () => issuer.sign({ ...claims, role: 'service_role' })],
    [
      'signed with HS256 and the public key',
      'sign in again',
      () => withSecret(issuer.publicPem(), { ...claims, iss: issuer.issuer, role: 'authenticated' }),
    ],
    [
      'signed with the project’s secret',
      'sign in again',
      () => withSecret(fixture.supabase.jwtSecret, { ...claims, iss: issuer.issuer, aud: 'authenticated' }),
    ],
    [
      'signed with another key under the same id',
      'sign in again',
      () =>
        new SignJWT({ ...claims, iss: issuer.issuer, role: 'authenticated' })
          .setProtectedHeader({ alg: 'RS256', kid: `${issuer.keySet().keys[0]?.kid}` })
          .setExpirationTime('1h')
          .sign(anotherKey),
    ],
  ];
  test.each(cases)('a token %s', async (_, message, make) => {
    await expect(list(await make())).rejects.toMatchObject(refused('unauthenticated', message));
  });

  test('a token of an issuer that is not configured, whose keys nobody fetches', async () => {
    await using stranger = await startIssuer();
    const token = await stranger.sign({ ...claims, aud: 'authenticated' });
    await expect(list(token)).rejects.toMatchObject(refused('unauthenticated', 'sign in again'));
    expect(stranger.asked).toEqual([]);
  });

  test('a forged token, for which the keys are not fetched each time', async () => {
    await list(await issuer.sign(claims));
    const before = issuer.asked.length;
    for (let i = 0; i < 10; i += 1) {
      const header = { alg: 'RS256', kid: `forged-${i}` };
      const payload = { ...claims, iss: issuer.issuer };
      const token = await new SignJWT(payload).setProtectedHeader(header).setExpirationTime('1h').sign(anotherKey);
      // It may be one that the issuer has just added: try again, rather than sign in again.
      await expect(list(token)).rejects.toMatchObject(refused('ledger_unavailable', 'try again'));
    }
    expect(issuer.asked.length - before).toBeLessThanOrEqual(2);
  });
});

describe('an issuer that does not do its part is an outage, not a bad token', () => {
  /** Its keys are right where they are, so that only the discovery decides. */
  const json =
    (body: object): Answer =>
    (response, path) => {
      response.writeHead(200).end(JSON.stringify(path === '/keys' ? issuer.keySet() : body));
    };
  /** Everything is right, but elsewhere. */
  const redirect =
    (moved: string): Answer =>
    (response, path) => {
      if (path === moved) response.writeHead(302, { location: `${mirror.issuer}${path.slice(1)}` }).end();
      else json(discovery())(response, path);
    };
  const discovery = () => ({ issuer: issuer.issuer, jwks_uri: `${issuer.issuer}keys` });
  let mirror: Issuer;
  beforeAll(async () => {
    mirror = stack.use(await startIssuer());
    mirror.answerWith((response, path) => json(discovery())(response, path));
  });

  const answers: [string, () => Answer][] = [
    ['hangs up', () => (response) => response.destroy()],
    ['answers with an error', () => (response) => response.writeHead(503).end()],
    ['answers with a page', () => (response) => response.writeHead(200).end('<html>')],
    ['sends elsewhere', () => redirect('/.well-known/openid-configuration')],
    ['sends elsewhere for its keys', () => redirect('/keys')],
    ['names no key set', () => json({ issuer: issuer.issuer })],
    ['names a key set inside the network', () => json({ ...discovery(), jwks_uri: `${mirror.issuer}keys` })],
    ['is another one', () => json({ ...discovery(), issuer: 'https://other.example.com/' })],
  ];
  test.each(answers)('one that %s', async (_, answer) => {
    const fresh = await apiFor({ issuer: issuer.issuer });
    const token = await issuer.sign(claims);
    issuer.answerWith(answer());
    logged.length = 0;
    await expect(list(token, fresh)).rejects.toMatchObject(refused('ledger_unavailable'));
    // It is asked again once it is well.
    issuer.answerWith(null);
    expect((await list(token, fresh)).items).toHaveLength(1);
    const text = logged.join('');
    expect(text).toContain(`The public keys of ${issuer.issuer} cannot be fetched`);
    for (const part of token.split('.').slice(1)) expect(text).not.toContain(part);
  });
});
