import type { ExecutionReader } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import type { Access } from './access.ts';
import { createIdentify } from './callers.ts';

const MINUTE_MS = 60_000;

/** Takes every token as its user's name, and counts; the clock stands still until a test moves it. */
function fakeIdentify(
  given: {
    access?: Access;
    claims?: Record<string, unknown>;
    expiresInMs?: number;
    keysAgeMs?: number;
    isOfProject?: boolean;
  } = {},
) {
  const state = { nowMs: 1_000_000_000, keysFetchedAt: 1_000_000_000 - (given.keysAgeMs ?? 0), access: given.access };
  const expiresAt = state.nowMs + (given.expiresInMs ?? 60 * MINUTE_MS);
  const verified: string[] = [];
  const readers: string[] = [];
  const asked: string[] = [];
  const logged: string[] = [];
  const identify = createIdentify({
    now: () => state.nowMs,
    log: { error: ({ err }: { err?: Error }) => void logged.push(err?.message ?? '') },
    verifyToken: async (token, { keysWithinMs } = { keysWithinMs: 0 }) => {
      verified.push(token);
      if (token === 'forged') throw new ExecutionError('unauthenticated', 'sign in again');
      if (token === 'unverifiable') throw new ExecutionError('ledger_unavailable', 'no keys');
      if (state.nowMs - state.keysFetchedAt > keysWithinMs) state.keysFetchedAt = state.nowMs;
      const { keysFetchedAt } = state;
      const { claims = {}, isOfProject = true } = given;
      return { subject: token, claims, expiresAt, keysFetchedAt, isOfProject };
    },
    readAccess: async (token) => {
      asked.push(token);
      return state.access ?? { userId: token, ended: null };
    },
    readerFor: (token) => {
      readers.push(token);
      return {} as ExecutionReader;
    },
  });
  return { identify, verified, asked, readers, logged, state };
}

const write = async (identify: ReturnType<typeof createIdentify>, token: string) =>
  (await identify(`Bearer ${token}`)).caller?.confirm?.();

describe('who calls', () => {
  test('a token is verified once, with one reader of its own', async () => {
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

  test('who a token is stands for a minute at most, with the reader it has', async () => {
    const { identify, asked, readers, state } = fakeIdentify();
    await identify('Bearer anna');
    state.nowMs += MINUTE_MS - 1_000;
    await identify('Bearer anna');
    expect(asked).toEqual(['anna']);
    state.nowMs += 2_000;
    await identify('Bearer anna');
    expect([asked, readers]).toEqual([['anna', 'anna'], ['anna']]);
  });

  test('a token that has ended is verified again', async () => {
    const { identify, verified } = fakeIdentify({ expiresInMs: -1 });
    await identify('Bearer anna');
    await identify('Bearer anna');
    expect(verified).toEqual(['anna', 'anna']);
  });

  test('a refusal is not remembered and says why', async () => {
    const { identify, logged } = fakeIdentify();
    expect(await identify('Bearer forged')).toMatchObject({
      caller: null,
      callerProblem: { message: 'sign in again' },
    });
    expect(await identify('Bearer anna')).toMatchObject({ caller: { userId: 'anna' } });
    expect(logged).toEqual([]);
  });

  test('nothing sent is nobody, and a wrong form is told', async () => {
    const { identify } = fakeIdentify();
    expect(await identify(undefined)).toEqual({ caller: null, callerProblem: null });
    for (const header of ['', 'Basic YTpi', 'Bearer', 'anna'])
      expect(await identify(header)).toMatchObject({ caller: null, callerProblem: { code: 'unauthenticated' } });
  });

  test('why nobody’s token can be checked is logged once a minute, however many are sent', async () => {
    const { identify, logged, state } = fakeIdentify();
    for (let i = 0; i < 50; i += 1) await identify('Bearer unverifiable');
    expect(logged).toEqual(['no keys']);
    state.nowMs += MINUTE_MS;
    await identify('Bearer unverifiable');
    expect(logged).toEqual(['no keys', 'no keys']);
  });
});

describe('whoever lost access', () => {
  test.each(['banned', 'deleted', 'signed_out'] as const)(
    'is nobody once %s, a minute later at most',
    async (ended) => {
      const { identify, state } = fakeIdentify();
      await identify('Bearer anna');
      state.access = { userId: 'anna', ended };
      state.nowMs += MINUTE_MS;
      expect(await identify('Bearer anna')).toMatchObject({ caller: null, callerProblem: { code: 'unauthenticated' } });
    },
  );

  describe('as an operator', () => {
    const OPERATOR = { app_metadata: { runledger_role: 'operator' } };
    const access = (account: Access['account']): Access => ({ userId: 'anna', ended: null, account });
    /** Whether a token that says so is an operator’s, while the account says the one and a minute after it the other. */
    async function isOperator(first: Access['account'], then: Access['account'], more: { isOfProject?: boolean } = {}) {
      const { identify, state } = fakeIdentify({ claims: OPERATOR, access: access(first), ...more });
      const before = (await identify('Bearer anna')).caller?.isOperator;
      state.access = access(then);
      state.nowMs += MINUTE_MS;
      return [before, (await identify('Bearer anna')).caller?.isOperator];
    }

    test('is none a minute after the account says so no more, whatever the token says', async () => {
      expect(await isOperator(OPERATOR, { app_metadata: {} })).toEqual([true, false]);
      expect(await isOperator(OPERATOR, { app_metadata: { runledger_role: 'member' } })).toEqual([true, false]);
      expect(await isOperator(OPERATOR, OPERATOR)).toEqual([true, true]);
    });

    test('is none with another token of theirs either, which nobody had seen before', async () => {
      const { identify, state } = fakeIdentify({ claims: OPERATOR, access: access(OPERATOR) });
      expect((await identify('Bearer at-home')).caller?.isOperator).toBe(true);
      state.access = access({ app_metadata: {} });
      expect((await identify('Bearer at-work')).caller?.isOperator).toBe(false);
    });

    test('stays one where the account never said so: a hook did, or another issuer', async () => {
      expect(await isOperator({ app_metadata: {} }, { app_metadata: { plan: 'pro' } })).toEqual([true, true]);
      expect(await isOperator(null, null)).toEqual([true, true]);
      expect(await isOperator(OPERATOR, { app_metadata: {} }, { isOfProject: false })).toEqual([true, true]);
    });

    test('is none by a part of a token that the account has changed since, though nobody knew them as one', async () => {
      const { identify, state } = fakeIdentify({ claims: OPERATOR });
      for (const now of [{ runledger_role: 'member' }, {}, null]) {
        state.access = { ...access({ app_metadata: now }), changed: ['runledger_role'] };
        expect((await identify(`Bearer ${JSON.stringify(now)}`)).caller?.isOperator).toBe(false);
      }
      state.access = { ...access({ app_metadata: {} }), changed: ['plan'] };
      expect((await identify('Bearer of-a-hook')).caller?.isOperator).toBe(true);
    });

    test('is none by what the account says alone', async () => {
      const { identify } = fakeIdentify({ access: { ...access(OPERATOR), changed: ['runledger_role'] } });
      expect((await identify('Bearer anna')).caller?.isOperator).toBe(false);
    });
  });

  test('is nobody once the ledger’s user has left', async () => {
    const { identify } = fakeIdentify({ access: { userId: null, ended: null } });
    const { callerProblem } = await identify('Bearer anna');
    expect(callerProblem).toMatchObject({ code: 'unauthenticated', message: expect.stringContaining('has left') });
  });

  test('a third party’s token is good until it expires: what Supabase Auth knows is not about it', async () => {
    const access = { userId: 'anna', ended: 'banned' as const };
    const { identify } = fakeIdentify({ isOfProject: false, access });
    expect(await identify('Bearer anna')).toMatchObject({ caller: { userId: 'anna' } });
  });

  test('reads with keys of ten minutes ago, and writes with keys of a minute ago', async () => {
    const { identify, verified, state } = fakeIdentify({ keysAgeMs: 9 * MINUTE_MS });
    await identify('Bearer anna');
    expect([verified.length, state.nowMs - state.keysFetchedAt]).toEqual([1, 9 * MINUTE_MS]);
    await write(identify, 'anna');
    expect([verified.length, state.nowMs - state.keysFetchedAt]).toEqual([2, 0]);
    await write(identify, 'anna');
    expect(verified.length).toBe(2);
  });

  test('is believed no longer than the keys are old enough to be asked for again', async () => {
    const { identify, verified, state } = fakeIdentify({ keysAgeMs: 9.5 * MINUTE_MS });
    await identify('Bearer anna');
    state.nowMs += 0.6 * MINUTE_MS;
    await identify('Bearer anna');
    expect([verified.length, state.keysFetchedAt]).toEqual([2, state.nowMs]);
  });

  test('writes nothing once access has ended, and then reads nothing either', async () => {
    const { identify, state } = fakeIdentify({ keysAgeMs: 2 * MINUTE_MS });
    const { caller } = await identify('Bearer anna');
    state.access = { userId: 'anna', ended: 'banned' };
    await expect(caller?.confirm?.()).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await identify('Bearer anna')).toMatchObject({ caller: null });
  });
});
