import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JWTPayload } from 'jose';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { VerifyToken } from './verify-token.ts';
import { createTokenVerifier } from './verify-token.ts';

const secret = 'a shared secret of at least thirty-two characters';
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const claims = { sub: 'anna', aud: 'authenticated', role: 'authenticated' };

let jwks: Server;
let supabaseUrl: string;
let fetches = 0;
let verify: VerifyToken;

beforeAll(async () => {
  jwks = createServer((request, response) => {
    fetches += 1;
    const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'key-1', alg: 'ES256', use: 'sig' }];
    const found = request.url === '/auth/v1/.well-known/jwks.json';
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify({ keys }));
  });
  jwks.listen(0, '127.0.0.1');
  await once(jwks, 'listening');
  supabaseUrl = `http://127.0.0.1:${(jwks.address() as AddressInfo).port}`;
  verify = createTokenVerifier({ supabaseUrl, secret });
});
afterAll(() => {
  jwks.close();
});

const shared = (payload: JWTPayload, key: string = secret, expires: string | number = '1h') =>
  new SignJWT(payload)
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(expires)
    .sign(new TextEncoder().encode(key));
const asymmetric = (payload: JWTPayload, kid = 'key-1', key = privateKey) =>
  new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid }).setExpirationTime('1h').sign(key);

describe('a token of the project is taken', () => {
  test('signed with the shared secret, as a local Supabase does, without an issuer', async () => {
    expect(await verify(await shared(claims))).toMatchObject({ subject: 'anna' });
  });

  test('signed with a private key whose public half the project publishes', async () => {
    expect(await verify(await asymmetric(claims))).toMatchObject({ subject: 'anna' });
  });

  test('a few seconds after its end, since clocks differ', async () => {
    const now = Math.floor(Date.now() / 1_000);
    expect(await verify(await shared(claims, secret, now - 1))).toEqual({
      subject: 'anna',
      claims: expect.objectContaining({ sub: 'anna' }),
      expiresAt: (now - 1) * 1_000,
      keysFetchedAt: expect.any(Number),
      isOfProject: true,
    });
  });
});

describe('anything else is refused', () => {
  const refused = (message: string) => ({ code: 'unauthenticated', message: expect.stringContaining(message) });
  const minuteAgo = () => Math.floor(Date.now() / 1_000) - 60;
  /** The attack that mixes up algorithms: the public key, known to all, used as if it were the shared secret. */
  const publicKeyAsSecret = () => shared(claims, publicKey.export({ format: 'pem', type: 'spki' }).toString());

  test.each<[string, () => Promise<string>, string?]>([
    ['signed with another secret', () => shared(claims, 'another secret of at least thirty-two characters')],
    [
      'signed with another private key',
      () => asymmetric(claims, 'key-1', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
    ],
    ['signed with HS256 and the public key', publicKeyAsSecret],
    ['not signed at all', async () => new UnsecuredJWT(claims).setExpirationTime('1h').encode()],
    ['for another audience', () => shared({ ...claims, aud: 'service' })],
    ['without an audience', () => shared({ sub: 'anna' })],
    ['with the role of the backend', () => shared({ ...claims, role: 'service_role' }), 'claim "role"'],
    ['with the role of nobody', () => shared({ ...claims, role: 'anon' }), 'claim "role"'],
    ['without a role', () => shared({ ...claims, role: undefined }), 'claim "role"'],
    ['whose subject is a number', () => shared({ ...claims, sub: 7 as never })],
    ['whose subject is a list', () => shared({ ...claims, sub: ['anna'] as never })],
    ['whose subject is true', () => shared({ ...claims, sub: true as never })],
    ['whose subject has 5 KB', () => shared({ ...claims, sub: 'a'.repeat(5_000) })],
    ['whose subject has a NUL character', () => shared({ ...claims, sub: 'anna\0' })],
    ['whose subject has half of a surrogate pair', () => shared({ ...claims, sub: 'anna\ud83d' })],
    ['of nobody, like an anon key', () => shared({ aud: 'authenticated', role: 'anon' })],
    ['with an empty subject', () => shared({ ...claims, sub: '' })],
    [
      'that never ends',
      () => new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(secret)),
    ],
    [
      'with another payload under a valid signature',
      async () => {
        const [head, , signature] = (await shared(claims)).split('.');
        const payload = Buffer.from(JSON.stringify({ ...claims, sub: 'ben', exp: 9_999_999_999 })).toString(
          'base64url',
        );
        return [head, payload, signature].join('.');
      },
    ],
    ['that is garbage', async () => 'garbage'],
    ['that is garbage in three parts', async () => 'a.b.c'],
    ['that is a secret key', async () => 'sb_secret_abcdefghijklmnopqrstuvwxyz'],
  ])('a token %s', async (_, make, message = 'sign in again') => {
    await expect(verify(await make())).rejects.toMatchObject(refused(message));
  });

  test('a key that is not published, once the keys are old enough to be fetched again; until then, it may be new', async () => {
    let now = Date.now();
    const verifyThen = createTokenVerifier({ supabaseUrl, now: () => now });
    await verifyThen(await asymmetric(claims));
    const unknown = await asymmetric(claims, 'key-2');
    await expect(verifyThen(unknown)).rejects.toMatchObject({
      code: 'ledger_unavailable',
      forCaller: expect.stringContaining('try again'),
    });
    now += 30_000;
    await expect(verifyThen(unknown)).rejects.toMatchObject(refused('sign in again'));
  });

  test('a token that has expired, and says so', async () => {
    await expect(verify(await shared(claims, secret, minuteAgo()))).rejects.toMatchObject(refused('has expired'));
  });

  test('a shared-secret token where no secret is configured: the operator’s fault, and said so', async () => {
    const verifyAsymmetric = createTokenVerifier({ supabaseUrl });
    for (const token of [await shared(claims), await publicKeyAsSecret()])
      await expect(verifyAsymmetric(token)).rejects.toMatchObject({
        code: 'ledger_unavailable',
        message: expect.stringContaining('SUPABASE_JWT_SECRET'),
        forCaller: expect.stringContaining('not your fault'),
      });
  });

  test('another issuer, where one is configured', async () => {
    const verifyIssuer = createTokenVerifier({ supabaseUrl, secret, issuer: 'https://mine.supabase.co/auth/v1' });
    await expect(
      verifyIssuer(await shared({ ...claims, iss: 'https://other.supabase.co/auth/v1' })),
    ).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    const mine = await shared({ ...claims, iss: 'https://mine.supabase.co/auth/v1' });
    expect(await verifyIssuer(mine)).toMatchObject({ subject: 'anna' });
  });

  test('another issuer, where one is configured, before any key is fetched', async () => {
    const issuer = 'https://mine.supabase.co/auth/v1';
    const unreachable = createTokenVerifier({ supabaseUrl: 'http://127.0.0.1:9', issuer });
    const token = await asymmetric({ ...claims, iss: 'https://other.supabase.co/auth/v1' });
    await expect(unreachable(token)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  test('forged tokens with unknown keys do not make us ask Supabase for each', async () => {
    const before = fetches;
    for (let i = 0; i < 20; i += 1) await verify(await asymmetric(claims, `forged-${i}`)).catch(() => {});
    expect(fetches - before).toBeLessThanOrEqual(1);
  });
});

test('public keys that cannot be fetched are an outage, not a bad token', async () => {
  const unreachable = createTokenVerifier({ supabaseUrl: 'http://127.0.0.1:9' });
  await expect(unreachable(await asymmetric(claims))).rejects.toMatchObject({ code: 'ledger_unavailable' });
});
