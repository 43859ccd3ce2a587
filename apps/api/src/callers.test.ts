import type { ExecutionReader } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import { createIdentify } from './callers.ts';

const inAnHour = () => Date.now() + 3_600_000;

/** Takes every token as its user's name, and counts. */
function fakeIdentify(expiresAt: () => number = inAnHour) {
  const verified: string[] = [];
  const readers: string[] = [];
  const identify = createIdentify({
    verifyToken: async (token) => {
      verified.push(token);
      if (token === 'forged') throw new ExecutionError('unauthenticated', 'sign in again');
      return { userId: token, claims: {}, expiresAt: expiresAt() };
    },
    readerFor: (token) => {
      readers.push(token);
      return {} as ExecutionReader;
    },
  });
  return { identify, verified, readers };
}

describe('who calls', () => {
  test('a token is verified once until it ends, with one reader of its own', async () => {
    const { identify, verified, readers } = fakeIdentify();
    const first = await identify('Bearer anna');
    const second = await identify('bearer anna');
    const other = await identify('Bearer ben');
    expect(first).toMatchObject({ caller: { userId: 'anna' }, callerProblem: null });
    expect(second.caller).toBe(first.caller);
    expect(other.caller).toMatchObject({ userId: 'ben' });
    expect([verified, readers]).toEqual([
      ['anna', 'ben'],
      ['anna', 'ben'],
    ]);
  });

  test('a token that has ended is verified again', async () => {
    const { identify, verified } = fakeIdentify(() => Date.now() - 1);
    await identify('Bearer anna');
    await identify('Bearer anna');
    expect(verified).toEqual(['anna', 'anna']);
  });

  test('a refusal is not remembered and says why', async () => {
    const { identify } = fakeIdentify();
    expect(await identify('Bearer forged')).toMatchObject({
      caller: null,
      callerProblem: { message: 'sign in again' },
    });
    expect(await identify('Bearer anna')).toMatchObject({ caller: { userId: 'anna' } });
  });

  test('nothing sent is nobody, and a wrong form is told', async () => {
    const { identify } = fakeIdentify();
    expect(await identify(undefined)).toEqual({ caller: null, callerProblem: null });
    for (const header of ['', 'Basic YTpi', 'Bearer', 'anna'])
      expect(await identify(header)).toMatchObject({ caller: null, callerProblem: { code: 'unauthenticated' } });
  });
});
