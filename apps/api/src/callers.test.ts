import type { ExecutionReader } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { describe, expect, test, vi } from 'vitest';
import { createIdentify } from './callers.ts';

const inAnHour = () => Date.now() + 3_600_000;

/** Takes every token as its user's name, and counts. */
function fakeIdentify(expiresAt: () => number = inAnHour) {
  const verified: string[] = [];
  const readers: string[] = [];
  const asked: string[] = [];
  const identify = createIdentify({
    verifyToken: async (token) => {
      verified.push(token);
      if (token === 'forged') throw new ExecutionError('unauthenticated', 'sign in again');
      return { subject: token, claims: {}, expiresAt: expiresAt() };
    },
    readUser: async (token) => {
      asked.push(token);
      return token === 'gone' ? null : token;
    },
    readerFor: (token) => {
      readers.push(token);
      return {} as ExecutionReader;
    },
  });
  return { identify, verified, asked, readers };
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

  test('the database is asked once who a token is, also by requests that come at once', async () => {
    const { identify, verified, asked } = fakeIdentify();
    const callers = await Promise.all(Array.from({ length: 20 }, () => identify('Bearer anna')));
    await identify('Bearer anna');
    expect([verified, asked]).toEqual([['anna'], ['anna']]);
    expect(new Set(callers.map(({ caller }) => caller))).toEqual(new Set([callers[0]?.caller]));
  });

  test('a user who has left is nobody', async () => {
    expect(await fakeIdentify().identify('Bearer gone')).toMatchObject({
      caller: null,
      callerProblem: { code: 'unauthenticated', message: expect.stringContaining('has left') },
    });
  });

  test('who a token is stands for a minute at most, so that who leaves is somebody no longer', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const { identify, asked } = fakeIdentify();
      await identify('Bearer anna');
      vi.advanceTimersByTime(59_000);
      await identify('Bearer anna');
      expect(asked).toEqual(['anna']);
      vi.advanceTimersByTime(2_000);
      await identify('Bearer anna');
      expect(asked).toEqual(['anna', 'anna']);
    } finally {
      vi.useRealTimers();
    }
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
