import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkTokens } from './doctor-tokens.ts';

/** Key sets by the path they are at, as a project and as issuers publish them; anything else is 404. */
const published: Record<string, object> = {
  '/none/auth/v1/.well-known/jwks.json': { keys: [] },
  '/one/auth/v1/.well-known/jwks.json': { keys: [{ kty: 'oct', k: 'eA' }] },
  '/keys': {
    keys: [
      { kty: 'oct', k: 'eA' },
      { kty: 'oct', k: 'eQ' },
    ],
  },
  '/no-keys': { keys: [] },
};
const server = createServer((request, response) => {
  const found = published[request.url ?? ''];
  response.writeHead(found ? 200 : 404).end(JSON.stringify(found));
});
let origin: string;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

const check = (project: string, more: object = {}) =>
  checkTokens({ env: { SUPABASE_URL: `${origin}/${project}`, ...more } as never });
const issuers = (...paths: string[]) =>
  JSON.stringify(paths.map((path) => ({ issuer: `${origin}/${path}/`, jwksUrl: `${origin}/${path}` })));

test.each<[string, string, object, string, string]>([
  ['a project with keys', 'one', {}, 'ok', 'publishes 1 key'],
  ['a shared secret that is set', 'none', { SUPABASE_JWT_SECRET: 'x' }, 'ok', 'shared secret'],
  ['a shared secret that is not set', 'none', {}, 'warning', 'SUPABASE_JWT_SECRET is not set'],
  ['a project whose keys are not there', 'gone', {}, 'warning', 'cannot be fetched'],
])('%s', async (_, project, more, level, says) => {
  expect(await check(project, more)).toMatchObject([{ level, says: expect.stringContaining(says) }]);
});

test('each third party is looked at: keys, none, and no answer', async () => {
  const checks = await check('one', { RUNLEDGER_AUTH_ISSUERS: issuers('keys', 'no-keys', 'nowhere') });
  expect(checks.slice(1)).toMatchObject([
    { level: 'ok', says: expect.stringContaining('publishes 2 keys') },
    { level: 'wrong', says: expect.stringContaining('publishes no keys') },
    { level: 'wrong', says: expect.stringContaining('cannot be fetched') },
  ]);
});

test('a variable that the API would not start with is named', async () => {
  const checks = await check('one', { RUNLEDGER_AUTH_ISSUERS: '[{"issuer":"http://example.com"}]' });
  expect(checks).toMatchObject([{ level: 'wrong', says: expect.stringContaining('https') }]);
});
