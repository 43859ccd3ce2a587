import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { createKeySet } from './key-set.ts';

const newKey = () => ({ kid: randomUUID(), ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) });

/** An issuer that publishes some keys, and a clock that stands still until it is moved. */
function fakeIssuer() {
  const state = { nowMs: 1_000_000_000, published: [newKey()], asked: 0, isDown: false };
  const keySet = createKeySet(new URL('https://issuer.example.com/keys'), {
    now: () => state.nowMs,
    fetch: async () => {
      state.asked += 1;
      if (state.isDown) throw new TypeError('fetch failed');
      const keys = state.published.map(({ kid, publicKey }) => ({ ...publicKey.export({ format: 'jwk' }), kid }));
      return Response.json({ keys });
    },
  });
  const sign = (key = state.published[0] ?? newKey()) =>
    new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid: key.kid }).sign(key.privateKey);
  const verify = (token: string, maxAgeMs = 600_000) => jwtVerify(token, keySet.within(maxAgeMs));
  return { state, keySet, sign, verify };
}

const unknownKey = { code: 'ERR_JWKS_NO_MATCHING_KEY' };
const tryAgain = { code: 'ledger_unavailable', forCaller: expect.stringContaining('try again') };

test('keys are fetched once, and again when they are older than they may be', async () => {
  const { state, sign, verify } = fakeIssuer();
  const token = await sign();
  await Promise.all(Array.from({ length: 10 }, () => verify(token)));
  state.nowMs += 600_000;
  await verify(token);
  expect(state.asked).toBe(1);
  await verify(token, 60_000);
  expect(state.asked).toBe(2);
  state.nowMs += 600_001;
  await verify(token);
  expect(state.asked).toBe(3);
});

test('a key that was withdrawn is refused as soon as the keys are fetched again', async () => {
  const { state, sign, verify } = fakeIssuer();
  const token = await sign();
  await verify(token);
  state.published = [newKey()];
  state.nowMs += 60_001;
  await expect(verify(token, 60_000)).rejects.toMatchObject(unknownKey);
});

test('a key that was added is fetched, and moments after a fetch its token is told to try again, not to sign in', async () => {
  const { state, sign, verify } = fakeIssuer();
  await verify(await sign());
  const added = newKey();
  state.published.push(added);
  const token = await sign(added);
  await expect(verify(token)).rejects.toMatchObject(tryAgain);
  expect(state.asked).toBe(1);
  state.nowMs += 30_000;
  await verify(token);
  expect(state.asked).toBe(2);
});

test('invented keys make nobody fetch more often than every half minute', async () => {
  const { state, sign, verify } = fakeIssuer();
  await verify(await sign());
  state.nowMs += 30_000;
  await expect(verify(await sign(newKey()))).rejects.toMatchObject(unknownKey);
  for (let i = 0; i < 20; i += 1) await expect(verify(await sign(newKey()))).rejects.toMatchObject(tryAgain);
  expect(state.asked).toBe(2);
});

test('while the issuer is away known keys go on, as long as they may be old', async () => {
  const { state, sign, verify } = fakeIssuer();
  const token = await sign();
  await verify(token);
  state.isDown = true;
  state.nowMs += 60_001;
  await verify(token);
  await expect(verify(token, 60_000)).rejects.toThrow('fetch failed');
  state.isDown = false;
  await verify(token, 60_000);
});

test('how many keys are published is told, none included', async () => {
  const { state, keySet } = fakeIssuer();
  expect([keySet.fetchedAt(), await keySet.count(60_000)]).toEqual([Number.NEGATIVE_INFINITY, 1]);
  state.published = [];
  expect([keySet.fetchedAt(), await keySet.count(60_000)]).toEqual([state.nowMs, 1]);
  state.nowMs += 60_001;
  expect(await keySet.count(60_000)).toBe(0);
});
