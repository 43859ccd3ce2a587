import { setImmediate as nextRound } from 'node:timers/promises';
import type { Caller } from '@runledger/router';
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { createMemoryStore } from './rate-store.ts';
import { createRequestsInTurn } from './requests-in-turn.ts';
import { createUserLimits } from './user-limits.ts';

/** An app whose requests end when they are told to. */
function world(callsAtOnce: number) {
  const none = { requestsPerMinute: null, writesPerMinute: null, storedBytesPerDay: null, streams: null };
  const userLimits = createUserLimits({ ...none, callsAtOnce }, createMemoryStore());
  // `anna 1` and `anna 2` are two tokens of Anna.
  const believed = (token = '') => (token.startsWith('anna') ? ({ userId: 'anna' } as Caller) : null);
  const identify = Object.assign(async () => ({ caller: null, callerProblem: null }), { believed });
  const began: string[] = [];
  const ends = new Map<string, () => void>();
  const app = new Hono<{ Variables: { requestId: string; begun?: Promise<void> } }>();
  app.use(createRequestsInTurn({ identify, userLimits }));
  app.get('/stream/:name', (c) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    began.push(c.req.param('name'));
    ends.set(c.req.param('name'), resolve);
    c.set('begun', promise);
    return c.text('events');
  });
  app.all('/:name', async (c) => {
    const name = c.req.param('name');
    began.push(name);
    await new Promise<void>((resolve) => ends.set(name, resolve));
    return c.text(name);
  });
  return {
    began,
    end: (name: string) => ends.get(name)?.(),
    send: (path: string, authorization: string, bytes?: number) =>
      app.fetch(
        new Request(`http://runledger.test/${path}`, {
          ...{ method: 'POST', body: '{}' },
          headers: { authorization, ...(bytes === undefined ? {} : { 'content-length': String(bytes) }) },
        }),
      ),
    ask: (path: string, authorization?: string, signal?: AbortSignal) =>
      app.fetch(
        new Request(`http://runledger.test/${path}`, {
          headers: authorization ? { authorization } : {},
          ...(signal ? { signal } : {}),
        }),
      ),
  };
}

test('requests of a user beyond their places wait, whatever token they come with, and nobody else does', async () => {
  const { began, ask, end } = world(2);
  const third = [ask('one', 'anna 1'), ask('two', 'anna 2'), ask('three', 'anna 1')][2];
  void ask('of ben', 'ben');
  void ask('of nobody');
  await expect.poll(() => began).toHaveLength(4);
  expect(began).toEqual(expect.arrayContaining(['one', 'two', 'of%20ben', 'of%20nobody'].map(decodeURIComponent)));
  end('one');
  await expect.poll(() => began.at(-1)).toBe('three');
  end('three');
  expect(await (await third)?.text()).toBe('three');
});

test('a request that waits is not begun any more once its client has gone', async () => {
  const { began, ask, end } = world(1);
  const first = ask('one', 'anna 1');
  await expect.poll(() => began).toEqual(['one']);
  const left = new AbortController();
  const gone = ask('two', 'anna 1', left.signal);
  left.abort();
  expect((await gone).status).toBe(429);
  end('one');
  await first;
  const last = ask('three', 'anna 1');
  await expect.poll(() => began).toEqual(['one', 'three']);
  end('three');
  await last;
});

test('a stream is answered at once, and keeps its place until its first event', async () => {
  const { began, ask, end } = world(1);
  expect(await (await ask('stream/live', 'anna 1')).text()).toBe('events');
  const next = ask('one', 'anna 1');
  await ask('stream/other', 'ben');
  for (let round = 0; round < 10; round += 1) await nextRound();
  expect(began).toEqual(['live', 'other']);
  end('live');
  await expect.poll(() => began.at(-1)).toBe('one');
  end('one');
  expect((await next).status).toBe(200);
});

test.each([
  ['of two megabytes', 2_000_000, ['large', 'of ben']],
  ['that does not say how long it is', undefined, ['large', 'of ben']],
  ['of less', 800_000, ['large', 'small', 'of ben']],
])('a body %s takes the places that it costs', async (_, bytes, first) => {
  const { began, send, end } = world(5);
  const [large, small] = [send('large', 'anna 1', bytes), send('small', 'anna 2', 100), send('of ben', 'ben', 100)];
  await expect.poll(() => began).toContain('of ben');
  for (let round = 0; round < 10; round += 1) await nextRound();
  expect(began.toSorted()).toEqual(first.toSorted());
  end('large');
  await large;
  await expect.poll(() => began).toContain('small');
  end('small');
  expect((await small)?.status).toBe(200);
});
